"""Train the model of `tracker.stories.link` on the corpus: makes `tracker/stories/model.json`.

TRACKER_CORPUS=... python -m tests.stories.train [--without SET] [--leave-out FEATURE]  (needs numpy and scipy)

The shipped weights were made while a company's own name still counted in `likeness`. Without it training gives weights
that find less at the same precision (docs/measurements.md), so they were kept.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise as pairwise_of
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize

from tests.stories.measure import READ_DAYS, Terms, grouped, lines, pairwise
from tracker.feeds.text import html_to_text
from tracker.model.config import Config
from tracker.stories.actions import lexicon
from tracker.stories.fingerprint import digest, fingerprint
from tracker.stories.joining import LIFE
from tracker.stories.link import FEATURES, Model, features
from tracker.stories.shape import Shape
from tracker.stories.terms import story_terms
from tracker.stories.weights import TermWeights
from tracker.sync.rules import tagger
from tracker.sync.stories import title_tags

_AGAINST = frozenset(
    (
        "alone",
        "plain",
        "names_apart",
        "tags_apart",
        "subjects_apart",
        "number_apart",
        "label_apart",
        "date_apart",
        "action_apart",
        "opposite",
        "summaries",
    )
)
"""Features that may only speak against; all others but `languages` only for it, whatever noisy labels say."""
_FREE = frozenset(("languages",))
_MAX_WEIGHTS = {
    "alone": -1.5,
    "plain": -0.5,
    "tags_apart": -4.1,
    "subjects_apart": -2.0,
    "label_apart": -3.0,
    "opposite": -2.0,
    "number_apart": -1.0,
}
_LEAST = {"second": 0.5}
"""Weights that are at least so far from 0: a set of few topics has too few words that two events share by chance."""
_START = {"likeness": 6.0, "rarest": 1.0}
_SHARE = {"google-en": 2.0, "google-pl": 1.0, "uci": 2.0, "french": 0.7, "weeks": 2.0, "made": 2.0, "read": 2.0}
"""How much each set weighs."""
_NOISE = {"google-en": 0.4, "google-pl": 0.4}
"""Weight of negatives: these sets split one event over many groups."""
_WRONG = 2.0
"""Weight of pairs labelled by hand that are not one: strangers in a row are worse than a story in two rows."""
_PAIRS = 0.3
"""Exponent on the number of article pairs that a pair of stories stands for."""
_CAP = {"languages_action": 2.2, "languages_number": 2.8}
"""Made translations keep every name; real ones do not."""
_FARTHEST = -4.1
"""Nothing speaks against a pair more than so: tags and dates are found by rules, which err.

