"""The lines of the side bar: views, tags, groups of feeds, with what is unread; no terminal."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from msgspec import Struct
from rich.cells import cell_len

from tracker.model.config import MY_SHARES, STARRED, Config
from tracker.model.feed import FeedState
from tracker.store.story_reader import Counts
from tracker.ui.scope import Place, everything, feed_place, group_place, tag_place
from tracker.ui.widgets.pieces import Pieces, fit

NO_COUNTS = Counts(0, 0, {}, {}, {})
VIEWS, TAGS, FEEDS = "Views", "Tags", "Feeds"
PARTS = ("heading", "name", "unread-name", "count", "warning")
_COUNT = 5
MORE_TAGS = "tags:more"
_TAGS = 12
"""Tags that are listed; those of the watchlist always are."""


class SideRow(Struct, frozen=True):
    """One line of the side bar."""

    key: str
    """Identity over changes of counts and folds."""
    name: str
    place: Place | None
    """What the list shows for it; None for headings without articles."""
    count: int | None = None
    """Unread stories (starred ones of Starred)."""
    is_heading: bool = False
    is_folded: bool = False
    section: str = ""
    """Key of its heading, or its own."""
    reason: str | None = None
    """Why its feed is failing, in words."""
    snoozed: str | None = None
    """"snoozed until 2026-12-01"."""


def failing(state: FeedState | None) -> str | None:
    """Return why a feed is failing, in words; None if its last fetch succeeded."""
    if state is None:
        return None
    if state.disabled_reason is not None:
        return state.disabled_reason
    return (state.last_reason or "failed") if state.fail_count > 0 else None


def side_rows(
    config: Config, counts: Counts, states: Mapping[str, FeedState], folded: Collection[str], now: datetime
) -> list[SideRow]:
    """Return the lines from top to bottom; `folded` holds the keys of headings whose lines are left out."""
    snoozed = {feed.name: feed.snoozed(now) for feed in config.feeds}
    rows: list[SideRow] = []

    def heading(key: str, name: str, place: Place | None = None, count: int | None = None) -> bool:
        is_folded = key in folded
        rows.append(SideRow(key, name, place, count, True, is_folded, key))
        return not is_folded

    if heading("views", VIEWS):
        is_named = any(view.name == MY_SHARES.name for view in config.views)
        mine = (MY_SHARES,) if config.symbols and not is_named else ()
        rows.extend(_line(Place("view", view.name, view.query), counts.views.get(view.name), "views") for view in mine)
        rows.append(_line(everything(), counts.everything, "views"))
        rows.extend(
            _line(Place("view", view.name, view.query), counts.views.get(view.name), "views") for view in config.views
        )
        rows.append(_line(Place("view", STARRED.name, STARRED.query), counts.starred, "views"))
    tags = sorted(counts.tags, key=lambda name: (-counts.tags[name], name))
    if tags and heading("tags", TAGS):
        first = [name for name in tags if name in counts.watched_tags]
        first += [name for name in tags if name not in counts.watched_tags][: max(0, _TAGS - len(first))]
        rows.extend(_line(tag_place(name), counts.tags[name], "tags") for name in first)
        rest = [name for name in tags if name not in first]
        # Folded unless its key says otherwise: the many tags of a busy day would push the feeds out of sight.
        if rest:
            is_folded = MORE_TAGS not in folded
            rows.append(SideRow(MORE_TAGS, f"{len(rest)} more", None, None, True, is_folded, MORE_TAGS))
            if not is_folded:
                rows.extend(_line(tag_place(name), counts.tags[name], MORE_TAGS) for name in rest)
    groups: dict[str | None, list[str]] = {}
    for feed in (one for one in config.feeds if not one.is_page):
        if feed.enabled:
            groups.setdefault(feed.group, []).append(feed.name)
    for group in sorted(groups, key=lambda name: name is None):  # stable: the order of the file, the loose feeds last
        names = groups[group]
        total = counts.groups.get(group, 0)
        key = f"group:{group}" if group is not None else "feeds"
        if heading(key, group or FEEDS, None if group is None else group_place(group), total):
            rows.extend(
                _line(feed_place(name), counts.feeds.get(name, 0), key, failing(states.get(name)), snoozed[name])
                for name in names
            )
    return rows


def _line(
    place: Place, count: int | None, section: str, reason: str | None = None, snoozed: str | None = None
) -> SideRow:
    return SideRow(place.key, place.name, place, count, section=section, reason=reason, snoozed=snoozed)


def draw_side_row(row: SideRow, width: int) -> Pieces:
    """Return (text, part) pieces of a line that together are exactly `width` cells."""
    if width < 4:
        return [(" " * width, "name")] if width > 0 else []
    count = str(row.count) if row.count else ""
    is_failing = row.reason is not None and row.snoozed is None
    tail = (f"{' ⚠' if is_failing else ' z' if row.snoozed else ''} {count}").rstrip()
    tail_width = max(cell_len(tail), min(_COUNT, width // 3))
    lead = ("▸ " if row.is_folded else "▾ ") if row.is_heading else "  "
    name_width = width - cell_len(lead) - tail_width
    if name_width < 1:
        return [(fit(lead + row.name, width), "name")]
    part = "heading" if row.is_heading else "unread-name" if row.count else "name"
    return [
        (lead, "heading"),
        (fit(row.name, name_width), part),
        (fit(tail, tail_width, right=True), "warning" if is_failing else "count"),
    ]


def reason_text(row: SideRow, states: Mapping[str, FeedState], now: datetime) -> str | None:
    """Describe the failure of a feed: why, how often, and when the next try is."""
    state = states.get(row.name) if row.place is not None and row.place.kind == "feed" else None
    reason = failing(state)
    if state is None or reason is None:
        return None
    text = f"{row.name}: {reason}"
    if state.fail_count > 1:
        text += f" ({state.fail_count} times in a row)"
    if state.disabled_reason is None and state.next_due is not None:
        due = state.due_at(now)
        minutes = 0.0 if due is None else (due - now).total_seconds() / 60
        text += ", retrying now" if minutes < 1 else f", next try in {_length(minutes)}"
    return text


def _length(minutes: float) -> str:
    return f"{minutes:.0f} min" if minutes < 100 else f"{minutes / 60:.0f} h"
