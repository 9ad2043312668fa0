"""Parses the dates of feeds strictly: a wrong time is worse than none, because prices are measured from it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path

FUTURE_LIMIT = timedelta(minutes=15)
"""Clocks may run this far ahead; dates further in the future are mistakes."""
_EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
"""Software uses epoch 0, in any zone, for a missing date."""
_LENGTH_LIMIT = 100

_ENGLISH = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_OLD_NAMES = {"mrz": 3}
"""Abbreviations that programs wrote before their languages had another one in CLDR."""
_LEAST_PREFIX = 3

_ZONES = {
    **dict.fromkeys(("z", "ut", "utc", "gmt", "wet"), 0.0),
    **dict.fromkeys(("bst", "cet", "met", "west"), 1.0),
    **dict.fromkeys(("cest", "mest", "eet", "sast"), 2.0),
    **dict.fromkeys(("eest", "msk", "trt"), 3.0),
    **dict.fromkeys(("hkt", "sgt", "awst", "pht"), 8.0),
    **dict.fromkeys(("jst", "kst"), 9.0),
    **dict.fromkeys(("hst",), -10.0),
    "ist": 5.5, "pkt": 5.0, "ict": 7.0, "wib": 7.0, "acst": 9.5, "aest": 10.0, "aedt": 11.0, "nzst": 12.0, "nzdt": 13.0,
    "est": -5.0, "edt": -4.0, "cst": -6.0, "cdt": -5.0, "mst": -7.0, "mdt": -6.0, "pst": -8.0, "pdt": -7.0,
    "ast": -4.0, "adt": -3.0, "nst": -3.5, "ndt": -2.5, "brt": -3.0, "art": -3.0, "akst": -9.0, "akdt": -8.0,
}  # fmt: skip
"""Hours east of Greenwich. Where one abbreviation has several meanings, the one of RFC 822, else the commonest."""
_CITIES = {"est5edt": ("est", "edt"), "cst6cdt": ("cst", "cdt"), "mst7mdt": ("mst", "mdt"), "pst8pdt": ("pst", "pdt")}
_FLOATING = {"et": ("est", "edt"), "ct": ("cst", "cdt"), "mt": ("mst", "mdt"), "pt": ("pst", "pdt")} | _CITIES

_TIME = re.compile(
    r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{1,2})(?:[.,]\d+)?)?\s*(?P<half>[ap]\.?m\b\.?)?"
    r"|\b(?P<hour12>\d{1,2})\s*(?P<half12>[ap]\.?m\b\.?)",
    re.IGNORECASE,
)
_OFFSET = re.compile(
    r"(?:\b(?:utc|gmt)\s*)?(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?(?!\d)", re.IGNORECASE
)
_ZONE_NAME = re.compile(r"[a-z]{1,5}(?:\d[a-z]{3})?(?![\w/])", re.IGNORECASE)
_ISO = re.compile(r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)|(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")
_CJK = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
_CJK_TIME = re.compile(
    r"(?P<half>上午|下午|午前|午後|오전|오후)?\s{0,2}(?P<hour>\d{1,2})\s{0,2}[:时時시]\s{0,2}(?P<minute>\d{1,2})?"
)
_WORDS = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u064b-\u065f\u0900-\u0d7f])*+\.?|\d+")
"""Words, with the vowel signs of Indian scripts, and numbers."""
_RFC_822 = re.compile(
    r"(?:[A-Za-z]{3}, )?(?P<day>\d{1,2}) (?P<month>[A-Z][a-z]{2}) (?P<year>\d{4})"
    r" (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d) (?:GMT|UTC|Z|(?P<sign>[+-])(?P<hours>\d\d)(?P<minutes>\d\d))"
)
_RFC_3339 = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)T(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.\d+)?"
    r"(?:Z|(?P<sign>[+-])(?P<hours>\d\d):(?P<minutes>\d\d))"
)
_COMPACT_TIME = re.compile(r"(?<!\s)\s*+(?:T\s*+)?(\d{2})(\d{2})(\d{2})?(?![\d:])")
_TIME_SIGN = re.compile(r"^\s*T(?=\s*\d)")
"""The T between date and time; UTC and EST have one, too."""
_MINUS = "\u2212"
"""What ISO 8601 means by a minus."""
_LARGEST_OFFSET = timedelta(hours=14)
_CITY = re.compile(r"[\[(]?([A-Z][A-Za-z]+(?:/[A-Z][A-Za-z_+-]+){1,2})")
_EPOCH = re.compile(r"/?(?:Date\()?(\d{10}|\d{13})\)?/?")


def read_date(raw: str, now: datetime) -> datetime | None:
    """Return the UTC time of a feed's date, or None if it is unreadable or impossible.

    ISO 8601, RFC 822 with and without zone, `22/06/2026 10:00`, `Monday, June 22, 2026 - 10:00am`, month names of many
    languages, `2026年6月22日`, epoch seconds. A date without zone is taken as UTC. In `06/07/2026` the order is not
    known, and `listopada` is October or November: the later reading that is not in the future counts. More than
    `FUTURE_LIMIT` after `now`, and epoch 0, are None.
    """
    text = " ".join(raw.split()).replace(_MINUS, "-")
    if not text or len(text) > _LENGTH_LIMIT:
        return None
    if (usual := _usual(text)) is not None:
        return is_possible(usual, now)
    if match := _EPOCH.fullmatch(text):
        return is_possible(datetime.fromtimestamp(int(match[1][:10]), UTC), now)
    readings = [reading for day, rest in _days(text) if (reading := _with_time(day, rest)) is not None]
    possible = [moment for reading in readings if (moment := is_possible(reading, now)) is not None]
    return max(possible, default=None)


def _usual(text: str) -> datetime | None:
    """Return the time of the two most common forms, with one match instead of word by word."""
    match = _RFC_822.fullmatch(text) or _RFC_3339.fullmatch(text)
    if match is None:
        return None
    year, name, day, hour, minute, second, sign, hours, minutes = match.group(
        *("year", "month", "day", "hour", "minute", "second", "sign", "hours", "minutes")
    )
    month = int(name) if name.isdigit() else _ENGLISH.get(name.lower())
    if month is None:
        return None
    try:
        local = datetime(int(year), month, int(day), int(hour), int(minute), int(second), tzinfo=UTC)
        if sign is None:
            return local
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        if offset > _LARGEST_OFFSET:
            return None
        return local - offset if sign == "+" else local + offset
    except (ValueError, OverflowError):
        return None


def from_parts(parts: Sequence[int], now: datetime) -> datetime | None:
    """Return the time of feedparser's UTC nine-tuple, or None if it is impossible."""
    try:
        year, month, day, hour, minute, second = parts[:6]
        return is_possible(datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC), now)
    except (TypeError, ValueError):
        return None


