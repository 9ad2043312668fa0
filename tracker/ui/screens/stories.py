"""Stories and links: the other articles of a story, the one it was taken from, the addresses that an article names."""

from __future__ import annotations

from urllib.parse import urlsplit

from tracker.ui.scope import Scope, everything
from tracker.ui.screens.reading import ReadingScreen
from tracker.ui.widgets.article_pane import ArticlePane


class StoriesScreen(ReadingScreen):
    """What leads from one article to others: those of its story, and those it links to."""

    # -- for the screen that is made of this -------------------------------------------------
    def open_scope(self, cursor_on: int | None = None, *, first_at_once: bool = False, is_exact: bool = False) -> None:
        """Show what the scope holds."""
        raise NotImplementedError

    # -- the other articles ------------------------------------------------------------------
    def action_story_unfold(self) -> None:
        """Show the other articles of the story under it, or hide them."""
        if not self.headlines.toggle_story():
            self.show_message("this story has no other article")

    def action_article_original(self) -> None:
        """Go to the stored article that the one under the cursor was taken from, and open it if that one was open."""
        self.show_article()
        article, original = self._article, self._original
        if article is None:
            return
        if original is None:
            named = article.attribution
            reason = "names no source" if named is None else f"is based on {named.name}, whose article is not stored"
            self.show_message(f"this article {reason}")
            return
        self.show_message(f"{original.source}, which {article.source} names as its source")
        is_open = self.pane == "article"
        self.jump(original.id, is_exact=True)
        if is_open and self.headlines.article_id == original.id:
            self.open_current(focus=True)

    def on_article_pane_article_picked(self, message: ArticlePane.ArticlePicked) -> None:
        """Go to an article that was clicked."""
        self.jump(message.article_id, is_exact=True)

    # -- going to an article ----------------------------------------------------------------------
    def jump(self, article_id: int, *, is_exact: bool = False) -> None:
        """Go to an article as `go_to` does, leaving the view for everything where that holds none of its story."""
        if self.go_to(article_id, is_exact=is_exact):
            return
        self.scope = Scope(everything())
        self.side.put_cursor(self.scope.place.key)
        self.search_field.set_class(False, "is-open")
        self.search_field.field.value = ""
        wanted = article_id if is_exact else self._story_article_ids(article_id)[-1]
        self.open_scope(wanted, first_at_once=True, is_exact=is_exact)
        self.show_pane("list")

    def go_to(self, article_id: int, *, is_exact: bool = False) -> bool:
        """Go to an article in the list, or to another report of its story; False when it holds none.

        `is_exact` unfolds the story where the article itself has no row.
        """
        is_there = self.put_cursor_on(article_id, is_exact=is_exact)
        if is_there:
            self.show_pane("list")
        return is_there

    def put_cursor_on(self, article_id: int, *, is_exact: bool) -> bool:
        """Put the list's cursor on an article as `go_to` does, whichever pane is visible."""
        window = self.headlines.window
        for one in self._story_article_ids(article_id):
            index = window.index_of(one)
            if index is not None:
                if not is_exact or one == article_id:
                    self.headlines.cursor = index
                else:
                    self.headlines.unfold_to(window.lead_of(one), article_id)
                return True
        return False

    def _story_article_ids(self, article_id: int) -> list[int]:
        """Return the article, then the other reports of its story, the first one last."""

        def read() -> list[int]:
            article = self.reader.articles.get(article_id)
            return [] if article is None else self.reader.stories.articles(article.story.id)

        story: list[int] = self.read_store(read, [])
        return [article_id, *(one for one in reversed(story) if one != article_id or one == story[0])]

    # -- links ---------------------------------------------------------------------------------
    def on_article_pane_link_picked(self, message: ArticlePane.LinkPicked) -> None:
        """Open a link that was clicked."""
        self.open_link(message.url)

    def action_article_links(self) -> None:
        """Choose one of the article's links to open."""
        self.show_article()
        links = self.article_pane.links
        if not links:
            self.show_message("this article has no links")
            return
        from tracker.ui.screens.links import LinksScreen

        self.app.push_screen(LinksScreen(links), self._link_chosen)

    def _link_chosen(self, url: str | None) -> None:
        if url is not None:
            self.open_link(url)

    def open_link(self, url: str) -> None:
        """Open an http or https link in the browser; refuse any other link of a feed."""
        parts = urlsplit(url)
        if parts.scheme in ("http", "https"):
            self.app.open_url(url)
            self.show_message(f"opened {parts.hostname}")
        else:
            self.show_message("tracker opens only http and https links")
