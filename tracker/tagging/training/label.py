"""Label headlines by hand, those first on which the model is least sure.

```sh
TRACKER_CORPUS=... python -m tracker.tagging.training.label draw 150 > batch.txt
python -m tracker.tagging.training.label add batch.txt 3 17 18    # the lines where the name in [[ ]] is a company
```

`known/labels.txt` keeps a hash of each title and name, never the text.
"""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from tracker.tagging.catalog import builtin_rules
from tracker.tagging.companies import companies, weights, word_groups
from tracker.tagging.disambiguate import Model
from tracker.tagging.match import Tagger
from tracker.tagging.training.sources import KNOWN, is_held_out, streams

LABELS = KNOWN / "labels.txt"
_CAPITAL = re.compile(r"(?<![\w'-])[A-Z][\w]+(?:-[A-Z]\w+)?(?:[ ][A-Z][\w]+)?(?![\w-])")
_PER_NAME = 8
"""No more places of one name are drawn: hundreds of headlines about one company say little about the others."""
_DOUBTFUL = {True: 0.0, False: 1.5}
"""The log-odds drawn first: the threshold for names of the table; for other words, what looks like a company."""


class Place(NamedTuple):
    """A name in a headline that may be a company or something else."""

    source: str
    text: str
    start: int
    end: int
    traits: str
    others: int
    tag: str
    """Of the company that may be meant; "" for a capitalised word that is no company of the table."""

    @property
    def key(self) -> str:
        """What `known/labels.txt` calls it."""
        said = f"{' '.join(self.text.casefold().split())}\0{self.text[self.start : self.end]}"
        return blake2b(said.encode("utf-8", "replace"), digest_size=8).hexdigest()


@cache
def labels() -> dict[str, bool]:
    """Return the labels by key: True where the name is a company."""
    rows = (line.split() for line in LABELS.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {key: label == "1" for key, label in rows}


def places(corpus: Path) -> Iterator[Place]:
    """Yield the ambiguous names of all titles to learn from, and the capitalised words that are no company's name."""
    tagger = Tagger(builtin_rules(), companies())
    for source, titles in sorted(streams(corpus).items()):
        for title in dict.fromkeys(titles):
            yield from _of(tagger, source, title)


def _of(tagger: Tagger, source: str, title: str) -> Iterator[Place]:
    from tracker.tagging.training.names import traits  # needs the extra `train`, which reading labels does without

    words, sure = tagger.ambiguous(title)
    others = len({tag for _, _, tag in sure})
    for start, end, what, tag in words:
        yield Place(source, title, start, end, what, others, tag)
    taken = [*((start, end) for start, end, *_ in words), *((start, end) for start, end, _ in sure)]
    for found in _CAPITAL.finditer(title):
        start = max(found.start(), title.rfind(" ", found.start(), found.end()) + 1)  # a surname without its first name
        for span in dict.fromkeys((found.span(), (start, found.end()))):
            if not any(span[0] < end and span[1] > start for start, end in taken):
                name = title[span[0] : span[1]]
                yield Place(source, title, *span, traits(name, None, 2) or traits(name, 2, 2) or "", others, "")


def draw(corpus: Path, count: int, *, is_known: bool, held_out: bool) -> list[Place]:
    """Return unlabelled places, the most doubtful first; `is_known` for names of the table."""
    model = Model(weights(), word_groups())
    rated = []
    for one in places(corpus):
        if bool(one.tag) is is_known and is_held_out(one.source) is held_out and one.key not in labels():
            odds = model.log_odds(one.text, one.start, one.end, one.traits, one.others)
            rated.append((abs(odds - _DOUBTFUL[is_known]), one))
    rated.sort(key=lambda pair: (pair[0], pair[1].key))
    per_name: Counter[str] = Counter()
    found: dict[str, Place] = {}
    for _, one in rated:
        name = one.text[one.start : one.end]
        if per_name[name] < _PER_NAME and len(found) < count and one.key not in found:
            per_name[name] += 1
            found[one.key] = one
    return list(found.values())


def main() -> int:
    """Print places to label, or add the labels of a batch that was read."""
    match sys.argv[1:]:
        case ["draw", count, *flags]:
            folder = os.environ.get("TRACKER_CORPUS")
            if not folder:
                print("TRACKER_CORPUS is not set", file=sys.stderr)
                return 2
            found = draw(Path(folder), int(count), is_known="other" not in flags, held_out="held-out" in flags)
            for number, one in enumerate(found):
                low, high = max(0, one.start - 90), one.end + 90
                text = f"{one.text[low : one.start]}[[{one.text[one.start : one.end]}]]{one.text[one.end : high]}"
                print(number, one.key, one.tag or "-", " ".join(text.split()), sep="\t")
        case ["add", batch, *numbers]:
            rows = [line.split("\t") for line in Path(batch).read_text(encoding="utf-8").splitlines()]
            known = labels() | {row[1]: row[0] in numbers for row in rows}
            LABELS.write_text(
                "# A hash of a title and a name in it, and 1 where the name is a company (label.py).\n"
                + "".join(f"{key} {int(known[key])}\n" for key in sorted(known)),
                encoding="utf-8",
            )
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
