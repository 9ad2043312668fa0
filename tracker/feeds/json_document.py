"""JSON documents that are not feeds."""

from __future__ import annotations

import json

from tracker.feeds.errors import FeedError


def parse_json(body: bytes, what: str) -> object:
    """Return the value of a JSON document.

    Args:
        what: it should be, for messages.

    Raises:
        FeedError: if it is empty, broken or nested too deeply.
    """
    if not body.strip():
        raise FeedError("empty response")
    try:
        return json.loads(body)
    except RecursionError:
        raise FeedError(f"not {what}: JSON nested too deeply") from None
    except ValueError:
        raise FeedError(f"not {what}: broken JSON") from None
