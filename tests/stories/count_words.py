"""Count in how many headlines of the corpus each word stands: makes `tracker/stories/words.txt`."""

from __future__ import annotations

import csv
import gzip
import io
import math
import os
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.stories.measure import lines
from tracker.stories.stopwords import guess_language
from tracker.stories.words import tokens

_FEWEST = 4
_FEWEST_TITLES = 2_500
"""In a language with fewer titles words are taken for rarer than they are, rather than for common by chance."""
_MOST_WORDS = 20_000
_NAME = 0.85


def texts(corpus: Path) -> Iterator[tuple[str, bool]]:
    """Yield (headline or summary, is it a title); of the labelled sets only the French and the Polish one."""
    for row in lines(corpus / "companies" / "general_titles.jsonl.gz"):
        yield row.get("title") or "", True
        yield re.sub(r"<[^>]*>?", " ", row["summary"] or ""), False
    for row in lines(corpus / "companies" / "sp500_headlines.jsonl.gz"):
        yield row.get("title") or "", True
    for row in lines(corpus / "headlines" / "stream_2026-02.jsonl.gz"):
        yield row.get("title") or "", True
        yield (row["text"] or "")[:200], False
    for name in ("french_day", "google_news_pl"):
        for row in lines(corpus / "stories" / f"{name}.jsonl.gz"):
            yield row.get("title") or "", True
    for row in lines(corpus / "headlines" / "nvidia_deepseek_headlines.jsonl.gz"):
        yield row.get("title") or "", True
    with gzip.open(corpus / "headlines" / "SEntFiN.csv.gz", "rb") as file:
        for record in csv.DictReader(io.StringIO(file.read().decode("utf-8"))):
            yield record["Title"], True


def main() -> int:
    """Print the table."""
    folder = os.environ.get("TRACKER_CORPUS")
    if not folder:
        print("TRACKER_CORPUS is not set", file=sys.stderr)
        return 2
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    written: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    titles: Counter[str] = Counter()
    for text, is_title in texts(Path(folder)):
        if not text:
            continue
        found = tokens(text)
        if is_title:
            language = guess_language(token.text for token in found) or "en"
            titles[language] += 1
            counts[language].update({token.stem for token in found if not token.is_stop})
        capitals = sum(token.is_capital for token in found)
        if not is_title or 2 * capitals < len(found):  # a headline With Capitals Everywhere does not tell
            for token in found[1:]:
                written[token.stem][0] += token.is_capital
                written[token.stem][1] += 1
    print(
        "# How many of the titles have each word: stems as tracker.stories.words makes them, in bands of half a power"
    )
    print(
        "# of two; after a plus, those written with a capital wherever they stand. Made by tests.stories.count_words."
    )
    # A word is as common as it is in the language that uses it most: there are eight times as many English titles.
    most = max(titles.values())
    total: Counter[str] = Counter()
    for language, words in counts.items():
        for word, count in words.items():
            total[word] = max(total[word], round(count * most / max(titles[language], _FEWEST_TITLES)))
    print("titles", most)
    bands: dict[tuple[int, bool], list[str]] = defaultdict(list)
    for word, count in total.most_common(_MOST_WORDS):
        capital, seen = written[word]
        is_name = seen > 0 and capital >= _NAME * seen
        if count >= _FEWEST and sum(words[word] for words in counts.values()) > 1:
            bands[round(2 ** (math.floor(2 * math.log2(count)) / 2)), is_name].append(word)
    for (band, is_name), listed in sorted(bands.items(), reverse=True):
        print(f"{'+' if is_name else ''}{band}", *sorted(listed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
