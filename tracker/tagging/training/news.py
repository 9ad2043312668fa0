"""Count how often companies are in the news: `TRACKER_CORPUS=... python -m tracker.tagging.training.news`.

A text names many things by the way. A company that titles often are about is more likely one of them. One that no title
is about hardly ever is: its name then means something else.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tracker.tagging.catalog import builtin_rules
from tracker.tagging.companies import companies
from tracker.tagging.match import Tagger
from tracker.tagging.training.sources import DATA, is_held_out, streams


def counts(titles: Iterable[str], tagger: Tagger) -> Counter[str]:
    """Return how many different titles get each tag."""
    return Counter(mention.tag for title in dict.fromkeys(titles) for mention in tagger.tag(title))


def main() -> int:
    """Write (tag, titles) of the companies that have an ambiguous name and are in a title."""
    folder = os.environ.get("TRACKER_CORPUS")
    if not folder:
        print("TRACKER_CORPUS is not set", file=sys.stderr)
        return 2
    learned = (title for source, some in streams(Path(folder)).items() if not is_held_out(source) for title in some)
    found = counts(learned, Tagger(builtin_rules(), companies()))
    rows = [f"{row.tag}\t{found[row.tag]}\n" for row in companies() if row.words and found[row.tag]]
    DATA.joinpath("news.tsv").write_text("".join(rows), encoding="utf-8")
    print(f"{len(rows)} companies")
    return 0


if __name__ == "__main__":
    sys.exit(main())
