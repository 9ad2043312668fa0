"""The article: its text with the matched words lit, and what its shares did since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.style import Style

from tracker.model.article import Article
from tracker.model.dates import AgreedDate
from tracker.model.fulltext import FullText
from tracker.model.market import Move
from tracker.ui.widgets.article_text import PARTS, FullBody, Line, Original, Part, TextSpan, article_lines
from tracker.ui.widgets.full_text_lines import full_text_lines, matched_words
from tracker.ui.widgets.left_clicks import LeftClicks
from tracker.ui.widgets.share_text import share_paragraphs
from tracker.ui.widgets.text_lines import TextLines

if TYPE_CHECKING:
    from tracker.model.impact import Impact


class ArticlePane(LeftClicks, VerticalScroll):
    """One article, wrapped to the width of the pane; three lines of help while there is none."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"article-pane--{part}" for part in PARTS}
    DEFAULT_CSS = """
    ArticlePane {
        background: $surface; color: $foreground;
        padding: 0 1; scrollbar-size-vertical: 1; scrollbar-gutter: stable;
        & > TextLines { width: 1fr; min-height: 100%; }
        & > .article-pane--title { text-style: bold; }
        & > .article-pane--meta, & > .article-pane--note { color: $tracker-muted; }
        & > .article-pane--tag { color: $tracker-mark; text-style: bold; }
        & > .article-pane--up { color: $tracker-up; text-style: bold; }
        & > .article-pane--down { color: $tracker-down; text-style: bold; }
        & > .article-pane--flat { color: $tracker-flat; }
        & > .article-pane--price { color: $foreground; }
        & > .article-pane--text { color: $foreground; }
        & > .article-pane--match { color: $tracker-mark; text-style: bold; }
        & > .article-pane--link { color: $foreground; text-style: underline; }
    }
    """

    @dataclass(repr=False, eq=False)
    class LinkPicked(Message):
        """A link was clicked."""

        url: str

    @dataclass(repr=False, eq=False)
    class ArticlePicked(Message):
        """The way to another article was clicked."""

        article_id: int

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.article: Article | None = None
        """The article that is shown."""
        self._moves: tuple[Move, ...] = ()
        self._impacts: dict[str, Impact] = {}
        self._original: Original | None = None
        self._full: FullText | None = None
        self._notice = ""
        self._body: tuple[int, FullText, FullBody] | None = None
        self._now: datetime | None = None
        self.empty_help: Sequence[str] = ()
        """Lines that show while there is no article."""
        self.held: Mapping[str, float] = {}
        """How many shares the user holds, by symbol."""
        self.dates: Mapping[str, tuple[AgreedDate, ...]] = {}
        """Coming dates of the article's shares, by symbol."""
        self._drawn: tuple[int, list[Line]] | None = None

    def compose(self) -> ComposeResult:
        """Return the one widget that holds the text."""
        yield TextLines(id="article-text")

    @property
    def article_id(self) -> int | None:
        """The id of the article that is shown."""
        return None if self.article is None else self.article.id

    @property
    def links(self) -> tuple[str, ...]:
        """The addresses behind `[1]`, `[2]`, ... in order."""
        return () if self.article is None else self.article.links if self._full is None else self._full.links

    def show(
        self,
        article: Article | None,
        moves: Sequence[Move],
        now: datetime,
        impacts: Sequence[Impact] = (),
        original: Original | None = None,
        full: FullText | None = None,
        notice: str = "",
    ) -> None:
        """Show an article with the moves of its shares as of `now`; another one than before begins at its top.

        Args:
            original: what it was taken from, where that is stored.
            full: the text of its page, instead of what the feed has.
            notice: what to say above its text.
        """
        is_other = article is None or article.id != self.article_id or (full is None) != (self._full is None)
        self.article, self._moves, self._now = article, tuple(moves), now
        self._impacts = {impact.symbol: impact for impact in impacts}
        self._original, self._full, self._notice = original, full, notice
        self._wrap()
        if is_other:
            self.scroll_to(y=0, animate=False, force=True, immediate=True)

    def page_down(self) -> bool:
        """Scroll down by a page but one line; False, without scrolling, when the end is in sight."""
        if self.scroll_offset.y >= self.max_scroll_y:
            return False
        by = max(1, self.scrollable_content_region.height - 1)
        self.scroll_to(y=self.scroll_offset.y + by, animate=False, force=True, immediate=True)
        return True

    def on_mount(self) -> None:
        """Show the help until an article comes."""
        self._wrap()

    def on_resize(self) -> None:
        """Wrap for the new width."""
        self._wrap()

    def clicked(self, event: events.Click) -> None:
        """Tell which link was clicked."""
        link = event.style.meta.get("link")
        if isinstance(link, str | int):
            event.stop()
            self.post_message(self.LinkPicked(link) if isinstance(link, str) else self.ArticlePicked(link))

    def _wrap(self) -> None:
        width = self.scrollable_content_region.width
        if not self.is_mounted or width < 1:
            return  # comes back when there is a size
        lines = self._lines(width)
        if (width, lines) != self._drawn:
            self._drawn = (width, lines)
            self.query_one(TextLines).show([_content(line) for line in lines])

    def _lines(self, width: int) -> list[Line]:
        if self.article is None or self._now is None:
            return [(), *((TextSpan(line, "note"),) for line in self.empty_help)]
        article, now = self.article, self._now
        shares = [
            paragraph
            for move in self._moves
            for paragraph in share_paragraphs(
                move,
                self._impacts.get(move.symbol),
                article,
                now,
                held=self.held.get(move.symbol),
                dates=self.dates.get(move.symbol, ()),
            )
        ]
        body = None if self._full is None else self._full_body(article, self._full, width)
        return article_lines(article, shares, now, width, original=self._original, full=body, notice=self._notice)

    def _full_body(self, article: Article, full: FullText, width: int) -> FullBody:
        # A long text takes 100 ms to wrap, and prices are drawn again every minute.
        if self._body is None or self._body[0] != width or self._body[1] is not full:
            body = FullBody(full_text_lines(full, matched_words(article), width), full.links)
            self._body = width, full, body
        return self._body[2]


def _content(line: Line) -> Content:
    """Return a line as styled text: built from runs, so that nothing in it is read as markup."""
    return Content("").join(_piece(span.text, span.part, span.link) for span in line)


def _piece(text: str, part: Part, link: str | int | None) -> Content:
    content = Content.styled(text, f".article-pane--{part}")
    return content if link is None else content.stylize(Style.from_meta({"link": link}))
