"""Expressions of newsboat's filter language as queries of tracker, where there is such a query; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tracker.model.query import MAX_DEPTH, slug

_SIGNS = re.compile(r"\s*(?:(\()|(\))|(and\b|&&)|(or\b|\|\|))", re.IGNORECASE)
_OPEN, _CLOSE, _AND, _OR = 1, 2, 3, 4
_COMPARISON = re.compile(
    r"""\s*([A-Za-z_]+)\s*(=~|!~|==|=|!=|<=|>=|<|>|!\#|\#|between\b)\s*(?:"((?:[^"\\]|\\.)*)"|(-?\d+(?:\s*:\s*-?\d+)?))""",
    re.VERBOSE,
)
_PLAIN = re.compile(r"""[^\\^$.|?*+()\[\]{}"]+""")
_DAYS = re.compile(r"-?[0-9]{1,5}")
_NEGATED = {"!=": "=", "!~": "=~", "!#": "#"}


class Untranslatable(ValueError):
    """An expression without a query that means the same; says why."""


def translate(expression: str, tags: Mapping[str, Iterable[str]]) -> str:
    """Return the query that finds what the expression finds.

    A pattern of letters becomes words: newsboat finds it inside longer words too, tracker at their start.

    Args:
        expression: of newsboat's filter language.
        tags: newsboat's tags, each with the terms that find its feeds (`group:"..."`, `tag:...`).

    Raises:
        Untranslatable: says which part, and why.
    """
    reader = _Reader(expression, tags)
    found = reader.parts(0)
    if reader.rest():
        raise Untranslatable(f'"{reader.rest()[:40]}" is not a comparison')
    return found


class _Reader:
    def __init__(self, text: str, tags: Mapping[str, Iterable[str]]) -> None:
        self._text = text
        self._at = 0
        self._tags = tags

    def rest(self) -> str:
        """Return what was not read."""
        return self._text[self._at :].strip()

    def parts(self, depth: int) -> str:
        """Read comparisons with `and` or `or` between them; both have the same rank in newsboat."""
        parts, signs = [self._part(depth)], set()
        while (sign := next((sign for sign in (_AND, _OR) if self._take(sign)), None)) is not None:
            signs.add(sign)
            parts.append(self._part(depth))
        if len(signs) > 1:
            raise Untranslatable('it mixes "and" and "or" without brackets')
        return f"({' OR '.join(parts)})" if signs == {_OR} else " ".join(parts)

    def _part(self, depth: int) -> str:
        if self._take(_OPEN):
            if depth == MAX_DEPTH:
                raise Untranslatable(f"more than {MAX_DEPTH} brackets in each other")
            inside = self.parts(depth + 1)
            if not self._take(_CLOSE):
                raise Untranslatable("a bracket is not closed")
            return inside  # `or` has its own brackets, and `and` needs none
        found = _COMPARISON.match(self._text, self._at)
        if found is None:
            raise Untranslatable(f'"{self.rest()[:40]}" is not a comparison' if self.rest() else "it is not complete")
        self._at = found.end()
        name, sign = found[1], found[2].lower()
        value = found[4] if found[3] is None else re.sub(r"\\(.)", r"\1", found[3])
        term = self._term(name, _NEGATED.get(sign, sign), value)
        return f"-{term}" if sign in _NEGATED else term

    def _take(self, sign: int) -> bool:
        found = _SIGNS.match(self._text, self._at)
        if found is None or found[sign] is None:
            return False
        self._at = found.end()
        return True

    def _term(self, name: str, sign: str, value: str) -> str:
        sign = "=" if sign == "==" else sign
        match name, sign:
            case "unread", "=" if value in ("yes", "no"):
                return "is:unread" if value == "yes" else "is:read"
            case "title", "=~":
                return _words(value, "title:")
            case "content", "=~":
                return _words(value, "")
            case "feedtitle", "=" if slug(value) and '"' not in value:
                return f'feed:"{value}"'
            case "feedtitle", "=~" if slug(value) and _PLAIN.fullmatch(value):
                return f'source:"{value}"'
            case "tags", "#":
                terms = tuple(self._tags.get(value, ()))
                if not terms:
                    raise Untranslatable(f'no feed has the tag "{value}"')
                return terms[0] if len(terms) == 1 else f"({' OR '.join(terms)})"
            case "age", _:
                return _age(sign, value)
        raise Untranslatable(f'tracker has no query for {name} {sign} "{value[:40]}"')


def _words(pattern: str, field: str) -> str:
    """Return words for a pattern of plain words, or of several with | between them."""
    words = pattern.removeprefix("(").removesuffix(")").split("|")
    if not all(_PLAIN.fullmatch(word) and slug(word) for word in words):
        raise Untranslatable(f'the pattern "{pattern[:40]}" is not plain words')
    terms = [f'{field}"{word.strip()}"' for word in words]
    return terms[0] if len(terms) == 1 else f"({' OR '.join(terms)})"


def _age(sign: str, value: str) -> str:
    """Return a query for an age in whole days: newsboat's 0 is less than a day old."""
    first, _, second = (part.strip() for part in value.partition(":"))
    if not _DAYS.fullmatch(first) or (second and not _DAYS.fullmatch(second)) or bool(second) != (sign == "between"):
        raise Untranslatable(f'"age {sign} {value[:40]}" is not an age in days')
    if sign == "between":
        low, high = sorted((int(first), int(second)))
        return f"newer:{max(0, high) + 1}d" if low <= 0 else f"(newer:{high + 1}d older:{low}d)"
    days = max(0, int(first))
    newest = {"<": days, "<=": days + 1}.get(sign)
    if newest is not None:
        return f"newer:{newest}d"
    oldest = {">": days + 1, ">=": days}.get(sign)
    if oldest is not None:
        return f"older:{oldest}d"
    return f"(newer:{days + 1}d older:{days}d)"
