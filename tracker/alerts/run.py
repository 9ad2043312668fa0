"""Judges the rules of a configuration on what is stored, and tells what fires."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

from msgspec.structs import replace

from tracker.alerts.judge import REACH, judge
from tracker.model.alert import AlertRule, Candidate, Firing
from tracker.model.clock import Clock, to_epoch
from tracker.model.config import Config
from tracker.model.market import Quote
from tracker.model.query import parse_query, with_watchlist
from tracker.prices.moves import move_since
from tracker.store.read import Reader
from tracker.store.write import Writer

_HOUR = timedelta(hours=1)


class Tells(Protocol):
    """A way to tell alerts."""

    async def tell(self, firing: Firing) -> str | None:
        """Tell one; return what did not work."""


class AlertRun:
    """Fires alerts, each at most once a story.

    A story counts as fired before it is told, and as told after: a crash in between tells it again, and says so.

    Args:
        run_blocking: runs what waits for the database.
    """

    def __init__(
        self,
        config: Config,
        db: Path,
        clock: Clock,
        teller: Tells,
        run_blocking: Callable[[Callable[[], object]], Awaitable[object]],
    ) -> None:
        self._config = config
        self._db = db
        self._clock = clock
        self._teller = teller
        self._run_blocking = run_blocking

    def begin(self) -> None:
        """Remember which articles are older than new rules: they fire nothing. Call it before a sync."""
        if not self._config.alerts and not self._db.exists():
            return
        with Writer(self._db) as writer:
            writer.alerts.note_rules([rule.key for rule in self._config.alerts])

    async def fire(self) -> list[tuple[Firing, str | None]]:
        """Judge all rules and tell what fires; return each alert with what did not work, or None."""
        told: list[tuple[Firing, str | None]] = []
        for rule in self._config.alerts:
            firings: list[Firing] = []
            await self._run_blocking(partial(self._judge, rule, firings))
            for firing in firings:
                problem = await self._teller.tell(firing)
                await self._run_blocking(partial(self._note_told, firing, problem))
                told.append((firing, problem))
        return told

    def _judge(self, rule: AlertRule, firings: list[Firing]) -> None:
        """Add what fires to `firings`, noted as fired."""
        now = self._clock()
        query = with_watchlist(parse_query(rule.query), self._config.watched)
        with Reader(self._db) as reader:
            untold = [replace(one, is_again=True) for one in self._again(reader, rule)]
            ids = reader.alerts.matches(rule.key, query, now - REACH, now)
            if not ids and not untold:
                return
            fired = reader.alerts.fired_stories(rule.key)
            count = reader.alerts.fired_since(rule.key, now - _HOUR)
            candidates = _candidates(reader, ids, now) if ids else []
        firing, held = judge(rule, candidates, fired, count)
        if firing or held:
            with Writer(self._db) as writer:
                writer.alerts.note_fired(rule.key, [one.candidate.article_id for one in firing], now)
                ids_held = [one.candidate.article_id for one in held]
                writer.alerts.note_fired(rule.key, ids_held, now, held_back=True)
        firings += [*untold, *firing]

    def _again(self, reader: Reader, rule: AlertRule) -> list[Firing]:
        untold = reader.alerts.untold(rule.key)
        found = _candidates(reader, untold, self._clock()) if untold else []
        return [firing for one in found for firing in judge(replace(rule, move=None), [one], (), 0)[0]]

    def _note_told(self, firing: Firing, problem: str | None) -> None:
        with Writer(self._db) as writer:
            writer.alerts.note_told(firing.rule.key, firing.candidate.article_id, self._clock(), problem)


def _candidates(reader: Reader, ids: list[int], now: datetime) -> list[Candidate]:
    """Return the articles as candidates, in the order of `ids`."""
    quotes = reader.prices.quotes()
    found = []
    for article in reader.articles.get_many(ids):
        about = (mention.symbol for mention in article.mentions if mention.salience == "about")
        symbols = dict.fromkeys(symbol for symbol in (article.symbol, *about) if symbol)
        found.append(
            Candidate(
                article.id,
                article.story.id,
                article.title,
                article.url,
                article.source,
                article.story.sources[0] if article.story.sources else article.source,
                article.time,
                article.symbol,
                tuple(
                    (symbol, move)
                    for symbol in symbols
                    if (move := _move(reader, symbol, article.time, quotes.get(symbol), now)) is not None
                ),
            )
        )
    return found


def _move(reader: Reader, symbol: str, published: datetime, quote: Quote | None, now: datetime) -> float | None:
    base = reader.prices.base_before(symbol, to_epoch(published))
    return move_since(symbol, published, base, quote, now).since
