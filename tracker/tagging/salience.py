"""Salience: what an article is about, and which share's move its headline shows."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.model.tags import Mention

LEAD = 300
"""Length of a text's lead in characters: about two sentences."""
_REPEATS = 4
"""Matches required in a text, the first of them in the lead. With two, one in fifty is a passing mention."""
_SHORT = 400
"""A text of up to this many characters is a summary; its first word is its subject."""


def is_about(in_title: bool, places: Sequence[int], length: int) -> bool:
    """Return True when the article is about the tag; `places` are its offsets in a text of `length` characters.

    A name in the title is enough. A name in the text must be the first word of a summary, or occur in the lead and
    several times after it; anything else is a passing mention.
    """
    if in_title:
        return True
    if not places or places[0] >= LEAD:
        return False
    if places[0] <= 1:
        return length <= _SHORT or len(places) > 1
    return len(places) >= _REPEATS and len(places) * 1000 >= length


def lead_symbol(mentions: Sequence[Mention]) -> str | None:
    """Return the symbol whose move the headline shows, or None.

    The order: the first listed company that the article is about, by position in the title, then in the text; the
    share that an unlisted company's news moves (DeepSeek: NVDA); for an article about unlisted companies alone, the
    first listed company that it mentions.
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