Summaries are no evidence of their own: their weight is only what a pair with summaries is judged from.
"""
_FIRST_POLISH = 1_600
_OF_A_WEEK = 2_500
_ROUNDS = 2
_EASE = 3.5
"""Added to the odds: pairs of one event that a set puts into two groups make a trained model too careful."""

_AT_MOST = {"alone": -1.65, "languages_names": 2.2}
"""What holds after `_EASE`, too: one word beside the company, or two companies in another language, are no event."""


class Labelled(NamedTuple):
    """Headlines with the story each belongs to."""

    terms: list[Terms]
    times: list[datetime]
    truth: list[str]


class Sample(NamedTuple):
    """Pairs of stories: features, whether they are one, weights, and odds (logarithm) that features do not tell."""

    found: list[list[float]]
    same: list[int]
    weight: list[float]
    odds: list[float]

    def add(self, found: list[float], same: int, weight: float = 1.0, odds: float = 0.0) -> None:
        """Add one pair."""
        self.found.append(found)
        self.same.append(same)
        self.weight.append(weight)
        self.odds.append(odds)


def empty_sample() -> Sample:
    """Return a sample without pairs."""
    return Sample([], [], [], [])


def read_sets(corpus: Path) -> dict[str, Labelled]:
    """The labelled sets, each as it comes; only the first days of the Polish one.

    Without sources: what a model learns where moulds already say less, it then lacks on titles of sources that are new
    (written stories 0.85 precision, English 0.59 recall; without 0.89, 0.60).

    "weeks" is a real stream: headlines of two weeks laid over each other, which only tell what is not one story.
    """
    rules = tagger(Config())

    def made(rows: Sequence[tuple[str, datetime, str]]) -> Labelled:
        terms = [story_terms(title, title_tags(rules.tag(title, "", feed_tags=()))) for title, _, _ in rows]
        return Labelled(terms, [time for _, time, _ in rows], [story for _, _, story in rows])

    sets = {}
    for name, file in (("google-en", "google_news_en_first_days"), ("google-pl", "google_news_pl")):
        rows = sorted(
            (row["published"], row["title"], row["cluster"]) for row in lines(corpus / "stories" / f"{file}.jsonl.gz")
        )[:_FIRST_POLISH]
        sets[name] = made([(title, datetime.fromisoformat(time), story) for time, title, story in rows])
    rows = sorted(
        (int(row["TIMESTAMP"]), row["TITLE"], row["STORY"])
        for row in lines(corpus / "stories" / "uci_business.jsonl.gz")
    )
    sets["uci"] = made([(title, datetime.fromtimestamp(time / 1000, UTC), story) for time, title, story in rows])
    french = [
        row for row in lines(corpus / "stories" / "french_day.jsonl.gz") if row.get("title") and not row["weather"]
    ]
    sets["french"] = made(
        [(row["title"], datetime.fromisoformat(row["time"] + "+00:00"), row["cluster"]) for row in french[:1_800]]
    )
    sets["weeks"] = made(_two_weeks(corpus))
    return sets


def _two_weeks(corpus: Path) -> list[tuple[str, datetime, str]]:
    """Headlines of the first days of a month, and those of a week later, moved back by it; of each as many."""
    rows = [row for row in lines(corpus / "companies" / "general_titles.jsonl.gz") if row["title"] and row["published"]]
    random.Random(3).shuffle(rows)
    weeks: dict[str, list[tuple[datetime, str]]] = {"first": [], "second": []}
    for row in rows:
        time = datetime.fromisoformat(row["published"])
        week = "first" if time.day <= 3 else "second" if 8 <= time.day <= 10 else ""
        if week and len(weeks[week]) < _OF_A_WEEK:
            moved = time - timedelta(days=7 if week == "second" else 0)
            weeks[week].append((moved, row["title"]))
    found = sorted((time, title, week) for week, listed in weeks.items() for time, title in listed)
    return [(title, time, week) for time, title, week in found]


def on_policy(
    labelled: Labelled, weights: TermWeights, fitted: Model, noise: float, *, is_apart: bool = False
) -> Sample:
    """The pairs that grouping with this model looks at, each as right as the article pairs it stands for.

    Args:
        is_apart: the labels say only what is apart: those of stories with one label each.
    """
    sample = empty_sample()

    def log(found: list[float], left: list[int], right: list[int]) -> None:
        one, two = (Counter(labelled.truth[place] for place in side) for side in (left, right))
        pairs = len(left) * len(right)
        if is_apart and (len(one) > 1 or len(two) > 1 or one.keys() == two.keys()):
            return
        times = [labelled.times[place] for place in (*left, *right)]
        cost = LIFE.cost((max(times) - min(times)).total_seconds(), len(times))
        right_share = sum(count * two[story] for story, count in one.items()) / pairs
        for same, share in ((1, right_share), (0, (1 - right_share) * noise)):
            if share > 0:
                sample.add(found, same, share * pairs**_PAIRS, -cost)

    grouped(labelled.terms, labelled.times, weights, fitted, log=log)
    return sample


def made_pairs(corpus: Path, weights: TermWeights, count: int = 6_000) -> Sample:
    """Pairs made from real headlines of companies by changing what makes another event of it, or only the words."""
    rules = tagger(Config())
    rng = random.Random(5)
    rows = lines(corpus / "companies" / "sp500_headlines.jsonl.gz")
    rng.shuffle(rows)
    titles = [row["title"] for row in rows[: 3 * count]]
    terms = [story_terms(title, title_tags(rules.tag(title, "", feed_tags=()))) for title in titles]
    sample = empty_sample()
    for place, one in enumerate(terms):
        for two, same in _changed(one, terms[rng.randrange(len(terms))], rng):
            shapes = [Shape(dict.fromkeys(side, 1), 1, weights) for side in (one, two)]
            sample.add(features(shapes[0], shapes[1], weights.rarity), same)
        if len(sample.same) > count or place == len(terms) - 1:
            break
    by_company: dict[str, list[tuple[str, Terms]]] = {}
    for row, one in zip(rows, terms, strict=False):
        by_company.setdefault(row["symbol"], []).append((row["day"], one))
    for reports in by_company.values():
        for (day, one), (other_day, two) in pairwise_of(reports):
            apart = abs((datetime.fromisoformat(day) - datetime.fromisoformat(other_day)).days)
            if apart >= 3 and len(set(one) & set(two)) >= 3:  # other news of the same company
                shapes = [Shape(dict.fromkeys(side, 1), 1, weights) for side in (one, two)]
                sample.add(features(shapes[0], shapes[1], weights.rarity), 0)
    return sample


def read_pairs(corpus: Path, weights: TermWeights) -> dict[str, Sample]:
    """Pairs of a stream labelled by hand (`read_labels.txt`): those to "learn" from, and those "held" out.

    Each counts for as many as it was drawn from. A pair is of the day of its later report. Their odds are those of the
    whole model: they say what `_EASE` is too much of, where there are summaries.
    """
    rules = tagger(Config())
    reports: dict[str, dict[str, Any]] = {}
    for row in lines(corpus / "companies" / "general_titles.jsonl.gz"):
        if row["title"] and row["published"]:
            reports[digest(f"{row['title']}\0{row['source']}")] = row

    def shape(row: dict[str, Any]) -> Shape:
        tags = title_tags(rules.tag(row["title"], "", feed_tags=()))
        text = html_to_text(row["summary"] or "")[0]
        return Shape(dict.fromkeys(fingerprint(row["title"], None, text, None, tags).terms, 1), 1, weights)

    samples = {"learn": empty_sample(), "held": empty_sample()}
    for line in Path(__file__).with_name("read_labels.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        one, two, label, weight = line.split()
        times = [datetime.fromisoformat(reports[key]["published"]) for key in (one, two)]
        found = features(shape(reports[one]), shape(reports[two]), weights.rarity)
        odds = _EASE - LIFE.cost((max(times) - min(times)).total_seconds(), 2)
        sample = samples["learn" if max(times).day in READ_DAYS else "held"]
        sample.add(found, int(label), float(weight) * (1.0 if int(label) else _WRONG), odds)
    return samples


def _changed(one: Terms, other: Terms, rng: random.Random) -> Iterator[tuple[Terms, int]]:
    kinds = {kind: [term for term in one if term[0] == kind] for kind in "gewnalzd"}
    names = {term[2:] for term in kinds["e"]}
    plain = [term for term in kinds["w"] if term[2:] not in names]
    their_names = {term[2:] for term in other if term[0] == "e"}
    their_plain = [term for term in other if term[0] == "w" and term[2:] not in their_names]
    named = tuple(term for term in other if term[0] in "ge" or term[2:] in their_names)
    rest = tuple(term for term in one if not (term[0] in "ge" or term[2:] in names))
    if names and their_names and not names & their_names and plain:
        yield rest + named, 0  # another company, the same words
    if kinds["l"]:
        kept = tuple(term for term in one if term[0] not in "ln")
        yield (*kept, *(f"{term}7" for term in kinds["l"]), *(f"n:{term.partition('=')[2]}7" for term in kinds["l"])), 0
    numbers = [term for term in kinds["n"] if term[2] != "y"]
    if numbers and names:
        moved = [
            f"n:{rng.randrange(11, 99)}%" if term[-1] == "%" else f"n:{rng.randrange(1, 9)}{term[3:]}"
            for term in numbers
        ]
        yield (*(term for term in one if term not in numbers), *moved), 0  # another amount
    known = lexicon().opposites
    turned = {f"a:{name}": f"a:{known[name]}" for name in known}
    if names and any(term in turned for term in kinds["a"]):
        words = rng.sample(plain, max(0, len(plain) - 2))
        kept = tuple(term for term in one if term[0] not in "aw" or term in words or term[2:] in names)
        yield kept + tuple(turned.get(term, term) for term in kinds["a"]), 0  # up, and down
    if names and len(kinds["a"]) == 1 and (numbers or len(names) >= 2):
        words = rng.sample(plain, len(plain) // 2) + rng.sample(their_plain, min(3, len(their_plain)))
        kept = tuple(term for term in one if term[0] != "w" or term[2:] in names)
        yield kept + tuple(words), 1  # told in other words
    if kinds["g"] and kinds["a"]:
        kept = tuple(term for term in one if term[0] in "gad")
        foreign = tuple(f"w:{term[2:]}ż" for term in plain)
        kept += tuple(term for term in one if term[0] == "e" or term[2:] in names)
        numbers_told = tuple(term for term in kinds["n"] if term[-1] == "%" or "e" in term or len(term) > 4)
        if numbers_told or len(kinds["g"]) >= 2:
            yield ("z:xx", *kept, *numbers_told, *foreign), 1  # a translation
        yield (
            ("z:xx", *(term for term in kept if term not in kinds["a"]), "a:else", *foreign),
            0,
        )  # another event, in another language


def fit(samples: dict[str, list[Sample]], left_out: Sequence[str] = ()) -> Model:
    """Logistic regression with signed weights."""
    used = [place for place, name in enumerate(FEATURES) if name not in left_out]
    rows, same, weight, odds = [], [], [], []
    for name, parts in samples.items():
        total = sum(sum(part.weight) for part in parts)
        for part in parts:
            rows += part.found
            same += part.same
            odds += part.odds
            weight += [_SHARE[name] * one / total for one in part.weight]
    x = np.array(rows)[:, used]
    known = np.array(odds)
    sign, share = 2 * np.array(same) - 1, np.array(weight) / sum(weight)
    spread = x.std(0) + 1e-6
    x /= spread

    def loss(point: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (x @ point[1:] + point[0] + known)
        slope = -sign * share / (1 + np.exp(margin))
        value = float((share * np.logaddexp(0, -margin)).sum() + 1e-4 * (point[1:] ** 2).sum())
        return value, np.concatenate([[slope.sum()], x.T @ slope + 2e-4 * point[1:]])

    names = [FEATURES[place] for place in used]
    bounds = [(None, None)]
    bounds += [
        (None, None)
        if one in _FREE
        else ((None if one == "summaries" else _FARTHEST * spread[place]), _MAX_WEIGHTS.get(one, 0.0) * spread[place])
        if one in _AGAINST
        else (_LEAST.get(one, 0.0) * spread[place], _CAP.get(one, 9.0) * spread[place])
        for place, one in enumerate(names)
    ]
    best = minimize(
        loss, np.zeros(len(used) + 1), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 300}
    ).x
    fitted = [0.0] * len(FEATURES)
    for place, value in zip(used, best[1:] / spread, strict=True):
        fitted[place] = round(float(value), 3)
    return Model(round(float(best[0]), 3), tuple(fitted))


def train(
    sets: dict[str, Labelled],
    others: dict[str, Sample],
    weights: TermWeights,
    left_out: Sequence[str] = (),
    tell: Callable[[str], None] = lambda text: None,
) -> Model:
    """Fit, group with the fitted model, fit on what it then looks at, and again."""
    fitted = Model(-5.0, tuple(_START.get(name, 0.0) for name in FEATURES))
    samples: dict[str, list[Sample]] = {name: [] for name in sets}
    for turn in range(_ROUNDS):
        for name, labelled in sets.items():
            samples[name].append(on_policy(labelled, weights, fitted, _NOISE.get(name, 1.0), is_apart=name == "weeks"))
        fitted = fit({**samples, **{name: [other] for name, other in others.items()}}, left_out)
        tell(f"round {turn + 1}: bias {fitted.bias}")
    weights_kept = tuple(
        min(value, _AT_MOST.get(name, value)) for name, value in zip(FEATURES, fitted.weights, strict=True)
    )
    return Model(round(fitted.bias + _EASE, 3), weights_kept)


def main() -> int:
    """Print the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--without", action="append", default=[], help="a set to hold out; its figures are printed")
    parser.add_argument("--leave-out", action="append", default=[], help="a feature to do without")
    options = parser.parse_args()
    folder = os.environ.get("TRACKER_CORPUS")
    if not folder:
        print("TRACKER_CORPUS is not set", file=sys.stderr)
        return 2
    weights = TermWeights()
    sets = read_sets(Path(folder))
    used = {name: labelled for name, labelled in sets.items() if name not in options.without}
    read = read_pairs(Path(folder), weights)
    others = {"made": made_pairs(Path(folder), weights), "read": read["learn"]}
    fitted = train(used, others, weights, options.leave_out, lambda text: print(text, file=sys.stderr))
    for name, held in read.items():
        sure = [
            same
            for found, same, odds in zip(held.found, held.same, held.odds, strict=True)
            if fitted.score(found) + odds - _EASE > 0
        ]
        print(
            f"pairs read, {name}: {sum(sure)} of {len(sure)} likely ones are right; {sum(held.same)} are",
            file=sys.stderr,
        )
    for name, labelled in sets.items():
        for ease in (-0.5, 0.0, 0.5):
            shifted = Model(fitted.bias + ease, fitted.weights)
            found = grouped(labelled.terms, labelled.times, weights, shifted)
            figures = " ".join(f"{figure:.3f}" for figure in pairwise(found, labelled.truth))
            kept_out = "held out" if name in options.without else ""
            print(
                f"{name:10} {ease:+.2f} {figures} largest {Counter(found).most_common(1)[0][1]} {kept_out}",
                file=sys.stderr,
            )
    print(json.dumps({"bias": fitted.bias, "weights": dict(zip(FEATURES, fitted.weights, strict=True))}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