def is_possible(moment: datetime, now: datetime) -> datetime | None:
    """Return `moment` unless it is epoch 0 or before, or too far in the future."""
    return moment if _EARLIEST <= moment <= now + FUTURE_LIMIT else None


def _days(text: str) -> list[tuple[datetime, str]]:
    """Return every possible (midnight, remaining text) of the date part."""
    if match := _CJK.search(text):
        return _day(match[1], match[2], match[3], _without(text, match))
    if match := _ISO.search(text):
        year, month, day = (match[1], match[3], match[4]) if match[1] else (match[5], match[6], match[7])
        rest = _without(text, match)
        if match[5]:
            rest = _COMPACT_TIME.sub(lambda time: f" {time[1]}:{time[2]}:{time[3] or '00'}", rest, count=1)
        return _day(year, month, day, _TIME_SIGN.sub(" ", rest))
    if match := _NUMERIC.search(text):
        rest = _without(text, match)
        day_first = _day(match[4], match[3], match[1], rest)
        return day_first if match[2] == "." else day_first + _day(match[4], match[1], match[3], rest)
    return _worded_day(text)


def _worded_day(text: str) -> list[tuple[datetime, str]]:
    """Read "22 June 2026", "22 de junio de 2026", "June 22nd, 2026", "Mon Jun 22 10:00:00 EDT 2026", "22 Jun 26"."""
    text = re.sub(r"\bde\b", " ", text)
    clock = _TIME.search(text)
    date = text[: clock.start()] + " " * (clock.end() - clock.start()) + text[clock.end() :] if clock else text
    words = list(_WORDS.finditer(date))
    # From the end: in some languages the day of the week is written as another's month (mar, sen).
    for index, word in reversed(list(enumerate(words))):
        months = _months_of(word[0])
        if not months:
            continue
        numbers = [
            other for other in words[max(0, index - 1) : index + 2] if other[0].isdecimal() and len(other[0]) <= 2
        ]
        if not numbers:
            continue
        day = numbers[0]
        after = [other for other in words if other is not day and other.start() > word.start() and other[0].isdecimal()]
        others = [*after, *words[:index]]
        year = next((other for other in others if other[0].isdecimal() and len(other[0]) == 4), None)
        if year is None and after and len(after[0][0]) == 2 and after[0].start() - max(word.end(), day.end()) <= 2:
            year = after[0]
        if year is None:
            continue
        full = year[0] if len(year[0]) == 4 else f"{'19' if int(year[0]) >= 70 else '20'}{year[0]}"
        start, end = min(day.start(), word.start()), max(day.end(), word.end())
        rest = text[end : year.start()] + " " + text[year.end() :] if year.start() >= end else text[end:]
        rest = re.sub(r"^(?:st|nd|rd|th)\b", "", rest) or text[:start]
        return [reading for month in months for reading in _day(full, str(month), day[0], rest)]
    return []


