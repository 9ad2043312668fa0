"""What moved a share, as lines: its day, the largest moves and what was published before each; pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from msgspec import Struct
from rich.cells import cell_len

from tracker.model.article import Headline
from tracker.model.impact import DayMove, MovedDay
from tracker.model.plurals import count_noun
from tracker.ui.widgets.pieces import Pieces, fit, fit_pieces
from tracker.words.impact import is_usual
from tracker.words.money import dollars_text, price_text
from tracker.words.moves import move_text, t_text
from tracker.words.names import benchmark_text
from tracker.words.shares import STAND_IN_SIGN

MAX_HEADLINES = 8
"""Headlines shown for each move, the newest."""
_SPAN_CELLS = 36


class MovedRow(Struct, frozen=True):
    """A move, or (with a headline) an article published before it."""

    move: DayMove
    count: int
    """Stories published before it."""
    headline: Headline | None = None


def moved_rows(moves: Sequence[tuple[DayMove, Sequence[Headline]]]) -> list[MovedRow]:
    """Return the moves, each followed by the newest headlines before it."""
    rows: list[MovedRow] = []
    for move, headlines in moves:
        rows.append(MovedRow(move, len(headlines)))
        rows.extend(MovedRow(move, len(headlines), headline) for headline in headlines[:MAX_HEADLINES])
    return rows


def draw_moved_row(row: MovedRow, width: int, zone: tzinfo) -> Pieces:
    """Return one line in exactly `width` cells; times are in `zone`."""
    if row.headline is not None:
        return _headline(row.headline, width, zone)
    text, direction = move_text(row.move.change)
    pieces: Pieces = [(f" {text}  ", "flat" if direction == "none" else direction)]
    pieces.append((fit(_stretch(row.move, zone), _SPAN_CELLS), "title"))
    pieces.append((f"  {_count(row.count)}", "note"))
    return fit_pieces(pieces, width)


def moved_header(symbol: str, day: MovedDay | None) -> Pieces:
    """Return share, session, prices, move, abnormal move and value.

    What is not known is left out.
    """
    pieces: Pieces = [(symbol, "symbol")]
    if day is None:
        return [*pieces, (" · no price history stored yet", "note")]
    pieces.append((f" · {day.day:%a} {day.day.day} {day.day:%b}", "title"))
    if day.last is not None:
        before = "" if day.previous_close is None else f"{price_text(day.previous_close, None, symbol)} → "
        pieces.append((f" · {before}{price_text(day.last, None, symbol)}", "title"))
    session = day.session
    is_flat = is_usual(session)
    text, direction = move_text(session.move)
    if direction != "none":
        pieces.append((f"  {text.replace(' ', '')}", direction))
    text, direction = move_text(session.abnormal)
    if direction != "none":
        t = "" if session.t is None else f"t {t_text(session.t)} "
        pieces.append(("  abnormal ", "note"))
        pieces.append((text.replace(" ", ""), "flat" if is_flat else direction))
        pieces.append((f" ({t}vs {benchmark_text(day.benchmark)})", "note"))
    dollars = dollars_text(session.value_usd)
    if dollars:
        pieces.append((f"  {dollars}", "title"))
    if not day.is_over:
        pieces.append(("  so far", "note"))
    return pieces


def _stretch(move: DayMove, zone: tzinfo) -> str:
    start, end = move.start.astimezone(zone), move.end.astimezone(zone)
    drawn = ", estimated" if move.interpolated else ""
    if move.is_gap:
        return f"gap, {start:%a %H:%M} to {end:%H:%M}{drawn}"
    return f"{start:%H:%M} to {end:%H:%M}{drawn}"


def _count(count: int) -> str:
    if not count:
        return "nothing published before"
    more = f", the newest {MAX_HEADLINES}" if count > MAX_HEADLINES else ""
    return f"{count_noun(count, 'headline', 'headlines')} published before{more}"


def _headline(headline: Headline, width: int, zone: tzinfo) -> Pieces:
    moment = headline.time.astimezone(zone)
    others = f" +{headline.others}" if headline.others > 0 else ""
    head = f"    ▸ {moment:%a %H:%M} {STAND_IN_SIGN if headline.is_stand_in else ' '}"
    tail = f"  {headline.source}{others}"
    room = width - cell_len(head) - cell_len(tail)
    if room < 20:
        return fit_pieces([(head, "note"), (fit(headline.title, max(0, width - cell_len(head))), "title")], width)
    return [(head, "note"), (fit(headline.title, room), "title"), (tail, "source")]
