"""Tag matching: one pass of an automaton finds candidates, then the characters and words around each decide."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from tracker.model.tags import Match, MatchField, Mention, TagRule
from tracker.tagging.patterns import (
    Context,
    Kind,
    Pattern,
    boilerplate,
    has_exchange,
    is_bounded,
    is_cased,
    is_in_address,
    patterns,
    plain,
    tickers,
)
from tracker.tagging.salience import is_about

_ALGORITHM = "1"
"""Part of the fingerprint: changing it retags stored articles."""
_NEAR = 120
"""Characters on each side of a match that count as near it in a text; in a title, everything is near."""
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TICKER = re.compile(r"[A-Z]{1,5}")


class RuleError(ValueError):
    """An invalid tag rule: its `name`, its `line` in the configuration (None for built-in rules) and the `reason`."""

    def __init__(self, name: str, line: int | None, reason: str) -> None:
        super().__init__(f"tag {name!r}: {reason}" if line is None else f"tag {name!r} (line {line}): {reason}")
        self.name = name
        self.line = line
        self.reason = reason


class _Found(NamedTuple):
    start: int
    end: int
    rule: int
    kind: Kind


class _Spans:
    """Spans of a text that can be searched without a scan: a text may have thousands of spans and names."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        spans.sort()
        self._starts = [start for start, _ in spans]
        self._ends = list(accumulate((end for _, end in spans), max))

    def reach(self, before: int, beyond: int) -> bool:
        """Return True when a span starts before `before` and ends after `beyond`."""
        count = bisect_left(self._starts, before)
        return count > 0 and self._ends[count - 1] > beyond


class _Rule(NamedTuple):
    name: str
    symbol: str | None
    is_listed: bool
    is_topic: bool
    only: Context
    unless: Context


def compile_rules(rules: Sequence[TagRule]) -> Tagger:
    """Return a `Tagger` for these rules; RuleError names the first invalid one."""
    return Tagger(rules)


