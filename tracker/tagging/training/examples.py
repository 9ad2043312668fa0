"""Examples to learn from: headlines with a masked company, and with a masked something else."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tracker.tagging.companies import Company
from tracker.tagging.disambiguate import kind
from tracker.tagging.patterns import plain
from tracker.tagging.training.label import labels, places
from tracker.tagging.training.moulds import Moulds, grammar, moulds
from tracker.tagging.training.names import sense
from tracker.tagging.training.sources import is_held_out, lines, streams

_CAPITAL = re.compile(r"(?<![\w'-])[A-Z][\w]+(?:-[A-Z]\w+)?(?:[ ][A-Z][\w]+)?(?![\w-])")


@dataclass(frozen=True, slots=True)
class Example:
    """One place of a headline, what the name there is like, and whether it is a company."""

    text: str
    start: int
    end: int
    traits: str
    others: int
    is_company: bool
    origin: str
    weight: float = 1.0


RATIO = {"h0": 0.3, "h1": 0.85, "h2": 2.8, "h3": 5.5}
"""How many times a name of each hint is the company for each time that it is not."""


SIZE_RATIO = {"1": 0.7, "2": 1.0, "3": 1.6}
"""The same by the size of the company."""


WEIGHTS = {
    "label": 6.0,
    "sp500": 0.5,
    "stream": 1.5,
    "capital": 0.4,
    "word": 2.0,
    "grammar company": 0.5,
    "parts company": 1.0,
    "parts other": 2.0,
    "company": 2.0,
    "other": 4.0,
}
"""How much an example of each origin counts: headlines about shares and sentences of parts are many and alike."""


class Finder:
    """Sure names of the table, as whole words."""

    def __init__(self, table: tuple[Company, ...]) -> None:
        """Take the names of four letters and more."""
        self.owner: dict[str, str] = {}
        for row in table:
            for name in (*row.names, *row.caps):
                if name.isascii() and len(name) >= 4:
                    self.owner.setdefault(name, row.tag)
        names = sorted(self.owner, key=len, reverse=True)
        self._search = re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, names)) + r")(?![\w-])")

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """Return (start, end, tag) of each."""
        return [(one.start(), one.end(), self.owner[one.group()]) for one in self._search.finditer(text)]


def examples(corpus: Path, table: tuple[Company, ...], seed: int = 1) -> Iterator[Example]:
    """Yield every example for the companies of `table`."""
    pick = random.Random(seed)
    finder = Finder(table)
    traits = _traits(table)
    rows = {row.symbol: row for row in table}
    for row in lines(corpus / "companies" / "sp500_headlines.jsonl.gz"):
        company = rows.get(row["symbol"].replace(".", "-"))
        if company is not None:
            yield from _named(plain(row["title"]), company, finder, pick, traits)
    ambiguous = _Ambiguous(table)
    for source, titles in sorted(streams(corpus).items()):
        if is_held_out(source):
            continue
        for title in titles:
            sure = finder.find(title)
            for start, end, _ in sure[:2]:
                yield _varied(
                    title, start, end, _draw(pick, traits, True), len(sure) - 1, True, "stream", pick, WEIGHTS["stream"]
                )
            taken = [(start, end) for start, end, _ in sure]
            yield from ambiguous.negatives(title, sure)
            spans = [one.span() for one in _CAPITAL.finditer(title)]
            spans = [one for one in spans if not any(one[0] < end and one[1] > start for start, end in taken)]
            for start, end in (_part(title, *span, pick) for span in pick.sample(spans, min(2, len(spans)))):
                what = sense(title[start:end].split(" ")[0])
                if not ambiguous.is_name(title[start:end]) and (what or pick.random() < 0.1):
                    drawn = _draw(pick, traits, False, what)
                    yield _varied(title, start, end, drawn, len(sure), False, "capital", pick, WEIGHTS["capital"])
    for mould in moulds():
        kind = "company" if mould.is_company else "other"
        weight = WEIGHTS["parts company" if mould.is_company else "parts other"] if mould.parts else WEIGHTS[kind]
        yield from _templates(mould, traits, pick, 26 if mould.parts else 14, weight)
    for mould in grammar():
        yield from _templates(mould, traits, pick, 560 if mould.is_company else 600, WEIGHTS.get(mould.style, 1.0))
    yield from labelled(corpus, {row.tag for row in table}, held_out=False)


def labelled(corpus: Path, tags: set[str], *, held_out: bool) -> Iterator[Example]:
    """Yield the places that were labelled by hand, of these companies and of words that are no company's name."""
    for one in places(corpus):
        if is_held_out(one.source) is held_out and (not one.tag or one.tag in tags) and one.key in labels():
            is_company = labels()[one.key]
            yield Example(one.text, one.start, one.end, one.traits, one.others, is_company, "label", WEIGHTS["label"])


