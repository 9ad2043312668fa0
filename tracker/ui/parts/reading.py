"""Reading: opening articles, going to the next unread, marks with undo, browser and clipboard."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Callable, Coroutine, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any

from tracker.model.article import Headline
from tracker.model.errors import StoreError
from tracker.model.plurals import count_noun
from tracker.model.query import Query
from tracker.model.shown import ascii_host
from tracker.net.address import is_web_address, split
from tracker.store.read import Reader
from tracker.ui.marks import MarkError, Marks
from tracker.ui.parts.article_view import ArticleView
from tracker.ui.parts.listing import Listing
from tracker.ui.parts.part import Part, Shared
from tracker.ui.tasks import run_task

_UNREAD_SEARCH_ROWS = 200
_ASKED_HERE = 1_000
"""Rows that a key waits for, 4 ms; those farther away are looked at in a thread."""
_ASKED_AT_ONCE = 5_000


class Reading(Part):
    """What a reader does with one article after the other."""

    def __init__(self, shared: Shared, *, article: ArticleView, listing: Listing, marks: Marks) -> None:
        super().__init__(shared)
        self._article_pane = shared.widgets.article
        self._article = article
        self._listing = listing
        self._marks = marks
        self.read_config: Callable[[], object] = lambda: None
        """Reads feeds.toml again after an undo that changed it."""

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what each command of this part does."""
        return {
            "article.page": self.page,
            **{name: partial(do, 1) for name, do in self.counted().items()},
            "article.read": self.toggle_read,
            "article.star": self.toggle_star,
            "list.all_read": self.mark_all_read,
            "list.above_read": self.mark_above_read,
            "list.below_read": self.mark_below_read,
            "edit.undo": self.undo,
            "article.browser": self.open_browser,
            "article.copy": self.copy_address,
        }

    def counted(self) -> dict[str, Callable[[int], object]]:
        """Return what commands of this part do with a number before their key."""
        return {"list.next_unread": partial(self._unread, 1), "list.previous_unread": partial(self._unread, -1)}

    # -- opening ----------------------------------------------------------------------------
    def open_current(self, *, focus: bool) -> None:
        """Mark the article under the cursor as read and show it."""
        row = self._headlines.headline
        if row is None:
            return
        self._headlines.is_following = False
        self._article.stop_preview()
        self._article.show()
        if row.is_unread:
            self.mark(row, "read", True, None)
        if focus:
            self._panes.show("article")

    def page(self) -> None:
        """Scroll the article; at its end go to the next unread and open it."""
        row = self._headlines.headline
        if row is None:
            return
        if self._panes.is_narrow and self._panes.current != "article":
            self.open_current(focus=True)
            return
        shown = self._article.article
        is_shown = not row.is_unread and shown is not None and shown.id == row.id
        if not is_shown:
            self.open_current(focus=self._panes.current == "article")
        elif not self._article_pane.page_down():
            self._go_unread(1, 1, lambda: self.open_current(focus=self._panes.current == "article"))

    # -- next and previous unread --------------------------------------------------------------
    def _unread(self, by: int, count: int) -> None:
        is_open = self._panes.current == "article"

        def then() -> None:
            if is_open:
                self.open_current(focus=True)
            elif self._panes.current != "list":
                self._panes.show("list")

        self._go_unread(by, count, then)

    def _go_unread(self, by: int, count: int, then: Callable[[], None]) -> None:
        """Go `count` unread rows down (`by` 1) or up (-1), as far as there are any; where there is one, do `then`."""
        start, window = self._headlines.cursor, self._headlines.window
        article_id, ids, query = self._headlines.article_id, window.ids, self._view.scope.only("unread")
        near = list(islice(self._near_unread(by), count))
        places = range(start + by * _UNREAD_SEARCH_ROWS, len(window) if by > 0 else -1, by)
        here, far = places[:_ASKED_HERE], places[_ASKED_HERE:]
        if len(near) < count and here:
            reader = self._reads.reader
            near += self._reads.read(lambda: self._far_unread(reader, ids, here, count - len(near), query), [])
        if len(near) == count or not far:
            self._settle_unread(by, near, then)
            return

        def ask() -> list[int]:
            with Reader(self._reads.reader.path) as reader:
                return self._far_unread(reader, ids, far, count - len(near), query)

        async def look() -> None:
            try:
                rows = await asyncio.to_thread(ask)
            except StoreError as error:
                self._status.show_warning(str(error))
                return
            if self._headlines.article_id == article_id and window.ids is ids:
                self._settle_unread(by, [*near, *rows], then)

        run_task(self._screen, look, "unread", exclusive=True)

    def _settle_unread(self, by: int, rows: Sequence[int], then: Callable[[], None]) -> None:
        if not rows:
            self._status.show_message("no unread articles below" if by > 0 else "no unread articles above")
            return
        self._headlines.cursor = rows[-1]
        then()

    def _near_unread(self, by: int) -> Iterator[int]:
        """Yield the index of each unread row near the cursor, the nearest first: those are on loaded pages."""
        window = self._headlines.window
        start = self._headlines.cursor
        for index in range(start + by, start + by * _UNREAD_SEARCH_ROWS, by):
            if not 0 <= index < len(window):
                return
            row = window.row(index)
            # The others of a story are read with it.
            if row is not None and row.is_unread and window.lead_of(row.id) == row.id:
                yield index

    def _far_unread(
        self, reader: Reader, ids: array[int], places: Sequence[int], count: int, query: Query
    ) -> list[int]:
        """Return the first of these places that have unread stories, `count` at most; there may be a million."""
        found: list[int] = []
        for at in range(0, len(places), _ASKED_AT_ONCE):
            asked = places[at : at + _ASKED_AT_ONCE]
            unread = reader.stories.matching((ids[place] for place in asked), query, self._view.clock())
            found.extend(islice((place for place in asked if ids[place] in unread), count - len(found)))
            if len(found) == count:
                break
        return found

    # -- marks -------------------------------------------------------------------------------------
    def toggle_read(self) -> None:
        """Mark the article as read or unread."""
        row = self._headlines.headline
        if row is not None:
            self.mark(row, "read", row.is_unread, "marked as read" if row.is_unread else "marked as unread")

    def toggle_star(self) -> None:
        """Star or unstar the article."""
        row = self._headlines.headline
        if row is not None:
            self.mark(row, "starred", not row.starred, "unstarred" if row.starred else "starred")

    def mark(self, row: Headline, column: str, value: bool, text: str | None) -> None:
        """Show a mark at once and store it in the background; with `text` None it cannot be undone."""
        window = self._headlines.window
        window.mark(row.story_id, column, value)
        self._headlines.redraw()

        async def store() -> None:
            try:
                await self._marks.set_mark(column, row.id, value, text)
            finally:
                window.unmark(row.story_id, column)
                self._headlines.redraw()
            self._article.forget()

        self.store(store)
        if text is not None:
            self._status.show_message(self.can_undo(text))

    def can_undo(self, text: str) -> str:
        """Return what was done with the key that takes it back."""
        return f"{text} · {self._status.key('edit.undo')} undoes this"

    def mark_all_read(self) -> None:
        """Mark everything in this view as read."""
        scope, highest = self._view.scope, self._view.highest_seen

        async def mark() -> int:
            return await self._marks.mark_all_read(scope.query(), self._view.clock(), highest, self._tell)

        self._mark_many(mark, "everything here is already read")

    def mark_above_read(self) -> None:
        """Mark the stories listed above the cursor's as read."""
        leads, at = self._leads_and_cursor()
        self._mark_listed(leads[:at], "everything above is already read")

    def mark_below_read(self) -> None:
        """Mark the stories listed below the cursor's as read."""
        if not self._listing.has_all:
            self._status.show_message("still reading the list; try again")
            return
        leads, at = self._leads_and_cursor()
        self._mark_listed(leads[at + 1 :], "everything below is already read")

    def _leads_and_cursor(self) -> tuple[array[int], int]:
        """Return the listed stories' leads, and the place of the cursor's story among them."""
        leads, lead = self._headlines.window.leads, self._headlines.lead_id
        return leads, leads.index(lead) if lead is not None else 0

    def _mark_listed(self, leads: array[int], nothing: str) -> None:
        highest = self._view.highest_seen

        async def mark() -> int:
            return await self._marks.mark_stories_read(leads, highest, self._tell)

        self._mark_many(mark, nothing)

    def _mark_many(self, mark: Callable[[], Coroutine[Any, Any, int]], nothing: str) -> None:
        """Mark many stories as read in the background, and say how many, or `nothing`."""

        async def store() -> None:
            count = await mark()
            done = self.can_undo(f"{count_noun(count, 'story', 'stories')} marked as read")
            self._status.show_message(done if count else nothing)
            self._listing.show_remarked()

        self.store(store)

    def _tell(self, count: int) -> None:
        """Say how many stories are marked so far; called in a thread."""
        stop = self._status.key("article.back")
        self._screen.call_later(self._status.show_message, f"{count:,} stories marked as read so far · {stop} stops")

    def stop_marking(self) -> bool:
        """Stop marking many stories; return False where none are being marked."""
        return self._marks.stop()

    def undo(self) -> None:
        """Take back the last mark, split, join, mute or change to feeds.toml."""

        async def store() -> None:
            undone = await self._marks.undo()
            self.read_config()  # what it says comes before what was undone
            self._status.show_message("nothing to undo" if undone is None else f"undone: {undone.text}")
            if undone is not None and undone.is_regrouping:
                self._listing.show_regrouped()
            else:
                self._listing.show_remarked()

        self.store(store)

    def store(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Store a change in the background; if that fails, say why and show the stored state."""

        async def guarded() -> None:
            try:
                await work()
            except MarkError as error:
                self._headlines.refresh_rows()
                self._status.show_warning(str(error))

        run_task(self._screen, guarded, "marks")

    # -- out of the window ---------------------------------------------------------------------------
    def _address(self) -> str | None:
        article_id = self._headlines.article_id
        reader = self._reads.reader
        article = None if article_id is None else self._reads.read(lambda: reader.articles.get(article_id), None)
        if article is None:
            return None
        url = article.url
        if url is None or not is_web_address(url):
            self._status.show_message("this article has no link")
            return None
        return url

    def open_browser(self) -> None:
        """Open the article in the browser and mark it as read."""
        url, row = self._address(), self._headlines.headline
        if url is not None and row is not None:
            self.open_address(url, lambda: self.mark(row, "read", True, None) if row.is_unread else None)

    def open_address(self, url: str, when_open: Callable[[], None] = lambda: None) -> None:
        """Open a link in the browser, or copy it if that fails.

        Args:
            when_open: called once a browser has taken it.
        """
        host = ascii_host(split(url).hostname or "")

        async def open_it() -> None:
            from tracker.ui.browser import open_in_browser  # 10 ms of imports that most sessions do not need

            problem = await open_in_browser(url)
            if problem is None:
                when_open()
                self._status.show_message(f"opened {host}")
            else:
                self._screen.app.copy_to_clipboard(url)
                self._status.show_warning(f"{problem}: link copied")

        self._status.show_message(f"opening {host}")
        run_task(self._screen, open_it, "browser")

    def copy_address(self) -> None:
        """Copy the article's address to the clipboard of the terminal."""
        url = self._address()
        if url is not None:
            self._screen.app.copy_to_clipboard(url)
            self._status.show_message("link copied")
