"""Queries to SQL; pure text work, no connection here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

import msgspec
from msgspec import Struct

from tracker.model.clock import to_epoch
from tracker.model.dates import market_day
from tracker.model.query import (
    Age,
    And,
    Between,
    FromSource,
    HasState,
    InGroup,
    Moved,
    Node,
    Not,
    OfSymbol,
    OfWatchlist,
    Or,
    Query,
    Reported,
    ReportsIn,
    Sort,
    Tagged,
    Term,
    Words,
)
from tracker.model.query_tokens import Comparison
from tracker.store.base import base_select

Value = str | int | float | None

# Starred and muted articles by the index of the few, as a test of the column would read every row, not only the index
# that gives the order.
_STATES = {
    "unread": "a.read = 0",
    "read": "a.read = 1",
    "starred": "a.id IN (SELECT id FROM article WHERE starred = 1)",
    "muted": "a.muted = 1",
}
NOT_MUTED = "a.id NOT IN (SELECT id FROM article WHERE muted = 1)"
# What `move_since` does row by row: nothing as long as nothing was traded after publication. Asked for each time, as a
# column would be out of date with every quote.
_MOVE = (
    "(SELECT (q.price + (SELECT total(amount) FROM dividend WHERE symbol = a.symbol AND at > b.end AND at <= q.time))"
    f" / b.close - 1.0 FROM quote q, ({base_select('close, end', 'a.symbol', 'a.published')}) b"
    " WHERE q.symbol = a.symbol AND q.time > a.published AND q.price > 0)"
)
# For all stories at once: row by row, each report of a story of 177 would read its 177 rows. Most stories have one
# report, which the index alone shows.
_STORIES_OF = "(SELECT story_id FROM article GROUP BY story_id HAVING count(*) {})"
_SOURCES = (
    "(SELECT story_id, count(DISTINCT feed_id) AS sources FROM article"
    f" WHERE story_id IN {_STORIES_OF.format('> 1')} GROUP BY story_id)"
)
# As `newest_said` and `agree_dates` do it: what each source said last, and of the sources the soonest date.
_REPORTING = (
    "SELECT symbol FROM (SELECT d.symbol, d.day, d.time,"
    " max(p.asked * 10000000 - CAST(julianday(d.day) AS INTEGER)) FROM coming_date d"
    " JOIN calendar_page p ON (p.source, p.kind, p.day) = (d.source, d.kind, d.day)"
    " WHERE d.kind = 'results' AND d.day >= ? GROUP BY d.symbol, d.source)"
    " WHERE NOT (day IS ? AND time IS 'before-open')"
    " GROUP BY symbol HAVING CAST(julianday(min(day)) - julianday(?) AS INTEGER)"
)
_ORDER: dict[Sort, str] = {
    "published": "a.time DESC, a.id DESC",
    "seen": "a.first_seen DESC, a.id DESC",
    "sources": "ifnull(s.sources, 1) DESC, a.time DESC, a.id DESC",
    "move": f"abs({_MOVE}) DESC NULLS LAST, a.time DESC, a.id DESC",
}
_NEWEST = _ORDER["published"]


class Sql(Struct, frozen=True):
    """A statement or a part of one with its parameters, in order."""

    text: str
    values: tuple[Value, ...] = ()


def select_ids(query: Query, now: datetime, limit: int | None = None, of_stories: Collection[int] | None = None) -> Sql:
    """Return the SELECT of (id, story_id) for a query, in its order; with `of_stories` only articles of these."""
    where = matches(query, now)
    if of_stories is not None:
        stories = Sql(
            "a.story_id IN (SELECT value FROM json_each(?))", (msgspec.json.encode(sorted(of_stories)).decode(),)
        )
        where = _joined(" AND ", (stories, where))
    sources = f" LEFT JOIN {_SOURCES} s ON s.story_id = a.story_id" if query.sort == "sources" else ""
    order = _ORDER.get(query.sort, _NEWEST)
    text = f"SELECT a.id, a.story_id FROM article a{sources} WHERE {where.text} ORDER BY {order}"
    if limit is None:
        return Sql(text, where.values)
    return Sql(text + " LIMIT ?", (*where.values, limit))


def select_found(query: Query, now: datetime, most: int) -> Sql | None:
    """Return the SELECT of (id, story_id) for a query, newest first, among the `most` stored last that it names.

    These have its words, else its tag, else its share beside the headline; None for a query whose matches need not
    have any. They are found in no time, however many there are, as each index is in the order in which it was written.
    """
    parts = tuple(_conjuncts(query.root))
    source, used = _newest_of(parts)
    if source is None:
        return None
    others = And(tuple(part for part in parts if part not in used))
    where = _but_muted(query, condition(others, now))  # whether muted ones are found is up to the whole query
    return Sql(
        f"SELECT a.id, a.story_id FROM ({source.text} LIMIT ?) w CROSS JOIN article a ON a.id = w.id"
        f" WHERE {where.text} ORDER BY {_NEWEST}",
        (*source.values, most, *where.values),
    )


def select_newest(query: Query, now: datetime, most: int) -> tuple[Sql, str] | None:
    """Return the SELECT of (id, story_id, title, text) of the newest articles, and how a word of them has to begin.

    None for a query that asks for anything but one such word.
    """
    from tracker.store.search import single_beginning

    match query.root:
        case Words(text, title_only=False, exact=False) if (beginning := single_beginning(text)) is not None:
            where = _but_muted(query, condition(None, now))
            sql = (
                "SELECT a.id, a.story_id, a.title, x.text FROM article a"
                f" LEFT JOIN article_text x ON x.article_id = a.id WHERE {where.text} ORDER BY {_NEWEST} LIMIT ?"
            )
            return Sql(sql, (*where.values, most)), beginning
        case _:
            return None


def _newest_of(parts: Iterable[Node]) -> tuple[Sql | None, Collection[Node]]:
    """Return what lists the ids of the matches of some conditions, stored last first, and these conditions."""
    words = _words_of(parts)
    if words:
        expression = _expression(words)
        text = "SELECT rowid AS id FROM article_search WHERE article_search MATCH ? ORDER BY rowid DESC"
        return None if expression is None else Sql(text, (expression,)), words
    for part in parts:
        match part:
            case Tagged(tag, about):
                about_only = " AND about = 1" if about else ""
                named = f"tag_id = (SELECT id FROM tag WHERE name = ?){about_only}"
                text = f"SELECT article_id AS id FROM article_tag WHERE {named} ORDER BY article_id DESC"
                return Sql(text, (tag,)), (part,)
            case OfSymbol(symbol):
                return Sql("SELECT id FROM article WHERE symbol = ? ORDER BY published DESC", (symbol,)), (part,)
            case _:
                continue
    return None, ()


def _conjuncts(node: Node | None) -> Iterator[Node]:
    """Yield the conditions that all have to hold."""
    match node:
        case None:
            return
        case And(parts):
            for part in parts:
                yield from _conjuncts(part)
        case _:
            yield node


def _words_of(parts: Iterable[Node]) -> list[Words]:
    return [part for part in parts if isinstance(part, Words)]


def _expression(words: Iterable[Words]) -> str | None:
    """Return the full-text expression for all of these words; None where one of them cannot be looked up."""
    from tracker.store.search import match_expression  # its tables of characters: 1.5 ms, for searches only

    found = [match_expression(one.text, title_only=one.title_only, exact=one.exact) for one in words]
    return None if None in found else " AND ".join(f"({one})" for one in found)


def _found(words: Iterable[Words]) -> Sql:
    expression = _expression(words)
    if expression is None:
        return Sql("0")
    return Sql("a.id IN (SELECT rowid FROM article_search WHERE article_search MATCH ?)", (expression,))


def matches(query: Query, now: datetime) -> Sql:
    """Return the WHERE condition of a query on `article a`, muted articles left out unless it asks for them."""
    return _but_muted(query, condition(query.root, now))


def _but_muted(query: Query, where: Sql) -> Sql:
    """Return a condition without muted articles unless the query asks for them."""
    return where if query.with_muted else Sql(f"{where.text} AND {NOT_MUTED}", where.values)


def condition(node: Node | None, now: datetime, *, is_negated: bool = False) -> Sql:
    """Return the WHERE condition of a query on `article a`.

    Negations are moved to the terms: each one around a bracket takes as much of SQLite's parser stack (100 entries) as
    the bracket itself.
    """
    match node:
        case And(parts) if not is_negated and (words := _words_of(parts))[1:]:
            # One search for all of them: the index skips what has not all, and makes one list, not many.
            others = [part for part in parts if not isinstance(part, Words)]
            return _joined(" AND ", (_found(words), *(condition(part, now) for part in others)))
        case And(parts) | Or(parts):
            word = " AND " if isinstance(node, And) is not is_negated else " OR "
            moves = [_move_of(part, is_negated=is_negated) for part in parts]
            bounds = _bounds(filter(None, moves), is_all=word == " AND ")
            rest = [part for part, move in zip(parts, moves, strict=True) if move is None]
            terms = [_term(one, now) for one in bounds]
            return _joined(word, [*terms, *(condition(part, now, is_negated=is_negated) for part in rest)])
        case Not(part):
            return condition(part, now, is_negated=not is_negated)
        case _:
            term = _term(node, now)
            return Sql(f"NOT ({term.text})", term.values) if is_negated else term


_REVERSED: dict[Comparison, Comparison] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def _move_of(node: Node, *, is_negated: bool) -> Moved | None:
    """Return the condition on the move that a part of a query is, without a negation."""
    if isinstance(node, Not):
        return _move_of(node.part, is_negated=not is_negated)
    if not isinstance(node, Moved):
        return None
    return Moved(_REVERSED[node.comparison], node.fraction) if is_negated else node


def _bounds(moves: Iterable[Moved], *, is_all: bool) -> list[Moved]:
    """Return the bounds that say as much as these conditions together: at most one from above and one from below.

    SQLite takes 2.9 s to read 200 conditions with the move in each.

    Args:
        is_all: all of them hold; False: any of them.
    """
    known = list(moves)
    kept = []
    sides: tuple[tuple[Comparison, Comparison, bool], ...] = (("<", "<=", not is_all), (">", ">=", is_all))
    for strict, inclusive, is_highest in sides:
        found = [move for move in known if move.comparison in (strict, inclusive)]
        if found:
            fraction = (max if is_highest else min)(move.fraction for move in found)
            tied = {move.comparison for move in found if move.fraction == fraction}
            is_strict = strict in tied and (is_all or inclusive not in tied)
            kept.append(Moved(strict if is_strict else inclusive, fraction))
    return kept


def _term(node: Term | None, now: datetime) -> Sql:
    match node:
        case None:
            return Sql("1")
        case Words():
            return _found([node])
        case Tagged(tag, about):
            about_only = " AND about = 1" if about else ""
            return Sql(
                "a.id IN (SELECT article_id FROM article_tag"
                f" WHERE tag_id = (SELECT id FROM tag WHERE name = ?){about_only})",
                (tag,),
            )
        case OfSymbol(symbol):
            return Sql(
                # Not `a.symbol = ? OR ...`: null for most articles, which then no negation finds.
                "a.id IN (SELECT id FROM article WHERE symbol = ?"
                " UNION ALL SELECT article_id FROM article_tag WHERE symbol = ? AND about = 1)",
                (symbol, symbol),
            )
        case OfWatchlist(symbols):
            return _about_any(Sql("SELECT value FROM json_each(?)", (msgspec.json.encode(symbols).decode(),)))
        case FromSource(slug, exact):
            test = "slug = ?" if exact else "instr(slug, ?)"
            return Sql(f"a.feed_id IN (SELECT id FROM feed WHERE {test})", (slug,))
        case InGroup(slug):
            return Sql("a.feed_id IN (SELECT id FROM feed WHERE group_slug = ?)", (slug,))
        case HasState(state):
            return Sql(_STATES[state])
        case Age(seconds, older):
            return Sql("a.time < ?" if older else "a.time >= ?", (to_epoch(now) - seconds,))
        case Moved(comparison, fraction):
            return Sql(f"{_MOVE} {comparison} ?", (fraction,))
        case Reported(comparison, count):
            is_most = comparison in ("<", "<=")
            least = {"<": ">=", "<=": ">"}.get(comparison, comparison)
            stories = _STORIES_OF.format(f"{least} ?")
            return Sql(
                f"a.story_id {'NOT ' if is_most else ''}IN (SELECT story_id FROM article WHERE story_id IN {stories}"
                f" GROUP BY story_id HAVING count(DISTINCT feed_id) {least} ?)",
                (count, count),
            )
        case ReportsIn(comparison, days):
            today, is_open = market_day(now)
            over = today.isoformat() if is_open else None
            values = (today.isoformat(), over, today.isoformat(), days)
            return _about_any(Sql(f"{_REPORTING} {comparison} ?", values))
        case _:
            return _between(node)


def _about_any(shares: Sql) -> Sql:
    """Return the condition of articles that are about one of these shares."""
    return Sql(
        f"a.id IN (SELECT id FROM article WHERE symbol IN ({shares.text})"
        f" UNION ALL SELECT article_id FROM article_tag WHERE symbol IN ({shares.text}) AND about = 1)",
        shares.values * 2,
    )


def _between(node: Between) -> Sql:
    bounds: list[Sql] = []
    if node.start is not None:
        bounds.append(Sql("a.time >= ?", (to_epoch(node.start),)))
    if node.end is not None:
        bounds.append(Sql("a.time < ?", (to_epoch(node.end),)))
    return _joined(" AND ", bounds)


def _joined(word: str, parts: Iterable[Sql]) -> Sql:
    known = list(parts) or [Sql("1")]
    return Sql("(" + word.join(part.text for part in known) + ")", tuple(v for part in known for v in part.values))
