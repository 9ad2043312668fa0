"""Whether a company in a title is what it is about, or named by the way: rules on the words around it; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

MIN_LISTED = 4
"""A title that lists this many companies is about none of them."""
_WINDOW = 60
_FORMER = re.compile(r"\b(?:former|ex|one-?time|erstwhile|ancien|ancienne|ehemaliger?|były|była)[ -]+$", re.IGNORECASE)
_NEXT = re.compile(r"\bthe (?:next|new|other|anti-?) ?$|\ble prochain $|\bdas (?:nächste|neue) $", re.IGNORECASE)
_LIKE = re.compile(
    r"\b(?:like|unlike|than|instead of|similar to|inspired by|alternatives? to|comme|comparable to)(?: an?| the)? $",
    re.IGNORECASE,
)
_WORKED = re.compile(
    r"\b(?:years?|worked|works?|working|jobs?|engineer|intern|employee|manager|researcher|stint|left|quit|leaving) "
    r"(?:(?:his|her|my|a|the) )?(?:(?:job|work|role) )?(?:at|from|with|chez|bei)? ?$",
    re.IGNORECASE,
)
_AT = re.compile(r"\b(?:on|at|from|via|through|chez|sur|bei|auf|u|na|w) $", re.IGNORECASE)
_BARGAIN = re.compile(
    r"\b(?:deals?|sales?|discounts?|off|low|lowest|cheap\w*|price|save|saves|savings|promo\w*|bons? plans?|soldes?|"
    r"réduction|remise|rabatt|angebot|bargain|under|drops? to|now|just|available|buy|restock\w*|moins cher|prix)\b|"
    r"[$€£]\d|\d ?[$€£%]",
    re.IGNORECASE,
)
_WATCHED = re.compile(
    r"\b(?:watch\w*|stream\w*|post\w*|shar\w+|videos?|clips?|viral|live|seasons?|saison|episodes?|series|série\w*|films?|"
    r"movies?|shows?|songs?|tracks?|album|account|fans?|followers?|scams?|play\w*|listen\w*|mov\w+ to|coming to|"
    r"arriv\w+|lands?|hits?|regarder|voir|trend\w*|saw|seen|met|sold|found|fake|dance|challenge|influencers?)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\s*(?:$|[.,;:!?)\]\"”»—–|]|-\s|"
    r"(?:for|in|this|right now|today|and|et|pour|à|until|after|before|as|while|at|by)\b)",
    re.IGNORECASE,
)
_OF = re.compile(r"^ (?:of|for) (?!the year)[^\W\d]", re.IGNORECASE)
_AN = re.compile(r"\b(?:the|an?|le|la|das|der) $", re.IGNORECASE)
_RIVAL = re.compile(
    r"^(?:'s)?[ -](?:rivals?|competitors?|alternatives?|clones?|killers?|suppliers?|lookalikes?|like|style|esque|"
    r"alums?|veterans?)\b",
    re.IGNORECASE,
)
_COMMA = re.compile(r"[\s,;/&、，·]*+(?:and|or|und|et|i|y|e|和|与|及)?\s*+", re.IGNORECASE)
_SOURCE = re.compile(r"\s(?:[-–—|])\s$")


def is_aside(title: str, start: int, end: int, companies: Sequence[tuple[int, int]], *, is_stage: bool = False) -> bool:
    """Return True when the company at `title[start:end]` is neither subject nor object of the title.

    Args:
        title: as `plain` returns it.
        start: of the name.
        end: of the name.
        companies: where the title names companies, this one included, one place for each.
        is_stage: the company is a shop or platform.
    """
    before, after = title[max(0, start - _WINDOW) : start], title[end : end + _WINDOW]
    if _FORMER.search(before) or _NEXT.search(before) or _LIKE.search(before) or _WORKED.search(before):
        return True
    if _RIVAL.match(after) or (_AN.search(before) and _OF.match(after)):
        return True
    if _SOURCE.search(before) and not after.strip() and start >= 15:
        return True
    if is_stage and _AT.search(before) and _ENDS.match(after):
        rest = title[:start]
        if _BARGAIN.search(rest) or _WATCHED.search(rest) or _BARGAIN.search(after):
            return True
    return len(companies) >= MIN_LISTED and _is_listed(title, start, end, companies)


def _is_listed(title: str, start: int, end: int, companies: Sequence[tuple[int, int]]) -> bool:
    """Return True when this company is one of at least MIN_LISTED with only commas between them."""
    row: list[tuple[int, int]] = []
    for place in sorted(companies):
        if row and not _COMMA.fullmatch(title, row[-1][1], place[0]):
            if len(row) >= MIN_LISTED and (start, end) in row:
                return True
            row = []
        row.append(place)
    return len(row) >= MIN_LISTED and (start, end) in row
