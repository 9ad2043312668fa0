"""The 415 real captures of the corpus, served over loopback HTTP, through a whole sync."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.corpus import corpus_feeds
from tests.helpers.feeds import config_for
from tests.helpers.http_server import Answer, LoopbackServer
from tests.helpers.store import NOW
from tests.helpers.sync import run_sync
from tracker.feeds.errors import FeedError
from tracker.feeds.parse import parse
from tracker.store.db import connect


@pytest.mark.corpus
@pytest.mark.slow
async def test_every_entry_of_the_real_captures_is_stored(corpus: Path, server: LoopbackServer, tmp_path: Path) -> None:
    feeds = [feed for feed in corpus_feeds(corpus) if feed.is_real]
    assert len(feeds) == 415
    entries: dict[str, int] = {}
    repeated: dict[str, int] = {}
    for number, feed in enumerate(feeds):
        name = f"f{number}"
        body = feed.read()
        server.routes[f"/{name}"] = Answer(body)
        entries[name] = feed.entries
        try:
            warnings = parse(body, url=f"{server.url}/{name}", content_type=None, now=NOW).warnings
        except FeedError:
            assert feed.entries == 0
            warnings = ()
        repeated[name] = sum(int(text.split()[0]) for text in warnings if "repeated entr" in text)
    config = config_for(server, *entries)
    finished, _ = await run_sync(config, tmp_path / "t.db")
    new = {feed.name: feed.new for feed in finished.feeds}
    assert {name for name in entries if new[name] != entries[name] - repeated[name]} == set()
    connection = connect(tmp_path / "t.db")
    stored = connection.execute("SELECT count(*) FROM article").fetchone()[0]
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    print(f"\n{sum(entries.values())} entries, {sum(repeated.values())} repeats of an id, {stored} articles stored")
    assert stored == sum(entries.values()) - sum(repeated.values())
    # Few entries repeat the id, address or text of another in their document. More would mean that entries get lost.
    assert sum(repeated.values()) <= 0.01 * sum(entries.values())
