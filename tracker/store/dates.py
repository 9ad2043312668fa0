"""Reads and writes the coming dates of shares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from tracker.model.clock import from_epoch, to_epoch
from tracker.model.dates import CalendarState, ComingDate
from tracker.store.connection import OnConnection
from tracker.store.db import transaction
from tracker.store.rows import compact_json, structs

_KEEP = timedelta(days=10)
"""Dates that are over stay so long, for articles about them."""
_DATES = (
    "SELECT d.symbol, d.kind, d.day, d.time, d.source, p.asked FROM coming_date d"
    " JOIN calendar_page p ON (p.source, p.kind, p.day) = (d.source, d.kind, d.day)"
    " WHERE d.day >= ?"
)


class DateReader(OnConnection):
    """Reads coming dates over the connection of a `Reader`."""

    def coming(self, symbols: Sequence[str], since: date) -> dict[str, list[ComingDate]]:
        """Return what all sources say of these shares from a day on, soonest first; without shares of no date."""
        rows = self._connection.execute(
            f"{_DATES} AND d.symbol IN (SELECT value FROM json_each(?)) ORDER BY d.day, d.source",
            (since.isoformat(), compact_json(symbols)),
        )
        found: dict[str, list[ComingDate]] = {}
        for one in structs(ComingDate, rows):
            found.setdefault(one.symbol, []).append(one)
        return found

    def pages(self, source: str, kind: str) -> dict[date, datetime]:
        """Return when each page of a calendar was asked for last."""
        rows = self._connection.execute(
            "SELECT day, asked FROM calendar_page WHERE source = ? AND kind = ?", (source, kind)
        )
        return {date.fromisoformat(day): from_epoch(asked) for day, asked in rows}

    def states(self) -> list[CalendarState]:
        """Return how the last request to each calendar went."""
        rows = self._connection.execute("SELECT source, asked, reason FROM calendar_state ORDER BY source")
        return list(structs(CalendarState, rows))


class DateWriter(OnConnection):
    """Writes coming dates over the connection of a `Writer`."""

    def store_page(self, source: str, kind: str, day: date, dates: Iterable[ComingDate], now: datetime) -> None:
        """Replace what a source says of one day, and forget days that are long over."""
        page = (source, kind, day.isoformat())
        with transaction(self._connection):
            self._connection.execute("DELETE FROM coming_date WHERE source = ? AND kind = ? AND day = ?", page)
            self._connection.executemany(
                "INSERT OR REPLACE INTO coming_date (source, kind, day, symbol, time) VALUES (?,?,?,?,?)",
                [(*page, one.symbol, one.time) for one in dates],
            )
            self._connection.execute(
                "INSERT OR REPLACE INTO calendar_page (source, kind, day, asked) VALUES (?,?,?,?)",
                (*page, to_epoch(now)),
            )
            for table in ("coming_date", "calendar_page"):
                self._connection.execute(f"DELETE FROM {table} WHERE day < ?", ((now - _KEEP).date().isoformat(),))

    def store_state(self, state: CalendarState) -> None:
        """Remember how the last request to a calendar went."""
        with transaction(self._connection):
            self._connection.execute(
                "INSERT OR REPLACE INTO calendar_state (source, asked, reason) VALUES (?,?,?)",
                (state.source, to_epoch(state.asked), state.reason),
            )
