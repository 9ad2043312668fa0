"""Label who a title is about, and train the weights of what is named by the way.

```sh
export TRACKER_CORPUS=...
python -m tracker.tagging.training.asides draw 150 > batch.txt       # companies in titles, at random
python -m tracker.tagging.training.asides draw 150 likely > batch.txt  # those that the model takes for asides
python -m tracker.tagging.training.asides draw 150 held-out > batch.txt
python -m tracker.tagging.training.asides add batch.txt 3 17 18      # the lines where [[name]] is named by the way
python -m tracker.tagging.training.asides train
python -m tracker.tagging.training.asides measure
```

A company is an aside where the title would tell the same of its subject and object with another name in its place: a
shop, a platform, a former employer, what something is compared with, one of four in a list, who rates or foresees.
Remove a line from the batch when you cannot tell, or when the name is not the company. `known/asides.txt` keeps a hash
of the title and the place of the name, never the text. One source in five and one company in five are only for
measuring.
"""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from tracker.tagging.aside import SIZE, Asides, Role, buckets, features, is_in_figure, joined
from tracker.tagging.catalog import builtin_rules
from tracker.tagging.companies import aside_weights, companies, word_groups
from tracker.tagging.disambiguate import SCALE
from tracker.tagging.match import Tagger
from tracker.tagging.patterns import plain
from tracker.tagging.training.sources import DATA, KNOWN, is_held_out, lines, streams

LABELS = KNOWN / "asides.txt"
STRENGTH = 0.3
_SWAPPED = 0.05
"""Weight of a company alone in a title, taken for a broker: with 0.12 the held-out sources lose 2 asides more."""
_PER_COMPANY = 12
"""No more titles of one company are drawn."""


class Named(NamedTuple):
    """A company in a title."""

    title: str
    tag: str
    places: tuple[tuple[int, int], ...]
    companies: tuple[tuple[int, int], ...]
    """The first place of each company in the title."""
    role: Role
    is_held_out: bool
    """Only for measuring: its source, or the company."""
    is_held_out_source: bool

    @property
    def key(self) -> str:
        """What `known/asides.txt` calls it: a hash of the title, and where the name begins."""
        said = " ".join(self.title.casefold().split())
        return f"{blake2b(said.encode('utf-8', 'replace'), digest_size=8).hexdigest()} {self.places[0][0]}"


@cache
def labels() -> dict[str, bool]:
    """Return the labels by key: True for what is named by the way."""
    rows = (
        line.rpartition(" ") for line in LABELS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")
    )
    return {key: label == "aside" for key, _, label in rows}


def titles(corpus: Path) -> Iterator[tuple[str, bool]]:
    """Yield each title once, and whether its source is only for measuring."""
    seen: set[str] = set()
    for title, held_out in _titles(corpus):
        said = " ".join(title.casefold().split())
        if said not in seen:
            seen.add(said)
            yield title, held_out


def _titles(corpus: Path) -> Iterator[tuple[str, bool]]:
    for source, found in sorted(streams(corpus).items()):
        yield from ((title, is_held_out(source)) for title in found)
    for row in lines(corpus / "companies" / "sp500_headlines.jsonl.gz"):
        yield plain(row["title"]), False
    for path in ("headlines/stream_2026-02", "stories/google_news_en_first_days"):
        for row in lines(corpus / f"{path}.jsonl.gz"):
            yield plain(row["title"]), True


def named(corpus: Path) -> Iterator[Named]:
    """Yield every company in every title."""
    rules = builtin_rules()
    tagger = Tagger(rules, companies())
    topics = {rule.name for rule in rules if rule.kind == "topic"}
    roles: dict[str, Role] = {
        row.tag: "stage" if row.is_stage else "voice" if row.is_voice else "" for row in companies()
    }
    for title, held_out in titles(corpus):
        spans = {one.tag: tuple(joined(one.matches, title)) for one in tagger.tag(title) if one.tag not in topics}
        firsts = tuple(places[0] for places in spans.values())
        for tag, places in spans.items():
            is_kept = held_out or crc32(tag.encode()) % 5 == 0
            yield Named(title, tag, places, firsts, roles.get(tag, ""), is_kept, held_out)


def examples(found: Sequence[Named]) -> Iterator[tuple[list[str], bool, float]]:
    """Yield the features, label and weight of each place to learn from.

    Every place of an aside is one. Of the places of what the title is about, the first tells most. What a figure of
    speech decides is not asked of the model.
    """
    groups = word_groups()
    for one in found:
        named_so = labels()[one.key]
        for start, end in one.places if named_so else one.places[:1]:
            if not is_in_figure(one.title, start, end, one.companies):
                yield features(one.title, start, end, one.companies, one.role, groups), named_so, 1.0
                if not named_so and not one.role and len(one.companies) == 1:
                    # News of a company alone in a title is its own, also where that is a broker.
                    yield features(one.title, start, end, one.companies, "voice", groups), False, _SWAPPED


