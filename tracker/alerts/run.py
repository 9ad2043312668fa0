"""Judges the alert rules on what is stored, and sends what fires."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

from tracker.alerts.judge import MAX_PER_HOUR, REACH, judge
from tracker.alerts.notify import NO_DESKTOP
from tracker.alerts.recent import recent_alerts
from tracker.impact.article_moves import article_moves
from tracker.impact.coming import coming_dates
from tracker.model.alert import AlertRule, Candidate, Firing
from tracker.model.clock import Clock
from tracker.model.config import Config
from tracker.model.dates import market_day
from tracker.model.query import parse_query, with_watchlist
from tracker.store.date_alerts import FiredDate
from tracker.store.read import Reader
from tracker.store.write import Writer
from tracker.words.dates import sentence
from tracker.words.names import provider_text

RESEND_AFTER = timedelta(minutes=15)
"""By then the program that claimed an alert has ended: sending all of one rule takes 12 minutes at most."""
_HOUR = timedelta(hours=1)
_REPORTED_AMONG = 100
"""How many alerts back a missing desktop counts as reported."""


class Sender(Protocol):
    """A way to send alerts."""

    async def send(self, firing: Firing) -> str | None:
        """Send one; return what did not work."""


class AlertRun:
    """Fires alerts, each at most once a story.

    A program claims an alert, sends it and then marks it as sent, so two programs never send the same one. If a program
    ends in between, the alert is sent again later and says so.

    Args:
        run_blocking: runs what waits for the database.
    """

    def __init__(
        self,
        config: Config,
        db: Path,
        clock: Clock,
        sender: Sender,
        run_blocking: Callable[[Callable[[], object]], Awaitable[object]],
    ) -> None:
        self._config = config
        self._db = db
        self._clock = clock
        self._sender = sender
        self._run_blocking = run_blocking

    async def begin(self) -> None:
        """Remember which articles are older than new rules: they fire nothing. Call it before a sync."""
        if self._config.alerts:
            await self._run_blocking(self._note_rules)

    async def fire(self) -> list[tuple[Firing, str | None]]:
        """Judge all rules and send what fires; return each alert with what did not work, or None.

        A missing desktop is reported once, not with each alert; the store keeps it with each.
        """
        sent: list[tuple[Firing, str | None]] = []
        for rule in self._config.alerts:
            firings: list[Firing] = []
            claim = self._claim if rule.results is None else self._claim_dates
            await self._run_blocking(partial(claim, rule, firings))
            for firing in firings:
                problem = await self._sender.send(firing)
                news: list[str] = []
                await self._run_blocking(partial(self._note_sent, firing, problem, news))
                sent.append((firing, "; ".join(news) or None))
        return sent

    def _note_rules(self) -> None:
        with Writer(self._db) as writer:
            writer.alerts.note_rules([rule.key for rule in self._config.alerts])

    def _claim(self, rule: AlertRule, firings: list[Firing]) -> None:
        """Add what fires now, and what was claimed long ago and never sent, to `firings`."""
        now = self._clock()
        query = with_watchlist(parse_query(rule.query), self._config.watched)
        with Reader(self._db) as reader:
            unsent = reader.alerts.unsent(rule.key, now - RESEND_AFTER)
            ids = reader.alerts.candidates(rule.key, query, now - REACH, now)
            again = [Firing(rule, one, one.symbol, None, is_again=True) for one in _candidates(reader, unsent, now)]
            firing = judge(rule, _candidates(reader, ids, now))
        if not firing and not unsent:
            return
        with Writer(self._db) as writer:
            articles = [one.article_id for one in firing]
            claimed = writer.alerts.claim(rule.key, articles, now, since=now - _HOUR, most=MAX_PER_HOUR)
            claimed |= writer.alerts.claim_again(rule.key, unsent, now - RESEND_AFTER, now)
        firings += [one for one in (*again, *firing) if one.article_id in claimed]

    def _claim_dates(self, rule: AlertRule, firings: list[Firing]) -> None:
        """Add the results that are near to `firings`, each date of a share once."""
        now = self._clock()
        today = market_day(now)[0]
        found: dict[str, tuple[FiredDate, Candidate]] = {}
        with Reader(self._db) as reader:
            for symbol, dates in coming_dates(reader, self._config.watched, now).items():
                for one in dates:
                    if one.kind == "results" and one.days_after(today) < (rule.results or 0):
                        whose = ", ".join(map(provider_text, one.sources))
                        fired = FiredDate(rule.key, symbol, one.day, sentence(one, today), whose)
                        candidate = Candidate(0, 0, fired.title, None, whose, whose, None, symbol, date_key=fired.key)
                        found.setdefault(fired.key, (fired, candidate))
            due = reader.date_alerts.unclaimed([fired for fired, _ in found.values()], now - RESEND_AFTER)
        if not due:
            return
        with Writer(self._db) as writer:
            claimed = writer.date_alerts.claim(
                due, now, before=now - RESEND_AFTER, since=now - _HOUR, most=MAX_PER_HOUR
            )
        firings += [
            Firing(rule, found[key][1], found[key][1].symbol, None, is_again=is_again)
            for key, is_again in claimed.items()
        ]

    def _note_sent(self, firing: Firing, problem: str | None, news: list[str]) -> None:
        """Note that an alert was sent; add what did not work to `news`, unless that is known."""
        said = problem or ""
        if said.startswith(NO_DESKTOP):
            with Reader(self._db) as reader:
                if any((one.problem or "").startswith(NO_DESKTOP) for one in recent_alerts(reader, _REPORTED_AMONG)):
                    said = said.removeprefix(NO_DESKTOP).removeprefix("; ")
        news += [said] if said else []
        with Writer(self._db) as writer:
            if firing.candidate.date_key is not None:
                writer.date_alerts.note_sent(firing.candidate.date_key, self._clock(), problem)
                return
            writer.alerts.note_sent(firing.rule.key, firing.article_id, self._clock(), problem)


def _candidates(reader: Reader, ids: Sequence[int], now: datetime) -> list[Candidate]:
    """Return the articles as candidates, in the order of `ids`."""
    quotes = reader.prices.quotes() if ids else {}
    return [
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
                (move.symbol, move.since)
                for move in article_moves(reader.prices, article, quotes, now)
                if move.since is not None
            ),
        )
        for article in reader.articles.get_many(ids)
    ]
