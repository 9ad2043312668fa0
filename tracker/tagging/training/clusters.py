"""Group words that stand beside the same words: `TRACKER_CORPUS=... python -m tracker.tagging.training.clusters`.

A headline of "walnuts" or "buyback" that the model never saw is then read as one of food, or of money.
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
from sklearn.cluster import MiniBatchKMeans
from sklearn.utils.extmath import randomized_svd

from tracker.tagging.training.sources import is_held_out, lines
from tracker.tagging.training.table import DATA

_WORD = re.compile(r"[^\W\d_]{2,}")
_TAGS = re.compile(r"<[^>]{0,400}>|&\w+;|https?://\S+")
WORDS = 14_000
CLUSTERS = 400
_WINDOW = 4


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


def clusters(found: Iterator[str]) -> list[list[str]]:
    """Return groups of words, by a factorisation of how often words stand within four words of each other."""
    tokens = [_WORD.findall(text.lower()) for text in found]
    counts = Counter(word for text in tokens for word in text)
    words = [word for word, count in counts.most_common(WORDS) if count >= 6]
    index = {word: number for number, word in enumerate(words)}
    pairs: Counter[tuple[int, int]] = Counter()
    for text in tokens:
        numbers = [index.get(word, -1) for word in text]
        for place, one in enumerate(numbers):
            if one >= 0:
                for other in numbers[place + 1 : place + 1 + _WINDOW]:
                    if other >= 0:
                        pairs[one, other] += 1
                        pairs[other, one] += 1
    print(f"{sum(map(len, tokens)):,} words read, {len(words):,} known, {len(pairs):,} pairs")
    rows, columns = np.array(list(pairs), dtype=np.int64).T
    matrix = csr_matrix((np.array(list(pairs.values()), dtype=np.float64), (rows, columns)), (len(words), len(words)))
    total = matrix.sum()
    scale = np.asarray(matrix.sum(axis=1)).ravel()
    smooth = scale**0.75 * (total / (scale**0.75).sum())
    matrix = diags(1 / scale) @ matrix @ diags(1 / smooth) * total
    matrix.data = np.maximum(np.log(matrix.data), 0)
    left, weight, _ = randomized_svd(matrix, 80, random_state=1)
    vectors = left * np.sqrt(weight)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    labels = MiniBatchKMeans(CLUSTERS, random_state=1, n_init=3, batch_size=4096).fit_predict(vectors)
    groups: list[list[str]] = [[] for _ in range(CLUSTERS)]
    for word, label in zip(words, labels, strict=True):
        groups[label].append(word)
    return sorted(groups)


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
