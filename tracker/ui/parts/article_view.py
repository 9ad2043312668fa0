"""The article under the cursor, shown beside the list."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual.timer import Timer

from tracker.impact.article_moves import article_moves
from tracker.impact.coming import coming_dates
from tracker.model.article import Article
from tracker.model.fulltext import FullText
from tracker.model.market import Move
from tracker.ui.commands import first_key
from tracker.ui.parts.part import Part, Shared
from tracker.ui.widgets.article_text import ZONE, Original
from tracker.words.times import day_text

_PREVIEW_SECONDS = 0.08  # holding the down key loads only the article it stops at


class ArticleView(Part):
    """Reads the article under the cursor and draws it with current prices."""

    def __init__(self, shared: Shared) -> None:
        super().__init__(shared)
        self._pane = shared.widgets.article
        self._preview: Timer | None = None
        self.article: Article | None = None
        """The article shown."""
        self.original: Original | None = None
        """The stored article that it is based on, or the original of its story."""
        self._named: Original | None = None
        self._full_texts: dict[int, FullText] = {}
        self._notices: dict[int, str] = {}
        self.when_shown: Callable[[], object] = lambda: None
        """Called each time the cursor's article is shown."""

    def useless(self) -> set[str]:
        """Return the commands that would do nothing with the article shown: no hint names them."""
        found = set() if self.original is not None else {"article.original"}
        return found if self._pane.links else {*found, "article.links"}

    def show_soon(self) -> None:
        """Show the article shortly after the cursor stops, without marking it as read."""
        self.stop_preview()
        self._preview = self._screen.set_timer(_PREVIEW_SECONDS, self.show)

    def stop_preview(self) -> None:
        """Cancel `show_soon`."""
        if self._preview is not None:
            self._preview.stop()

    def show(self) -> None:
        """Show the article under the cursor."""
        article_id = self._headlines.article_id
        if article_id is None:
            self.article = None
        elif self.article is None or self.article.id != article_id:
            self._read(article_id)
        self.draw()
        self.when_shown()

    def _read(self, article_id: int) -> None:
        reads = self._reads
        self.article = reads.read(lambda: reads.reader.articles.get(article_id), None)
        source = None if self.article is None else self.article.rewrite_of
        rows = [] if source is None else reads.headlines([source])
        key = first_key("article.original", self._view.config.keys)
        self._named = Original(rows[0].id, rows[0].source, rows[0].time, key) if rows else None
        first = None if self.article is None else self.article.story.original
        is_other = first is not None and first.id != article_id
        self.original = self._named
        if self._named is None and first is not None and is_other:
            self.original = Original(first.id, first.source, first.published, key)

    def draw(self) -> None:
        """Draw the article shown with the newest prices."""
        now = self._view.clock()
        article = self.article
        moves: list[Move] = []
        if article is not None:
            read = self._reads.reader
            moves = self._reads.read(lambda: article_moves(read.prices, article, self._view.quotes, now), [])
            self._pane.dates = self._reads.read(lambda: coming_dates(read, article.shares, now), {})
        impacts = self._headlines.moves.impacts(article.id) if article is not None else ()
        self._pane.held = self._view.config.held
        self._pane.empty_help = _empty_help(self._view.config.keys)
        full = None if article is None else self._full_texts.get(article.id)
        notice = "" if article is None else self._notices.get(article.id, "")
        self._pane.show(article, moves, now, impacts, self._named, full, notice)

    # -- full text ----------------------------------------------------------------------
    def show_full(self, article_id: int, full: FullText) -> None:
        """Show an article with the text of its page from now on."""
        self._full_texts[article_id] = full
        fetched = "" if full.fetched is None else f", fetched {day_text(full.fetched, ZONE, self._view.clock())}"
        key = first_key("article.full", self._view.config.keys)
        self.note(article_id, f"full text{fetched} · {key} shows the summary")

    def show_stored(self) -> bool:
        """Show the article with its stored full text; False where there is none."""
        article, reads = self.article, self._reads
        full = None if article is None else reads.read(lambda: reads.reader.full_texts.get(article.id), None)
        if article is not None and full is not None:
            self.show_full(article.id, full)
        return full is not None

    def show_summary(self) -> bool:
        """Show the article with the text of its feed again; False where that is shown."""
        if self.article is None or self._full_texts.pop(self.article.id, None) is None:
            return False
        self.note(self.article.id, "")
        return True

    def note(self, article_id: int, text: str) -> None:
        """Say something above the text of an article; "" takes it away."""
        self._notices[article_id] = text
        self.draw()
        self.when_shown()

    def forget(self) -> None:
        """Read the article shown again: its marks or text may have changed."""
        if self.article is not None:
            self._read(self.article.id)
            self.draw()


def _empty_help(keys: Mapping[str, str]) -> tuple[str, ...]:
    return (
        f"{first_key('article.open', keys)} opens the article under the cursor and marks it as read.",
        f"{first_key('article.page', keys)} scrolls it, then goes to the next unread one.",
        f"{first_key('app.help', keys)} shows every key.",
    )
