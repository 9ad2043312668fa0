"""The reader's changes: shown at once, stored in order in the background, undone one by one."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from tracker.model.errors import ConfigError, StoreError, TrackerError
from tracker.model.plurals import count_noun
from tracker.model.query import Query, parse_query

if TYPE_CHECKING:
    from tracker.model.plan import StoryChange
    from tracker.store.write import Writer

T = TypeVar("T")


def _nobody(count: int) -> None:
    """Tell nobody."""


class Undo(Struct, frozen=True):
    """How to undo one change."""

    text: str
    """The change in words: "3 stories marked as read"."""
    take_back: Callable[[Writer], None]
    """Restores exactly what the change touched."""
    is_regrouping: bool = False
    """True when it moves articles between stories, which changes the rows of lists."""
    is_of_file: bool = False
    """True for a change to feeds.toml, which is undone only while nothing else has changed the file."""


class MarkError(TrackerError):
    """A change could not be stored."""


class Marks:
    """Stores changes one by one in a thread, so that a locked database never blocks the window."""

    def __init__(self, db: Path) -> None:
        self._db = db
        self._turn = asyncio.Lock()
        self._undo: list[Undo] = []
        self._is_marking = self._is_stopped = False

    @property
    def last(self) -> Undo | None:
        """The change that `undo` would undo."""
        return self._undo[-1] if self._undo else None

    # -- read and starred ----------------------------------------------------------------
    async def set_mark(self, column: str, article_id: int, value: bool, text: str | None) -> int:
        """Mark an article's story; return how many articles changed. `text` None leaves it out of undo."""

        def write(writer: Writer) -> tuple[int, ...]:
            return (writer.marks.set_read if column == "read" else writer.marks.set_starred)([article_id], value)

        ids = await self._write(write)
        if text is not None:
            self._note_mark(column, ids, value, text)
        return len(ids)

    async def mark_all_read(
        self, query: Query, now: datetime, up_to_id: int, told: Callable[[int], object] = _nobody
    ) -> int:
        """Mark all matches that the reader could have seen read; return how many stories changed.

        Args:
            told: gets the number of stories so far, in another thread, while there are more.
        """
        return await self._mark_slices(lambda writer: writer.marks.mark_all_read(query, now, up_to_id), told)

    async def mark_stories_read(
        self, ids: Sequence[int], up_to_id: int, told: Callable[[int], object] = _nobody
    ) -> int:
        """Mark the stories of articles as read as far as the reader could have seen them, as `mark_all_read`."""
        return await self._mark_slices(lambda writer: writer.marks.mark_stories_read(ids, up_to_id), told)

    def stop(self) -> bool:
        """Leave the stories unread that have not been marked so far; return False where nothing is being marked."""
        self._is_stopped = self._is_marking
        return self._is_marking

    async def _mark_slices(
        self, begin: Callable[[Writer], Iterator[Mapping[int, int]]], told: Callable[[int], object]
    ) -> int:
        """Mark stories as read slice by slice, for one undo; return how many changed."""

        def write(writer: Writer) -> int:
            ids, count = array("q"), 0
            self._is_marking, self._is_stopped = True, False
            try:
                for changed in begin(writer):
                    if ids:
                        told(count)
                    ids.extend(changed)
                    count += len(set(changed.values()))
                    if self._is_stopped:
                        break
            finally:  # what was stored before a failure is undone as well
                self._is_marking = False
                self._note_mark("read", ids, True, f"{count_noun(count, 'story', 'stories')} marked as read")
            return count

        return await self._write(write)

    def _note_mark(self, column: str, ids: Sequence[int], value: bool, text: str) -> None:
        if ids:
            self._undo.append(Undo(text, lambda writer: writer.marks.restore(column, ids, not value)))

    # -- muting --------------------------------------------------------------------------
    async def mute(
        self,
        rule: str,
        before: Sequence[str],
        now: datetime,
        *,
        add: Callable[[], object],
        remove: Callable[[], object],
    ) -> frozenset[int]:
        """Mute what a rule matches; return the articles that it hid.

        Args:
            before: the rules there are.
            add: writes the rule to the configuration.
            remove: takes it out again, for undo.
        """
        rules = (*before, rule)
        query = parse_query(rule)
        muted = await self._write(lambda writer: writer.mute(query, before, rules, now, add))
        self._undo.append(
            Undo(f"muted {rule}", lambda writer: writer.unmute(muted, before, rules, remove), is_regrouping=True)
        )
        return frozenset(muted.ids)

    # -- feeds.toml ----------------------------------------------------------------------
    def note_edit(self, text: str, take_back: Callable[[Writer], None]) -> None:
        """Remember how to undo a change to feeds.toml."""
        self._undo.append(Undo(text, take_back, is_of_file=True))

    # -- stories --------------------------------------------------------------------------
    async def split(self, article_id: int, text: str) -> bool:
        """Remove an article from its story; return False if it was alone."""
        return self._note_regrouping(await self._write(lambda writer: writer.stories.split(article_id)), text)

    async def join(self, story_ids: Collection[int], text: str) -> bool:
        """Join stories; return False if they already are one."""
        return self._note_regrouping(await self._write(lambda writer: writer.stories.merge(story_ids)), text)

    def _note_regrouping(self, change: StoryChange, text: str) -> bool:
        if change.before:
            self._undo.append(Undo(text, lambda writer: writer.stories.undo(change), is_regrouping=True))
        return bool(change.before)

    # -- taking back ------------------------------------------------------------------------
    async def undo(self) -> Undo | None:
        """Undo the last change; return it, or None if there is none."""
        if not self._undo:
            return None
        undo = self._undo.pop()
        try:
            await self._write(undo.take_back)
        except MarkError as error:
            if not (undo.is_of_file and isinstance(error.__cause__, ConfigError)):  # else it would bar those before it
                self._undo.append(undo)
            raise
        return undo

    async def settled(self) -> None:
        """Wait until every change that was asked for is stored."""
        async with self._turn:
            pass

    async def _write(self, write: Callable[[Writer], T]) -> T:
        async with self._turn:
            # Shielded: a window that closes lets the thread finish, and so the change is stored.
            return await asyncio.shield(asyncio.to_thread(self._store, write))

    def _store(self, write: Callable[[Writer], T]) -> T:
        from tracker.store.write import Writer  # 8 ms that the first paint does not wait for

        try:
            with Writer(self._db) as writer:
                return write(writer)
        except ConfigError as error:
            raise MarkError(" ".join(str(error).split())) from error
        except StoreError as error:
            raise MarkError(f"cannot store the change: {error}") from error
