"""How long tracker waits for servers. Together the limits end a sync in which one host hangs after 35 s."""

from __future__ import annotations

from msgspec import Struct


class Timeouts(Struct, frozen=True):
    """Limits in seconds, without the wait for a slot."""

    connect: float = 10.0
    """From the name lookup to a connection, and the same again for TLS."""
    feed: float = 30.0
    """For one feed, from connecting to the last byte, redirects included."""
    price: float = 8.0
    """For one response of a price provider. A provider that exceeds it is paused, so four that hang take 32 s."""


DEFAULT_TIMEOUTS = Timeouts()
