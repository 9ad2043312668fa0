"""Stories and links: the other articles of a story, the one it is based on, and links."""

from __future__ import annotations

from collections.abc import Callable

from tracker.model.plurals import count_noun
from tracker.net.address import is_web_address
from tracker.ui.parts.article_view import ArticleView
from tracker.ui.parts.listing import Listing
from tracker.ui.parts.part import Part, Shared
from tracker.ui.parts.reading import Reading
from tracker.ui.parts.searching import Searching


class Stories(Part):
    """Goes from one article to others: those of its story and those it links to."""

    def __init__(
        self, shared: Shared, *, article: ArticleView, listing: Listing, searching: Searching, reading: Reading
    ) -> None:
        super().__init__(shared)
        self._article_pane = shared.widgets.article
        self._article = article
        self._listing = listing
        self._searching = searching
        self._reading = reading

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what each command of this part does."""
        return {
            "story.unfold": self.unfold,
            "article.original": self.go_to_original,
            "article.links": self.choose_link,
        }

    def counted(self) -> dict[str, Callable[[int], object]]:
        """Return what commands of this part do with a number before their key."""
        return {"article.links": self.open_numbered}

    def unfold(self) -> None:
        """Show the other articles of the story under it, or hide them."""
        if not self._headlines.toggle_story():
            self._status.show_message("this story has no other article")

    def go_to_original(self) -> None:
        """Go to the stored article that the one under the cursor was taken from, else to the original of its story.

        It is opened if the one under the cursor was open.
        """
        self._article.show()
        article, original = self._article.article, self._article.original
        if article is None:
            return
        if original is None:
            named = article.attribution
            reason = "names no source" if named is None else f"is based on {named.name}, whose article is not stored"
            self._status.show_message(f"this article {reason}")
            return
        is_named = original.id == article.rewrite_of
        why = f"which {article.source} names as its source" if is_named else "the original of this story"
        self._status.show_message(f"{original.source}, {why}")
        is_open = self._panes.current == "article"
        self.jump(original.id, is_exact=True)
        if is_open and self._headlines.article_id == original.id:
            self._reading.open_current(focus=True)

    # -- going to an article ----------------------------------------------------------------------
    def jump(self, article_id: int, *, is_exact: bool = False) -> None:
        """Go to an article as `go_to` does, leaving the view for everything where that holds none of its story."""
        if self.go_to(article_id, is_exact=is_exact):
            return
        wanted = article_id if is_exact else self._reads.story_of(article_id)[-1]
        self._listing.show_everything(wanted, is_exact=is_exact)
        self._searching.close()
        self._panes.show("list")

    def go_to(self, article_id: int, *, is_exact: bool = False) -> bool:
        """Go to an article in the list, or to another report of its story; False when it holds none.

        `is_exact` unfolds the story where the article itself has no row.
        """
        is_there = self._listing.put_cursor_on(article_id, is_exact=is_exact)
        if is_there:
            self._panes.show("list")
        return is_there

    # -- links ---------------------------------------------------------------------------------
    def choose_link(self) -> None:
        """Choose one of the article's links to open."""
        self._article.show()
        links = self._article_pane.links
        if not links:
            self._status.show_message("this article has no links")
            return
        from tracker.ui.screens.links import LinksScreen

        self._screen.app.push_screen(LinksScreen(links, keys=self._view.config.keys), self._link_chosen)

    def open_numbered(self, number: int) -> None:
        """Open the link that the article's text marks with a number."""
        self._article.show()
        links = self._article_pane.links
        if 0 < number <= len(links):
            self.open_link(links[number - 1])
        else:
            count = count_noun(len(links), "link", "links") if links else "no links"
            self._status.show_message(f"no link [{number}]: this article has {count}")

    def _link_chosen(self, url: str | None) -> None:
        if url is not None:
            self.open_link(url)

    def open_link(self, url: str) -> None:
        """Open a link in the browser; only http and https."""
        if is_web_address(url):
            self._reading.open_address(url)
        else:
            self._status.show_message("tracker opens only http and https links")
