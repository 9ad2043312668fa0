"""Quality and speed of the tagger on the corpus, beside a naive whole-word tagger."""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path

from tests.tagging.measure import (
    TAG_OF_TICKER,
    Rate,
    builtin_tagger,
    false_about,
    lines,
    passing_about,
    recall,
    sentfin,
    the_field,
)
from tracker.tagging.catalog import builtin_rules
from tracker.tagging.companies import companies

_WORDS = {
    "nvidia": "Nvidia|NVIDIA|NVDA|Tesla|Rubin|Hopper|Grace|Ampere|NIM|Tegra",
    "arm": "Arm|ARM|Arms",
    "amd": "AMD",
    "oracle": "Oracle",
    "meta": "Meta",
    "amazon": "Amazon",
    "apple": "Apple",
    "tesla": "Tesla",
    "anthropic": "Claude",
}


def naive_false_about(corpus: Path) -> Rate:
    """The same measure for one capitalised whole word per company."""
    rows = lines(corpus / "headlines" / "hard_negatives.jsonl.gz")
    wrong = 0
    for row in rows:
        words = _WORDS.get(TAG_OF_TICKER.get(row["not_ticker"], ""), re.escape(row["colliding_term"]).capitalize())
        wrong += re.search(rf"\b(?:{words})\b", row["text"]) is not None
    return Rate(wrong, len(rows))


def main() -> int:
    """Print the table; `-v` also prints what was wrong or missed."""
    folder = os.environ.get("TRACKER_CORPUS")
    if not folder:
        print("TRACKER_CORPUS is not set", file=sys.stderr)
        return 2
    corpus = Path(folder)
    verbose = "-v" in sys.argv
    start = time.perf_counter()
    rules = builtin_rules()
    loaded = time.perf_counter()
    tagger = builtin_tagger()
    compiled = time.perf_counter()
    precision, found = sentfin(tagger, corpus, the_field())
    all_precision, all_found = sentfin(tagger, corpus, companies())
    table = {
        "hard negatives, false about": false_about(tagger, corpus),
        "  a naive whole-word tagger": naive_false_about(corpus),
        "Nvidia recall, by name": recall(tagger, corpus, "NVDA", "nvidia", "name"),
        "Nvidia recall, by product or person": recall(tagger, corpus, "NVDA", "nvidia", "product_or_person"),
        "DeepSeek recall, by name": recall(tagger, corpus, "DEEPSEEK", "deepseek", "name"),
        "body only, passing that became about": passing_about(tagger, corpus),
        "body only, material that became about": passing_about(tagger, corpus, "material"),
        "SEntFiN precision, the field": precision,
        "SEntFiN recall, the field": found,
        "SEntFiN precision, all companies": all_precision,
        "SEntFiN recall, all companies": all_found,
    }
    for name, rate in table.items():
        print(f"{name:40} {rate}")
        for example in rate.examples if verbose else ():
            print("      ", example)
    stream = [(row["title"], row["text"]) for row in lines(corpus / "headlines" / "stream_2026-02.jsonl.gz")]
    best = min(_seconds(tagger.tag, stream) for _ in range(3))
    plain = min(
        _seconds(lambda title, text: re.search(r"\b(?:Nvidia|DeepSeek)\b", title + text), stream) for _ in range(3)
    )
    size = sum(len(title) + len(text) for title, text in stream) / len(stream)
    print(
        f"{'titles and summaries a second':40} {len(stream) / best:9,.0f}  ({size:.0f} characters, {len(rules)} rules)"
    )
    print(f"{'  one search for two names, same run':40} {len(stream) / plain:9,.0f}  (ratio {best / plain:.1f})")
    print(f"{'catalogue read, compiled, ms':40} {(loaded - start) * 1000:.1f}, {(compiled - loaded) * 1000:.1f}")
    return 0


def _seconds(call: object, stream: list[tuple[str, str]]) -> float:
    assert callable(call)
    start = time.perf_counter()
    for title, text in stream:
        call(title, text)
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
