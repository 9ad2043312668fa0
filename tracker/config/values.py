"""Checkers of values: each returns the value to use or raises `Refused`, and says as JSON Schema what it accepts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from tracker.config.problem import Refused, choices, did_you_mean, has_unsafe, shown
from tracker.model.config import EVERYTHING, STARRED
from tracker.model.query import QuerySyntaxError, parse_query
from tracker.model.query_values import days_ahead
from tracker.model.shown import show_address
from tracker.model.tags import TAG_NAME


class Checker(Struct, frozen=True):
    """What one value may be."""

    check: Callable[[Any], Any]
    """Returns the value to use.

    Raises:
        Refused: when it is not allowed.
    """
    schema: Mapping[str, Any]
    """The same as JSON Schema; it may be wider where that language cannot say it, never narrower."""
    description: str = ""
    """What the value is for."""

    def __call__(self, value: Any) -> Any:
        """Return the value to use, as `check` does."""
        return self.check(value)

    def says(self, description: str) -> Checker:
        """Return the same checker with what the value is for."""
        return Checker(self.check, self.schema, description)


def _described(**schema: Any) -> Callable[[Callable[[Any], Any]], Checker]:
    return lambda check: Checker(check, schema)


SYMBOL = re.compile(r"[A-Z0-9^][A-Z0-9.^=&_-]{0,23}")
_MOVE = re.compile(r"\d{1,3}(?:\.\d{1,4})? ?%")
_CONTACT = re.compile(r"^(?:[!-~]+ )*[!-?A-~]+@[!-?A-~]+")
_FORM = re.compile(r"[A-Z0-9][A-Z0-9 /-]{0,19}")
_AUTHOR = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}")
_BUILT_IN_VIEWS = {view.name.casefold() for view in (EVERYTHING, STARRED)}
_MAX_LIST = 2000
_MAX_URL = 2048


def whole(unit: str, low: int, high: int) -> Checker:
    """A whole number of `unit` from `low` to `high`."""

    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise Refused(f"must be a whole number{unit and ' of '}{unit} from {low} to {high}, not {quoted(value)}")
        return value

    return Checker(check, {"type": "integer", "minimum": low, "maximum": high})


def number(unit: str, low: float, high: float, *, over: bool = False) -> Checker:
    """A number of `unit` from `low` to `high`; `over`: above `low`."""

    def check(value: Any) -> float:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and (low < value <= high or (value == low and not over)):
            return float(value)
        span = f"above {low:g} and up to {high:,.0f}" if over else f"from {low:g} to {high:,.0f}"
        raise Refused(f"must be a number{unit and ' of '}{unit} {span}, not {quoted(value)}")

    return Checker(check, {"type": "number", "exclusiveMinimum" if over else "minimum": low, "maximum": high})


@_described(type="boolean")
def flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise Refused(f"must be true or false, not {quoted(value)}", "without quotes")
    return value


@_described(format="date")
def day(value: Any) -> date:
    """A day."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and len(value) == len("2026-12-01"):
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise Refused(f"must be a day, not {quoted(value)}", "such as 2026-12-01, without a time")


def text(what: str, limit: int = 200) -> Checker:
    """A non-empty line of text, stripped of surrounding spaces."""

    def check(value: Any) -> str:
        if not isinstance(value, str):
            raise Refused(f"must be {what} in quotes, not {quoted(value)}")
        stripped = value.strip()
        if not stripped:
            raise Refused(f"must be {what}, not empty")
        if len(stripped) > limit:
            raise Refused(f"must be {what} of at most {limit} characters, not {len(stripped):,}")
        if has_unsafe(stripped):
            raise Refused(f"contains a control or invisible character: {quoted(stripped)}", "delete it")
        return stripped

    return Checker(check, {"type": "string", "pattern": r"\S"})


def texts(what: str, each: Checker | None = None) -> Checker:
    """A list of `what`, each checked by `each`; repeats are dropped."""
    one = each or text("a word or phrase")

    def check(value: Any) -> tuple[Any, ...]:
        if isinstance(value, str):
            raise Refused(f"must be a list of {what}", f"write [{quoted(value)}]")
        if not isinstance(value, list):
            raise Refused(f"must be a list of {what}, not {quoted(value)}")
        if len(value) > _MAX_LIST:
            raise Refused(f"must be a list of at most {_MAX_LIST} {what}, not {len(value):,}")
        found = []
        for place, item in enumerate(value):
            try:
                found.append(one(item))
            except Refused as refused:
                raise Refused(f"element {place + 1} {refused.message}", refused.hint, place) from None
        return tuple(dict.fromkeys(found))

    return Checker(check, {"type": "array", "items": dict(one.schema), "maxItems": _MAX_LIST})


def matching(
    what: str, limit: int, pattern: re.Pattern[str], message: str, hint: str, *, upper: bool = False
) -> Checker:
    """A line of text that a pattern matches; `upper`: after it was put into capitals."""

    def check(value: Any) -> str:
        found = str(text(what, limit)(value))
        found = found.upper() if upper else found
        if not pattern.fullmatch(found):
            raise Refused(f"{quoted(value if upper else found)} {message}", hint)
        return found

    return Checker(
        check,
        {"type": "string"} if upper else {"type": "string", "pattern": rf"^\s*{pattern.pattern.removeprefix('^')}\s*$"},
    )


