"""The one error this room raises on purpose."""

from __future__ import annotations


class FeedError(Exception):
    """A document cannot be used; `str(error)` says why, in words for the user ("an HTML page, not a feed")."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
