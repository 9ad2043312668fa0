"""Times in and out of the store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model.clock import from_epoch, iso, to_epoch


@given(st.datetimes(timezones=st.just(UTC)))
def test_seconds_survive(moment: datetime) -> None:
    assert from_epoch(to_epoch(moment)) == moment.replace(microsecond=0)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        to_epoch(datetime(2025, 1, 27))  # noqa: DTZ001 - that is the point


def test_iso() -> None:
    assert iso(None) is None
    moment = datetime(2025, 1, 27, 16, 0, 0, 5, tzinfo=timezone(timedelta(hours=-5)))
    assert iso(moment) == "2025-01-27T21:00:00Z"
