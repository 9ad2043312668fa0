"""Stories and links: the other articles of a story, and the addresses that an article names."""

from __future__ import annotations

from urllib.parse import urlsplit

from tracker.ui.screens.reading import ReadingScreen
from tracker.ui.widgets.article_pane import ArticlePane


class StoriesScreen(ReadingScreen):
    """What leads from one article to others: those of its story, and those it links to."""

    # -- the other articles ------------------------------------------------------------------
    def action_story_unfold(self) -> None:
        """Show the other articles of the story under it, or hide them."""
        if not self.headlines.toggle_story():
            self.say("no other article has this story")

    # -- links ---------------------------------------------------------------------------------
    def on_article_pane_link_picked(self, message: ArticlePane.LinkPicked) -> None:
        """Open a link that was clicked."""
        self.open_link(message.url)

    def action_article_links(self) -> None:
        """Choose one of the article's links to open."""
        self.show_article()
        links = self.article_pane.links
        if not links:
            self.say("this article has no links")
            return
        from tracker.ui.screens.links import LinksScreen

        self.app.push_screen(LinksScreen(links), self._link_chosen)

    def _link_chosen(self, url: str | None) -> None:
        if url is not None:
            self.open_link(url)

    def open_link(self, url: str) -> None:
        """Open an address of the web in the browser; nothing else, whatever a feed says."""
        parts = urlsplit(url)
        if parts.scheme in ("http", "https"):
            self.app.open_url(url)
            self.say(f"opened {parts.hostname}")
        else:
            self.say("only addresses of the web are opened")
