"""Train the model: `TRACKER_CORPUS=... python -m tracker.tagging.training.train`."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from tracker.tagging.companies import companies, word_groups
from tracker.tagging.disambiguate import SCALE, SIZE, buckets, features
from tracker.tagging.training.examples import Example, examples
from tracker.tagging.training.sources import DATA

OTHERS = 2.6
"""How much what is no company counts, to 1 for the companies: more keeps more wrong tags out, and misses more."""


def train(found: Sequence[Example], strength: float = 0.08) -> bytes:
    """Return the weights of a logistic regression, a signed byte each."""
    indices: list[int] = []
    starts = [0]
    groups = word_groups()
    for one in found:
        indices += set(buckets(features(one.text, one.start, one.end, one.traits, one.others, groups)))
        starts.append(len(indices))
    matrix = csr_matrix((np.ones(len(indices), np.float64), np.array(indices), np.array(starts)), (len(found), SIZE))
    model = LogisticRegression(C=strength, solver="lbfgs", fit_intercept=False, max_iter=200)
    sums = {kind: sum(one.weight for one in found if one.is_company is kind) for kind in (True, False)}
    shares = {True: 1.0, False: OTHERS}
    weights = [one.weight / sums[one.is_company] * len(found) / 2 * shares[one.is_company] for one in found]
    model.fit(matrix, [one.is_company for one in found], sample_weight=weights)
    scaled = np.clip(np.rint(model.coef_[0] * SCALE), -127, 127).astype(np.int8)
    return bytes(scaled.tobytes())


def main() -> int:
    """Write the weights; print what they were learned from."""
    folder = os.environ.get("TRACKER_CORPUS")
    if not folder:
        print("TRACKER_CORPUS is not set", file=sys.stderr)
        return 2
    found = list(examples(Path(folder), companies()))
    print(Counter((one.origin.split(" ")[0], one.is_company) for one in found))
    DATA.joinpath("weights.bin").write_bytes(train(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
