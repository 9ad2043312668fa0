"""The user's own splits and joins of stories, which later grouping respects."""

from __future__ import annotations

from collections.abc import Callable

from tracker.ui.marks import Marks
from tracker.ui.parts.listing import Listing
from tracker.ui.parts.part import Part, Shared
from tracker.ui.parts.reading import Reading
from tracker.ui.widgets.pieces import fit

_TITLE_CELLS = 22


class Regrouping(Part):
    """Takes an article out of its story, or makes two stories one."""

    def __init__(self, shared: Shared, *, listing: Listing, reading: Reading, marks: Marks) -> None:
        super().__init__(shared)
        self._listing = listing
        self._reading = reading
        self._marks = marks
        self._joining: int | None = None

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what each command of this part does."""
        return {"story.split": self.split, "story.join": self.join}

    def split(self) -> None:
        """Take the article under the cursor out of its story."""
        row = self._headlines.headline
        if row is None:
            return

        async def store() -> None:
            is_out = await self._marks.split(row.id, "removed from its story")
            self._status.show_message(
                self._reading.can_undo("removed from its story") if is_out else "this story has no other article"
            )
            if is_out:
                self._listing.show_regrouped()

        self._reading.store(store)

    def join(self) -> None:
        """Mark the story under the cursor to be joined with another; on another, join the two."""
        row = self._headlines.headline
        if row is None:
            return
        if self._joining is None:
            self._joining = row.id
            self._headlines.mark_story(self._headlines.lead_id)
            self._status.draw()
            return
        marked = self._reads.headlines([self._joining])
        self.drop()
        if not marked:
            self._status.show_message("the marked article no longer exists")
            return
        story_ids = (marked[0].story_id, row.story_id)
        if story_ids[0] == story_ids[1]:
            self._status.show_message("this is the marked story; mark removed")
            return

        async def store() -> None:
            is_one = await self._marks.join(story_ids, "stories joined")
            done = self._reading.can_undo("joined into one story")
            self._status.show_message(done if is_one else "they already are one story")
            self._listing.show_regrouped()

        self._reading.store(store)

    @property
    def is_joining(self) -> bool:
        """True while a story is marked for joining."""
        return self._joining is not None

    def drop(self) -> None:
        """Cancel the join."""
        self._joining = None
        self._headlines.mark_story(None)
        self._status.draw()

    def text(self) -> str:
        """Return the prompt while a story is marked for joining, else an empty text."""
        rows = [] if self._joining is None else self._reads.headlines([self._joining])
        if not rows:
            return ""
        join, back = self._status.key("story.join"), self._status.key("article.back")
        return f"◆ {fit(rows[0].title, _TITLE_CELLS).rstrip()} · {join} on another story joins the two, {back} cancels"
