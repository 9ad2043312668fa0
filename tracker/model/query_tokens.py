"""The words and signs of a query."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

Comparison = Literal["<", "<=", ">", ">="]
FIELDS = {
    "tag": "articles with this tag, in passing too",
    "about": "articles that are about it",
    "symbol": "articles about this share",
    "source": "the feed's name, or a part of it",
    "feed": "the feed of exactly this name",
    "group": "the feed's group",
    "title": "words in the title",
    "is": "unread, read, starred, watched (about a share of the watchlist) or muted",
    "newer": "published in the last 30m, 6h, 2d, 1w",
    "older": "published before that",
    "on": "published on that day (UTC)",
    "since": "published at or after a date or time (UTC)",
    "until": "published before a date or time (UTC)",
    "move": "the share's move since publication, as in move<-3% or move>=5%",
    "sources": "how many feeds reported the story, as in sources>=3",
    "results": "days until the next results of its share, as in results<3d",
    "sort": "published or seen, newest first; sources, move, abnormal, dollars, session, t or yours, largest first",
}
"""Field names and what they select, for completion and help."""


class Token(Struct, frozen=True):
    """One word, phrase, field or sign of a query."""

    kind: Literal["(", ")", "-", "OR", "NOT", "word", "phrase", "field", "end"]
    text: str
    position: int
    """Its first character, from 1."""
    field: str = ""
    value_at: int = 0
    """The first character of a field's value, from 1."""
    comparison: Comparison | None = None


_BARE = re.compile(r'[^\s()"]+')
_FIELD = re.compile(r"([A-Za-z]+):")
_UNKNOWN = re.compile(r"([A-Za-z]+):(?!//)[^\s()]")
"""A word with a value right after its colon, unlike an address or "Nvidia: results"."""
COMPARED = ("move", "sources", "results")
"""Fields whose value follows <, <=, > or >=."""
_COMPARED = re.compile(rf"({'|'.join(COMPARED)}):?(<=|>=|<|>)", re.IGNORECASE)
_COMPARED_UNKNOWN = re.compile(r"([A-Za-z]{3,20}):?(<=|>=|<|>)(?=[-+\u2212]?\d)")
"""A word that is compared with a number; it is a field only where it is close to one."""
_EQUALS = re.compile(rf"({'|'.join(FIELDS)})=", re.IGNORECASE)
"""A field with the wrong sign: as text it would find nothing, and nobody would say why."""
_COMPARISONS: dict[str, Comparison] = {"<": "<", "<=": "<=", ">": ">", ">=": ">="}


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a query; the last one is its end."""
    at = 0
    while at < len(text):
        char = text[at]
        if char.isspace():
            at += 1
        elif char in "()":
            yield Token("(" if char == "(" else ")", char, at + 1)
            at += 1
        elif char == "-" and at + 1 < len(text) and not text[at + 1].isspace():
            yield Token("-", char, at + 1)
            at += 1
        elif char == '"':
            value, end = _quoted(text, at)
            yield Token("phrase", value, at + 1)
            at = end
        elif compared := _COMPARED.match(text, at):
            bare = _BARE.match(text, compared.end())
            value, end = (bare[0], bare.end()) if bare else ("", compared.end())
            yield Token("field", value, at + 1, compared[1].lower(), compared.end() + 1, _COMPARISONS[compared[2]])
            at = end
        elif equals := _EQUALS.match(text, at):
            yield Token("field", "", at + 1, equals[0].lower(), equals.end() + 1)
            at = equals.end()
        elif mistyped := _mistyped(text, at):
            yield mistyped
            at = len(text)
        elif (field := _FIELD.match(text, at)) and (field[1].lower() in FIELDS or _UNKNOWN.match(text, at)):
            start = field.end()
            if text[start : start + 1] == '"':
                value, end = _quoted(text, start)
            elif bare := _BARE.match(text, start):
                value, end = bare[0], bare.end()
            else:
                value, end = "", start
            yield Token("field", value, at + 1, field[1].lower(), start + 1)
            at = end
        else:
            bare = _BARE.match(text, at)
            assert bare is not None  # the next character is not a space, bracket or quote
            word = bare[0]
            kind: Literal["OR", "NOT", "word"] = "OR" if word == "OR" else "NOT" if word == "NOT" else "word"
            yield Token(kind, word, at + 1)
            at = bare.end()
    yield Token("end", "", len(text) + 1)


def _mistyped(text: str, at: int) -> Token | None:
    """Return a field that is none but close to one that is compared: "resuls<3d"; None where the text is a word."""
    found = _COMPARED_UNKNOWN.match(text, at)
    if found is None:
        return None
    from difflib import get_close_matches  # for a mistake only

    name = found[1].lower()
    if not get_close_matches(name, COMPARED, 1, 0.8):
        return None
    return Token("field", "", at + 1, name, found.end() + 1, _COMPARISONS[found[2]])


def _quoted(text: str, at: int) -> tuple[str, int]:
    """Return the text in the quotes that open at `at`, and where it goes on; an open quote ends with the text."""
    close = text.find('"', at + 1)
    if close < 0:
        return text[at + 1 :], len(text)
    return text[at + 1 : close], close + 1


def known_field_text(token: Token) -> str:
    """Return what is expected in place of a field that there is not, the nearest one first."""
    from difflib import get_close_matches  # for a mistake only

    name, sign = token.field, token.comparison or ":"
    if name.endswith("="):
        field = name[:-1]
        meant = f"{field}<, {field}<=, {field}> or {field}>=" if field in COMPARED else f"{field}:"
        return f"{meant} instead of {name}; to search for the text, put it in quotes"
    near = get_close_matches(name, FIELDS if token.comparison is None else COMPARED, 1)
    if near:
        return (
            f"a known field; did you mean {near[0]}{sign} instead of {name}{sign}?"
            " To search for the text, put it in quotes"
        )
    return f"a known field ({', '.join(FIELDS)}); to search for the text, put it in quotes"
