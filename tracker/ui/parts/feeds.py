"""The feeds of feeds.toml: adding one by its address, and what is changed on the page of their health."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.config.edit import RenamedFeed, add_feeds, move_feed, remove_feed, set_feed, set_feed_name
from tracker.model.config import Config
from tracker.model.errors import StoreError
from tracker.model.plurals import agree, count_noun
from tracker.model.shown import show_address
from tracker.net.address import with_credentials_of
from tracker.ui.newest_only import reason_of
from tracker.ui.parts.editing import NO_FILE, Edited, Editing
from tracker.ui.parts.part import Part, Shared
from tracker.ui.tasks import run_task

if TYPE_CHECKING:
    import httpx

    from tracker.sync.adding import NewFeed

Then = Callable[[Config, str], None]
"""Takes the configuration afterwards, and what was done or why not."""


class Feeds(Part):
    """Adds, changes, moves and removes feeds.

    Args:
        transport: replaces the network, for tests.
    """

    def __init__(self, shared: Shared, *, editing: Editing, transport: httpx.AsyncBaseTransport | None) -> None:
        super().__init__(shared)
        self._editing = editing
        self._transport = transport
        self._refused = ""
        """What was typed last, where no feed was found there: most of it need not be typed again."""

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what each command of this part does."""
        return {"feed.add": self.ask}

    def lacks_file(self, then: Then) -> bool:
        """Say so where there is no feeds.toml to change; return whether that is so."""
        if self._editing.has_file:
            return False
        self._say(NO_FILE, then)
        return True

    # -- adding -------------------------------------------------------------------------
    def ask(self, then: Then = lambda config, text: None) -> None:
        """Ask for an address, and add its feed.

        Args:
            then: takes what is being done, too.
        """
        if self.lacks_file(then):
            return
        from tracker.ui.screens.ask import AskScreen  # rarely needed

        screen = AskScreen("Add a feed", "address of a feed or a site", self._refused, is_selected=True)
        self._screen.app.push_screen(screen, lambda text: None if text is None else self._find(text, None, then))

    def _find(self, text: str, own: str | None, then: Then) -> None:
        is_guessed = "://" not in text
        address = f"https://{text}" if is_guessed else text
        self._say(f"looking for a feed at {show_address(address)}", then)
        run_task(self._screen, partial(self._find_and_add, address, own, then, is_guessed), "new-feed")

    async def _find_and_add(self, text: str, own: str | None, then: Then, is_guessed: bool) -> None:
        try:
            found = await self._look(text, own, is_guessed)
        except Exception as error:  # an internal one, too: the window stays open and says so
            self._refused = text.removeprefix("https://") if is_guessed else text
            self._say(" ".join(show_address(reason_of(error)).split()), then, is_warning=True)
            return
        self._refused = ""
        if own is None and found.others:
            self._choose(text, found, then)
        else:
            self._add(found, then)

    async def _look(self, text: str, own: str | None, is_guessed: bool) -> NewFeed:
        await asyncio.to_thread(_import_heavy)
        from tracker.sync.adding import feed_address, find_new_feed

        view = self._view
        url = feed_address(text)
        return await find_new_feed(
            view.config,
            self._db,
            view.clock,
            url,
            own=own,
            transport=self._transport,
            is_drawing=True,
            is_guessed=is_guessed,
        )

    def _choose(self, text: str, found: NewFeed, then: Then) -> None:
        """Ask which of a site's feeds to add."""
        from tracker.ui.screens.links import LinksScreen  # rarely needed

        feeds = [(found.source.name, found.source.url), *found.others]
        labels = [show_address(url) if title == url else f"{title}  {show_address(url)}" for title, url in feeds]
        screen = LinksScreen(
            [url for _, url in feeds],
            keys=self._view.config.keys,
            title="Feeds of this site",
            labels=labels,
            verb="adds",
        )

        def chosen(url: str | None) -> None:
            if url == found.source.url:
                self._add(found, then)
            elif url is not None:
                self._find(with_credentials_of(text, url), text, then)
            else:
                self._say("no feed was added", then)

        self._screen.app.push_screen(screen, chosen)

    def _add(self, found: NewFeed, then: Then) -> None:
        added = f"added {found.source.name} with {count_noun(found.entries, 'entry', 'entries')}"
        done = " · ".join([added, *found.warnings])
        self._change(lambda path: Edited(add_feeds(path, found.source)), done, then)

    # -- changing -----------------------------------------------------------------------
    def edit(
        self,
        name: str,
        values: Mapping[str, str | bool | date | None] | None,
        done: str,
        then: Then,
        *,
        refused: Callable[[str], None] | None = None,
    ) -> None:
        """Set keys of a feed, but not its name, or remove it.

        Args:
            values: what to set; None removes the feed.
            done: what to say when it is done.
            refused: takes why it was not done, in place of `then`.
        """

        def change(path: Path) -> Edited:
            return Edited(remove_feed(path, name) if values is None else set_feed(path, name, values))

        self._change(change, done, then, refused)

    def rename(self, name: str, new: str, then: Then, *, refused: Callable[[str], None] | None = None) -> None:
        """Rename a feed, also in the queries that name it; what their alerts fired is kept."""
        done = f"{name} is now called {new}"

        def change(path: Path) -> Edited:
            problems: list[str] = []
            edit, renamed = set_feed_name(path, name, new, partial(self._renaming_alerts, problems))
            also = [f"its alerts may fire again: {problem}" for problem in problems]
            return Edited(edit, " · ".join([done + renamed_text(name, renamed), *also]), renamed.rules)

        self._change(change, done, then, refused)

    @contextmanager
    def _renaming_alerts(self, problems: list[str], rules: Mapping[str, str]) -> Iterator[None]:
        """Keep what is known about alerts while the file changes; a database that cannot be written is a problem."""
        with ExitStack() as stack:
            if rules:
                from tracker.store.write import Writer  # 3 ms that the first paint does not wait for

                try:
                    writer = stack.enter_context(Writer(self._db))
                    stack.enter_context(writer.alerts.renaming(rules))
                except StoreError as error:
                    problems.append(str(error))
            yield

    def move(self, name: str, by: int, then: Then) -> None:
        """Move a feed up (`by` -1) or down (1) past the next one of its group."""
        feeds = [feed for feed in self._view.config.feeds if feed.first_hand is None]
        group = next((feed.group for feed in feeds if feed.name == name), None)
        names = [feed.name for feed in feeds if feed.group == group]
        to = names.index(name) + by if name in names else -1
        if not 0 <= to < len(names):
            self._say(f"{name} is the {'first' if by < 0 else 'last'} feed of its group", then)
            return
        where = "before" if by < 0 else "after"
        place_of = names[to]
        self._change(lambda path: Edited(move_feed(path, name, place_of)), f"{name} is now {where} {place_of}", then)

    def undo(self, then: Then) -> None:
        """Undo the last change of a feed."""
        self._editing.undo(lambda text: then(self._view.config, text))

    def _change(
        self,
        change: Callable[[Path], Edited],
        done: str,
        then: Then,
        refused: Callable[[str], None] | None = None,
    ) -> None:
        self._editing.change(change, done, lambda text: then(self._view.config, text), refused=refused)

    def _say(self, text: str, then: Then, *, is_warning: bool = False) -> None:
        self._status.show_message(text, is_warning=is_warning)
        then(self._view.config, text)


def renamed_text(name: str, renamed: RenamedFeed) -> str:
    """Return which queries got a feed's new name, and which still have the old one; "" where none named it."""
    also = f", also in {count_noun(renamed.queries, 'query', 'queries')}" if renamed.queries else ""
    if not renamed.left:
        return also
    nouns = {"view": ("view", "views"), "alert": ("alert", "alerts"), "mute": ("mute rule", "mute rules")}
    *first, last = [count_noun(number, *nouns[kind]) for kind, number in renamed.left.items()]
    kinds = f"{', '.join(first)} and {last}" if first else last
    total = sum(renamed.left.values())
    verb, them = agree(total, "names", "name"), agree(total, "it", "them")
    return f'{also} · {kinds} still {verb} "{name}": change {them} by hand'


def _import_heavy() -> None:
    import tracker.sync.adding  # noqa: F401 - 200 ms: in a thread they leave the keys alive
