"""What was found in a text before the words around it decide: names that are nobody's there are dropped; pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from typing import NamedTuple

from tracker.model.tags import TagRule
from tracker.tagging.aside import Role
from tracker.tagging.companies import Company
from tracker.tagging.patterns import Context, Kind
from tracker.tagging.surroundings import (
    is_in_compound,
    is_of_person,
    is_part_of_another,
    is_plural_abbreviation,
)

_WORD = Kind.WORD
UNSURE = frozenset({Kind.WORD, Kind.AMBIGUOUS})
"""Kinds of names that mean the company only beside the right words."""
_NO_WORDS = Context(())
_NO_PLACES: frozenset[int] = frozenset()
_NOTHING: frozenset[str] = frozenset()
_NAMES = frozenset({Kind.NAME, Kind.CAPS, Kind.PRODUCT, Kind.WORD})


class Found(NamedTuple):
    """A name or share in a text."""

    start: int
    end: int
    rule: int
    kind: Kind
    traits: str = ""

    @property
    def is_sure(self) -> bool:
        """Whether it means the company whatever stands around it."""
        return self.kind not in UNSURE


class Rule(NamedTuple):
    """A rule or company as matching needs it."""

    name: str
    symbol: str | None
    is_listed: bool
    is_topic: bool
    only: Context
    unless: Context
    role: Role = ""
    is_watched: bool = False
    is_given: bool = False
    """A rule that the user wrote, or a built-in topic: its names count wherever they stand."""
    foreign: Mapping[str, str] = {}
    said: Set[str] = frozenset()


def without_others(
    found: list[Found],
    text: str,
    rules: Mapping[int, Rule],
    given: Set[str],
    languages: Callable[[], Set[str]],
    firsts: dict[tuple[int, str], bool],
) -> list[Found]:
    """Return the names that may mean their company.

    Args:
        found: in `text`.
        text: a title or a summary, as `plain` returns it.
        rules: by number.
        given: first names in lower case.
        languages: returns the codes of those that the article may be in.
        firsts: whether the first place of a rule's name in the article is of a person, who then has the others, too;
            those of this text are added.
    """
    has_hyphen = "-" in text
    starts = {one.start for one in found} if has_hyphen else _NO_PLACES
    ends = {one.end for one in found} if has_hyphen else _NO_PLACES

    def is_known(end: int, start: int) -> bool:
        return end in ends or start in starts

    kept = []
    for one in found:
        start, end, number, kind, _ = one
        rule = rules[number]
        if rule.is_given or kind not in _NAMES:
            kept.append(one)
            continue
        is_another = (
            is_part_of_another(text, start, end, given)
            or is_plural_abbreviation(text, start, end)
            or (has_hyphen and kind is _WORD and is_in_compound(text, start, end, is_known))
            or (bool(rule.foreign) and _is_foreign(text, start, end, rule.foreign, languages))
        )
        name = text[start:end].casefold()
        is_person = firsts.setdefault((number, name), is_another and is_of_person(text, start, end, given))
        if not (is_another or is_person) or name in rule.said:
            kept.append(one)
    return kept


def _is_foreign(text: str, start: int, end: int, foreign: Mapping[str, str], languages: Callable[[], Set[str]]) -> bool:
    """Return True for a word of the article's language in lower case, or beside another word in capitals."""
    spoken = foreign.get(text[start:end].casefold())
    if spoken is None or not (text[start].islower() or _has_capital_beside(text, start, end)):
        return False
    return not languages().isdisjoint(spoken.split(" "))


def _has_capital_beside(text: str, start: int, end: int) -> bool:
    """Return True for a word in capitals directly before or after: "Roku Jubileuszowego".

    The first word of a sentence has its capital anyway.
    """
    if text[end : end + 1] == " " and text[end + 1 : end + 2].isupper():
        return True
    place = text.rfind(" ", 0, max(0, start - 1))
    return place > 0 and text[start - 1] == " " and text[place + 1].isupper() and text[place - 1] not in ".!?:"


def of_namesakes(parts: Sequence[tuple[Sequence[Found], str]], sure: Set[int]) -> set[int]:
    """Return the rules whose ambiguous names belong to another company that the article names in full.

    "SBI Holdings" makes every "SBI" of an article its own, unless the article also names State Bank of India for sure.

    Args:
        parts: what was found in the title and in the text, each with the text.
        sure: the rules that the article names for sure.
    """
    if not any(one.kind is _WORD and one.rule not in sure for found, _ in parts for one in found):
        return set()
    said: dict[int, set[str]] = {}
    owners: set[str] = set()
    for found, text in parts:
        for one in found:
            if one.kind is _WORD:
                if one.rule not in sure:
                    said.setdefault(one.rule, set()).add(text[one.start : one.end].lower())
            elif one.kind in _NAMES:
                first, space, _ = text[one.start : one.end].lower().partition(" ")
                if space:
                    owners.add(first)
    return {rule for rule, names in said.items() if not names.isdisjoint(owners)}


def of_one_field(found: list[Found], rules: Mapping[int, Rule], sure: Set[int]) -> list[Found]:
    """Return the names without those that belong to the other of two companies that share them.

    "Gemini" beside "crypto" is the exchange, as its field is named, unless the article names Google for sure.

    Args:
        found: the names that are meant.
        rules: by number.
        sure: the rules that the article names for sure.
    """
    codes = {
        (one.start, one.end): one.rule for one in found if one.kind is Kind.AMBIGUOUS and not rules[one.rule].is_topic
    }
    words = {(one.start, one.end): one.rule for one in found if one.kind is _WORD}
    shared = codes.keys() & words.keys()
    lost = set()
    for place in shared:
        is_first = words[place] in sure and codes[place] not in sure
        lost.add((place, codes[place] if is_first else words[place]))
    return [one for one in found if ((one.start, one.end), one.rule) not in lost]


def of_rule(rule: TagRule) -> Rule:
    """Return a rule that the user wrote, or a built-in topic."""
    return Rule(
        rule.name,
        rule.symbol,
        rule.listed,
        rule.kind == "topic",
        Context(rule.only_near),
        Context(rule.unless_near),
        is_given=True,
    )


def of_company(row: Company) -> Rule:
    """Return a row of the table as matching needs it."""
    # By position and without needless objects: 4,100 of them are made before the first text is tagged.
    return Rule(
        row.tag,
        row.symbol,
        row.listed,
        False,
        Context(row.near) if row.near else _NO_WORDS,
        Context(row.far) if row.far else _NO_WORDS,
        "stage" if row.is_stage else "voice" if row.is_voice else "",
        bool(row.tickers),
        False,
        row.foreign,
        frozenset(name.casefold() for name in row.said) if row.said else _NOTHING,
    )
