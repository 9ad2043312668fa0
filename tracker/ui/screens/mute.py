"""A dialog that shows what muting the source, a tag or a word of an article would hide."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from msgspec import Struct
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

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
        super().__init__(keys)
        self._count = count
        self._choices: Sequence[MuteChoice] = ()
        self._reads: NewestOnly[list[MuteChoice]] = NewestOnly(self, "mute", self._show, self.say)

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        choices = OptionList(id="mute")
        choices.border_title = Content("Mute")
        choices.border_subtitle = Content("counting what each would hide")
        yield choices

    def on_mount(self) -> None:
        """Count in the background."""
        self._reads.read(self._count)

    def _show(self, found: list[MuteChoice]) -> None:
        self._choices = found
        choices = self.query_one(OptionList)
        # Titles come from feeds: as Content nothing in them is read as markup.
        for one in found:
            head = Content.assemble(
                one.label, (f"  hides {count_noun(one.count, 'article', 'articles')}", "$tracker-mark")
            )
            titles = [Content.styled(f"    {title}", "$tracker-muted") for title in one.titles]
            choices.add_option(Option(Content("\n").join([head, *titles])))
        choices.highlighted = 0 if found else None
        self.say(self.hint("mutes") if found else "nothing to mute: it is starred or muted")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Choose a rule."""
        self.dismiss(self._choices[event.option_index])
