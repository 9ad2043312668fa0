"""Alert rules and what fires by them."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class AlertRule(Struct, frozen=True):
    """One `[[alert]]`."""

    query: str = ""
    """What stories have to match; "" for a rule about dates."""
    results: int | None = None
    """Fires once for each share of the watchlist whose results are less than so many days away; None: about stories."""
    move: float | None = None
    """Fires only once its share has moved this far since publication, up or down; a fraction."""
    notify: tuple[str, ...] = ()
    """"desktop" and "bell"."""
    command: tuple[str, ...] = ()
    """A program and its arguments, run without a shell."""
    url: str | None = None
    """An address that gets a POST."""
    line: int | None = None

    @property
    def is_of_prices_or_dates(self) -> bool:
        """True for a rule that may fire without a new article."""
        return self.move is not None or self.results is not None

    @property
    def key(self) -> str:
        """Identity, whatever the ways to send it: what it asks for."""
        if self.results is not None:
            return f"results<{self.results}d"
        return self.query if self.move is None else f"{self.query} move {self.move:g}"

    @property
    def label(self) -> str:
        """What it asks for, as people write it."""
        return self.key if self.move is None or self.results is not None else f"{self.query} move {self.move * 100:g}%"


class Candidate(Struct, frozen=True):
    """A story with a report that matches a rule, or a coming date."""

    article_id: int
    """The first report that matches; 0 where there is none."""
    story_id: int
    """0 where there is none."""
    title: str
    url: str | None
    source: str
    first_source: str
    """Who had the story first."""
    published: datetime | None
    """None for a coming date."""
    symbol: str | None
    """The share of its row."""
    moves: tuple[tuple[str, float], ...] = ()
    """By share: the move since publication, where it is known."""
    date_key: str | None = None
    """Identity of a coming date that fires; there is no story then."""


class Firing(Struct, frozen=True):
    """An alert to send."""

    rule: AlertRule
    candidate: Candidate
    symbol: str | None
    move: float | None
    """Of `symbol`, a fraction."""
    is_again: bool = False
    """True when it may have been sent before: the program ended while it was being sent."""

    @property
    def article_id(self) -> int:
        """The article that fired it."""
        return self.candidate.article_id
