"""Tag rules and what they find."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

TAG_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

Salience = Literal["about", "mention"]
"""`about`: the article is on it (title, or a lead that is really on it); `mention`: a word in passing."""

MatchField = Literal["title", "text", "feed"]
"""Where a match is; `feed` is a tag that the configuration gives to every article of a feed."""


class TagRule(Struct, frozen=True):
    """One tag of the catalogue or of the configuration."""

    name: str
    """Lower case, `a-z0-9-`, unique."""
    label: str | None = None
    """How people write it ("Nvidia"); None: the name."""
    symbol: str | None = None
    """The share whose move is shown beside the headline; a Yahoo symbol."""
    kind: Literal["company", "topic"] = "company"
    match: tuple[str, ...] = ()
    """Names: words or phrases in any script."""
    products: tuple[str, ...] = ()
    """Products and people that imply it, weaker than a name."""
    never: tuple[str, ...] = ()
    """Phrases that contain a name but mean something else."""
    only_near: tuple[str, ...] = ()
    """For ambiguous names: counts only with one of these words near."""
    unless_near: tuple[str, ...] = ()
    """For ambiguous names: does not count with one of these words near."""
    line: int | None = None
    """Line in the configuration file; None for built-in rules."""
    ambiguous: tuple[str, ...] = ()
    """Names that are also words: `only_near` and `unless_near` are about these; where there are none, about `match`."""
    listed: bool = True
    """False: `symbol` is not its own share but the one that its news moves."""


class Match(Struct, frozen=True, gc=False):
    """The place of one match: `text == field_text[start:end]`, offsets in characters."""

    field: MatchField
    start: int
    end: int
    text: str


class Mention(Struct, frozen=True, gc=False):
    """A tag found in an article, with every place that says so."""

    tag: str
    salience: Salience
    symbol: str | None = None
    matches: tuple[Match, ...] = ()
    own: bool = True
    """False: the company is not listed, and `symbol` is the share that its news moves, if any."""
    is_topic: bool = False
    """True: no company but a subject, like "earnings". Known of what was just tagged, not of what was read back."""

    @property
    def name(self) -> str:
        """The tag as the article writes it ("DeepSeek"), else its name ("deepseek")."""
        written = (match.text for match in self.matches if match.field != "feed")
        return next((text for text in written if text.casefold().replace(" ", "-") == self.tag), self.tag)


def stands_in_for(mentions: Iterable[Mention], symbol: str) -> tuple[str, ...]:
    """Return the names of the unlisted companies that `symbol` is shown for; () where its own company is mentioned."""
    shown = [mention for mention in mentions if mention.symbol == symbol]
    return () if any(mention.own for mention in shown) else tuple(mention.name for mention in shown)
