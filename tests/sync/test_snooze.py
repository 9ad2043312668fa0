"""A snoozed feed is skipped with its reason until its day comes."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from tracker.config.edit import feed_table
from tracker.config.schema import check
from tracker.model.config import Config
from tracker.model.feed import FeedSource, FeedSynced
from tracker.sync.decide import select_due
from tracker.sync.options import SyncOptions

SOURCE = FeedSource("A", "http://127.0.0.1:9/", snoozed_until=date(2026, 12, 1))
CONFIG = Config(feeds=(SOURCE,))
BEFORE, AFTER = datetime(2026, 11, 30, 23, 59, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize("options", [SyncOptions(), SyncOptions(force=True), SyncOptions(by_hand=True)])
def test_it_is_skipped_and_wakes_by_itself(options: SyncOptions) -> None:
    skipped = (FeedSynced("A", "skipped", reason="snoozed until 2026-12-01"),)
    found = select_due(CONFIG, {}, {}, options, BEFORE)
    assert (found.due, found.skipped) == ((), skipped)
    assert select_due(CONFIG, {}, {}, options, AFTER).due == (SOURCE,)


def test_a_request_by_name_fetches_it() -> None:
    assert select_due(CONFIG, {}, {}, SyncOptions(feeds=("A",)), BEFORE).due == (SOURCE,)


@pytest.mark.parametrize("day", ["2026-12-01", '"2026-12-01"'])
def test_the_day_is_a_date_or_a_text(day: str) -> None:
    read = check(f'[[feed]]\nname = "A"\nurl = "http://127.0.0.1:9/"\nsnoozed_until = {day}\n', "f")
    assert isinstance(read, Config)
    assert replace(read.feeds[0], line=None) == SOURCE
    assert "snoozed_until = 2026-12-01\n" in feed_table(SOURCE)


@pytest.mark.parametrize("day", ["2026-12-01T10:00:00Z", '"soon"', '"2026-13-01"', "3"])
def test_anything_else_is_named_with_its_line(day: str) -> None:
    read = check(f'[[feed]]\nname = "A"\nurl = "http://a/"\nsnoozed_until = {day}\n', "f")
    assert not isinstance(read, Config)
    assert str(read[0]).startswith("f:4: feed.snoozed_until: must be a day, not ")
    assert str(read[0]).endswith("such as 2026-12-01, without a time")