def _part(title: str, start: int, end: int, pick: random.Random) -> tuple[int, int]:
    """Return a part of two words in capitals: a surname after its first name, or the first word of a longer name."""
    space = title.find(" ", start, end)
    roll = pick.random()
    if space < 0 or roll < 0.25:
        return start, end
    return (space + 1, end) if roll < 0.7 else (start, space)


def _named(
    title: str, company: Company, finder: Finder, pick: random.Random, traits: dict[str, list[tuple[str, str]]]
) -> Iterator[Example]:
    others = sum(tag != company.tag for _, _, tag in finder.find(title))
    for name, what in company.words.items():
        for found in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", title):
            if what[1] != "0" or re.search(
                r"stock|shares|\$|\(|%|earnings|Q[1-4]|price target|analyst|investor", title, re.IGNORECASE
            ):
                yield _varied(title, found.start(), found.end(), what, others, True, "sp500", pick, WEIGHTS["sp500"])
            return
    for start, end, tag in finder.find(title):
        if tag == company.tag:
            yield _varied(
                title, start, end, _draw(pick, traits, True), others, True, "sp500", pick, 0.7 * WEIGHTS["sp500"]
            )
            return


class _Ambiguous:
    """Ambiguous names of the table, found where they are mostly something else."""

    def __init__(self, table: tuple[Company, ...]) -> None:
        self._names = {name: (row.tag, what) for row in table for name, what in row.words.items() if name.isascii()}
        self._sure = {name for row in table for name in (*row.names, *row.caps, *row.brands)}
        names = sorted(self._names, key=len, reverse=True)
        self._search = re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, names)) + r")(?![\w-])")

    def is_name(self, text: str) -> bool:
        first = text.split(" ")[0]
        return any(one in self._names or one in self._sure for one in (text, first))

    def negatives(self, title: str, sure: list[tuple[int, int, str]]) -> Iterator[Example]:
        if re.search(r"shares|stock|earnings|CEO|\$\d|profit|billion|AI\b", title):
            return
        for found in self._search.finditer(title):
            tag, what = self._names[found.group()]
            if what[1] == "0" and all(tag != one for _, _, one in sure):
                yield Example(title, found.start(), found.end(), what, len(sure), False, "word", WEIGHTS["word"])


def _traits(table: tuple[Company, ...]) -> dict[str, list[tuple[str, str]]]:
    """Return (name, traits) of the ambiguous names by hint; a name that is not one lends its letters to templates."""
    found: dict[str, list[tuple[str, str]]] = {hint: [] for hint in RATIO}
    for row in table:
        for name, what in row.words.items():
            if name.isascii():
                found[what[:2]].append((name, what))
    return found


def _draw(pick: random.Random, traits: dict[str, list[tuple[str, str]]], is_company: bool, what: str = "") -> str:
    """Return the traits of a random ambiguous name; of one that is also such a word where `what` says which."""
    weights = [ratio / (1 + ratio) if is_company else 1 / (1 + ratio) for ratio in RATIO.values()]
    hint = pick.choices(list(RATIO), weights)[0]
    group = [one for one in traits[hint] if not what or kind(one[1]) == what.replace("f", "s")] or traits[hint]
    # A large company is in the news more often than what else its name may mean.
    sizes = [SIZE_RATIO[one[1][-1]] if is_company else 1 / SIZE_RATIO[one[1][-1]] for one in group]
    return pick.choices(group, sizes)[0][1]


def _varied(
    text: str,
    start: int,
    end: int,
    what: str,
    others: int,
    is_company: bool,
    origin: str,
    pick: random.Random,
    weight: float = 1.0,
) -> Example:
    """Return an example, one in eight in lower case and one in eight in capitals."""
    roll = pick.random()
    if roll < 0.25:
        other = text.lower() if roll < 0.125 else text.upper()
        if len(other) == len(text):
            text = other
    return Example(text, start, end, what, others, is_company, origin, weight)


def _templates(
    mould: Moulds, traits: dict[str, list[tuple[str, str]]], pick: random.Random, times: int, weight: float
) -> Iterator[Example]:
    pool: dict[str, list[str]] = {}
    for one, what in (pair for group in traits.values() for pair in group):
        pool.setdefault(what, []).append(one)
    for template in mould.sentences:
        for _ in range(times):
            text = re.sub(r"\{(\w+)\}", lambda found: pick.choice(mould.parts[found[1]]), template)
            what = _draw(pick, traits, mould.is_company)
            name = pick.choice(pool[what])
            start = text.index("X_")
            text = text.replace("X_", name, 1).replace("X_", name)
            if pick.random() < 0.3:
                titled = " ".join(word[:1].upper() + word[1:] for word in text.split(" "))
                text = titled if len(titled) == len(text) else text
            yield _varied(text, start, start + len(name), what, 0, mould.is_company, mould.style, pick, weight)