symbol = matching(
    "a symbol", 24, SYMBOL, "is not a symbol", 'write symbols as on Yahoo, such as "NVDA" or "005930.KS"', upper=True
)
"""A symbol as on Yahoo, in capitals."""
contact = matching(
    "an e-mail address",
    200,
    _CONTACT,
    "is not an e-mail address",
    'write "you@example.org" or "Your Name you@example.org"',
)
"""An e-mail address, perhaps after a name: it is sent in a header."""
form = matching("a form", 20, _FORM, "is not a form of the SEC", 'write forms as "8-K" or "10-Q"', upper=True)
"""The name of a form of the SEC."""
author = matching("an author", 96, _AUTHOR, "is not an author on Hugging Face", 'write "deepseek-ai", not an address')
"""The name of an author on Hugging Face."""


@_described(type="string", pattern=r"\S")
def company_name(value: Any) -> str:
    """A name that headlines are searched for."""
    found = str(text("a name", 100)(value))
    if not any(map(str.isalnum, found)):
        raise Refused(f"{quoted(found)} has no letter or digit", "write the name as headlines do")
    if "*" in found[:-1]:
        raise Refused(f'{quoted(found)} has a "*" inside', 'write "*" only at the end, for any letters that follow')
    return found


@_described(type="string", pattern=rf"^\s*{TAG_NAME.pattern}\s*$")
def tag_name(value: Any) -> str:
    """The name of a tag."""
    found = str(text("a tag name", 60)(value))
    if not TAG_NAME.fullmatch(found):
        near = "-".join(re.findall(r"[a-z0-9]+", found.lower()))
        raise Refused(
            f"{quoted(found)} is not a tag name",
            f"use only a-z, 0-9 and single hyphens{f', such as {quoted(near)}' if near else ''}",
        )
    return found


@_described(type="string", pattern=r"\S")
def view_name(value: Any) -> str:
    """The name of a view: not that of one that is always in the side bar."""
    found = str(text("a name", 100)(value))
    if found.casefold() in _BUILT_IN_VIEWS:
        raise Refused(f"{quoted(found)} is the name of a view that tracker always shows", "choose another name")
    return found


@_described(type="string", pattern=r"^\s*[Hh][Tt][Tt][Pp][Ss]?://")
def url(value: Any) -> str:
    """An address of a web server."""
    found = str(text("an http or https address", _MAX_URL)(value))
    if any(char.isspace() for char in found):
        raise Refused(f"{quoted(_hidden(found))} has a space in it", "write %20")
    try:
        parts = urlsplit(found)
        host = parts.hostname
        _ = parts.port  # raises for a port that is not a number
    except ValueError:  # its message may quote part of a password
        hint = "in a password, write / as %2F, # as %23 and @ as %40" if "@" in found else ""
        raise Refused(f"{quoted(_hidden(found))} has an invalid host or port", hint) from None
    if parts.scheme.lower() not in ("http", "https"):
        is_other = parts.scheme and "://" in found
        known = f"{parts.scheme}: is not supported" if is_other else "it has no http:// or https://"
        hint = "" if is_other else _with_scheme(found)
        raise Refused(f"must be an http or https address, not {quoted(_hidden(found))} ({known})", hint)
    if not host:
        raise Refused(f"{quoted(_hidden(found))} has no host")
    return found


def _with_scheme(found: str) -> str:
    """Return a suggestion for an address without a scheme, or "" where https:// before it makes none."""
    address = f"https://{found.lstrip('/')}"
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:  # "exec:ls"
        return ""
    host = parts.hostname or ""
    return f"did you mean {quoted(_hidden(address))}?" if "." in host or host == "localhost" else ""


def _hidden(address: str) -> str:
    """Return an invalid address for a message, without what may be a password."""
    scheme, parting, rest = address.rpartition("://")
    _, at, host = rest.rpartition("@")
    return show_address(f"{scheme}{parting or ''}{'***' if at else ''}{at}{host}")


@_described(type="string", pattern=r"^\s*[Hh][Tt][Tt][Pp][Ss]?://")
def base_url(value: Any) -> str:
    """The address of a provider, without a final slash."""
    return str(url(value)).rstrip("/")


@_described(type="string", pattern=r"\S")
def query(value: Any) -> str:
    """A valid query."""
    found = str(text("a query", 1000)(value))
    try:
        parse_query(found)
    except QuerySyntaxError as error:
        raise Refused(f"{quoted(found)} at character {error.position}: expected {error.expected}") from None
    return found


@_described(type="string", pattern=r"^\s*\d{1,3}(\.\d{1,4})? ?%\s*$")
def percent(value: Any) -> float:
    """A move in percent, such as "3%", as a fraction."""
    found = str(text("a percentage", 12)(value))
    if not _MOVE.fullmatch(found):
        raise Refused(f'must be a percentage such as "3%", not {quoted(found)}')
    return float(found.rstrip(" %")) / 100


@_described(type="string", pattern=r"^\s*[0-9]{1,5}[dDwW]\s*$")
def days(value: Any) -> int:
    """A time ahead in days or weeks, such as "3d", as days."""
    found = str(text("a time ahead", 12)(value))
    ahead = days_ahead(found)
    if not ahead:
        raise Refused(f'must be days such as "3d" or weeks such as "2w", not {quoted(found)}')
    return ahead


def one_of(what: str, known: Sequence[str]) -> Checker:
    """One of some words."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or value not in known:
            hint = did_you_mean(value, known) if isinstance(value, str) else ""
            raise Refused(f"{quoted(value)} is not a {what}", hint or f"there {choices(known)}")
        return value

    return Checker(check, {"enum": list(known)})


@_described(type="string", pattern=r"\S")
def keys(value: Any) -> str:
    """Keys for a command, separated by commas."""
    return str(text('keys such as "j,down"', 200)(value))


def quoted(value: object) -> str:
    """Return a value as written in the file."""
    return f'"{shown(value)}"' if isinstance(value, str) else shown(value)
