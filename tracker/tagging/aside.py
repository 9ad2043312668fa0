"""Whether a company in a title is what it is about, or named by the way: rules on the words around it; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracker.model.tags import Match

MIN_LISTED = 4
"""A title that lists this many companies is about none of them."""
_WINDOW = 60
_FORMER = re.compile(r"\b(?:former|ex|one-?time|erstwhile|ancien|ancienne|ehemaliger?|były|była)[ -]+$", re.IGNORECASE)
_NEXT = re.compile(r"\bthe (?:next|new|other|anti-?) ?$|\ble prochain $|\bdas (?:nächste|neue) $", re.IGNORECASE)
_LIKE = re.compile(
    r"\b(?:like|unlike|than|instead of|similar to|inspired by|alternatives? to|comme|comparable to|"
    r"suppliers? (?:to|of|for)|"
    r"rivals? (?:to|of)|competitors? (?:to|of)|answer to|(?:son|daughter|wife|husband|widow|brother|sister) of)"
    r"(?: an?| the)? $",
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
    r"\b(?:watch\w*|stream\w*|post\w*|shar\w+|videos?|clips?|viral|live|seasons?|saison|episodes?|series|"
    r"série\w*|films?|"
    r"movies?|shows?|songs?|singles?|records?|queue\w*|tickets?|tracks?|album|account|fans?|followers?|scams?|"
    r"play\w*|listen\w*|mov\w+ to|coming to|"
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
    r"alums?|alumni|veterans?|dropouts?|shoppers?|superfans?|collectors?)\b",
    re.IGNORECASE,
)
_USER = re.compile(r"\b(?:an?|one|this|un|une|ein|eine) $", re.IGNORECASE)
_A_USER = re.compile(
    r"^(?:'s)? (?:users?|customers?|shoppers?|subscribers?|fans?|drivers?|passengers?|guests?|riders?|hosts?)\b",
    re.IGNORECASE,
)
_POSTED = re.compile(
    r"^(?:'s)? (?:posts?|videos?|clips?|appeals?|reels?|livestreams?|comments?|playlists?|channels?|rants?|"
    r"selfies?|tutorials?|"
    r"listings?|reviews?|documentary|series|doc|special)\b",
    re.IGNORECASE,
)
_VENUE = re.compile(
    r"^(?:'s)? (?:car park|parking lot|drive-?(?:thru|through)|petrol station|gas station|filling station|"
    r"forecourt|toilets?|"
    r"restrooms?|bathroom|restaurant|store|shop|branch|hotel|supermarket|warehouse|van|truck|lorry|outlet|"
    r"location|cinema)\b",
    re.IGNORECASE,
)
_VENUE_BEFORE = re.compile(r"\b(?:at|in|inside|outside|near|from|behind)(?: an?| the| this| local)? $", re.IGNORECASE)
_INCIDENT = re.compile(
    r"\b(?:shoot\w*|shot|stab\w*|rob(?:s|bed|bery|bers?)?|armed|murder\w*|kill\w*|dead|dies|died|death|bod(?:y|"
    r"ies)|gives birth|born|"
    r"arrest\w*|thie(?:f|ves)|steals?|stole|stolen|theft|shoplift\w*|burglar\w*|brawl|fight|fire|blaze|knife|"
    r"knifepoint|gun\w*|"
    r"crash\w*|attack\w*|assault\w*|missing|police|wedding|married|proposes|conference)\b",
    re.IGNORECASE,
)
_RATING = re.compile(
    r"\b(?:price targets?|target price|targets? (?:on|to)|pt|ratings?|rated|overweight|underweight|"
    r"outperform\w*|underperform\w*|market perform|sector perform|"
    r"neutral|equal-?weight|coverage|initiat\w+|upgrad\w+|downgrad\w+|outlook to|to (?:buy|sell|hold)|buy rating|"
    r"to (?:negative|positive|stable|junk)|kursziel|stuft|cours cible|cenę docelową|rekomendacj\w+)\b",
    re.IGNORECASE,
)
_RATES = re.compile(
    r"^(?:'s|')?(?: (?:analysts?|strategists?|economists?|research))? (?:raises?|lifts?|hikes?|boosts?|cuts?|"
    r"lowers?|trims?|slashes|"
    r"upgrade[sd]?|downgrade[sd]?|raised|initiates?|starts?|assumes?|resumes?|reiterates?|maintains?|keeps?|sets?|adjusts?|"
    r"affirms?|assigns?|"
    r"stuft|hebt|senkt|relève|abaisse)\b",
    re.IGNORECASE,
)
_FORESEES = re.compile(
    r"^(?:'s|')?(?: (?:analysts?|strategists?|economists?))? (?:sees?|expects?|predicts?|forecasts?|estimates?|"
    r"says?|warns?|recommends?)\b",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:its|own|profits?|revenues?|earnings|quarter\w*|results?|bonus\w*|staff|jobs?|layoffs?|fees?|income|"
    r"margins?|costs?|ceo|"
    r"chief|branch\w*|dividends?|buybacks?|deals?|trading|breach|hack\w*|probe|lawsuit)\b",
    re.IGNORECASE,
)
_RATED = re.compile(r"\b(?:downgraded|upgraded|cut|raised|lowered|initiated|rated|reiterated|named)\b", re.IGNORECASE)
_BY = re.compile(r"\b(?:at|by|from) $", re.IGNORECASE)
_SAID_BY = re.compile(
    r"(?:\b(?:says?|said|warns?|predicts?|forecasts?|estimates?|reckons?|according to|per|selon|laut|reports?)|"
    r"[:|]|[-–—]) $",
    re.IGNORECASE,
)
_ENDS_SAID = re.compile(
    r"^(?:'s|')?(?: (?:analysts?|strategists?|economists?|reports?|says|said))?[.!]?$", re.IGNORECASE
)
_COMMA = re.compile(r"[\s,;/&、，·]*+(?:and|or|und|et|i|y|e|和|与|及)?\s*+", re.IGNORECASE)
_BESIDE = re.compile(r"(?:'s?)? ?(?:new |own )?")
_SOURCE = re.compile(r"\s(?:[-–—|])\s$")


def joined(matches: Sequence[Match], title: str) -> list[tuple[int, int]]:
    """Return the places of a company's names in a title, those that stand together as one: "Adobe Photoshop"."""
    places: list[tuple[int, int]] = []
    for match in matches:
        if places and _BESIDE.fullmatch(title, places[-1][1], match.start):
            places[-1] = (places[-1][0], match.end)
        else:
            places.append((match.start, match.end))
    return places


