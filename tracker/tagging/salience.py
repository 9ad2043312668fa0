"""What an article is about, and whose share stands beside its headline."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.model.tags import Mention

LEAD = 300
"""Characters of a text that count as its lead: two sentences."""
_REPEATS = 4
"""Matches that a text needs in all, the first of them in the lead. Two let one in fifty passing words through."""
_SHORT = 400
"""A text up to this length is a summary: what it opens with is its subject."""


def is_about(in_title: bool, places: Sequence[int], length: int) -> bool:
    """True when the article is on the tag; `places` are the starts of its matches in a text of `length` characters.

    A name in the title is enough. In the text alone it has to be the first word of a summary, or to stand in the lead
    and come back; anything else is a word in passing.
    """
    if in_title:
        return True
    if not places or places[0] >= LEAD:
        return False
    if places[0] <= 1:
        return length <= _SHORT or len(places) > 1
    return len(places) >= _REPEATS and len(places) * 1000 >= length


def lead_symbol(mentions: Sequence[Mention]) -> str | None:
    """The share whose move stands beside the headline, or None.

    The first listed company that the article is about, by place in the title, then in the text; else the share that the
    news of an unlisted one moves (DeepSeek: NVDA); else, for an article about an unlisted company alone, the first
    listed company that it mentions.
    """
    about = sorted((mention for mention in mentions if mention.salience == "about"), key=_place)
    for own in (True, False):
        for mention in about:
            if mention.symbol is not None and mention.own is own:
                return mention.symbol
    if any(not mention.own for mention in about):
        for mention in mentions:
            if mention.symbol is not None and mention.own:
                return mention.symbol
    return None


_FIELDS = {"title": 0, "text": 1, "feed": 2}


def _place(mention: Mention) -> tuple[int, int]:
    if not mention.matches:
        return (3, 0)
    return min((_FIELDS[match.field], match.start) for match in mention.matches)
