"""Which exchange a symbol trades on and when that exchange is usually open.

New York has a full calendar. For the others only the zone and the usual hours are known, not the holidays:
there a symbol's own bars are the calendar.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from tracker.market import calendar
from tracker.model.market import Session

NEW_YORK = "America/New_York"
USUAL_SESSIONS = 5
"""Sessions that say what the usual hours are."""


class Exchange(Struct, frozen=True):
    """Zone and usual hours of an exchange, in its local time."""

    zone: str
    opens: time
    closes: time
    lunch: tuple[time, time] | None = None
    """When nothing is traded around noon."""


_PARIS = Exchange("Europe/Paris", time(9), time(17, 30))
_FRANKFURT = Exchange("Europe/Berlin", time(9), time(17, 30))
_SHANGHAI = Exchange("Asia/Shanghai", time(9, 30), time(15), (time(11, 30), time(13)))
_SEOUL = Exchange("Asia/Seoul", time(9), time(15, 30))

_BY_SUFFIX: dict[str, Exchange] = {
    "PA": _PARIS,
    "AS": Exchange("Europe/Amsterdam", time(9), time(17, 30)),
    "BR": Exchange("Europe/Brussels", time(9), time(17, 30)),
    "MI": Exchange("Europe/Rome", time(9), time(17, 30)),
    "MC": Exchange("Europe/Madrid", time(9), time(17, 30)),
    "DE": _FRANKFURT,
    "F": Exchange("Europe/Berlin", time(8), time(22)),
    "SW": Exchange("Europe/Zurich", time(9), time(17, 30)),
    "ST": Exchange("Europe/Stockholm", time(9), time(17, 30)),
    "L": Exchange("Europe/London", time(8), time(16, 30)),
    "TO": Exchange("America/Toronto", time(9, 30), time(16)),
    "T": Exchange("Asia/Tokyo", time(9), time(15, 30), (time(11, 30), time(12, 30))),
    "HK": Exchange("Asia/Hong_Kong", time(9, 30), time(16), (time(12), time(13))),
    "KS": _SEOUL,
    "KQ": _SEOUL,
    "TW": Exchange("Asia/Taipei", time(9), time(13, 30)),
    "TWO": Exchange("Asia/Taipei", time(9), time(13, 30)),
    "SS": _SHANGHAI,
    "SZ": _SHANGHAI,
    "NS": Exchange("Asia/Kolkata", time(9, 15), time(15, 30)),
    "BO": Exchange("Asia/Kolkata", time(9, 15), time(15, 30)),
    "AX": Exchange("Australia/Sydney", time(10), time(16)),
    "JO": Exchange("Africa/Johannesburg", time(9), time(17)),
    "TA": Exchange("Asia/Jerusalem", time(10), time(17, 15)),
}
FOREIGN_INDICES: dict[str, Exchange] = {
    "^N225": _BY_SUFFIX["T"],
    "^HSI": _BY_SUFFIX["HK"],
    "^KS11": _SEOUL,
    "^TWII": _BY_SUFFIX["TW"],
    "^FTSE": _BY_SUFFIX["L"],
    "^GDAXI": _FRANKFURT,
    "^FCHI": _PARIS,
    "^AEX": _BY_SUFFIX["AS"],
    "^STOXX50E": _PARIS,
}

_NAMES = {
    "PA": "Paris",
    "AS": "Amsterdam",
    "BR": "Brussels",
    "MI": "Milan",
    "MC": "Madrid",
    "DE": "Xetra",
    "F": "Frankfurt",
    "SW": "Zurich",
    "ST": "Stockholm",
    "HE": "Helsinki",
    "CO": "Copenhagen",
    "OL": "Oslo",
    "VI": "Vienna",
    "WA": "Warsaw",
    "LS": "Lisbon",
    "IR": "Dublin",
    "L": "London",
    "TO": "Toronto",
    "V": "TSX Venture",
    "T": "Tokyo",
    "HK": "Hong Kong",
    "KS": "Seoul",
    "KQ": "KOSDAQ",
    "TW": "Taipei",
    "TWO": "Taipei OTC",
    "SS": "Shanghai",
    "SZ": "Shenzhen",
    "NS": "NSE India",
    "BO": "Bombay",
    "AX": "Sydney",
    "NZ": "Wellington",
    "SI": "Singapore",
    "JO": "Johannesburg",
    "TA": "Tel Aviv",
    "SA": "São Paulo",
    "MX": "Mexico City",
    "JK": "Jakarta",
    "BK": "Bangkok",
    "KL": "Kuala Lumpur",
    "IS": "Istanbul",
    "SR": "Riyadh",
}

MINOR_UNIT_SUFFIXES = frozenset({"L", "JO", "TA"})
"""Exchanges that quote in a hundredth of their currency: a price without currency could be 100 times too high."""


def suffix(symbol: str) -> str:
    """Return what follows the last dot of a symbol in Yahoo's spelling ("T" of "7203.T"), or an empty string."""
    return symbol.rpartition(".")[2].upper() if "." in symbol else ""


def exchange_name(symbol: str) -> str | None:
    """Return where a symbol is listed ("Tokyo"); None for an ending that is not known."""
    ending = suffix(symbol)
    return _NAMES.get(ending) if ending else "New York"


@lru_cache(maxsize=4096)
def is_round_the_clock(symbol: str) -> bool:
    """Tell whether a symbol has no sessions: futures, currencies and coins ("GC=F", "EURUSD=X", "BTC-USD")."""
    return "=" in symbol or symbol.upper().endswith(("-USD", "-EUR"))


