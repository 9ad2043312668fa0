"""Stories by hand: an article taken out of its story, two stories made one."""

from __future__ import annotations

from pathlib import Path

from tracker.model.clock import Clock
from tracker.model.commands import BY_ID
from tracker.model.config import Config
from tracker.store.read import Reader
from tracker.ui.commands import key_text, keys_of
from tracker.ui.screens.stories import StoriesScreen
from tracker.ui.widgets.headline_row import clip

_TITLE_CELLS = 22


class RegroupingScreen(StoriesScreen):
    """What the reader says about which articles are one story; the store keeps to it."""

    def __init__(self, config: Config, db: Path, reader: Reader, clock: Clock) -> None:
        super().__init__(config, db, reader, clock)
        self._joining: int | None = None

    # -- for the screen that is made of this -------------------------------------------------
    def clear_message(self) -> None:
        """Take the passing message away: what is going on shows again."""
        raise NotImplementedError

    # -- splitting ----------------------------------------------------------------------------
    def action_story_split(self) -> None:
        """Take the article under the cursor out of its story."""
        row = self.headlines.headline
        if row is None:
            return

        async def store() -> None:
            is_out = await self.marks.split(row.id, "removed from its story")
            self.show_message(
                f"removed from its story{self.undo_hint()}" if is_out else "this story has no other article"
            )
            if is_out:
                self.show_regrouped()

        self._store(store())

    # -- joining ------------------------------------------------------------------------------
    def action_story_join(self) -> None:
        """Mark the story under the cursor to be joined with another; on another, join the two."""
        row = self.headlines.headline
        if row is None:
            return
        if self._joining is None:
            self._joining = row.id
            self.headlines.mark_story(self.headlines.lead_id)
            self.clear_message()
            return
        marked = self.headlines_of([self._joining])
        self.drop_joining()
        if not marked:
            self.show_message("the marked article no longer exists")
            return
        story_ids = (marked[0].story_id, row.story_id)
        if story_ids[0] == story_ids[1]:
            self.show_message("this is the marked story; mark removed")
            return

        async def store() -> None:
            is_one = await self.marks.join(story_ids, "stories joined")
            self.show_message(f"joined into one story{self.undo_hint()}" if is_one else "they already are one story")
            self.show_regrouped()

        self._store(store())

    @property
    def is_joining(self) -> bool:
        """True while a story waits to be joined with another."""
        return self._joining is not None

    def drop_joining(self) -> None:
        """Let no story wait to be joined any more."""
        self._joining = None
        self.headlines.mark_story(None)
        self.clear_message()

    def joining_text(self) -> str:
        """Return what there is to do while a story waits to be joined; empty while none does."""
        rows = [] if self._joining is None else self.headlines_of([self._joining])
        if not rows:
            return ""
        join, back = (key_text(keys_of(BY_ID[name], self.config.keys)[0]) for name in ("story.join", "article.back"))
        return f"◆ {clip(rows[0].title, _TITLE_CELLS).rstrip()} · {join} on another story joins the two, {back} cancels"
