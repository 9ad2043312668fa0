from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.feeds.safety import is_safe
from tracker.feeds.errors import FeedError
from tracker.feeds.parse import parse
from tracker.model.feed import ParsedFeed

NOW = datetime(2026, 12, 1, tzinfo=UTC)
_LEFT_OUT = re.compile(r"(\d+) (repeated|empty) ")


def _parse(body: bytes) -> ParsedFeed | str:
    try:
        return parse(body, url="https://feeds.example/feed", content_type=None, now=NOW)
    except FeedError as error:
        return error.reason


@pytest.mark.corpus
@pytest.mark.slow
def test_every_feed_of_the_corpus(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing but `FeedError` is raised; real sites give the entries that feedparser counts, safely."""
    figures: Counter[str] = Counter()
    differing: list[tuple[str, int, int, tuple[str, ...]]] = []
    with gzip.open(corpus / "feeds" / "MANIFEST.jsonl.gz", "rt", encoding="utf-8") as manifest:
        for line in manifest:
            row = json.loads(line)
            body = (corpus / "feeds" / row["file"]).read_bytes()
            body = gzip.decompress(body) if row["gz"] else body
            figures["files"] += 1
            count = 0
            warnings: tuple[str, ...] = ()
            feed = _parse(body)
            if isinstance(feed, str):
                figures["refused"] += 1
                assert is_safe(feed)
            else:
                warnings = feed.warnings
                left_out = {match[2]: int(match[1]) for text in warnings if (match := _LEFT_OUT.match(text))}
                figures.update(entries=len(feed.entries), **left_out)
                count = len(feed.entries) + sum(left_out.values())
                for entry in feed.entries:
                    assert entry.title
                    assert is_safe(entry.title)
                    assert is_safe(entry.text, "\n")
                    assert is_safe(entry.url or "")
            if row["real_site_capture"]:
                figures["real"] += 1
                if count != row["fp_entries"]:
                    differing.append((row["file"], row["fp_entries"], count, warnings))
    with capsys.disabled():
        print(f"\n{dict(figures)}, differing: {differing}")
    assert figures["files"] > 4_000
    assert differing == []
