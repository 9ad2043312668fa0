"""The figures of the tagger on real headlines: shared by the corpus tests and the benchmark."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker.tagging.catalog import builtin_rules
from tracker.tagging.companies import Company, companies
from tracker.tagging.match import Tagger, compile_rules
from tracker.tagging.training.sources import first

TAG_OF_TICKER = {
    "NVDA": "nvidia",
    "ARM": "arm",
    "AMD": "amd",
    "ORCL": "oracle",
    "META": "meta",
    "AMZN": "amazon",
    "AAPL": "apple",
    "TSLA": "tesla",
    "ANTHROPIC": "anthropic",
}
_ENTITY = re.compile(r"""['"]([^{}]+?)['"]: '(?:positive|negative|neutral)'""")


def lines(path: Path) -> list[dict[str, Any]]:
    """The records of one gzipped JSON lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def about(tagger: Tagger, title: str, text: str = "") -> set[str]:
    """Names of the tags that the article is about."""
    return {mention.tag for mention in tagger.tag(title, text) if mention.salience == "about"}


def found(tagger: Tagger, title: str) -> set[str]:
    """Names of the tags of a title, those that it names by the way included."""
    return {mention.tag for mention in tagger.tag(title)}


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many, and which ones are worth reading."""

    hits: int
    total: int
    examples: tuple[str, ...] = ()

    @property
    def value(self) -> float:
        """As a fraction; nan never, since a set that is empty is a broken corpus."""
        assert self.total, "nothing to measure"
        return self.hits / self.total

    def __str__(self) -> str:
        return f"{self.value:7.2%}  ({self.hits} of {self.total})"


def false_about(tagger: Tagger, corpus: Path) -> Rate:
    """Titles in which a company's word is not the company, tagged with it all the same."""
    rows = lines(corpus / "headlines" / "hard_negatives.jsonl.gz")
    wrong = [row["text"] for row in rows if TAG_OF_TICKER.get(row["not_ticker"]) in about(tagger, row["text"])]
    return Rate(len(wrong), len(rows), tuple(wrong))


def recall(tagger: Tagger, corpus: Path, company: str, tag: str, label: str) -> Rate:
    """Titles that hold the name (or only a product or person) of one company, and get its tag."""
    rows = [row for row in lines(corpus / "headlines" / "nvidia_deepseek_headlines.jsonl.gz") if row[company] == label]
    missed = [row["text"] for row in rows if tag not in found(tagger, row["text"])]
    return Rate(len(rows) - len(missed), len(rows), tuple(missed))


def passing_about(tagger: Tagger, corpus: Path, label: str = "passing") -> Rate:
    """Items labelled by hand as passing whose tag became `about` all the same."""
    rows = [row for row in lines(corpus / "headlines" / "body-only-mentions.jsonl.gz") if row["hand_label"] == label]
    wrong = [row["title"] for row in rows if about(tagger, row["title"], row["text"]) & {"nvidia", "deepseek"}]
    return Rate(len(wrong), len(rows), tuple(wrong))


def sentfin(tagger: Tagger, corpus: Path, table: Iterable[Company]) -> tuple[Rate, Rate]:
    """Precision and recall on people's entity marks, for entities that are a name of a company in `table`.

    An entity belongs to a company when it is one of its names, a form of incorporation left aside. A tag found in a
    headline is right when a mark of the headline belongs to it or begins with a name of it ("Samsung Electronics").
    """
    names: dict[str, str] = {}
    for company in table:
        for name in (*company.names, *company.caps, *company.brands, *company.words):
            names[name.casefold()] = company.tag
    with gzip.open(corpus / "headlines" / "SEntFiN.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = right = expected = got = 0
    wrong: list[str] = []
    missed: list[str] = []
    for row in rows:
        marks = [re.sub(r"\s+(?:Inc|Ltd|Co|Corp)\.?$", "", mark) for mark in _ENTITY.findall(row["Decisions"])]
        truth = {names[mark.casefold()] for mark in marks if mark.casefold() in names}
        tags = {mention.tag for mention in tagger.tag(row["Title"])} & set(names.values())
        expected += len(truth)
        got += len(truth & tags)
        missed += [f"{tag}: {row['Title']}" for tag in truth - tags]
        for tag in tags:
            found += 1
            if tag in truth or any(names.get(mark.casefold().split(" ")[0]) == tag for mark in marks):
                right += 1
            else:
                wrong.append(f"{tag}: {row['Title']} | {marks}")
    return Rate(right, found, tuple(wrong)), Rate(got, expected, tuple(missed))


def the_field() -> list[Company]:
    """The companies of chips, software and AI that the project began with: the largest share of what is tagged."""
    tags = {draft.tag for draft in first()}
    return [row for row in companies() if row.tag in tags]


def builtin_tagger() -> Tagger:
    """The built-in catalogue, compiled."""
    return compile_rules(builtin_rules(), companies())
