"""Stories that come up again: read ones with newer unread reports, listed at the time of the newest."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from tracker.model.clock import to_epoch
from tracker.model.query import Query
from tracker.store.connection import Connection
from tracker.store.rows import compact_json, number
from tracker.store.views import matches

_NEWS_FOR = timedelta(days=7)
"""How long a report brings its story up again. Older reports are no longer news, and looking for them takes time."""

Raised = Mapping[int, int]
"""By story: the time (epoch seconds) at which it is listed in place of that of its first report."""
_Key = tuple[int, int]


def raised_stories(connection: Connection, now: datetime, since: int) -> dict[int, int]:
    """Return the stories that were read and have unread reports from `since` (epoch seconds) on, or of this week."""
    return dict(
        connection.execute(
            "SELECT n.story_id, n.newest FROM"
            # By the index of times, which has few rows of a week, not by that of stories, which gives their order.
            " (SELECT story_id, max(time) AS newest FROM article WHERE time >= ? AND read = 0 AND muted = 0"
            " GROUP BY +story_id) n WHERE EXISTS"
            " (SELECT 1 FROM article o WHERE o.story_id = n.story_id AND o.read = 1 AND o.muted = 0)",
            (max(since, to_epoch(now - _NEWS_FOR)),),
        )
    )


def raise_stories(
    connection: Connection, ids: array[int], query: Query, now: datetime, known: Raised
) -> tuple[array[int], dict[int, int]]:
    """Return the leads of a query, newest first, with the stories that come up again in their new places, and these.

    Args:
        ids: the leads in the order of publication, all or the first of them.
        known: stories that have come up before: they stay there, also once they are read.
    """
    if not ids:
        return ids, {}

    def key(article_id: int) -> _Key:
        return number(connection, "SELECT time FROM article WHERE id = ?", (article_id,)), article_id

    last = key(ids[-1])[0]
    wanted = raised_stories(connection, now, last)
    for story_id, time in known.items():
        wanted[story_id] = max(time, wanted.get(story_id, time))
    where = matches(query, now)
    leads = connection.execute(
        "SELECT w.value, (SELECT a.id FROM article a WHERE a.story_id = w.value AND"
        f" {where.text} ORDER BY a.time, a.id LIMIT 1) FROM json_each(?) w",
        (*where.values, compact_json(wanted)),
    ).fetchall()
    moved = {lead: (wanted[story_id], lead) for story_id, lead in leads if lead is not None and wanted[story_id] > last}
    raised = {story_id: wanted[story_id] for story_id, lead in leads if lead in moved}
    return (move_up(ids, moved, key) if moved else ids), raised


def move_up(ids: array[int], moved: Mapping[int, _Key], key: Callable[[int], _Key]) -> array[int]:
    """Return ids in falling order with some of them where their new keys belong; as many as there were.

    Args:
        moved: their new keys; an id that was not among the first comes in at the cost of the last.
        key: returns the key by which an id is sorted.
    """

    def place(among: array[int], wanted: _Key, key_of: Callable[[int], _Key]) -> int:
        return bisect_left(among, (-wanted[0], -wanted[1]), key=lambda one: (-key_of(one)[0], -key_of(one)[1]))

    def new_key(one: int) -> _Key:
        return moved.get(one) or key(one)

    places = {one: place(ids, key(one), key) for one in moved}
    found = ids[:]
    for at in sorted((at for one, at in places.items() if ids[at : at + 1] == array("q", (one,))), reverse=True):
        del found[at]
    for one in moved:
        found.insert(place(found, moved[one], new_key), one)
    return found[: len(ids)]
