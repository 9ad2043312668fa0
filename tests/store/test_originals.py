"""The stories that the press may have made of what a first-hand source said."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.helpers.store import NOW, article, fill, raw
from tracker.store.write import Writer


def test_headlines_are_found_by_words_each_within_its_time_in_one_statement(tmp_path: Path) -> None:
    titles = ["DeepSeek-R1 is out", "R1 again", "Qwen3 is out", "Janus", "QWEN3 once more"]
    with Writer(tmp_path / "news.db") as writer:
        ids = fill(writer, "CNBC", [article(title, minutes_ago=60 * n) for n, title in enumerate(titles)])
        asked: list[str] = []
        raw(writer).set_trace_callback(asked.append)
        hour = timedelta(hours=1)
        words = [("r1", NOW - hour / 2, NOW), ("qwen3", NOW - 9 * hour, NOW), ("none", NOW - 9 * hour, NOW)]
        assert writer.originals.stories_with(words) == {ids[0], ids[2], ids[4]}
        assert len(asked) == 1
        assert writer.originals.stories_with([]) == set()
