"""Count how sentences write ambiguous names: `TRACKER_CORPUS=... python -m tracker.tagging.training.usage`.

In "Citi Raises Price Target" capitals say nothing, but sentences say what such a headline would write: "price target"
in lower case, and "target" far more often than "Target". Both counts are made in texts whose capitals do tell.
"""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from math import log
from pathlib import Path

from tracker.tagging.companies import companies
from tracker.tagging.languages import languages_of
from tracker.tagging.patterns import plain
from tracker.tagging.training.sources import DATA, is_held_out, lines, streams
from tracker.tagging.wording import style

FEW = 5
"""Counts below this say nothing."""
RARE = 20
"""A pair is one of ordinary words when it is this many times as frequent in lower case."""
SHARE = 0.5
"""How much of the log-odds of a capital in sentences counts where each word has one."""
LEAST = -1.5
_SENTENCE = re.compile(r"(?<=[.!?])\s|\n")
_BEFORE = re.compile(r"([^\W_]+(?:'s)?|[^\w\s]) $")


def texts(corpus: Path) -> Iterator[str]:
    """Yield the texts to read, without the sources that are held out."""
    for source, found in sorted(streams(corpus).items()):
        if not is_held_out(source):
            yield from found
    for row in lines(corpus / "companies" / "sp500_headlines.jsonl.gz"):
        yield plain(row["title"])
    for row in lines(corpus / "headlines" / "fulltext.jsonl.gz"):
        yield plain(row["text"] or "")


def usage(found: Iterable[str], names: frozenset[str]) -> Iterator[tuple[str, float, list[str]]]:
    """Yield names in lower case, the log-odds of a capital and the words after which they have none.

    Only English texts count, as only English gives Each Word a Capital.
    """
    small: Counter[tuple[str, str]] = Counter()
    capital: Counter[tuple[str, str]] = Counter()
    longest = sorted(names, key=len, reverse=True)
    search = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest))})(?![\w-])", re.IGNORECASE)
    for text in dict.fromkeys(found):
        if "en" not in languages_of(text):
            continue
        for sentence in _SENTENCE.split(text):
            if style(sentence.split(), (), "") == "S":
                for one in search.finditer(sentence):
                    if before := _BEFORE.search(sentence, max(0, one.start() - 30), one.start()):
                        (small if one[0].islower() else capital)[one[0].lower(), before[1].lower()] += 1
    for name in sorted(names):
        pairs = {before: count for (one, before), count in small.items() if one == name and before[0].isalpha()}
        others = {before: count for (one, before), count in capital.items() if one == name}
        few, many = sum(others.values()), sum(pairs.values())
        after = sorted(one for one, count in pairs.items() if count >= max(FEW, RARE * others.get(one, 0)))
        odds = max(LEAST, round(SHARE * log((few + 1) / (many + 1)), 2)) if many >= FEW else 0.0
        if odds < 0 or after:
            yield name, min(odds, 0.0), after


def main() -> int:
    """Write (name, log-odds, words before it)."""
    folder = os.environ.get("TRACKER_CORPUS")
    if not folder:
        print("TRACKER_CORPUS is not set", file=sys.stderr)
        return 2
    names = {name for row in companies() for name in row.words if not name.isupper()}
    rows = list(usage(texts(Path(folder)), frozenset(name.lower() for name in names)))
    text = "".join(f"{name}\t{odds}\t{' '.join(after)}\n" for name, odds, after in rows)
    DATA.joinpath("usage.tsv").write_text(text, encoding="utf-8")
    print(f"{len(rows)} names")
    return 0


if __name__ == "__main__":
    sys.exit(main())
