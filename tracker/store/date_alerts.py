"""Which coming dates have fired an alert: in `meta`, as they are few and of no article."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from tracker.model.clock import from_epoch, to_epoch
from tracker.store.connection import Connection
from tracker.store.db import transaction
from tracker.store.rows import remember, remembered

_NAME = "alert_dates"
_KEEP = timedelta(days=10)
"""Dates that are over are remembered so long."""


class FiredDate(Struct, frozen=True):
    """A date of a share that fired a rule."""

    rule: str
    symbol: str
    day: date
    title: str
    """The date in words, as it was said when it fired."""
    source: str
    fired: int = 0
    """Epoch seconds."""
    sent: int | None = None
    problem: str | None = None

    @property
    def key(self) -> str:
        """Identity: a date that is moved fires again."""
        return f"{self.symbol} {self.day} {self.rule}"


class DateAlerts:
    """Remembers dates that fired, over the connection of a `Reader` or `Writer`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[FiredDate]:
        """Return what has fired, newest first."""
        return sorted(self._read().values(), key=lambda one: (-one.fired, one.key))

    def claim(self, dates: Sequence[FiredDate], now: datetime, before: datetime, most: int) -> dict[str, bool]:
        """Claim dates that fire; return those that no other program has claimed, and whether it is for the second time.

        Args:
            dates: with their rule.
            now: aware.
            before: what was claimed earlier and never sent is claimed again.
            most: dates that are claimed for the first time.
        """
        claimed: dict[str, bool] = {}
        with transaction(self._connection):
            known = {key: one for key, one in self._read().items() if one.day >= (now - _KEEP).date()}
            for one in dates:
                earlier = known.get(one.key)
                is_lost = earlier is not None and earlier.sent is None and earlier.fired < to_epoch(before)
                is_new = earlier is None and sum(not is_again for is_again in claimed.values()) < most
                if is_lost or is_new:
                    claimed[one.key] = is_lost
                    known[one.key] = replace(one, fired=to_epoch(now))
            if claimed:
                self._write(known)
        return claimed

    def note_sent(self, key: str, now: datetime, problem: str | None) -> None:
        """Note that an alert was sent, and what did not work."""
        with transaction(self._connection):
            known = self._read()
            if key in known:
                known[key] = replace(known[key], sent=to_epoch(now), problem=problem)
                self._write(known)

    def fired_since(self, rule: str, since: datetime) -> int:
        """Return how often a rule has fired since a time."""
        return sum(one.rule == rule and from_epoch(one.fired) >= since for one in self._read().values())

    def _read(self) -> dict[str, FiredDate]:
        try:
            found = msgspec.json.decode(remembered(self._connection, _NAME) or "[]", type=list[FiredDate])
        except (msgspec.DecodeError, RecursionError):
            return {}
        return {one.key: one for one in found}

    def _write(self, dates: Mapping[str, FiredDate]) -> None:
        remember(self._connection, {_NAME: json.dumps(msgspec.to_builtins(list(dates.values())))})