def is_aside(
    title: str,
    start: int,
    end: int,
    companies: Sequence[tuple[int, int]],
    *,
    is_stage: bool = False,
    is_voice: bool = False,
) -> bool:
    """Return True when the company at `title[start:end]` is neither subject nor object of the title.

    Args:
        title: as `plain` returns it.
        start: of the name.
        end: of the name.
        companies: where the title names companies, this one included, one place for each.
        is_stage: the company is a shop or platform.
        is_voice: the company is a broker, a rating agency or a newspaper, which headlines quote about others.
    """
    before, after = title[max(0, start - _WINDOW) : start], title[end : end + _WINDOW]
    if _FORMER.search(before) or _NEXT.search(before) or _LIKE.search(before) or _WORKED.search(before):
        return True
    if _RIVAL.match(after) or (_AN.search(before) and _OF.match(after)):
        return True
    if _USER.search(before) and _A_USER.match(after):
        return True
    if _INCIDENT.search(title) and (_VENUE.match(after) or (is_stage and _VENUE_BEFORE.search(before))):
        return True
    if is_stage and start and _POSTED.match(after):
        return True
    if is_voice and _is_quoted(title, before, after, start):
        return True
    if _SOURCE.search(before) and not after.strip() and start >= 15:
        return True
    if is_stage and _AT.search(before) and _ENDS.match(after):
        rest = title[:start]
        if _BARGAIN.search(rest) or _WATCHED.search(rest) or _BARGAIN.search(after):
            return True
    return len(companies) >= MIN_LISTED and _is_listed(title, start, end, companies)


def _is_quoted(title: str, before: str, after: str, start: int) -> bool:
    """Return True when a broker, a rating agency or a newspaper is named for what it says about something else."""
    if (by := _BY.search(before)) and _RATED.search(before, 0, by.start()):
        return True
    if _ENDS_SAID.match(after):
        return bool(_SAID_BY.search(before)) or (after.strip() != "" and start > _WINDOW // 4 and before.endswith(", "))
    if _RATES.match(after):
        return bool(_RATING.search(title))
    return bool(_FORESEES.match(after)) and not _OWN.search(after)


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
