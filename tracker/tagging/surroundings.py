"""Whether a name in a text is part of a longer name, of a person, a place, a school or a number; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Set

_CURRENCIES = frozenset("$€£¥₹")
_OPENING = "\"'([“‘«¿¡"
_REACH = 20
"""Characters before a name in which a first name, or the part before a hyphen, stands."""
_ABBREVIATION = 6
"""Letters of the longest abbreviation in the plural."""
_SCHOOLS = "School|University|College|Universität|Université|Universidad|Hochschule|Cathedral|Chapel|Church"
_OF_SCHOOLS = "Business|Law|Medical|High|Graduate"
_SCHOOL = re.compile(rf" (?:(?:{_OF_SCHOOLS}) )?(?:{_SCHOOLS})\b")
_SCHOOL_BEGINS = frozenset(f" {word[0]}" for word in f"{_OF_SCHOOLS}|{_SCHOOLS}".split("|"))
"""How `_SCHOOL` begins; looked up faster than the expression refuses."""
_PLACE = re.compile(r"-(?:sur|sous|en|le|la|les|lès|lez|de|du|des|aux?)-[^\W\d_]", re.IGNORECASE)
"""French places: "Cadillac-sur-Garonne"."""
_POSTAL = re.compile(r", [A-Z]{2} \d{5}\b")
"""What follows a town in an address: "Bethesda, MD 20892"."""
_ADDED = re.compile(
    r"-(?:[a-zà-ÿ]|\w+(?:ed|en|ing|first|led|owned|like|style|only|free|ready|wide|made|run)\b|(?:US|EU|UK|AI)\b)"
)
"""What makes an adjective of a name: "Arm-based", "Stripe-Owned"."""
_PREFIX = re.compile(r"(?:^|\W)(?:[a-zà-ÿ]+|Ex|Anti|Non|Pro|Pre|Post|Mega|Mini|Big|US|EU|UK|AI|Sino)-$")
"""What stands before the hyphen of a name that is not part of another: "ex-Meta", "Anti-Uber"."""


def is_part_of_another(text: str, start: int, end: int, given: Set[str]) -> bool:
    """Return True when `text[start:end]` is part of a longer name that is no company's.

    Args:
        text: a title or a summary, as `plain` returns it.
        start: of the name.
        end: of the name.
        given: first names in lower case.
    """
    before, after = text[start - 1 : start] if start else "", text[end : end + 2]
    if before in _CURRENCIES and text[start].isdigit():
        return True  # "$3M"
    if after[:1] == "," and _POSTAL.match(text, end):
        return True
    if after[:1] == "-" and (before == "-" or _PLACE.match(text, end)):
        return _is_joined(text, start, end)
    if after in _SCHOOL_BEGINS and _SCHOOL.match(text, end):
        return True
    return is_of_person(text, start, end, given)


def is_in_compound(text: str, start: int, end: int, others: Callable[[int, int], bool]) -> bool:
    """Return True when a hyphen joins an ambiguous name to another word: "XML-RPC", "GPT-2", "META-INF".

    Args:
        text: a title or a summary, as `plain` returns it.
        start: of the name.
        end: of the name.
        others: returns whether another name ends at its first argument or begins at its second.
    """
    is_joined = text[end : end + 1] == "-" and text[end + 1 : end + 2].isalnum()
    if is_joined and not _ADDED.match(text, end) and not others(-1, end + 1):
        return True
    if text[start - 1 : start] == "-" and text[start - 2 : start - 1].isalnum():
        return not _PREFIX.search(text, max(0, start - _REACH), start) and not others(start - 1, -1)
    return False


def _is_joined(text: str, start: int, end: int) -> bool:
    """Return True when letters follow the hyphen, and precede one before the name: "Cheikh-Anta-Diop"."""
    is_joined_left = text[start - 1 : start] != "-" or text[start - 2 : start - 1].isalpha()
    return is_joined_left and text[end + 1 : end + 2].isalpha()


def is_plural_abbreviation(text: str, start: int, end: int) -> bool:
    """Return True for several of what an abbreviation means: "ASICs", chips and not the maker of shoes."""
    one = text[start : end - 1]
    return text[end - 1] == "s" and end - start <= _ABBREVIATION and one.isupper() and one.isalpha()


def is_of_person(text: str, start: int, end: int, given: Set[str]) -> bool:
    """Return True for one word in capitals after a first name: "Lena Dürr"."""
    if not start or text[start - 1] != " " or not text[start].isupper():
        return False
    place = text.rfind(" ", max(0, start - _REACH), start - 1)
    word = text[place + 1 : start - 1].lstrip(_OPENING)
    return word[:1].isupper() and word.lower() in given and " " not in text[start:end]
