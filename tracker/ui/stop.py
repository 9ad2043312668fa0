"""Ends reads that nobody waits for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker.store.read import Reader


class Stop:
    """Ends what one thread at a time reads: it then gets a `StoreError` of kind `stopped`. Any thread may set it."""

    def __init__(self) -> None:
        self._reader: Reader | None = None
        self.is_set = False

    @contextmanager
    def reading(self, db: Path) -> Iterator[Reader]:
        """Open a database for reads that this ends."""
        with Reader(db) as reader:
            reader.allow_stop()
            self._reader = reader
            if self.is_set:  # after the line above: whoever sets it in between finds the reader
                reader.stop()
            try:
                yield reader
            finally:
                self._reader = None

    def set(self) -> None:
        """End the current read, if there is one, and all later ones."""
        self.is_set = True
        reader = self._reader
        if reader is not None:
            reader.stop()


class Stops:
    """Gives reads about one thing the same `Stop`, and sets it as soon as another thing is asked for.

    What reads the same again and again while a sync writes is left to come to its end.
    """

    def __init__(self) -> None:
        self._about: object = None
        self._stop = Stop()

    def of(self, about: object) -> Stop:
        """Return what ends the reads about this; those about anything else end now."""
        if about != self._about or self._stop.is_set:
            self._stop.set()
            self._about, self._stop = about, Stop()
        return self._stop

    def set(self) -> None:
        """End what is being read."""
        self._stop.set()
