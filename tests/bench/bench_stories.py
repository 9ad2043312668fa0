"""Quality and speed of grouping on the corpus; the figures of a TF-IDF grouper tuned on the same data stand beside."""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.stories.measure import Grouper, crossfeed, french, google, lines, traps_merged, uci
from tracker.stories.fingerprint import fingerprint


def main() -> int:
    """Print the table."""
    folder = os.environ.get("TRACKER_CORPUS")
    if not folder:
        print("TRACKER_CORPUS is not set", file=sys.stderr)
        return 2
    corpus = Path(folder)
    sets = {"UCI business (TF-IDF: F1 0.616)": uci, "Google News, Polish": google, "one French day (silver)": french}
    for name, measure in sets.items():
        precision, recall, f1 = measure(corpus)
        print(f"{name:36} precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}")
    for kind, (merged, total) in crossfeed(corpus).items():
        print(f"{kind:44} {merged} of {total} merged")
    print(f"{'traps merged':44} {len(traps_merged(corpus))}")

    rows = lines(corpus / "headlines" / "stream_2026-02.jsonl.gz")
    start = datetime(2026, 2, 1, tzinfo=UTC)
    grouper = Grouper()
    size = 100_000
    for number in range(size):
        row = rows[number % len(rows)]
        when = start + timedelta(seconds=60 * number)
        grouper.add(
            fingerprint(f"{row['title']} {number // len(rows)}", f"https://a.example/{number}", row["text"], when)
        )
    grouper.looked_at = 0
    begin = time.perf_counter()
    new = rows[:4000]
    for number, row in enumerate(new):
        when = start + timedelta(seconds=60 * (size + number))
        grouper.add(fingerprint(row["title"], row["link"], row["text"], when))
    seconds = time.perf_counter() - begin
    print(
        f"{'new a second against 100,000':44} {len(new) / seconds:,.0f}, {grouper.looked_at / len(new):.1f} seen each"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
