"""The `[[mute]]` rules of a configuration as queries."""

from __future__ import annotations

from tracker.model.config import Config
from tracker.model.query import Query, parse_query, with_watchlist


def muting(config: Config) -> tuple[Query, ...]:
    """Return the queries whose matches are muted; they were checked when the configuration was read."""
    return tuple(with_watchlist(parse_query(text), config.watched) for text in config.mutes)