def exchange_of(symbol: str) -> Exchange | None:
    """Return the exchange of a foreign listing or index; None for New York and where it is not known."""
    return FOREIGN_INDICES.get(symbol.upper()) or _BY_SUFFIX.get(suffix(symbol))


@lru_cache(maxsize=4096)
def is_new_york(symbol: str, zone: str | None = None) -> bool:
    """Tell whether the New York calendar holds for a symbol; where there is one, `zone`, the provider's word,
    decides."""
    if is_round_the_clock(symbol):
        return False
    if zone is not None:
        return zone == NEW_YORK
    return not suffix(symbol) and exchange_of(symbol) is None


def session_of(symbol: str, moment: datetime, zone: str | None = None) -> Session | None:
    """Return what the exchange of `symbol` does at `moment` by calendar or usual hours; None where neither is known."""
    if is_new_york(symbol, zone):
        return calendar.session_at(moment)
    if is_round_the_clock(symbol):
        return "regular"
    exchange = exchange_of(symbol)
    if exchange is None:
        return None
    local = moment.astimezone(ZoneInfo(exchange.zone))
    is_open = local.weekday() < 5 and exchange.opens <= local.time() < exchange.closes
    return "regular" if is_open else "closed"


@lru_cache(maxsize=4096)
def session_hours(symbol: str, day: date, zone: str | None = None) -> tuple[datetime, datetime] | None:
    """Return open and close (UTC) of a symbol's session on `day` in its own zone; None where they are not known.

    A day that the New York calendar does not hold for a session gets the usual hours: the caller has a bar that
    says otherwise.
    """
    if is_new_york(symbol, zone):
        if calendar.is_session(day):
            return calendar.session_open(day), calendar.session_close(day)
        return local_hours(NEW_YORK, day, time(9, 30), time(16))
    exchange = exchange_of(symbol)
    return None if exchange is None else local_hours(exchange.zone, day, exchange.opens, exchange.closes)


def lunch_hours(symbol: str, day: date) -> tuple[datetime, datetime] | None:
    """Return start and end (UTC) of the lunch break of a symbol's exchange on `day`; None where it has none."""
    exchange = exchange_of(symbol)
    return None if exchange is None or exchange.lunch is None else local_hours(exchange.zone, day, *exchange.lunch)


def lunch_between(symbol: str, start: datetime, end: datetime) -> timedelta:
    """Return how much of the time from `start` to `end` is the lunch break of the day of `end`."""
    exchange = exchange_of(symbol)
    if exchange is None:
        return timedelta(0)
    lunch = lunch_hours(symbol, end.astimezone(ZoneInfo(exchange.zone)).date())
    return timedelta(0) if lunch is None else max(min(end, lunch[1]) - max(start, lunch[0]), timedelta(0))


def local_hours(zone: str, day: date, opens: time, closes: time) -> tuple[datetime, datetime]:
    """Return `opens` and `closes` of `day` in a zone, as UTC; a close that is not after the open is on the next day."""
    info = ZoneInfo(zone)
    start = datetime.combine(day, opens, info)
    end = datetime.combine(day if closes > opens else day + timedelta(days=1), closes, info)
    return start.astimezone(UTC), end.astimezone(UTC)


def exchange_by_sessions(zone: str, sessions: Sequence[tuple[datetime, datetime]]) -> Exchange | None:
    """Return an exchange with the hours of a share's last sessions (oldest first); None where there are none.

    Of the longest of them, as one may have closed early.
    """
    last = sessions[-USUAL_SESSIONS:]
    if not last:
        return None
    info = ZoneInfo(zone)
    opens, closes = max(last, key=lambda hours: hours[1] - hours[0])
    return Exchange(zone, opens.astimezone(info).time(), closes.astimezone(info).time())


def newest_session(
    symbol: str, moment: datetime, zone: str | None = None, exchange: Exchange | None = None
) -> tuple[datetime, datetime] | None:
    """Return open and close of the newest session that has begun at `moment`; None where hours are not known.

    Outside New York a weekday counts as a session, holidays are not known. `exchange` is where the hours come from,
    if given.
    """
    if exchange is None and is_new_york(symbol, zone):
        day = calendar.latest_session(moment)
        return calendar.session_open(day), calendar.session_close(day)
    exchange = exchange or exchange_of(symbol)
    if exchange is None:
        return None
    day = moment.astimezone(ZoneInfo(exchange.zone)).date()
    hours = local_hours(exchange.zone, day, exchange.opens, exchange.closes)
    while day.weekday() >= 5 or hours[0] > moment:
        day -= timedelta(days=1)
        hours = local_hours(exchange.zone, day, exchange.opens, exchange.closes)
    return hours


def latest_close(symbol: str, moment: datetime, exchange: Exchange | None = None) -> datetime:
    """Return when the last session of a symbol's exchange that is over at `moment` (aware) closed, in UTC.

    What trades round the clock closes at midnight UTC. Where hours are not known and `exchange`, made of the share's
    own sessions, is not given, New York's close counts.
    """
    if is_round_the_clock(symbol):
        return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    hours = None if exchange is None and is_new_york(symbol) else newest_session(symbol, moment, exchange=exchange)
    if hours is None:
        return calendar.latest_close(moment)
    if hours[1] <= moment:
        return hours[1]
    before = newest_session(symbol, hours[0] - timedelta(seconds=1), exchange=exchange)
    assert before is not None
    return before[1]
