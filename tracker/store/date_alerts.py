"""Which coming dates have fired an alert; kept in `meta`, as they are few and belong to no article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from tracker.model.clock import to_epoch
from tracker.store.connection import OnConnection
from tracker.store.db import transaction
from tracker.store.rows import remember, remembered_json

_NAME = "alert_dates"
_KEEP = timedelta(days=10)
"""How long a date is remembered after it is over."""


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


class DateAlerts(OnConnection):
    """Remembers dates that fired, over the connection of a `Reader` or `Writer`."""

    def all(self) -> list[FiredDate]:
        """Return what has fired, newest first."""
        return sorted(self._read().values(), key=lambda one: (-one.fired, one.key))

    def unclaimed(self, dates: Sequence[FiredDate], before: datetime) -> list[FiredDate]:
        """Return the dates that were never claimed, or were claimed before a time and not sent."""
        known = self._read()
        return [one for one in dates if one.key not in known or _is_lost(known[one.key], before)]

    def claim(
        self, dates: Sequence[FiredDate], now: datetime, *, before: datetime, since: datetime, most: int
    ) -> dict[str, bool]:
        """Claim dates of one rule; return those to send by their keys, and whether each may have been sent before.

        The rate is counted in the same transaction, so two programs together do not exceed it. Dates over it are not
        claimed, and fire later.

        Args:
            dates: in the order in which they are sent.
            before: a date that was claimed before this time and not sent is claimed again.
            since: alerts from then on count towards the rate.
            most: how many alerts of the rule are sent since then.
        """
        claimed: dict[str, bool] = {}
        with transaction(self._connection):
            known = {key: one for key, one in self._read().items() if one.day >= (now - _KEEP).date()}
            rules = {one.rule for one in dates}
            room = most - sum(one.rule in rules and one.fired >= to_epoch(since) for one in known.values())
            for one in dates:
                earlier = known.get(one.key)
                is_lost = earlier is not None and _is_lost(earlier, before)
                if is_lost or (earlier is None and room > 0):
                    room -= not is_lost
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

    def _read(self) -> dict[str, FiredDate]:
        return {one.key: one for one in remembered_json(self._connection, _NAME, list[FiredDate]) or ()}

    def _write(self, dates: Mapping[str, FiredDate]) -> None:
        remember(self._connection, {_NAME: msgspec.json.encode(list(dates.values())).decode()})


def _is_lost(fired: FiredDate, before: datetime) -> bool:
    """True for a date whose program ended before it was sent."""
    return fired.sent is None and fired.fired < to_epoch(before)
