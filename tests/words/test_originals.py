"""The words of an original."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from tracker.model.article import StoryOriginal
from tracker.model.sources import OriginKind
from tracker.words.originals import own_delay_text, press_text, when_text

FILED = datetime(2025, 2, 26, 21, 20, 12, tzinfo=UTC)
FILING = StoryOriginal(1, "SEC filings", "sec", "NVIDIA CORP 8-K: results", FILED)
ZONE = ZoneInfo("America/New_York")


def test_when_it_was_filed() -> None:
    assert when_text(FILING, FILED, ZONE) == "filed Wed 26 Feb 16:20:12 ET"
    assert when_text(replace(FILING, kind="models"), FILED, UTC) == "released Wed 26 Feb 21:20:12 UTC"


@pytest.mark.parametrize("kind", get_args(OriginKind))
def test_every_kind_of_original_says_what_was_done(kind: OriginKind) -> None:
    assert re.fullmatch(r"[a-z]+ed Wed 26 Feb 16:20:12 ET", when_text(replace(FILING, kind=kind), FILED, ZONE))


def test_how_long_the_press_took() -> None:
    assert press_text(FILING) == ""
    told = replace(FILING, next_source="Reuters", delay_s=250)
    assert press_text(told) == "press +4 min (Reuters)"
    assert own_delay_text(told, FILED + timedelta(seconds=59)) == "this article +<1 min"
    assert own_delay_text(told, FILED + timedelta(hours=3)) == "this article +3 h"
    assert own_delay_text(told, None) == own_delay_text(told, FILED - timedelta(hours=1)) == ""
