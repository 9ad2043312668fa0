"""Precision of the tags of sources that the training never read, on tags that were read one by one.

`tests/tagging/fresh/natural.txt` keeps a hash of each title and tag, never the text. The sets called `drawn` were drawn
at random among the tags of titles and summaries, one a title; `ambiguous` and `sure` are more of them, at most five of
an ambiguous name and one of each other name, to see what kinds of names fail. Rules were made on the sets called `dev`.
`drawn-after` was drawn when the rules were made, among the tags that nobody had read.
`drawn-last` is what nobody had read of 300 tags drawn at random among all; of the other 97, 90 are right.
`drawn-fresh` are 300 drawn at random among what nobody had read, before names in texts were asked about a second time,
and `drawn-newest` 200 drawn afterwards; `fit_texts` learns from neither.
"""

from __future__ import annotations

import gzip
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

from tests.tagging.measure import Rate, builtin_tagger, lines
from tracker.feeds.errors import FeedError
from tracker.feeds.parse import parse
from tracker.tagging.match import Tagger
from tracker.tagging.training.sources import is_held_out

_LABELS = Path(__file__).parents[1] / "tagging" / "fresh" / "natural.txt"
_NOW = datetime(2026, 3, 1, tzinfo=UTC)
_GZIP = b"\x1f\x8b"


def key(title: str, tag: str) -> str:
    """Return what the labels call a tag of a title."""
    said = f"{' '.join(title.casefold().split())}\0{tag}"
    return blake2b(said.encode("utf-8", "replace"), digest_size=8).hexdigest()


def labels() -> dict[str, tuple[str, bool]]:
    """Return the set of each tag that was read, and whether it is right."""
    rows = (line.split(" ") for line in _LABELS.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {one: (name, right == "1") for one, name, right in rows}


def articles(corpus: Path) -> Iterator[tuple[str, str]]:
    """Yield title and summary of each article of the sources that the training never read."""
    for row in lines(corpus / "headlines" / "stream_2026-02.jsonl.gz"):
        yield row["title"], row["text"]
    for row in lines(corpus / "companies" / "general_titles.jsonl.gz"):
        if is_held_out(row["source"]):
            yield row["title"], row.get("summary") or ""
    for row in lines(corpus / "stories" / "google_news_en_first_days.jsonl.gz"):
        yield row["title"], ""
    for row in lines(corpus / "feeds" / "MANIFEST.jsonl.gz"):
        path = corpus / "feeds" / row["file"]
        path = path if path.exists() else path.with_name(f"{path.name}.gz")
        is_learned = "fastfeedparser/benchmark_data" in row["file"] and not is_held_out(path.name)
        if row.get("real_site_capture") and not is_learned:
            yield from _of_feed(path.read_bytes(), row.get("site_url") or "https://example.com/feed")


def _of_feed(body: bytes, url: str) -> Iterator[tuple[str, str]]:
    while body.startswith(_GZIP):
        body = gzip.decompress(body)
    try:
        feed = parse(body, url=url, content_type=None, now=_NOW)
    except FeedError:
        return
    yield from ((entry.title, entry.text) for entry in feed.entries)


def measured(tagger: Tagger, corpus: Path) -> dict[str, Rate]:
    """Return the precision of each set, and how many of its right tags are still found."""
    known = labels()
    found: set[str] = set()
    unread = 0
    for title, text in dict.fromkeys(articles(corpus)):
        for mention in tagger.tag(title, text):
            one = key(title, mention.tag)
            found.add(one)
            unread += one not in known
    table = {}
    for name in sorted({name for name, _ in known.values()}):
        rows = {one: right for one, (among, right) in known.items() if among == name}
        kept = [right for one, right in rows.items() if one in found]
        table[f"{name}: right of those tagged"] = Rate(sum(kept), len(kept), ())
        table[f"{name}: right ones still tagged"] = Rate(sum(kept), sum(rows.values()), ())
    table["tags that nobody has read"] = Rate(unread, unread + len(found & known.keys()), ())
    return table


def main() -> int:
    """Print the table."""
    folder = os.environ.get("TRACKER_CORPUS")
    if not folder:
        print("TRACKER_CORPUS is not set", file=sys.stderr)
        return 2
    for name, rate in measured(builtin_tagger(), Path(folder)).items():
        print(f"{name:40} {rate}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
