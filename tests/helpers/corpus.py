"""The feeds of the corpus."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class CorpusFeed:
    """One file with its line of the manifest."""

    name: str
    path: Path
    row: dict[str, Any]

    def read(self) -> bytes:
        """Return the document, unpacked."""
        raw = self.path.read_bytes()
        return gzip.decompress(raw) if self.row["gz"] else raw

    @property
    def is_real(self) -> bool:
        """True for a capture of a real site."""
        return bool(self.row["real_site_capture"])

    @property
    def entries(self) -> int:
        """What feedparser counts in it."""
        return int(self.row["fp_entries"] or 0)


def corpus_feeds(corpus: Path) -> Iterator[CorpusFeed]:
    """Yield every feed file of the corpus."""
    folder = corpus / "feeds"
    with gzip.open(folder / "MANIFEST.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield CorpusFeed(row["file"], folder / row["file"], row)
