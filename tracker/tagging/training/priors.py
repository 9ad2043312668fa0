"""Make the table of priors: `TRACKER_CORPUS=... python -m tracker.tagging.training.priors`.

A name that is often in the news, of a company that hardly ever is, usually means something else: "ICE" is mostly the
agency. The prior of a name comes from two counts of the titles to learn from: those that name its company for sure, and
those that have the ambiguous name without that. It uses no label and no context, so it also serves companies that the
model was not trained on.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from math import log
from pathlib import Path

from tracker.tagging.catalog import builtin_rules
from tracker.tagging.companies import companies
from tracker.tagging.match import Tagger
from tracker.tagging.training.examples import Finder
from tracker.tagging.training.sources import DATA, is_held_out, streams

NAMED = 0.25
"""Log-odds for each e-fold of titles that name the company for sure."""
UNSURE = 0.2
"""Log-odds taken off for each e-fold of titles that have the ambiguous name, above `FEW`."""
FEW = 5
LEAST, MOST = -1.0, 1.0
"""A clear headline outweighs any prior."""


def prior(named: int, unsure: int, traits: str) -> float:
    """Return the log-odds that a name starts from, given the titles that name its company and those with the name."""
    odds = NAMED * log(1 + named) - UNSURE * max(0.0, log((1 + unsure) / FEW))
    if traits.startswith("h3"):  # "Tesla": the ambiguous name is what the company is called
        odds = max(0.0, odds)
    if traits.startswith("h0"):  # "Outlook": a word as common whoever makes a product of that name
        odds = min(0.0, odds)
    return min(max(odds, LEAST), MOST)


def counts(titles: dict[str, list[str]]) -> tuple[Counter[str], Counter[tuple[str, str]]]:
    """Return how many titles name each company for sure, and how many have each (tag, ambiguous name) otherwise."""
    table = companies()
    tagger, finder = Tagger(builtin_rules(), table), Finder(table)
    named: Counter[str] = Counter()
    unsure: Counter[tuple[str, str]] = Counter()
    for title in dict.fromkeys(title for source, some in titles.items() if not is_held_out(source) for title in some):
        named.update({tag for _, _, tag in finder.find(title)})
        unsure.update((tag, title[start:end].casefold()) for start, end, _, tag in tagger.ambiguous(title)[0])
    return named, unsure


def main() -> int:
    """Write (tag, name, log-odds) of the names that the titles say something about."""
    folder = os.environ.get("TRACKER_CORPUS")
    if not folder:
        print("TRACKER_CORPUS is not set", file=sys.stderr)
        return 2
    named, unsure = counts(streams(Path(folder)))
    rows = []
    for row in companies():
        for name, traits in {name.casefold(): traits for name, traits in row.words.items()}.items():
            odds = round(prior(named[row.tag], unsure[row.tag, name], traits), 2)
            if odds:
                rows.append(f"{row.tag}\t{name}\t{odds}\n")
    DATA.joinpath("priors.tsv").write_text("".join(rows), encoding="utf-8")
    print(f"{len(rows)} names")
    return 0


if __name__ == "__main__":
    sys.exit(main())
