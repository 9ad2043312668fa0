"""Headlines written by hand to measure with; the training never reads them."""

from __future__ import annotations

from pathlib import Path

from tests.tagging.measure import Rate, about
from tracker.tagging.companies import Company
from tracker.tagging.match import Tagger


def rows(name: str) -> list[tuple[str, str]]:
    """Return (symbol, title) of each line of a file."""
    text = (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8")
    pairs = (line.split("|", 1) for line in text.splitlines() if line and not line.startswith("#"))
    return [(symbol, title) for symbol, title in pairs]


def tags_of(table: tuple[Company, ...]) -> dict[str, str]:
    """Return the tag of each symbol of the table, other listings included."""
    found: dict[str, str] = {}
    for row in table:
        if row.symbol and row.listed:
            found[row.symbol] = row.tag
    for row in table:
        for symbol in row.also:
            found.setdefault(symbol, row.tag)
    return found


def measured(
    tagger: Tagger, table: tuple[Company, ...], name: str, *, is_company: bool, only: set[str] | None = None
) -> Rate:
    """Return how many titles of a file get the tag of their symbol, or stay without it; `only` keeps some tags."""
    tags = tags_of(table)
    wrong = []
    found = [row for row in rows(name) if only is None or tags.get(row[0]) in only]
    for symbol, title in found:
        has = tags.get(symbol, "?") in {mention.tag for mention in tagger.tag(title)}
        if has is not is_company:
            wrong.append(f"{symbol} {title}  {sorted(about(tagger, title))}")
    return Rate(len(found) - len(wrong), len(found), tuple(wrong))


def salience(tagger: Tagger, table: tuple[Company, ...]) -> Rate:
    """Return how many of the companies found are rightly told to be what the title is about, or named by the way."""
    tags = tags_of(table)
    wrong = []
    total = 0
    for symbol, line in rows("salience"):
        said, title = line.split("|", 1)
        found = {mention.tag: mention.salience for mention in tagger.tag(title)}
        if tags.get(symbol) in found:
            total += 1
            if found[tags[symbol]][0] != said:
                wrong.append(f"{symbol} {said} {title}")
    return Rate(total - len(wrong), total, tuple(wrong))
