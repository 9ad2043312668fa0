"""Figures on real headlines through whole syncs, looser than what is measured: they say when something broke."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests.helpers.http_server import LoopbackServer
from tests.stories.figures import grouped_through_a_store, month, right_pairs
from tests.stories.measure import pairwise
from tests.stories.through_sync import crossfeed, google, synced_stories, uci

pytestmark = [pytest.mark.corpus, pytest.mark.slow]


async def test_every_spelling_of_an_address_is_merged_and_no_trap(
    corpus: Path, server: LoopbackServer, tmp_path: Path
) -> None:
    found = await crossfeed(server, tmp_path, corpus)
    merged, total = found["same-article-url-variants"]
    assert merged == total == 68
    merged, total = found["same-title-cross-domain"]
    assert merged / total > 0.95
    assert found["traps"] == (0, found["traps"][1])


async def test_small_stories_are_found_and_none_swallows_the_days(
    corpus: Path, server: LoopbackServer, tmp_path: Path
) -> None:
    reports, truth = google(corpus, "google_news_en_first_days")
    found = await synced_stories(server, tmp_path, reports)
    precision, recall, _ = pairwise(found, truth)
    assert recall >= 0.57
    assert precision >= 0.25
    members = defaultdict(list)
    for story, report in zip(found, reports, strict=True):
        members[story].append(report.time)
    assert not [times for times in members.values() if len(times) >= 20 and (max(times) - min(times)).days >= 4]


async def test_business_news_in_any_order(corpus: Path, server: LoopbackServer, tmp_path: Path) -> None:
    reports, truth = uci(corpus)
    _, _, f1 = pairwise(await synced_stories(server, tmp_path, reports), truth)
    (tmp_path / "shuffled").mkdir()
    shuffled, shuffled_truth = uci(corpus, seed=1)
    _, _, other = pairwise(await synced_stories(server, tmp_path / "shuffled", shuffled), shuffled_truth)
    assert f1 >= 0.7
    assert abs(f1 - other) <= 0.02


def test_pairs_of_a_month_that_were_labelled_by_hand(corpus: Path, tmp_path: Path) -> None:
    labelled = month(corpus)
    counts = right_pairs(labelled, grouped_through_a_store(labelled, tmp_path))
    right, joined, there = counts["first set"]
    assert right / joined >= 0.9
    assert right / there >= 0.6
    right, joined, _ = counts["second set"]
    assert right / joined >= 0.7


def test_every_process_finds_the_same_stories(corpus: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.stories.figures", "--only", "uci", "--kept", str(tmp_path)]
    env = {**os.environ, "TRACKER_CORPUS": str(corpus)}
    # The seed decides in which order sums over sets of words are made.
    told = {
        subprocess.run(command, env={**env, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1
    assert "recall" in told.pop()
