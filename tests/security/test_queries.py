"""Queries of any kind give rows or an error that names a character; SQLite's own limits are never met."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.helpers.examples import seeds
from tests.helpers.store import NOW
from tests.security.fuzz_queries import fill_database, make_query, run_query
from tracker.model.query import (
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_TERMS,
    And,
    HasState,
    Node,
    Not,
    OfSymbol,
    Or,
    Query,
    QuerySyntaxError,
    Tagged,
    Words,
    parse_query,
)
from tracker.store.read import Reader
from tracker.store.write import Writer


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    path = tmp_path_factory.mktemp("queries") / "tracker.db"
    fill_database(path)
    with Reader(path) as opened:
        yield opened


@pytest.mark.parametrize("seed", seeds(4, quick=1))
def test_random_queries_are_answered_or_refused(reader: Reader, seed: int) -> None:
    rng = random.Random(seed)
    answers = [run_query(reader, make_query(rng)) for _ in range(150)]
    assert 20 < sum(answers) < 140  # both kinds were tried


@pytest.mark.slow
@pytest.mark.parametrize("term", ["a", "-a", "tag:nvidia", "symbol:NVDA", "move>1%", "-move<1%", '"a b"', "results<3d"])
@pytest.mark.parametrize("joint", [" ", " OR "])
def test_as_many_terms_as_are_allowed_can_be_asked_for(reader: Reader, term: str, joint: str) -> None:
    assert run_query(reader, joint.join([term] * MAX_TERMS))


@pytest.mark.parametrize("term", ["a", "-a", "symbol:NVDA", "move>1%", "-results<3d"])
@pytest.mark.parametrize("shape", ["-(", "{0} (", "{0} -({0} OR ", "{0} (-{0} OR {0} -", "-{0} OR {0} -({0} "])
def test_brackets_as_deep_as_is_allowed_can_be_asked_for(reader: Reader, term: str, shape: str) -> None:
    level = shape.format(term)
    level = level if level.endswith(("(", " ")) else level + "("
    count = MAX_DEPTH // level.count("(")
    text = f"{level * count}{term} {term}{')' * (level.count('(') * count)}"
    assert run_query(reader, f"sort:move {text}")
    query = parse_query(text)

    def nothing() -> None:
        """Leave the configuration alone."""

    with Writer(reader.path) as writer:
        list(writer.marks.mark_all_read(query, NOW, 0))
        writer.unmute(writer.mute(query, (), ("deep",), NOW, nothing), ("deep",), (), nothing)


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("a OR " * 1500 + "b", MAX_TERMS * 5 + 1, "at most 200 terms"),
        ("(" * 9 + "a", MAX_DEPTH + 1, "at most 6 brackets"),
        ("-(" * 43 + "a" + ")" * 43, 2 * MAX_DEPTH + 2, "at most 6 brackets"),
        ("x" * 100_000, MAX_CHARACTERS + 1, "at most 10,000 characters"),
        ("tag:\udcff", 5, "text in UTF-8"),
        ("NOT " * 500, 2001, "a term after NOT"),
    ],
)
def test_a_bound_is_told_with_its_character(text: str, position: int, expected: str) -> None:
    with pytest.raises(QuerySyntaxError, match=expected) as caught:
        parse_query(text)
    assert caught.value.position == position


def test_a_chain_of_negations_is_one_or_none() -> None:
    assert parse_query("NOT " * 2000 + "a") == Query(Words("a"))
    assert parse_query("-" * 2001 + "a") == Query(Not(Words("a")))


_TERMS: st.SearchStrategy[Node] = st.sampled_from(
    [Words("nvidia"), Words("c"), Tagged("nvidia", True), OfSymbol("NVDA"), HasState("unread"), HasState("starred")]
)
_TREES = st.recursive(
    _TERMS,
    lambda part: st.one_of(
        part.map(Not),
        st.lists(part, min_size=2, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(part, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))),
    ),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_TREES)
def test_a_tree_selects_what_set_algebra_says(reader: Reader, tree: Node) -> None:
    every = set(reader.articles.ids(Query(), NOW))

    def select(node: Node) -> set[int]:
        match node:
            case And(parts):
                return set.intersection(*map(select, parts))
            case Or(parts):
                return set.union(*map(select, parts))
            case Not(part):
                return every - select(part)
            case _:
                return set(reader.articles.ids(Query(node), NOW))

    assert set(reader.articles.ids(Query(tree), NOW)) == select(tree)
