"""What articles say, as terms: kept as one row of each, and by term once they are grouped, so that others find them.

Articles are looked up by words, numbers and tags, and compared by all of their terms. Only those few have rows of their
own, and these are written for many articles at once: each goes to another place of the table, and a page that several
have in common is then written once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import msgspec

from tracker.store.connection import Connection
from tracker.store.rows import compact_json

TERMS_COLUMNS = ("article_id", "terms")
_TERMS = msgspec.json.Decoder(list[str])
_BY_TERM = (
    "SELECT j.value, a.time, a.id FROM json_each(?) w CROSS JOIN article_terms t ON t.article_id = w.value"
    " CROSS JOIN article a ON a.id = t.article_id CROSS JOIN json_each(t.terms) j"
    " WHERE substr(j.value, 1, 2) IN ('w:', 'n:', 'g:')"
)


def is_term(key: str) -> bool:
    """True for a key that is a term of the title: `w:carney`."""
    return key[1:2] == ":"


def terms_row(article_id: int, keys: Iterable[str]) -> tuple[object, ...]:
    """Return the values of `TERMS_COLUMNS` for an article with these keys."""
    return (article_id, compact_json(sorted({key for key in keys if is_term(key)})))


def read_terms(terms: str | None) -> list[str]:
    """Return the terms of a row of `article_terms`; none without a row."""
    return [] if terms is None else _TERMS.decode(terms)


def put_terms(connection: Connection, article_id: int, keys: Sequence[str]) -> None:
    """Replace the terms of an article by those among its keys."""
    forget_terms(connection, [article_id])
    connection.execute("INSERT INTO article_terms (article_id, terms) VALUES (?,?)", terms_row(article_id, keys))
    list_by_term(connection, [article_id])


def terms_between(connection: Connection, first: int, last: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the terms of the articles from one id to another, with their ids."""
    for article_id, terms in connection.execute(
        "SELECT article_id, terms FROM article_terms WHERE article_id BETWEEN ? AND ?", (first, last)
    ).fetchall():
        yield article_id, _TERMS.decode(terms)


def terms_of(connection: Connection, article_ids: Iterable[int]) -> list[list[str]]:
    """Return the terms of each of these articles that has any."""
    return [
        _TERMS.decode(terms)
        for (terms,) in connection.execute(
            "SELECT t.terms FROM json_each(?) w CROSS JOIN article_terms t ON t.article_id = w.value",
            (compact_json(article_ids),),
        ).fetchall()
    ]


def list_by_term(connection: Connection, article_ids: Iterable[int]) -> None:
    """Let articles be found by their terms. Needs a transaction."""
    connection.execute(
        f"INSERT OR IGNORE INTO story_term (term, time, article_id) {_BY_TERM} ORDER BY 1, 2, 3",
        (compact_json(article_ids),),
    )


def _unlist(connection: Connection, article_ids: Iterable[int]) -> None:
    connection.execute(
        f"DELETE FROM story_term WHERE (term, time, article_id) IN ({_BY_TERM})", (compact_json(article_ids),)
    )


def forget_terms(connection: Connection, article_ids: Sequence[int]) -> None:
    """Delete the terms of articles. Needs a transaction, and the articles."""
    _unlist(connection, article_ids)
    connection.execute(
        "DELETE FROM article_terms WHERE article_id IN (SELECT value FROM json_each(?))", (compact_json(article_ids),)
    )


@contextmanager
def dated_anew(connection: Connection, article_ids: Sequence[int]) -> Iterator[None]:
    """Let articles that get another time meanwhile be found at it. Needs a transaction."""
    _unlist(connection, article_ids)
    yield
    list_by_term(connection, article_ids)
