"""The morning page as lines: the shares of the watchlist, then the new stories; pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from msgspec import Struct
from rich.cells import cell_len

from tracker.model.brief import Brief, BriefShare, StoryOutline
from tracker.ui.widgets.pieces import Pieces, fit, fit_pieces
from tracker.words import brief as words
from tracker.words.columns import Optional, columns_in
from tracker.words.dates import days_text, short_text, today_of
from tracker.words.impact import is_usual
from tracker.words.money import dollars_text, gain_text, price_text
from tracker.words.moves import move_text

_GAP = "  "
ColumnName = Literal[
    "share", "price", "outside", "session", "value", "yours", "results", "unusual", "new", "step", "when"
]
_ORDER: tuple[ColumnName, ...] = (
    *("share", "price", "outside", "session", "value", "yours", "results", "unusual", "new", "step", "when"),
)
_WIDTHS: dict[ColumnName, int] = {
    "share": 6,
    "price": 9,
    "outside": 7,
    "session": 7,
    "value": 7,
    "yours": 8,
    "results": 7,
    "unusual": 7,
    "new": 3,
    "step": 7,
    "when": 12,
}
_WIDE = 110
"""From this width on, results are shown with the time of their day."""
_DATES = 34
"""Cells of two dates of sources that contradict each other."""
_WIDE_WHEN = 17
"""Of "09:35–10:35 est."."""
_OPTIONAL: Mapping[ColumnName, int] = {
    "outside": 30,
    "results": 22,
    "unusual": 22,
    "price": 30,
    "new": 40,
    "when": 40,
    "value": 44,
}
"""The first to come in first, where so many cells are left for the story before the step."""
_LEFT: tuple[ColumnName, ...] = ("share", "results", "unusual", "when")
_MONEY: tuple[ColumnName, ...] = ("price", "yours")
_TITLES: dict[ColumnName, str] = {
    "share": "share",
    "price": "price",
    "outside": "since",
    "value": "value",
    "yours": "yours",
    "results": "results",
    "unusual": "unusual",
    "new": "new",
    "step": "step",
    "when": "when",
}
_BEFORE = "published before the step"
_LONG_SYMBOL = 10
_SOURCE = 22
"""Cells at most of the source and time of a story."""


class BriefRow(Struct, frozen=True):
    """A share, a story, or a line of words."""

    share: BriefShare | None = None
    story: StoryOutline | None = None
    text: str = ""
    is_heading: bool = False

    @property
    def key(self) -> tuple[str, int] | None:
        """Which share or story it is, the same each time the page is read; None for words."""
        if self.share is not None:
            return self.share.symbol, 0
        return None if self.story is None else ("", self.story.story_id)


def brief_rows(brief: Brief) -> list[BriefRow]:
    """Return the lines of a page."""
    rows = [BriefRow(share=share) for share in brief.shares]
    if not rows:
        rows.append(BriefRow(text="no [[symbol]] in feeds.toml: the watchlist is empty"))
    for title, stories in words.story_sections(brief):
        rows.append(BriefRow(text=title, is_heading=True))
        rows.extend(BriefRow(story=story) for story in stories)
        if not stories:
            rows.append(BriefRow(text="none"))
    return rows


def brief_columns(brief: Brief, width: int) -> dict[ColumnName, int]:
    """Return the columns of the shares, with their widths, that there is something to say in and room for."""
    widths = dict(_WIDTHS)
    widths["share"] = max([widths["share"], *(min(cell_len(share.symbol), _LONG_SYMBOL) for share in brief.shares)])
    if any(share.step is not None and share.step.move.interpolated for share in brief.shares):
        widths["when"] = _WIDE_WHEN
    chosen: set[ColumnName] = {"share", "session", "step"}
    if brief.has_held:
        chosen.add("yours")
    today = today_of(brief.now)
    # The code of a currency takes cells that dollars do not, and an amount that is cut says nothing.
    foreign = [share for share in brief.shares if share.quote is not None and share.quote.currency not in (None, "USD")]
    for name in _MONEY:
        texts = (_cell(share, name, today, is_wide=False)[0] for share in foreign)
        widths[name] = max([widths[name], *map(cell_len, texts)])
    whole = max((cell_len(days_text(share.dates, today)) for share in brief.shares), default=0)
    if width >= _WIDE:
        widths["results"] = min(_DATES, max(widths["results"], whole))
    has = {"outside": any(share.outside is not None for share in brief.shares), "results": whole > 0}
    room = width - sum(widths[name] + len(_GAP) for name in chosen)
    names = [name for name in _OPTIONAL if has.get(name, True)]
    wanted = [Optional(name, widths[name], rest=_OPTIONAL[name]) for name in names]
    optional = columns_in(room, wanted, gap=len(_GAP))
    return {name: widths[name] for name in _ORDER if name in chosen or name in optional}


def draw_brief_header(brief: Brief, width: int) -> str:
    """Return the headings of the columns in exactly `width` cells."""
    session = words.session_title(brief)
    titles = {**_TITLES, "session": session if cell_len(session) <= _WIDTHS["session"] else session[:3]}
    cells = [_place(titles[name], name, cells) for name, cells in brief_columns(brief, width).items()]
    return fit(_GAP.join([*cells, _BEFORE]), width)


def draw_brief_row(row: BriefRow, brief: Brief, width: int) -> Pieces:
    """Return one line in exactly `width` cells."""
    if row.share is not None:
        return _share(row.share, brief, width)
    if row.story is not None:
        return _story(row.story, brief, width)
    if row.is_heading:
        text = f"── {row.text} "
        return [(fit(text + "─" * max(0, width - cell_len(text)), width), "heading")]
    return [(fit(f"   {row.text}", width), "note")]


def _place(text: str, name: ColumnName, width: int) -> str:
    return fit(text, width) if name in _LEFT else fit(fit(text, min(width, cell_len(text))), width, right=True)


def _share(share: BriefShare, brief: Brief, width: int) -> Pieces:
    columns, today = brief_columns(brief, width), today_of(brief.now)
    pieces: Pieces = []
    for name, cells in columns.items():
        text, part = _cell(share, name, today, is_wide=width >= _WIDE)
        pieces.append((_place(text, name, cells) + _GAP, part))
    room = width - sum(columns.values()) - len(_GAP) * len(columns)
    before = words.before_words(share, brief) if share.price is not None else "no price yet"
    is_known = share.step is not None and share.step.story is not None
    return fit_pieces([*pieces, (fit(before, room), "title" if is_known else "note")], width)


def _cell(share: BriefShare, name: ColumnName, today: date, *, is_wide: bool) -> tuple[str, str]:
    window, step = share.session, share.step
    currency = None if share.quote is None else share.quote.currency
    match name:
        case "share":
            return share.symbol, "symbol"
        case "price":
            return "" if share.price is None else price_text(share.price, currency, share.symbol), "title"
        case "outside":
            return _move(share.outside)
        case "session":
            return _move(window.move, is_flat=is_usual(window))
        case "value":
            return dollars_text(window.value_usd), "note"
        case "yours":
            text = gain_text(share.made, currency)
            return text, "down" if text.startswith("−") else "up" if text.startswith("+") else "flat"
        case "results":
            return (days_text if is_wide else short_text)(share.dates, today), "note"
        case "unusual":
            return words.unusual_words(share), "title" if window.t is not None and not is_usual(window) else "note"
        case "new":
            return str(len(share.stories)) if share.stories else "", "title"
        case "step":
            return _move(None if step is None else step.move.change, is_flat=True)
        case "when":
            return "" if step is None else words.stretch_text(step.move, words.zone_of(share)), "note"


def _move(value: float | None, *, is_flat: bool = False) -> tuple[str, str]:
    text, direction = move_text(value)
    return text, "flat" if is_flat or direction == "none" else direction


def _story(story: StoryOutline, brief: Brief, width: int) -> Pieces:
    watched = [share.symbol for share in brief.shares if share.symbol in story.symbols]
    shares = f"{' '.join(watched)}  " if watched else ""
    head = f"{story.sources:>3} "
    tail = f"  {fit(story.first_source, min(_SOURCE, cell_len(story.first_source)))}, {words.time_words(story.time)}"
    room = width - cell_len(head) - cell_len(shares) - cell_len(tail)
    if room < 20:
        tail, room = "", width - cell_len(head) - cell_len(shares)
    pieces = [(head, "source"), (shares, "symbol"), (fit(story.title, room), "title"), (tail, "source")]
    return fit_pieces(pieces, width)
