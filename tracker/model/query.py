"""The one query language: text to a tree that `tracker.store.views` turns into SQL.

Side by side is AND, `OR` and `( )` group, `-` or `NOT` negates. A bare word of three letters or more also finds
longer words that begin so; quotes ask for exactly this. Every error names a character, counted from 1, and what was
expected there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from tracker.model.query_tokens import FIELDS, Comparison, Token, known_field_text, tokens
from tracker.model.query_values import age_seconds, count, day_around, days_ahead, fraction, moment

T = TypeVar("T")
Sort = Literal["published", "seen", "sources", "move", "abnormal", "dollars", "session", "t", "yours"]
MEASURED_SORTS: tuple[Sort, ...] = ("abnormal", "dollars", "session", "t", "yours")
"""Orders by what a study of prices gives; the database alone does not know them."""
SORTS: tuple[Sort, ...] = ("published", "seen", "sources", "move", *MEASURED_SORTS)
FAST_SORTS: tuple[Sort, ...] = ("published", "seen")
"""Orders by what the database has an index of; the others look at every match."""
STATES = ("unread", "read", "starred", "watched", "muted")
MAX_CHARACTERS = 10_000
MAX_TERMS = 200
"""SQLite compiles an AND or OR of 900 terms, and gives up at 990."""
MAX_DEPTH = 6
"""Brackets in each other. SQLite's parser (100 entries) gives up at 7 in the longest statements of the store, with AND
and OR in each bracket and a move in the innermost."""


class QuerySyntaxError(ValueError):
    """A query that cannot be read.

    Attributes:
        position: character of the query where it stopped making sense, from 1.
        expected: what the parser would accept there.
    """

    def __init__(self, position: int, expected: str) -> None:
        super().__init__(f"character {position}: expected {expected}")
        self.position = position
        self.expected = expected


class Words(Struct, frozen=True):
    """A word or a phrase in title or text."""

    text: str
    title_only: bool = False
    exact: bool = False
    """True for quoted text: its last word is not taken as the beginning of longer ones."""


class Tagged(Struct, frozen=True):
    """A tag; `about` leaves out passing mentions."""

    tag: str
    about: bool


class OfSymbol(Struct, frozen=True):
    """About a share, upper case."""

    symbol: str


class OfWatchlist(Struct, frozen=True):
    """About one of the watched shares, upper case; none while `with_watchlist` has not named them."""

    symbols: tuple[str, ...] = ()


class FromSource(Struct, frozen=True):
    """From feeds whose slug contains this, or, `exact`, is this."""

    slug: str
    exact: bool = False


class InGroup(Struct, frozen=True):
    """From feeds of a group, by slug."""

    slug: str


class HasState(Struct, frozen=True):
    """Read or starred state."""

    state: str


class Age(Struct, frozen=True):
    """Published within (or, `older`, before) the last so many seconds."""

    seconds: int
    older: bool


class Between(Struct, frozen=True):
    """Published at or after `start` and before `end`; None is open."""

    start: datetime | None
    end: datetime | None


class Moved(Struct, frozen=True):
    """Whose share has moved since publication; one whose move is not known never matches, negated or not."""

    comparison: Comparison
    fraction: float


class Reported(Struct, frozen=True):
    """Whose story was reported by so many feeds."""

    comparison: Comparison
    count: int


class ReportsIn(Struct, frozen=True):
    """About a share whose next results, the soonest that a source says, are so many days away; 0 is today."""

    comparison: Comparison
    days: int


class And(Struct, frozen=True):
    """All of them."""

    parts: tuple[Node, ...]


class Or(Struct, frozen=True):
    """Any of them."""

    parts: tuple[Node, ...]


class Not(Struct, frozen=True):
    """Not it."""

    part: Node


Term = (
    Words
    | Tagged
    | OfSymbol
    | OfWatchlist
    | FromSource
    | InGroup
    | HasState
    | Age
    | Between
    | Moved
    | Reported
    | ReportsIn
)
Node = Term | And | Or | Not


class Query(Struct, frozen=True):
    """A parsed query; `root` None selects everything."""

    root: Node | None = None
    sort: Sort = "published"
    is_view: bool = False
    """True for a saved view: its words are not a search."""

    @property
    def asks_for_dates(self) -> bool:
        """True when it finds articles by the results of their share, which only calendars know."""
        return any(isinstance(term, ReportsIn) for term in _terms(self.root))

    @property
    def with_muted(self) -> bool:
        """True for searches and for queries that ask for muted articles; all others leave them out."""
        terms = list(_terms(self.root))
        has_words = not self.is_view and any(isinstance(term, Words) for term in terms)
        return has_words or any(isinstance(term, HasState) and term.state == "muted" for term in terms)


def with_watchlist(query: Query, symbols: Iterable[str]) -> Query:
    """Return the query with `is:watched` standing for these shares."""
    watched = OfWatchlist(tuple(symbol.upper() for symbol in symbols))

    def named(node: Node) -> Node:
        match node:
            case And(parts):
                return And(tuple(map(named, parts)))
            case Or(parts):
                return Or(tuple(map(named, parts)))
            case Not(part):
                return Not(named(part))
            case OfWatchlist():
                return watched
            case _:
                return node

    return query if query.root is None else replace(query, root=named(query.root))


def _terms(node: Node | None) -> Iterator[Node]:
    match node:
        case None:
            return
        case And(parts) | Or(parts):
            for part in parts:
                yield from _terms(part)
        case Not(part):
            yield from _terms(part)
        case _:
            yield node


def slug(name: str) -> str:
    """Return a name as it is compared: case-folded letters and digits of any script only."""
    return "".join(char for char in name.casefold() if char.isalnum())


def parse_query(text: str) -> Query:
    """Parse a query.

    Raises:
        QuerySyntaxError: with the character and what was expected there.
    """
    if len(text) > MAX_CHARACTERS:
        raise QuerySyntaxError(MAX_CHARACTERS + 1, f"at most {MAX_CHARACTERS:,} characters")
    if half := _HALF_CHARACTER.search(text):  # a byte of the command line that is not UTF-8
        raise QuerySyntaxError(half.start() + 1, "text in UTF-8")
    return _Parser(text).parse()


NAMING_FIELDS = ("tag", "about", "symbol", "source", "feed", "group")
"""Fields whose value is a name that has to be known."""


def named_terms(text: str) -> tuple[tuple[str, str, int], ...]:
    """Return (field, name, character) of each term of a query that can be read which asks for something by name."""
    return tuple(
        (token.field, token.text.lower(), token.value_at) for token in tokens(text) if token.field in NAMING_FIELDS
    )


def quoted(name: str) -> str:
    """Return a name as the value of a field; the language has no escape for a quote, and compares letters only."""
    return '"' + name.replace('"', " ") + '"'


def rename_feed(text: str, old: str, new: str, others: Iterable[str] = ()) -> str:
    """Return a query with the new name of a feed in each `feed:` that names it.

    So does `source:`, unless the old name is a part of another feed's name, which it then finds, too.

    Args:
        others: the names of the other feeds.
    """
    before = slug(old)
    fields = ("feed",) if any(before in slug(one) for one in others) else ("feed", "source")
    parts, at = [], 0
    for token in tokens(text):
        if token.field in fields and slug(token.text) == before:
            start = token.value_at - 1
            parts += [text[at:start], quoted(new)]
            at = start + len(token.text) + (2 if text[start : start + 1] == '"' else 0)
    return "".join([*parts, text[at:]])


_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = list(tokens(text))
        self._at = 0
        self._depth = 0
        self._terms = 0
        self._sort: Sort = "published"

    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._next()
        self._at += 1
        return token

    def parse(self) -> Query:
        if self._next().kind == "end":
            return Query()
        root = self._alternatives()
        if self._next().kind != "end":
            raise QuerySyntaxError(self._next().position, 'a term, as no "(" is open')
        return Query(root, self._sort)

    def _alternatives(self) -> Node | None:
        parts = [self._sequence()]
        while self._next().kind == "OR":
            self._take()
            parts.append(self._sequence())
        kept = tuple(part for part in parts if part is not None)
        return kept[0] if len(kept) == 1 else Or(kept) if kept else None

    def _sequence(self) -> Node | None:
        if self._next().kind in ("end", ")", "OR"):
            raise QuerySyntaxError(self._next().position, "a word or a field such as tag:nvidia")
        parts: list[Node] = []
        while self._next().kind not in ("end", ")", "OR"):
            part = self._term()
            if part is not None:
                parts.append(part)
        return parts[0] if len(parts) == 1 else And(tuple(parts)) if parts else None

    def _term(self) -> Node | None:
        is_negated = False
        while (token := self._take()).kind in ("-", "NOT"):
            if self._next().kind in ("end", ")", "OR"):
                raise QuerySyntaxError(self._next().position, f"a term after {token.text}")
            is_negated = not is_negated
        part = self._bracket(token) if token.kind == "(" else self._leaf(token)
        return Not(part) if is_negated and part is not None else part

    def _bracket(self, opening: Token) -> Node | None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise QuerySyntaxError(opening.position, f"at most {MAX_DEPTH} brackets in each other")
        inside = self._alternatives()
        if self._next().kind != ")":
            raise QuerySyntaxError(self._next().position, '")"')
        self._take()
        self._depth -= 1
        return inside

    def _leaf(self, token: Token) -> Node | None:
        self._terms += 1
        if self._terms > MAX_TERMS:
            raise QuerySyntaxError(token.position, f"at most {MAX_TERMS} terms")
        if token.kind == "field":
            return self._field(token)
        return Words(token.text, exact=token.kind == "phrase") if slug(token.text) else None

    def _field(self, token: Token) -> Node | None:
        value, at = token.text, token.value_at
        if token.field not in FIELDS:
            raise QuerySyntaxError(token.position, known_field_text(token))
        if not value.strip():
            raise QuerySyntaxError(at, f"a value after {token.field}{token.comparison or ':'} ({FIELDS[token.field]})")
        match token.field:
            case "move":
                sign: Comparison = _known(token.comparison, at, "<, <=, > or >= and a percentage, as in move<-3%")
                return Moved(sign, _known(fraction(value), at, "a percentage such as -3% or 2.5%"))
            case "sources":
                sign = _known(token.comparison, at, "<, <=, > or >= and a number, as in sources>=3")
                return Reported(sign, _known(count(value), at, "a number such as 3"))
            case "results":
                sign = _known(token.comparison, at, "<, <=, > or >= and days, as in results<3d")
                return ReportsIn(sign, _known(days_ahead(value), at, "days such as 3d, or weeks such as 2w"))
            case "tag" | "about":
                return Tagged(value.lower(), about=token.field == "about")
            case "symbol":
                return OfSymbol(value.upper())
            case "source" | "feed":
                return FromSource(slug(value), exact=token.field == "feed")
            case "group":
                return InGroup(slug(value))
            case "title":
                return Words(value, title_only=True) if slug(value) else None
            case "is":
                if value.lower() not in STATES:
                    raise QuerySyntaxError(at, "unread, read, starred, watched or muted")
                return OfWatchlist() if value.lower() == "watched" else HasState(value.lower())
            case "newer" | "older":
                return Age(_known(age_seconds(value), at, "an age such as 30m, 6h, 2d or 1w"), token.field == "older")
            case "sort":
                if value not in SORTS:
                    raise QuerySyntaxError(at, f"{', '.join(SORTS[:-1])} or {SORTS[-1]}")
                self._sort = value
                return None
            case "on":
                return Between(*day_around(_moment(value, at)))
            case "since":
                return Between(_moment(value, at), None)
            case _:
                return Between(None, _moment(value, at))


def _moment(value: str, at: int) -> datetime:
    return _known(moment(value), at, "a date such as 2025-01-27 or a time such as 2025-01-27T13:00Z")


def _known(value: T | None, at: int, expected: str) -> T:
    if value is None:
        raise QuerySyntaxError(at, expected)
    return value