def train(found: Sequence[Named]) -> bytes:
    """Return the weights of a logistic regression, a signed byte each."""
    # Of the extra `train`, which drawing, reading and measuring do without.
    import numpy as np
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    indices: list[int] = []
    starts = [0]
    said = []
    weights = []
    for features_of_one, named_so, weight in examples(found):
        weights.append(weight)
        indices += sorted(set(buckets(features_of_one)))
        starts.append(len(indices))
        said.append(named_so)
    matrix = csr_matrix((np.ones(len(indices)), np.array(indices), np.array(starts)), (len(said), SIZE))
    model = LogisticRegression(C=STRENGTH, fit_intercept=False, max_iter=400)
    model.fit(matrix, said, weights)
    return bytes(np.clip(np.rint(model.coef_[0] * SCALE), -127, 127).astype(np.int8).tobytes())


def odds(model: Asides, one: Named) -> float:
    """Return the log-odds that a company is an aside: those of the place that says least of it."""
    return min(model.log_odds(one.title, start, end, one.companies, one.role) for start, end in one.places)


def is_aside(model: Asides, one: Named) -> bool:
    """Return whether the model takes every place of a company for an aside."""
    return all(model.is_aside(one.title, start, end, one.companies, one.role) for start, end in one.places)


def draw(corpus: Path, count: int, *, likely: bool, held_out: bool) -> list[Named]:
    """Return companies in titles that have no label, at random; `likely` for those that may be asides."""
    model = Asides(aside_weights(), word_groups())
    pool = [one for one in named(corpus) if one.is_held_out is held_out and one.key not in labels()]
    random.Random(len(labels())).shuffle(pool)
    found: list[Named] = []
    drawn: Counter[str] = Counter()
    for one in pool:
        if len(found) < count and drawn[one.tag] < _PER_COMPANY and not (likely and odds(model, one) < 0):
            drawn[one.tag] += 1
            found.append(one)
    return found


def measured(found: Sequence[Named], weights: bytes) -> str:
    """Return how many labels the model agrees with."""
    model = Asides(weights, word_groups())
    counts = Counter((labels()[one.key], is_aside(model, one)) for one in found)
    right = counts[True, True] + counts[False, False]
    return (
        f"{right / max(1, counts.total()):.1%} ({right} of {counts.total()}); "
        f"asides found {counts[True, True]} of {counts[True, True] + counts[True, False]}, "
        f"lost of what titles are about {counts[False, True]} of {counts[False, True] + counts[False, False]}"
    )


def main() -> int:
    """Draw, add, train or measure."""
    folder = os.environ.get("TRACKER_CORPUS")
    if not folder:
        print("TRACKER_CORPUS is not set", file=sys.stderr)
        return 2
    corpus = Path(folder)
    match sys.argv[1:]:
        case ["draw", count, *flags]:
            drawn = draw(corpus, int(count), likely="likely" in flags, held_out="held-out" in flags)
            for number, one in enumerate(drawn):
                (start, end), *_ = one.places
                text = f"{one.title[:start]}[[{one.title[start:end]}]]{one.title[end:]}"
                print(number, one.key, " ".join(text.split()), sep="\t")
        case ["add", batch, *numbers]:
            rows = [line.split("\t") for line in Path(batch).read_text(encoding="utf-8").splitlines()]
            write(labels() | {row[1]: row[0] in numbers for row in rows})
        case ["train"]:
            found = [one for one in named(corpus) if not one.is_held_out and one.key in labels()]
            DATA.joinpath("asides.bin").write_bytes(train(found))
            print(f"{len(found)} labels")
        case ["measure"]:
            found = [one for one in named(corpus) if one.is_held_out and one.key in labels()]
            for name, some in (
                ("held-out sources", [one for one in found if one.is_held_out_source]),
                ("held-out companies", [one for one in found if crc32(one.tag.encode()) % 5 == 0]),
            ):
                print(f"{name}: {measured(some, aside_weights())}")
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


def write(known: dict[str, bool]) -> None:
    """Write the labels."""
    LABELS.write_text(
        "# A hash of a title, where a company's name begins in it, and whether the title is about it (asides.py).\n"
        + "".join(f"{key} {'aside' if known[key] else 'about'}\n" for key in sorted(known)),
        encoding="utf-8",
    )


if __name__ == "__main__":
    sys.exit(main())