class Tagger:
    """Compiled rules; immutable after construction, so threads may share it."""

    def __init__(self, rules: Sequence[TagRule]) -> None:
        """Compile the rules; RuleError names the first invalid one."""
        self._rules: list[_Rule] = []
        self._index: dict[str, int] = {}
        keys: dict[str, list[Pattern]] = {}
        for number, rule in enumerate(rules):
            if not _NAME.fullmatch(rule.name):
                raise RuleError(rule.name, rule.line, "use only a-z, 0-9 and single hyphens in a name")
            if rule.name in self._index:
                raise RuleError(rule.name, rule.line, "another rule has the same name; rename one of them")
            self._index[rule.name] = number
            self._rules.append(
                _Rule(
                    rule.name,
                    rule.symbol,
                    rule.listed,
                    rule.kind == "topic",
                    Context(rule.only_near),
                    Context(rule.unless_near),
                )
            )
            try:
                _collect(number, rule, keys)
            except ValueError as error:
                raise RuleError(rule.name, rule.line, str(error)) from None
        self._options = [tuple(found) for found in keys.values()]
        # The full automaton is twice as fast and takes 12 MB more.
        self._automaton = AhoCorasick(
            list(keys), matchkind=MatchKind.Standard, implementation=Implementation.ContiguousNFA
        )
        facts = repr([(rule.name, rule.symbol, rule.kind, rule.listed, _names(rule)) for rule in rules])
        self.fingerprint: str = hashlib.blake2b(f"{_ALGORITHM}{facts}".encode(), digest_size=16).hexdigest()
        """Changes exactly when a rule or the algorithm changes."""

    def tag(self, title: str, text: str = "", *, feed_tags: Sequence[str] = ()) -> tuple[Mention, ...]:
        """Return an article's mentions, what it is about first, then by position; `text == field_text[start:end]`."""
        in_title = self._candidates(title, is_title=True)
        in_text = self._candidates(text, is_title=False) if text else []
        if not in_title and not in_text and not feed_tags:
            return ()
        sure = {found.rule for found in in_title if found.kind is not Kind.AMBIGUOUS}
        sure.update(found.rule for found in in_text if found.kind is not Kind.AMBIGUOUS)
        sure.update(self._index[tag] for tag in feed_tags if tag in self._index)
        places: dict[str, list[Match]] = {}
        self._settle("title", title, in_title, sure, places)
        self._settle("text", text, in_text, sure, places)
        for tag in feed_tags:
            places.setdefault(tag, []).append(Match("feed", 0, 0, ""))
        mentions = [self._mention(tag, matches, len(text)) for tag, matches in places.items()]
        mentions.sort(key=lambda mention: mention.salience != "about")
        return tuple(mentions)

    def _candidates(self, text: str, is_title: bool) -> list[_Found]:
        """Return every match with valid word boundaries, case and position that no `never` phrase overlaps."""
        flat = plain(text)
        found: list[_Found] = []
        never: list[_Found] = []
        for key, start, end in self._hits(flat.lower()):
            # One hit in ten is inside a longer lower-case word ("alarm"): the cheapest test goes first.
            if start and flat[start].islower() and flat[start - 1].isascii() and flat[start - 1].isalnum():
                continue
            for pattern in self._options[key]:
                if not is_cased(flat, start, end, pattern):
                    continue
                if pattern.kind is Kind.TICKER:
                    if flat[start] == ":" and not has_exchange(flat[max(0, start - 24) : start]):
                        continue
                    if end < len(flat) and flat[end].isalnum():
                        continue
                    found.append(
                        _Found(start + (pattern.skip if flat[start] == ":" else 0), end, pattern.rule, Kind.TICKER)
                    )
                    continue
                stop = is_bounded(flat, start, end, pattern)
                if stop is not None:
                    (never if pattern.kind is Kind.NEVER else found).append(
                        _Found(start, stop, pattern.rule, pattern.kind)
                    )
        if not found:
            return found
        skipped = _Spans([] if is_title else boilerplate(text))
        traps = {
            rule: _Spans([(trap.start, trap.end) for trap in never if trap.rule == rule])
            for rule in {trap.rule for trap in never}
        }
        has_dot = "." in flat
        return [
            one
            for one in found
            # A name does not count inside boilerplate, or where a `never` phrase overlaps it.
            if not skipped.reach(one.start + 1, one.end - 1)
            and not (one.rule in traps and traps[one.rule].reach(one.end, one.start))
            and not (has_dot and is_in_address(flat, one.start, one.end))
        ]

    def _hits(self, text: str) -> list[tuple[int, int, int]]:
        """Return (key, start, end) of every occurrence of a name in a text."""
        try:
            return self._automaton.find_matches_as_indexes(text, overlapping=True)
        except UnicodeEncodeError:  # half a surrogate pair, possible on a command line; no name has one
            return self._hits(text.encode("utf-8", "replace").decode())

    def _settle(
        self, field: MatchField, text: str, found: list[_Found], sure: set[int], places: dict[str, list[Match]]
    ) -> None:
        """Resolve ambiguous names by context, keep the longest of overlapping matches, and record their positions."""
        if not found:
            return
        flat = plain(text)
        counted = [one for one in found if self._is_meant(one, flat, field == "title", one.rule in sure)]
        counted.sort(key=lambda one: (one.start, -one.end))
        cover: _Found | None = None
        ends: dict[int, int] = {}
        for one in counted:
            rule = self._rules[one.rule]
            if one.start < ends.get(one.rule, 0):
                continue
            if not rule.is_topic:
                if cover is not None and one.end <= cover.end and one[:2] != cover[:2]:
                    continue
                if cover is None or one.end > cover.end:
                    cover = one
            ends[one.rule] = one.end
            match = Match(field, one.start, one.end, text[one.start : one.end])
            places.setdefault(rule.name, []).append(match)

    def _is_meant(self, one: _Found, flat: str, is_title: bool, is_sure: bool) -> bool:
        if one.kind is not Kind.AMBIGUOUS:
            return True
        rule = self._rules[one.rule]
        low = 0 if is_title else max(0, one.start - _NEAR)
        high = len(flat) if is_title else one.end + _NEAR
        if rule.unless and rule.unless.is_in(flat[low:high]):
            return False
        if is_sure or not rule.only:
            return True
        return rule.only.is_in(flat[low : one.start]) or rule.only.is_in(flat[one.end : high])

    def _mention(self, tag: str, matches: list[Match], length: int) -> Mention:
        is_lead = matches[0].field == "title" or matches[-1].field == "feed"
        about = is_about(is_lead, [match.start for match in matches if match.field == "text"], length)
        number = self._index.get(tag)
        rule = self._rules[number] if number is not None else None
        return Mention(
            tag,
            "about" if about else "mention",
            rule.symbol if rule else None,
            tuple(matches),
            rule.is_listed if rule else True,
        )


def _collect(number: int, rule: TagRule, keys: dict[str, list[Pattern]]) -> None:
    """Add one rule's patterns; ValueError says what is wrong with the rule."""
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
                keys.setdefault(key, []).append(pattern)
    for word in (*rule.only_near, *rule.unless_near):
        if not word.strip("* \t"):
            raise ValueError("a context word is empty")
    if rule.listed and rule.kind == "company":
        shares = {name for name in rule.match if _TICKER.fullmatch(name)}
        for symbol in sorted(shares | ({rule.symbol} if rule.symbol else set())):
            for key, pattern in tickers(number, symbol):
                keys.setdefault(key, []).append(pattern)


def _names(rule: TagRule) -> tuple[tuple[str, ...], ...]:
    return (rule.match, rule.ambiguous, rule.products, rule.never, rule.only_near, rule.unless_near)
