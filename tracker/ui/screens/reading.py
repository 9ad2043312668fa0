"""Reading and marking: opening articles, going to the next unread, read, star, undo, browser, clipboard."""

from __future__ import annotations

from array import array
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from textual.timer import Timer

from tracker.model.article import Article, Headline
from tracker.model.clock import Clock
from tracker.model.commands import BY_ID
from tracker.model.config import Config
from tracker.model.market import Move, Quote
from tracker.store.read import Reader
from tracker.ui.article_moves import article_moves
from tracker.ui.commands import key_text, keys_of
from tracker.ui.marks import MarkError, Marks
from tracker.ui.scope import Scope, everything
from tracker.ui.screens.panes import PanesScreen
from tracker.ui.widgets.article_text import Original
from tracker.ui.widgets.headline_list import HeadlineList

_PREVIEW_SECONDS = 0.08  # holding the down key loads only the article it stops at
_UNREAD_SEARCH_ROWS = 200


class ReadingScreen(PanesScreen):
    """What a reader does with one article after the other."""

    def __init__(self, config: Config, db: Path, reader: Reader, clock: Clock) -> None:
        super().__init__(config, reader, clock)
        self.scope = Scope(everything())
        self.quotes: Mapping[str, Quote] = {}
        self.marks = Marks(db)
        self.highest_seen = 0
        """The newest article when the list was read: what came later is not marked read with all others."""
        self._article: Article | None = None
        self._original: Original | None = None
        self._preview: Timer | None = None

    # -- for the screen that is made of this ---------------------------------------------
    def show_regrouped(self) -> None:
        """Show the view with its stories as they are now, the cursor on its article."""
        raise NotImplementedError

    # -- showing an article ------------------------------------------------------------------
    def on_headline_list_highlighted(self, message: HeadlineList.Highlighted) -> None:
        """Show the article under the cursor beside the list, a moment later; it is not read by that."""
        if self._preview is not None:
            self._preview.stop()
        self._preview = self.set_timer(_PREVIEW_SECONDS, self.show_article)

    def on_headline_list_picked(self, message: HeadlineList.Picked) -> None:
        """Open a row that was clicked, the list keeping the focus where there is room for both."""
        self.open_current(focus=self.is_narrow)

    def show_article(self) -> None:
        """Show the article under the cursor in its pane."""
        article_id = self.headlines.article_id
        if article_id is None:
            self._article = None
        elif self._article is None or self._article.id != article_id:
            self._read_article(article_id)
        self.draw_article()

    def _read_article(self, article_id: int) -> None:
        self._article = self.read_store(lambda: self.reader.articles.get(article_id), None)
        source = None if self._article is None else self._article.rewrite_of
        rows = [] if source is None else self.headlines_of([source])
        key = key_text(keys_of(BY_ID["article.original"], self.config.keys)[0])
        self._original = Original(rows[0].id, rows[0].source, rows[0].time, key) if rows else None

    def draw_article(self) -> None:
        """Draw the article shown with the newest prices."""
        now = self.clock()
        article = self._article
        moves: list[Move] = []
        if article is not None:
            moves = self.read_store(lambda: article_moves(self.reader.prices, article, self.quotes, now), [])
        impacts = self.headlines.impacts_of(article.id) if article is not None else ()
        self.article_pane.show(article, moves, now, impacts, self._original)

    def forget_article(self) -> None:
        """Read the article shown again: its marks or text may have changed."""
        if self._article is not None:
            self._read_article(self._article.id)
            self.draw_article()

    def action_article_open(self) -> None:
        """Open what is under the cursor: the list of a side bar line, or the article of a headline."""
        if self.pane == "side":
            if self.side.row is not None and self.side.row.place is None:
                self.action_side_fold()
            else:
                self.show_pane("list")
        elif self.pane == "watch":
            self.watchlist.action_pick()
        else:
            self.open_current(focus=True)

    def open_current(self, *, focus: bool) -> None:
        """Mark the article under the cursor read and show it."""
        row = self.headlines.headline
        if row is None:
            return
        self.headlines.is_following = False
        if self._preview is not None:
            self._preview.stop()
        self.show_article()
        if not row.read:
            self.mark(row, "read", True, None)
        if focus:
            self.show_pane("article")

    def action_article_page(self) -> None:
        """Scroll the article; at its end go to the next unread and open it."""
        row = self.headlines.headline
        if row is None:
            return
        if self.is_narrow and self.pane != "article":
            self.open_current(focus=True)
            return
        is_shown = row.read and self._article is not None and self._article.id == row.id
        if not is_shown or (not self.article_pane.page_down() and self._go_unread(1)):
            self.open_current(focus=self.pane == "article")

    # -- next and previous unread --------------------------------------------------------------
    def action_list_next_unread(self) -> None:
        """Go to the next unread article."""
        self._unread(1)

    def action_list_previous_unread(self) -> None:
        """Go to the previous unread article."""
        self._unread(-1)

    def _unread(self, by: int) -> None:
        is_open = self.pane == "article"
        if self._go_unread(by):
            if is_open:
                self.open_current(focus=True)
            elif self.pane != "list":
                self.show_pane("list")

    def _go_unread(self, by: int) -> bool:
        window = self.headlines.window
        start = self.headlines.cursor
        # Those near by are on loaded pages; farther away one query is faster than page after page.
        near = range(start + by, start + by * _UNREAD_SEARCH_ROWS, by)
        for index in near:
            if not 0 <= index < len(window):
                break
            row = window.row(index)
            # The others of a story are read with it.
            if row is not None and not row.read and window.lead_of(row.id) == row.id:
                self.headlines.cursor = index
                return True
        else:
            unread = self._unread_ids()
            stop = len(window) if by > 0 else -1
            for index in range(start + by * _UNREAD_SEARCH_ROWS, stop, by):
                if window.ids[index] in unread:
                    self.headlines.cursor = index
                    return True
        self.show_message("no unread articles below" if by > 0 else "no unread articles above")
        return False

    def _unread_ids(self) -> frozenset[int]:
        query = self.scope.only("unread")
        return frozenset(self.read_store(lambda: self.reader.stories.leads(query, self.clock()), array("q")))

    # -- marks -------------------------------------------------------------------------------------
    def action_article_read(self) -> None:
        """Mark the article read or unread."""
        row = self.headlines.headline
        if row is not None:
            self.mark(row, "read", not row.read, "marked as unread" if row.read else "marked as read")

    def action_article_star(self) -> None:
        """Star or unstar the article."""
        row = self.headlines.headline
        if row is not None:
            self.mark(row, "starred", not row.starred, "unstarred" if row.starred else "starred")

    def mark(self, row: Headline, column: str, value: bool, text: str | None) -> None:
        """Show a mark at once and store it behind the scenes; `text` None keeps it out of undo."""
        window = self.headlines.window
        window.mark(row.story_id, column, value)
        self.headlines.redraw()

        async def store() -> None:
            try:
                await self.marks.set_mark(column, row.id, value, text)
            finally:
                window.unmark(row.story_id, column)
                self.headlines.redraw()
            self.forget_article()

        self._store(store())
        if text is not None:
            self.show_message(text + self.undo_hint())

    def action_list_all_read(self) -> None:
        """Mark everything in this view read."""
        scope, highest = self.scope, self.highest_seen

        async def store() -> None:
            count = await self.marks.mark_all_read(scope.query(), self.clock(), highest)
            self.show_message(
                f"{count:,} marked as read{self.undo_hint()}" if count else "everything here is already read"
            )
            self.headlines.refresh_rows()
            self.forget_article()

        self._store(store())

    def action_edit_undo(self) -> None:
        """Take back the last mark, split or join."""

        async def store() -> None:
            undone = await self.marks.undo()
            self.show_message("nothing to undo" if undone is None else f"undone: {undone.text}")
            if undone is not None and undone.is_regrouping:
                self.show_regrouped()
            else:
                self.headlines.refresh_rows()
                self.forget_article()

        self._store(store())

    def undo_hint(self) -> str:
        """Return the words that say how to undo."""
        return " · u undoes this"

    def _store(self, work: Coroutine[Any, Any, None]) -> None:
        async def guarded() -> None:
            try:
                await work
            except MarkError as error:
                self.headlines.refresh_rows()
                self.show_message(str(error), is_warning=True)

        self.run_worker(guarded(), group="marks", exit_on_error=False)

    # -- out of the window ---------------------------------------------------------------------------
    def _address(self) -> str | None:
        article_id = self.headlines.article_id
        article = None if article_id is None else self.read_store(lambda: self.reader.articles.get(article_id), None)
        if article is None:
            return None
        url = article.url
        if url is None or urlsplit(url).scheme not in ("http", "https"):
            self.show_message("this article has no link")
            return None
        return url

    def action_article_browser(self) -> None:
        """Open the article in the browser and mark it read."""
        url, row = self._address(), self.headlines.headline
        if url is not None and row is not None:
            self.app.open_url(url)
            if not row.read:
                self.mark(row, "read", True, None)
            self.show_message(f"opened {urlsplit(url).hostname}")

    def action_article_copy(self) -> None:
        """Copy the article's address to the clipboard of the terminal."""
        url = self._address()
        if url is not None:
            self.app.copy_to_clipboard(url)
            self.show_message("link copied")

    def action_side_fold(self) -> None:
        """Fold or unfold a group."""
        raise NotImplementedError
