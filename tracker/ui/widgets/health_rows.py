"""The lines of the health screen: one for each feed, as pieces of text that fill a width; no terminal, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache

from msgspec import Struct
from rich.cells import cell_len

from tracker.model.plurals import agree, count_noun
from tracker.model.shown import show_address
from tracker.sync.feed_health import FeedHealth
from tracker.ui.widgets.pieces import Pieces, crop, fit
from tracker.words.columns import cells_at
from tracker.words.health import answer_words, due_words, short_answer_words

_SENTENCE = 27
"""Cells in which a response has room with its words; a narrower column has its number."""


def worst_first(feeds: Iterable[FeedHealth]) -> list[FeedHealth]:
    """Return the feeds in the order they are listed: those that fail first, worst first, those switched off last."""
    return sorted(feeds, key=lambda one: (not one.source.enabled, one.problem is None, -one.failures))


def health_title(feeds: Sequence[FeedHealth], now: datetime) -> str:
    """Return how many feeds are followed and how many of them fail: "Feeds · 3 followed, 1 disabled · all are fine"."""
    followed = [one for one in feeds if one.source.is_followed(now)]
    disabled = sum(not one.source.enabled for one in feeds)
    others = ((len(feeds) - len(followed) - disabled, "snoozed"), (disabled, "disabled"))
    counts = ", ".join([f"{len(followed)} followed", *(f"{count} {what}" for count, what in others if count)])
    failing = sum(one.problem is not None for one in followed)
    state = f"{failing} {agree(failing, 'is', 'are')} not responding" if failing else "all are fine"
    return f"Feeds · {counts} · {state}"


class HealthColumns(Struct, frozen=True):
    """Cells of each column; the space before it is counted. 0 leaves it out."""

    name: int
    group: int
    answer: int
    due: int
    why: int
    new: int
    failed: int
    reason: int


@lru_cache(maxsize=16)
def health_columns(width: int) -> HealthColumns:
    """Return the columns for a width: the reason gets what is left; why it is due then, then the group give way."""
    name = cells_at(width, ((146, 22), (112, 18), (0, min(22, max(8, width - 64)))))
    group = cells_at(width, ((146, 14),))
    answer = cells_at(width, ((146, 35), (112, _SENTENCE), (0, 17)))
    due = 12
    why = cells_at(width, ((146, 24), (112, 16)))
    new, failed = 7, 8
    used = 2 + name + group + answer + due + why + new + failed
    return HealthColumns(name, group, answer, due, why, new, failed, max(0, width - used))


def health_head(width: int) -> str:
    """Return the line over the columns."""
    wide = health_columns(width)
    cells = (
        "  ",
        _cell("feed", wide.name),
        _cell("group", wide.group),
        _cell("last response", wide.answer),
        _cell("next", wide.due),
        _cell("because", wide.why),
        fit("in 30 d", wide.new, right=True),
        fit("failed", wide.failed, right=True),
        "  problem",
    )
    return crop("".join(cells), width)


def draw_health_row(one: FeedHealth, width: int, now: datetime) -> Pieces:
    """Return (text, part) pieces of a feed's line that together are exactly `width` cells."""
    wide = health_columns(width)
    due, why = due_words(one.source, one.state, one.pause, now)
    new = "" if one.row is None else f"{one.row.recent:,}"
    wrong = one.problem
    say_answer = answer_words if wide.answer >= _SENTENCE else short_answer_words
    pieces = [
        ("⚠ " if wrong is not None else "  ", "warning"),
        (_cell(one.source.name, wide.name), "name" if wrong is None else "warning"),
        (_cell(one.source.group or "", wide.group), "detail"),
        (_cell(say_answer(one.state, now), wide.answer), "detail" if wrong is None else "warning"),
        (_cell(due, wide.due), "name"),
        (_cell(why, wide.why), "detail"),
        (fit(new, wide.new, right=True), "number"),
        (fit(str(one.failures) if one.failures else "", wide.failed, right=True), "warning"),
        (("  " + fit(wrong or "", wide.reason - 2)) if wide.reason > 2 else " " * wide.reason, "warning"),
    ]
    shown = [(text, part) for text, part in pieces if text]
    whole = "".join(text for text, _ in shown)
    return shown if cell_len(whole) == width else [(crop(whole, width), "name")]


def detail_lines(one: FeedHealth, now: datetime) -> list[str]:
    """Return the details that do not fit in a line: address, stored articles, full reason and schedule."""
    state = one.state
    due, why = due_words(one.source, state, one.pause, now)
    first = [show_address(state.url if state is not None else one.source.url)]
    if one.row is not None:
        first.append(f"{count_noun(one.row.articles, 'article', 'articles')} stored, {one.row.unread:,} unread")
    second = [f"last response: {answer_words(state, now)}", f"next: {due}" + (f" ({why})" if why else "")]
    if state is not None and state.redirect_url is not None:
        second.append(f"moved to {show_address(state.redirect_url)}")
    times = f", {one.failures} times in a row" if one.failures > 1 else ""
    return [" · ".join(first), " · ".join(second), "" if one.problem is None else f"⚠ {one.problem}{times}"]


def _cell(text: str, width: int) -> str:
    return fit(text, width - 1) + " " if width > 0 else ""
