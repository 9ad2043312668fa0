"""What the automaton looks for: the keys of all names, whose patterns are made when they are first hit; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from tracker.model.tags import TagRule
from tracker.tagging.companies import Company
from tracker.tagging.patterns import Kind, Pattern, needs_capital, patterns, spellings

_TICKER = re.compile(r"[A-Z]{1,5}")


class _Entry(NamedTuple):
    rule: int
    kind: Kind
    name: str
    traits: str = ""


class Keys:
    """Keys of names and shares; 16,000 of them are collected in 20 ms, as no pattern is made before its key is hit."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}
        self._entries: list[list[_Entry | Pattern]] = []
        self._patterns: dict[int, tuple[Pattern, ...]] = {}
        self._needs_capital: dict[int, bool] = {}
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
                for key, pattern in patterns(number, kind, name):
                    self._add(key, pattern)
        for word in (*rule.only_near, *rule.unless_near):
            if not word.strip("* \t"):
                raise ValueError("a context word is empty")
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

    def options(self, key: int) -> tuple[Pattern, ...]:
        """Return the patterns of a key, by its number."""
        found = self._patterns.get(key)
        if found is None:
            made: list[Pattern] = []
            for entry in self._entries[key]:
                if isinstance(entry, Pattern):
                    made.append(entry)
                    continue
                spelt = dict(patterns(entry.rule, entry.kind, entry.name))
                made.append(spelt[self.texts[key]]._replace(name=entry.name, traits=entry.traits))
            found = self._patterns[key] = tuple(dict.fromkeys(made))
        return found

    def needs_capital(self, key: int) -> bool:
        """Return whether a key is never a name where it begins with a small letter, unless the whole text does so."""
        found = self._needs_capital.get(key)
        if found is None:
            found = self._needs_capital[key] = all(map(needs_capital, self.options(key)))
        return found

    def share(self, form: str, symbol: str) -> tuple[int, ...]:
        """Return the rules of a symbol that is written in a form of `shares`."""
        return self._shares.get((form, symbol), ())

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
        name = entry.name
        if name.isalnum() and name.isascii():
            self._add(name.lower(), entry)
            return
        for key in dict.fromkeys(spellings(name.strip().removesuffix("*").rstrip())):
            self._add(key, entry)

    def _add(self, key: str, entry: _Entry | Pattern) -> None:
        number = self._numbers.get(key)
        if number is None:
            self._numbers[key] = len(self.texts)
            self.texts.append(key)
            self._entries.append([entry])
        else:
            self._entries[number].append(entry)


def check_company(row: Company) -> None:
    """Raise ValueError when a name of a row that the user changed is invalid."""
    names: Sequence[str] = (*row.names, *row.brands, *row.words, *row.codes, *row.never)
    for name in names:
        list(patterns(0, Kind.NAME, name))
    for word in (*row.near, *row.far):
        if not word.strip("* \t"):
            raise ValueError("a context word is empty")
