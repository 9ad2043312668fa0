"""Make the table of the SEC's numbers: `TRACKER_CORPUS=... python -m tracker.tagging.training.filers`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import tracker.config
from tracker.tagging.companies import companies
from tracker.tagging.training import sources

TABLE = Path(tracker.config.__file__).parent / "filers.tsv"


def main() -> int:
    """Write (symbol, CIK) of every filer and of its other listings; print how many."""
    folder = os.environ.get("TRACKER_CORPUS")
    if not folder:
        print("TRACKER_CORPUS is not set", file=sys.stderr)
        return 2
    found = {symbol: cik for cik, symbol, _ in sources.filers(Path(folder))}
    for row in companies():
        if row.cik is not None and row.listed:
            for symbol in (row.symbol, *row.also):
                if symbol:
                    found.setdefault(symbol, row.cik)
    TABLE.write_text("".join(f"{symbol}\t{cik}\n" for symbol, cik in sorted(found.items())), encoding="utf-8")
    print(f"{len(found)} symbols of {len(set(found.values()))} filers")
    return 0


if __name__ == "__main__":
    sys.exit(main())
