"""Learn when an ambiguous name in a text is the company, from tags that were read: `python -m tests.bench.fit_texts`.

It prints the weights of `is_likely_in_text`, and how well weights that were learned without a company tell its right
tags from its wrong ones.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import LeaveOneGroupOut

from tests.bench.bench_natural import articles, key, labels
from tests.tagging.measure import builtin_tagger
from tracker.tagging.disambiguate import Article, text_features
from tracker.tagging.found import Found
from tracker.tagging.match import Tagger

_KEPT_ASIDE = ("drawn-fresh", "drawn-newest")
"""Sets that only count."""


class Row(NamedTuple):
    """A tag that was read, of a name that only the text has."""

    tag: str
    features: tuple[float, ...]
    is_right: bool
    is_tagged: bool
    """By the weights in use."""


class _Asked(Tagger):
    """Tags whatever passes the model, and keeps what the second question would be asked about."""

    def tags_asked(self, title: str, text: str) -> tuple[set[str], dict[str, list[tuple[float, ...]]]]:
        """Return the tags, and for each tag the features of its places in the text."""
        self.places: dict[str, list[tuple[float, ...]]] = {}
        return {mention.tag for mention in self.tag(title, text)}, self.places

    def _is_meant(self, one: Found, flat: str, article: Article | None, is_sure: bool, others: int) -> bool:
        tag = self._candidates.rules[one.rule].name

        def keep(odds: float, traits: str, titles: int, article: Article) -> bool:
            self.places.setdefault(tag, []).append(text_features(odds, traits, titles, article))
            return False

        with patch("tracker.tagging.match.is_likely_in_text", keep):
            return super()._is_meant(one, flat, article, is_sure, others)


def rows(corpus: Path) -> list[Row]:
    """Return what was read of names that only a text has; of several places the likeliest counts."""
    usual = builtin_tagger()
    known = {one: right for one, (name, right) in labels().items() if name not in _KEPT_ASIDE}
    asked = _Asked(usual._explicit, usual._companies)
    found: dict[str, Row] = {}
    for title, text in dict.fromkeys(articles(corpus)):
        sure, places = asked.tags_asked(title, text)
        for tag, features in places.items():
            one = key(title, tag)
            if tag not in sure and one in known and one not in found:
                is_tagged = tag in {mention.tag for mention in usual.tag(title, text)}
                found[one] = Row(tag, max(features, key=lambda row: row[1]), known[one], is_tagged)
    return list(found.values())


def main() -> int:
    """Print the weights and the figures."""
    folder = os.environ.get("TRACKER_CORPUS")
    if not folder:
        print("TRACKER_CORPUS is not set", file=sys.stderr)
        return 2
    found = rows(Path(folder))
    data = np.array([row.features for row in found])
    right = np.array([row.is_right for row in found])
    tags = np.array([row.tag for row in found])
    # Ten tags of one company say less than ten of as many companies.
    counts = Counter((row.tag, row.is_right) for row in found)
    weights = np.array([counts[row.tag, row.is_right] ** -0.5 for row in found])

    def fitted(some: np.ndarray) -> np.ndarray:
        model = LogisticRegression(C=1.0, fit_intercept=False, max_iter=2000)
        return np.asarray(model.fit(data[some], right[some], sample_weight=weights[some]).coef_[0])

    odds = np.zeros(len(found))
    for learned, held_out in LeaveOneGroupOut().split(data, right, tags):
        odds[held_out] = data[held_out] @ fitted(learned)
    tagged = np.array([row.is_tagged for row in found])
    print(f"{len(found)} tags, {right.sum()} right")
    print(f"in use: {(tagged & right).sum()} right, {(tagged & ~right).sum()} wrong")
    print(f"companies held out: area under the curve {roc_auc_score(right, odds):.3f}")
    for needed in (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0):
        print(f"  above {needed:4}: {(right & (odds > needed)).sum()} right, {(~right & (odds > needed)).sum()} wrong")
    print("weights:", ", ".join(f"{weight:.2f}" for weight in fitted(np.arange(len(found)))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
