"""Stories written with traps, through whole syncs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.http_server import LoopbackServer
from tests.stories.measure import pairwise
from tests.stories.through_sync import synced_stories, written_reports
from tests.stories.written import company_news


@pytest.mark.slow
async def test_written_stories_with_traps(server: LoopbackServer, tmp_path: Path) -> None:
    reports, truth = written_reports()
    precision, recall, _ = pairwise(await synced_stories(server, tmp_path, reports), truth)
    assert precision >= 0.87
    assert recall >= 0.9


@pytest.mark.slow
@pytest.mark.parametrize(("part", "least"), [(1, 0.78), (2, 0.68)])
async def test_other_events_of_a_company_and_words_of_another(
    part: int, least: float, server: LoopbackServer, tmp_path: Path
) -> None:
    reports, truth = written_reports(company_news(part))
    precision, recall, _ = pairwise(await synced_stories(server, tmp_path, reports), truth)
    assert precision >= least
    assert recall >= 0.6
