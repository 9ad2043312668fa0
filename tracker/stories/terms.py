"""Title terms: the keys under which a story is stored and later found."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tracker.stories.words import TitleWords, title_words

_QUANTITY = re.compile(
    r"[$€£¥₹]\s*+(?P<before>\d++(?:[.,:]\d++)*+)|(?<!\d)(?<!\d[.,:])(?P<after>\d++(?:[.,:]\d++)*+)\s*+"
    r"(?:%|percent|per cent|pct|million|billion|trillion|mln|bln|mn|bn|tn|mio|mrd|milliards?|millions?|k\b|m\b|b\b|"
    r"[$€£¥₹円元億亿万]|dollars?|euros?|points?|years?|people|jobs?|ans|jahre)",
    re.IGNORECASE,
)
_TAIL = re.compile(r"\s(?:[-|–—·]\s(?:[\w.&'’]++\s){0,3}[\w.&'’]++|\((?:[\w.&'’-]++\s)?[\w.&'’-]++\))[\s.…]*+$")
"""A site's suffix to its titles (" - Reuters", " | WDRB 41", " (video)"), which says nothing about the story."""
_WHOLE = 0.5
_MOST = 40
"""Most terms taken from one title; some titles are whole paragraphs."""


def story_terms(title: str, found: TitleWords, tags: Iterable[str] = (), site: str | None = None) -> tuple[str, ...]:
    """Return words (`w:`), numbers (`n:`), series (`l:day=3`), tags (`g:`) and the site (`h:`), each once, in order.

    The tags are those that the title is about: one tag covers all names of a company, in any script.
    """
    bare = _TAIL.sub("", title)
    words = title_words(bare).words if _WHOLE * len(title) <= len(bare) < len(title) else found.words
    counted = {(match["before"] or match["after"]).replace(",", "") for match in _QUANTITY.finditer(title)}
    terms = [] if site is None else [f"h:{site}"]
    terms += [f"g:{tag}" for tag in sorted(set(tags))]
    terms += [f"w:{word}" for word in sorted(words)]
    terms += [f"n:{number}" for number in sorted(found.numbers)]
    terms += [f"l:{word}={number}" for word, number in sorted(found.labelled) if number not in counted]
    return tuple(terms[:_MOST])
