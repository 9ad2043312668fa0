"""The rows of one view: all ids in order, and the few pages of rows that were looked at."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace

from tracker.model.article import Headline

PAGE = 128
MAX_PAGES = 32


class RowWindow:
    """The ids of one view, newest first, and an LRU of pages of rows fetched by id.

    Marks that are not yet stored are laid over the fetched rows, so a key answers at once.
    """

    def __init__(self, fetch_rows: Callable[[Sequence[int]], list[Headline]]) -> None:
        self._fetch_rows = fetch_rows
        self._pages: OrderedDict[int, list[Headline | None]] = OrderedDict()
        self._marks: dict[int, dict[str, bool]] = {}
        self.ids: array[int] = array("q")

    def __len__(self) -> int:
        return len(self.ids)

    def reset(self, ids: array[int]) -> None:
        """Hold other ids and forget all rows."""
        self.ids = ids
        self._pages.clear()

    def forget_rows(self) -> None:
        """Fetch rows again when they are next looked at; what they hold may have changed."""
        self._pages.clear()

    def index_of(self, article_id: int) -> int | None:
        """Return the place of an article, or None (15 ms for the middle of a million)."""
        try:
            return self.ids.index(article_id)
        except ValueError:
            return None

    def row(self, index: int) -> Headline | None:
        """Return the row at a place; None when its article is gone since the ids were read."""
        number, offset = divmod(index, PAGE)
        page = self._pages.get(number)
        if page is None:
            ids = self.ids[number * PAGE : (number + 1) * PAGE]
            by_id = {row.id: self._marked(row) for row in self._fetch_rows(ids)}
            page = self._pages[number] = [by_id.get(article_id) for article_id in ids]
            if len(self._pages) > MAX_PAGES:
                self._pages.popitem(last=False)
        else:
            self._pages.move_to_end(number)
        return page[offset]

    def mark(self, story_id: int, column: str, value: bool) -> None:
        """Show a story as read or starred (or not) until `unmark`, whatever the store still says."""
        self._marks.setdefault(story_id, {})[column] = value
        self._pages.clear()

    def unmark(self, story_id: int, column: str) -> None:
        """Show what the store says again."""
        marks = self._marks.get(story_id, {})
        marks.pop(column, None)
        if not marks:
            self._marks.pop(story_id, None)
        self._pages.clear()

    def _marked(self, row: Headline) -> Headline:
        marks = self._marks.get(row.story_id)
        if not marks:
            return row
        return replace(row, read=marks.get("read", row.read), starred=marks.get("starred", row.starred))


def merge_ids(old: Sequence[int], new: Sequence[int], is_kept: Callable[[int], bool]) -> array[int]:
    """Return `new` with those of `old` put back, each behind the one it stood behind, that `is_kept` asks for.

    What was read stays in a list of unread articles until the list is asked for anew: nothing vanishes under the
    reader's eyes.
    """
    present = set(new)
    followers: dict[int | None, list[int]] = {}
    anchor: int | None = None
    for article_id in old:
        if article_id in present:
            anchor = article_id
        elif is_kept(article_id):
            followers.setdefault(anchor, []).append(article_id)
    if not followers:
        return array("q", new)
    first_known = (
        next((article_id for article_id in new if article_id in set(old)), None) if None in followers else None
    )
    merged: array[int] = array("q")
    for article_id in new:
        if article_id == first_known and None in followers:
            merged.extend(followers.pop(None))
        merged.append(article_id)
        merged.extend(followers.get(article_id, ()))
    merged.extend(followers.get(None, ()))
    return merged
