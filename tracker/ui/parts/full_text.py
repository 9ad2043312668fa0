"""The full text of the article under the cursor: from the store, or fetched from its page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.worker import Worker, get_current_worker

from tracker.model.article import Article
from tracker.model.errors import StoreError
from tracker.model.fulltext import FullText
from tracker.model.shown import ascii_host
from tracker.net.address import is_web_address, split
from tracker.ui.newest_only import reason_of
from tracker.ui.parts.article_view import ArticleView
from tracker.ui.parts.part import Part, Shared
from tracker.ui.tasks import run_task

if TYPE_CHECKING:
    import httpx

    from tracker.feeds.fetch import Fetcher
    from tracker.model.config import Settings


class FullTexts(Part):
    """Fetches full texts, one worker for each, and shows them in the article pane.

    Args:
        transport: replaces the network, for tests.
    """

    def __init__(self, shared: Shared, *, article: ArticleView, transport: httpx.AsyncBaseTransport | None) -> None:
        super().__init__(shared)
        self._article = article
        self._transport = transport
        self._workers: dict[int, Worker[None]] = {}
        self._fetcher: Fetcher | None = None
        self._settings: Settings | None = None
        """What the fetcher was made with."""
        self._retired: list[Fetcher] = []
        self._connecting = asyncio.Lock()

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what each command of this part does."""
        return {"article.full": self.toggle}

    async def close(self) -> None:
        """Close the connections to the pages' servers."""
        for fetcher in (self._fetcher, *self._retired):
            if fetcher is not None:
                await fetcher.aclose()

    def text(self) -> str:
        """Return that the text of the article shown is being fetched, for the status line; "" if it is not."""
        article = self._article.article
        if article is None or article.id not in self._workers or article.url is None:
            return ""
        return f"fetching the full text from {_host(article.url)} … {self._status.key('article.full')} stops"

    def toggle(self) -> None:
        """Show the full text, fetching it where it is not stored; or the summary again; or stop fetching."""
        self._article.show()
        article = self._article.article
        if article is None:
            return
        if article.id in self._workers:
            self._workers.pop(article.id).cancel()
            self._status.show_message("stopped fetching the full text")
        elif self._article.show_summary() or self._article.show_stored():
            return
        elif self._view.replay is not None:
            self._status.show_message("the replay has no pages: only the text of its feeds")
        elif article.url is None or not is_web_address(article.url):
            self._status.show_message("this article has no link to fetch its text from")
        else:
            self._start(article, article.url)

    def _start(self, article: Article, url: str) -> None:
        self._article.note(article.id, "")
        work = partial(self._fetch, article, url)
        self._workers[article.id] = run_task(self._screen, work, "page")
        self._status.draw()

    async def _fetch(self, article: Article, url: str) -> None:
        try:
            full = await self._read(article, url)
        except Exception as error:  # an internal one, too: the window stays open and says so
            self._forget(article)
            self._say_failed(article, url, error)
            return
        self._forget(article)
        self._article.show_full(article.id, full)
        try:
            await asyncio.to_thread(self._keep, article.id, full)
        except StoreError as error:
            self._status.show_warning(f"the full text is shown, but cannot be kept: {error}")

    def _forget(self, article: Article) -> None:
        # One that was stopped may have been started again.
        if self._workers.get(article.id) is get_current_worker():
            del self._workers[article.id]
            self._status.draw()

    def _say_failed(self, article: Article, url: str, error: Exception) -> None:
        from tracker.sync.fulltext import PageError

        reason = error.reason if isinstance(error, PageError) else reason_of(error)
        self._article.note(article.id, f"no full text: {reason}")
        self._status.show_warning(f"{_host(url)}: {reason}")

    async def _read(self, article: Article, url: str) -> FullText:
        fetcher = await self._connect()
        from tracker.sync.fulltext import PageReader

        # The page's address is a stranger's: on the local network only the host and port of its feed may be asked.
        feed = self._view.states.get(article.source)
        pages = PageReader(fetcher, self._db, self._view.clock)
        return await pages.read(url, own="" if feed is None else feed.url)

    async def _connect(self) -> Fetcher:
        async with self._connecting:
            settings = self._view.config.settings
            if self._fetcher is None or settings != self._settings:
                if self._fetcher is not None:
                    self._retired.append(self._fetcher)  # others may still be fetching with it
                self._fetcher, self._settings = await asyncio.to_thread(self._make_fetcher, settings), settings
            return self._fetcher

    def _make_fetcher(self, settings: Settings) -> Fetcher:
        from tracker.sync.fetching import make_fetcher  # 200 ms that a window without full texts does not need
        from tracker.sync.fulltext import PAGE_TYPES

        return make_fetcher(
            settings,
            self._view.clock,
            self._db,
            PAGE_TYPES,
            transport=self._transport,
            is_one_round=False,  # one for all pages, so that each host has its pauses between them
        )

    def _keep(self, article_id: int, full: FullText) -> None:
        from tracker.store.write import Writer

        with Writer(self._db) as writer:
            writer.full_texts.put(article_id, full)


def _host(url: str) -> str:
    return ascii_host(split(url).hostname or "")
