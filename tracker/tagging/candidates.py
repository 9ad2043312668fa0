"""The names and shares in a text, whose edges, case and position are right; the words around decide later; pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from string import ascii_letters, digits
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from tracker.model.remembered import Remembered
from tracker.model.tags import TagRule
from tracker.tagging.companies import Company
from tracker.tagging.disambiguate import cashtag_traits
from tracker.tagging.found import Found, Rule, of_company, of_rule
from tracker.tagging.keys import Begun, Keys, spaced
from tracker.tagging.patterns import (
    Kind,
    Pattern,
    is_bounded,
    is_cased,
)
from tracker.tagging.shares import shares
from tracker.tagging.skipped import boilerplate, is_in_address
from tracker.tagging.spans import Spans

_WORD, _NEVER = Kind.WORD, Kind.NEVER
_LETTERS_AND_DIGITS = frozenset(ascii_letters + digits)
_MARKS = frozenset(map(chr, range(128))) - _LETTERS_AND_DIGITS
"""What no word contains: a name between two of these is whole."""


class _Compiled(NamedTuple):
    keys: Keys
    automaton: AhoCorasick


class Candidates:
    """Finds the names of rules and companies; the automaton is made for the first text."""

    def __init__(self, explicit: Sequence[TagRule], companies: Sequence[Company]) -> None:
        self._explicit = explicit
        self._companies = companies
        self.rules = Remembered(self._make_rule)
        """Rules and companies by number, each made when first asked for: most companies are in no text."""

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each tag; of two with one name, the first."""
        every = (*(rule.name for rule in self._explicit), *(row.tag for row in self._companies))
        return {name: number for number, name in reversed(tuple(enumerate(every)))}

    def _make_rule(self, number: int) -> Rule:
        place = number - len(self._explicit)
        return of_rule(self._explicit[number]) if place < 0 else of_company(self._companies[place])

    @cached_property
    def _compiled(self) -> _Compiled:
        keys = Keys()
        for number, rule in enumerate(self._explicit):
            keys.add_rule(number, rule)
        for number, row in enumerate(self._companies, len(self._explicit)):
            keys.add_company(number, row)
        # A full automaton (DFA) is no faster over 15,000 beginnings, takes 0.1 s to build and far more memory.
        automaton = AhoCorasick(
            keys.beginnings, matchkind=MatchKind.Standard, implementation=Implementation.ContiguousNFA
        )
        return _Compiled(keys, automaton)

    def find(self, text: str, flat: str, is_title: bool) -> list[Found]:
        """Return every match with valid word boundaries, case and position that no `never` phrase overlaps.

        Args:
            text: a title or a summary.
            flat: the same as `plain` returns it.
            is_title: of `text`.
        """
        keys, automaton = self._compiled
        low = flat.lower()
        haystack = spaced(low)
        try:
            hits = automaton.find_matches_as_indexes(haystack, overlapping=True)
        except UnicodeEncodeError:  # half a surrogate pair, possible on a command line; no name has one
            hits = automaton.find_matches_as_indexes(haystack.encode("utf-8", "replace").decode(), overlapping=True)
        found: list[Found] = []
        never: list[Found] = []
        size = len(flat)
        for end, start, options in _spelt(hits, flat, low, keys.begun) if hits else ():
            is_apart = (not start or flat[start - 1] in _MARKS) and (end == size or flat[end] in _MARKS)
            for pattern in options:
                if not (pattern.is_any_case or is_cased(flat, start, end, pattern)):
                    continue
                stop = end if is_apart else is_bounded(flat, start, end, pattern)
                if stop is not None:
                    (never if pattern.kind is _NEVER else found).append(
                        Found(start, stop, pattern.rule, pattern.kind, pattern.traits)
                    )
        if "$" in flat or ":" in flat or "(" in flat:
            self._add_shares(found, flat, is_title)
        if found and not is_title:
            found = _outside(found, boilerplate(text, low if flat is text else None))
        return _counted(found, never, flat) if found else found

    def _add_shares(self, found: list[Found], flat: str, is_title: bool) -> None:
        share = self._compiled.keys.share
        for form, start, end, symbol in shares(flat):
            is_sure = is_title or form != "$"
            for rule in share(form, symbol):
                one = self.rules[rule]
                is_own = one.is_watched or one.is_given
                # "(C)" is a copyright, and "(D)" a Democrat.
                is_letter = form == "(" and len(symbol) == 1
                kind = Kind.TICKER if (is_sure or is_own) and not is_letter else _WORD
                found.append(Found(start, end, rule, kind, cashtag_traits(symbol)))


def _spelt(
    hits: list[tuple[int, int, int]], flat: str, low: str, begun: Remembered[int, Begun]
) -> list[tuple[int, int, tuple[Pattern, ...]]]:
    """Return the (end, start, patterns) of the names that begin at these places, in this order."""
    is_lower = flat.islower()
    spelt = []
    for number, start, _ in hits:
        # Most hits are inside a longer lower-case word ("alarm"), most others no names ("target"): the cheapest tests
        # go first.
        first = flat[start]
        if start and flat[start - 1] in _LETTERS_AND_DIGITS and first.islower():
            continue
        needs_capital, known = begun[number]
        if needs_capital and not is_lower and first.islower():
            continue
        for length, options_of in known:
            options = options_of.get(low[start : start + length])
            if options is not None:
                spelt.append((start + length, start, options))
    if len(spelt) > 1:
        spelt.sort()
    return spelt


def _outside(found: list[Found], spans: list[tuple[int, int]]) -> list[Found]:
    """Return the names outside these spans."""
    if not spans:
        return found
    skipped = Spans(spans)
    return [one for one in found if not skipped.reach(one.start + 1, one.end - 1)]


def _counted(found: list[Found], never: list[Found], flat: str) -> list[Found]:
    """Return the names outside addresses that no `never` phrase overlaps."""
    if never:
        traps = {
            rule: Spans([(trap.start, trap.end) for trap in never if trap.rule == rule])
            for rule in {trap.rule for trap in never}
        }
        found = [one for one in found if not (one.rule in traps and traps[one.rule].reach(one.end, one.start))]
    if "." in flat:
        found = [one for one in found if not is_in_address(flat, one.start, one.end)]
    return found
