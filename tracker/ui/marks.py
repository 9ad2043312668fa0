"""Marks of the reader: shown at once, stored in order behind the scenes, undone one by one."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.model.errors import TrackerError
from tracker.model.query import Query

if TYPE_CHECKING:
    from tracker.store.write import Writer


class Undo(Struct, frozen=True):
    """What would take one mark back."""

    column: str
    ids: tuple[int, ...]
    """Exactly the articles that the mark changed."""
    value: bool
    """What they had before."""
    text: str
    """The mark in words: "3 marked read"."""


class MarkError(TrackerError):
    """A mark could not be stored."""


class Marks:
    """Stores marks one after the other in a thread; a store held by another process makes nobody wait but them."""

    def __init__(self, db: Path) -> None:
        self._db = db
        self._turn = asyncio.Lock()
        self._undo: list[Undo] = []

    @property
    def last(self) -> Undo | None:
        """What `undo` would take back."""
        return self._undo[-1] if self._undo else None

    async def set_mark(self, column: str, article_id: int, value: bool, text: str | None) -> int:
        """Mark an article's story; return how many articles changed. `text` None leaves it out of undo."""

        def write(writer: Writer) -> tuple[int, ...]:
            return (writer.set_read if column == "read" else writer.set_starred)([article_id], value)

        return len(await self._write(write, column, value, None if text is None else lambda _: text))

    async def mark_all_read(self, query: Query, now: datetime, up_to_id: int) -> int:
        """Mark all matches that the reader could have seen read; return how many articles changed."""
        return len(
            await self._write(
                lambda writer: writer.mark_all_read(query, now, up_to_id),
                "read",
                True,
                lambda ids: f"{len(ids):,} marked read",
            )
        )

    async def undo(self) -> Undo | None:
        """Take the last mark back; return it, or None when there is none."""
        if not self._undo:
            return None
        undo = self._undo.pop()

        def write(writer: Writer) -> tuple[int, ...]:
            writer.restore(undo.column, undo.ids, undo.value)
            return ()

        try:
            await self._write(write, undo.column, undo.value, None)
        except MarkError:
            self._undo.append(undo)
            raise
        return undo

    async def settled(self) -> None:
        """Wait until every mark that was asked for is stored."""
        async with self._turn:
            pass

    async def _write(
        self,
        write: Callable[[Writer], Iterable[int]],
        column: str,
        value: bool,
        text: Callable[[tuple[int, ...]], str] | None,
    ) -> tuple[int, ...]:
        async with self._turn:
            # Shielded: a window that closes lets the thread finish, and so the mark is stored.
            ids = await asyncio.shield(asyncio.to_thread(self._store, write))
        if ids and text is not None:
            self._undo.append(Undo(column, ids, not value, text(ids)))
        return ids

    def _store(self, write: Callable[[Writer], Iterable[int]]) -> tuple[int, ...]:
        from tracker.store.write import Writer  # 8 ms that the first paint does not wait for

        try:
            with Writer(self._db) as writer:
                return tuple(write(writer))
        except sqlite3.Error as error:
            raise MarkError(f"the mark could not be stored: {error}") from error
