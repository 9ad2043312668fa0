"""Trees to SQL, where no text leads to the tree."""

from __future__ import annotations

from tests.helpers.store import NOW
from tracker.model.query import Query, Words
from tracker.store.views import Sql, condition, select_ids


def test_words_that_no_index_holds_find_nothing() -> None:
    assert condition(Words("☃"), NOW) == Sql("0")


def test_a_limit_is_a_parameter() -> None:
    sql = select_ids(Query(), NOW, 50)
    assert sql.text.endswith(" LIMIT ?")
    assert sql.values[-1] == 50
