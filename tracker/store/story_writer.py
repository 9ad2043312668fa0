"""What is written of stories: those made by hand, and what grouping learns, in short transactions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tracker.model.plan import StoryChange
from tracker.store import stories, story_words
from tracker.store.connection import OnConnection
from tracker.store.db import transaction


class StoryWriter(OnConnection):
    """Writes stories over the connection of a `Writer`."""

    def split(self, article_id: int) -> StoryChange:
        """Move an article to a new story; later articles may join either, but never merge them."""
        with transaction(self._connection):
            return stories.split(self._connection, article_id)

    def merge(self, story_ids: Iterable[int]) -> StoryChange:
        """Make stories one, under the id of the oldest."""
        with transaction(self._connection):
            return stories.merge(self._connection, story_ids)

    def undo(self, change: StoryChange) -> None:
        """Take back a split or merge."""
        with transaction(self._connection):
            stories.undo(self._connection, change)

    def words(self) -> tuple[dict[str, int], int]:
        """Return (word to stored titles with it, titles that were counted), of articles that are days old."""
        return story_words.learned_words(self._connection)

    def learn_words(self, now: datetime) -> None:
        """Count the words of articles that have become days old."""
        is_more = True
        while is_more:
            with transaction(self._connection):
                is_more = story_words.learn_words(self._connection, now)