@lru_cache(maxsize=256)
def _months_of(word: str) -> tuple[int, ...]:
    """Return the months of this name in any language, else the month whose names alone begin so."""
    name, names = _folded(word.rstrip(".")), _month_names()
    if name in names:
        return names[name]
    found = {months for known, months in names.items() if known.startswith(name)} if len(name) >= _LEAST_PREFIX else ()
    return next(iter(found)) if len(found) == 1 else ()


@cache
def _month_names() -> dict[str, tuple[int, ...]]:
    """Return the months that a name means: `listopada` is October in Croatian and November in Polish."""
    lines = Path(__file__).with_name("data").joinpath("months.txt").read_text(encoding="utf-8").splitlines()
    names: dict[str, tuple[int, ...]] = {name: (number,) for name, number in _OLD_NAMES.items()}
    for number, line in enumerate((line for line in lines if not line.startswith("#")), 1):
        for name in dict.fromkeys(map(_folded, line.split())):
            names[name] = (*names.get(name, ()), number)
    return names


def _folded(name: str) -> str:
    """Return a name in lower case without accents."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(sign))


def _day(year: str, month: str, day: str, rest: str) -> list[tuple[datetime, str]]:
    try:
        return [(datetime(int(year), int(month), int(day), tzinfo=UTC), rest)]
    except ValueError:
        return []


def _without(text: str, match: re.Match[str]) -> str:
    return text[match.end() :].strip() or text[: match.start()].strip()


def _with_time(day: datetime, rest: str) -> datetime | None:
    """Add the time of day and the zone given in `rest`; None when the time is impossible."""
    match = _CJK_TIME.search(rest) if re.search("[时時시上下午오]", rest) else _TIME.search(rest)
    if match is None:
        return day
    groups = match.groupdict()
    hour = int(groups["hour"] or groups.get("hour12") or 0)
    half = (groups["half"] or groups.get("half12") or "").casefold()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half[0] == "p" or half in ("下午", "午後", "오후") else 0)
    minute, second = int(groups["minute"] or 0), int(groups.get("second") or 0)
    try:
        if hour == 24 and minute == second == 0:
            day, hour = day + timedelta(days=1), 0
        local = day.replace(hour=hour, minute=minute, second=min(second, 59) if second == 60 else second)
        return local - _offset(local, rest[match.end() :])
    except (ValueError, OverflowError):
        return None


def _offset(local: datetime, rest: str) -> timedelta:
    """Return the offset of the zone after a time; UTC for none or an unknown one."""
    rest = rest.lstrip(" ([,-–") if not re.match(r"\s*[-+]\d", rest) else rest.strip()
    if match := _OFFSET.match(rest):
        offset = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
        if offset > _LARGEST_OFFSET:
            raise ValueError("no zone is so far from Greenwich")
        return offset if match["sign"] == "+" else -offset
    if city := _CITY.match(rest):
        return _offset_of_city(city[1], local)
    name = _ZONE_NAME.match(rest)
    if name is None:
        return timedelta()
    word = name[0].casefold()
    if word in _FLOATING:
        word = _FLOATING[word][_is_us_summer(local)]
    return timedelta(hours=_ZONES.get(word, 0.0))


def _offset_of_city(name: str, local: datetime) -> timedelta:
    """Return the offset of a zone of the IANA database, such as Europe/Paris; UTC for an unknown one."""
    from zoneinfo import ZoneInfo  # nearly no feed needs it

    try:
        return local.replace(tzinfo=ZoneInfo(name)).utcoffset() or timedelta()
    except (OSError, ValueError, LookupError):
        return timedelta()


def _is_us_summer(local: datetime) -> bool:
    """Return whether the United States has daylight saving time (second Sunday of March to first of November)."""
    march, november = (datetime(local.year, month, 1, tzinfo=UTC) for month in (3, 11))
    start = march + timedelta(days=(6 - march.weekday()) % 7 + 7, hours=2)
    end = november + timedelta(days=(6 - november.weekday()) % 7, hours=2)
    return start <= local < end
