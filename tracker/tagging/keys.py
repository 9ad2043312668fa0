"""Where the names of a text may be: the beginnings of all names, whose patterns are made when first met; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tracker.model.remembered import Remembered
from tracker.model.tags import TagRule
from tracker.tagging.companies import Company
from tracker.tagging.patterns import Kind, Pattern, needs_capital, patterns, plain

_TICKER = re.compile(r"[A-Z]{1,5}")
_BEGINNING = 12
"""Characters of a name that are looked for; an automaton over whole names takes twice as long to build."""
_SPELT = frozenset({Kind.WORD, Kind.CAPS})
"""Kinds of names whose capitals in the table count."""


class _Entry(NamedTuple):
    rule: int
    kind: Kind
    name: str
    traits: str = ""


class Begun(NamedTuple):
    """The names that begin in one way."""

    needs_capital: bool
    """None of them counts where it begins with a small letter, unless the whole text does so."""
    spelt: tuple[tuple[int, dict[str, tuple[Pattern, ...]]], ...]
    """By length: the patterns of each spelling in lower case."""


class Keys:
    """Names and shares; 10,000 names are collected in 15 ms, as no pattern is made before its beginning is met."""

    def __init__(self) -> None:
        self.beginnings: list[str] = []
        """In lower case, with spaces for hyphens."""
        self._numbers: dict[str, int] = {}
        self._entries: list[list[_Entry]] = []
        self.begun = Remembered(self._make_begun)
        """The names that begin so, by the number of the beginning."""
        self._shares: dict[tuple[str, str], tuple[int, ...]] = {}

    def add_rule(self, number: int, rule: TagRule) -> None:
        """Add a rule's names; ValueError says what is wrong with the rule."""
        has_context = bool(rule.only_near or rule.unless_near)
        first = Kind.AMBIGUOUS if has_context and not rule.ambiguous else Kind.NAME
        fields = (
            (first, rule.match),
            (Kind.AMBIGUOUS, rule.ambiguous),
            (Kind.PRODUCT, rule.products),
            (Kind.NEVER, rule.never),
        )
        if not (rule.match or rule.ambiguous or rule.products):
            raise ValueError("it matches nothing; add match or products")
        for kind, names in fields:
            for name in names:
                _check_name(name)
                self._add_name(_Entry(number, kind, name))
        _check_context((*rule.only_near, *rule.unless_near))
        if rule.listed and rule.kind == "company":
            shares = {name for name in rule.match if _TICKER.fullmatch(name)}
            for symbol in sorted(shares | ({rule.symbol} if rule.symbol else set())):
                self._add_share(number, symbol, is_watched=False)

    def add_company(self, number: int, row: Company) -> None:
        """Add a company's names."""
        for kind, names in (
            (Kind.NAME, row.names),
            (Kind.CAPS, row.caps),
            (Kind.PRODUCT, row.brands),
            (Kind.AMBIGUOUS, row.codes),
            (Kind.NEVER, row.never),
        ):
            for name in names:
                self._add_name(_Entry(number, kind, name))
        for name, traits in row.words.items():
            self._add_name(_Entry(number, Kind.WORD, name, traits))
        if row.listed and row.symbol:
            for symbol in (row.symbol, *row.also):
                self._add_share(number, symbol, is_watched=False)
        for symbol in row.tickers:
            self._add_share(number, symbol, is_watched=True)

    def share(self, form: str, symbol: str) -> tuple[int, ...]:
        """Return the rules of a symbol that is written in a form of `shares`."""
        return self._shares.get((form, symbol), ())

    def _make_begun(self, number: int) -> Begun:
        spelt: dict[int, dict[str, dict[Pattern, None]]] = {}
        for entry in self._entries[number]:
            for key, pattern in patterns(entry.rule, entry.kind, entry.name):
                if key.replace("-", " ")[:_BEGINNING] == self.beginnings[number]:
                    name = entry.name if entry.kind in _SPELT else ""
                    known = spelt.setdefault(len(key), {}).setdefault(key, {})
                    known[pattern._replace(name=name, traits=entry.traits)] = None
        made = {length: {key: tuple(known) for key, known in keys.items()} for length, keys in spelt.items()}
        every = (pattern for keys in made.values() for known in keys.values() for pattern in known)
        return Begun(all(map(needs_capital, every)), tuple(made.items()))

    def _add_share(self, number: int, symbol: str, *, is_watched: bool) -> None:
        """Add a share's forms; one listed outside the United States has no cashtag unless it is watched.

        A coin's pair ("BTC-USD") has the cashtag of the coin.
        """
        base, dot, ending = symbol.partition(".")
        base = base.removesuffix("-USD")
        forms = [f":{ending}"]
        if is_watched:
            forms += ["$", "("]
        elif not dot:
            forms.append("$")
        for form in forms:
            self._shares[form, base] = tuple(dict.fromkeys((*self._shares.get((form, base), ()), number)))

    def _add_name(self, entry: _Entry) -> None:
        for beginning in _beginnings(entry.name):
            number = self._numbers.get(beginning)
            if number is None:
                self._numbers[beginning] = len(self.beginnings)
                self.beginnings.append(beginning)
                self._entries.append([entry])
            else:
                self._entries[number].append(entry)


def spaced(low: str) -> str:
    """Return a text in lower case as `Keys.beginnings` are written, each character in its place."""
    return low.replace("-", " ") if "-" in low else low


def _beginnings(name: str) -> Iterator[str]:
    """Yield how the spellings of a name begin."""
    key = spaced(plain(name.strip().removesuffix("*").rstrip()).lower())
    yield key[:_BEGINNING]
    if " " in key:
        yield key.replace(" ", "")[:_BEGINNING]


def _check_name(name: str) -> None:
    """Raise ValueError when a name is invalid."""
    list(patterns(0, Kind.NAME, name))


def _check_context(words: Sequence[str]) -> None:
    for word in words:
        if not word.strip("* \t"):
            raise ValueError("a context word is empty")


def check_company(row: Company) -> None:
    """Raise ValueError when a name of a row that the user changed is invalid."""
    for name in (*row.names, *row.brands, *row.words, *row.codes, *row.never):
        _check_name(name)
    _check_context((*row.near, *row.far))
