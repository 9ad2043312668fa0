"""A dialog that shows what muting the source, a tag or a word of an article would hide."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from msgspec import Struct
from textual.binding import BindingType
from textual.content import Content

from tracker.model.article import Headline
from tracker.model.plurals import count_noun
from tracker.model.query import QuerySyntaxError, parse_query
from tracker.store.mutes import hidden_by
from tracker.store.read import Reader
from tracker.stories.stopwords import STOP_WORDS
from tracker.ui.commands import bindings_for
from tracker.ui.newest_only import NewestOnly
from tracker.ui.scope import feed_place
from tracker.ui.screens.choices import ChoicesScreen

_TITLES = 3
_MAX_WORDS = 12
_WORD = re.compile(r"(?<!\w)(?!\d+(?!\w))\w{3,24}(?!\w)")


class MuteChoice(Struct, frozen=True):
    """A rule that would mute an article."""

    label: str
    query: str
    count: int = 0
    """How many articles it would hide."""
    titles: tuple[str, ...] = ()
    """The newest of them."""


def mute_choices(row: Headline) -> Iterator[MuteChoice]:
    """Yield the rules that could mute an article: its source, its tags, the words of its title that say something."""
    yield MuteChoice(f"source {row.source}", feed_place(row.source).query)
    for tag in row.tags:
        yield MuteChoice(f"tag {tag}", f"tag:{tag}")
    words = dict.fromkeys(found[0].casefold() for found in _WORD.finditer(row.title))
    for word in [one for one in words if one not in STOP_WORDS][:_MAX_WORDS]:
        yield MuteChoice(f"word {word} in titles", f"title:{word}")


def count_choices(db: Path, row: Headline, now: datetime) -> list[MuteChoice]:
    """Return the rules that would hide something, with what they would hide."""
    found = []
    with Reader(db) as reader:
        for choice in mute_choices(row):
            try:
                query = hidden_by(parse_query(choice.query))
            except QuerySyntaxError:  # a source whose name has no letters
                continue
            if ids := reader.articles.ids(query, now):
                titles = tuple(one.title for one in reader.articles.headlines(ids[:_TITLES]))
                found.append(MuteChoice(choice.label, choice.query, len(ids), titles))
    return found


class MuteScreen(ChoicesScreen[MuteChoice]):
    """A list of rules; closes with the one that was chosen, or None.

    Args:
        count: reads the rules; runs in a thread.
        keys: the user's keys.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for({"article.mute": "dismiss"})]

    def __init__(self, count: Callable[[], list[MuteChoice]], keys: Mapping[str, str]) -> None:
        super().__init__("mute", "Mute", keys)
        self._count = count
        self._reads: NewestOnly[list[MuteChoice]] = NewestOnly(self, "mute", self._show, self.say)

    def on_mount(self) -> None:
        """Count in the background."""
        self.say("counting what each would hide")
        self._reads.read(self._count)

    def _show(self, found: list[MuteChoice]) -> None:
        options = [(_prompt(one), one) for one in found]
        self.show(options, self.hint("mutes") if found else "nothing to mute: it is starred or muted")


def _prompt(one: MuteChoice) -> Content:
    hidden = count_noun(one.count, "article", "articles")
    head = Content.assemble(one.label, (f"  hides {hidden}", "$tracker-mark"))
    titles = [Content.styled(f"    {title}", "$tracker-muted") for title in one.titles]
    return Content("\n").join([head, *titles])
