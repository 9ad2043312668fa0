"""The error that this package raises."""

from __future__ import annotations


class FeedError(Exception):
    """A document is unusable; `str(error)` says why, in words for the user ("an HTML page, not a feed")."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
