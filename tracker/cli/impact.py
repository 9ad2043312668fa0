"""`tracker impact`: price moves around articles, from the database, without network."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from tracker.cli.context import CommandContext
from tracker.cli.errors import UsageError
from tracker.cli.output import Cell, Column, Layout, Record
from tracker.cli.queries import read_query
from tracker.cli.records import change_cell
from tracker.config.problem import Refused
from tracker.config.values import symbol as checked_symbol
from tracker.impact.calculator import ImpactCalculator
from tracker.model.clock import iso
from tracker.model.impact import AbnormalReturns, Impact, Window
from tracker.model.query import parse_query
from tracker.store.read import Reader
from tracker.words.impact import is_usual
from tracker.words.shares import share_text


def run(context: CommandContext) -> int:
    """Write the articles with the largest moves."""
    options = context.options
    config = context.config()
    _, query = read_query(context, options.query, config)
    symbol, benchmark = _symbol(options.symbol), _symbol(options.benchmark)
    if symbol is not None and not options.query:
        query = parse_query(f"symbol:{symbol}")
    if not context.db.exists():
        context.print_message(f"{context.db}: no articles yet; run `tracker sync`, or try `tracker demo`")
        context.write([], IMPACT)
        return 0
    now = context.clock()
    with Reader(context.db) as reader:
        calculator = ImpactCalculator(reader, config, lambda: now, benchmark=benchmark)
        found = rank(calculator.impacts(reader.articles.ids(query, now), symbol), options.rank)
    shown = found[: options.limit] if options.limit else found
    context.write(shown, IMPACT, red_up=config.settings.red_up)
    if not found:
        context.print_message("no matching article is about a listed share")
    elif all(item.abnormal.model is None for item in shown):
        context.print_message("no stored closing prices for these shares and their benchmark: run `tracker sync`")
    elif context.is_terminal:
        context.print_message(about_columns(item.benchmark for item in shown))
    return 0


def about_columns(benchmarks: Iterable[str]) -> str:
    """Return which window the columns of the table have."""
    return (
        "To close, abnormal, t and value: from the last trade before the article to the close, against"
        f" {', '.join(sorted(set(benchmarks)))}; the article may not be the cause."
    )


def rank(impacts: Sequence[Impact], by: str) -> list[Impact]:
    """Return impacts sorted by the size of `t` or `dollars`, largest first; `time` keeps their order.

    Both are for the window from the last trade before the article to the close of its session. Unknown values come
    last; ties are sorted by the move in that window, then in the whole session.
    """
    if by == "time":
        return list(impacts)

    def order(item: Impact) -> tuple[float, ...]:
        shown, session = item.to_close, item.session
        sizes = (shown.t, shown.value_usd) if by == "t" else (shown.value_usd, shown.t)
        return tuple(-math.inf if size is None else abs(size) for size in (*sizes, shown.move, session.move))

    return sorted(impacts, key=order, reverse=True)


def impact_record(item: Impact) -> Record:
    """Return the record of an impact."""
    moves = item.moves
    return {
        "id": item.article_id,
        "title": item.title,
        "published": iso(item.published),
        "symbol": item.symbol,
        "stands_in_for": item.share_name if item.is_stand_in else None,
        "benchmark": item.benchmark,
        "day0": None if item.day0 is None else item.day0.isoformat(),
        "base": {
            "price": None if item.base is None else item.base.price,
            "time": None if item.base is None else iso(item.base.time),
            "age_s": item.base_age_seconds,
        },
        "moves": {name: getattr(moves, name) for name in _MOVES},
        "since": window_record(item.since),
        "rest": window_record(item.rest),
        "session": {
            "date": None if item.day0 is None else item.day0.isoformat(),
            "before": item.before,
            **window_record(item.session),
        },
        "shares": {
            "count": None if item.shares is None else item.shares.count,
            "as_of": None if item.shares is None or item.shares.as_of is None else item.shares.as_of.isoformat(),
            "source": None if item.shares is None else item.shares.source,
        },
        "abnormal": _abnormal_record(item.abnormal),
        "timing": None if item.timing is None else item.timing.kind,
        "other_news": item.other_news,
        "notes": list(item.notes),
    }


_MOVES = ("m15", "h1", "close", "d1", "d3", "since")
_WINDOW = ("move", "expected", "abnormal", "t", "value_usd", "is_over", "benchmark")
_RETURNS = ("ar0", "t0", "car_m1_p1", "t_m1_p1", "car_0_p4")
_MODEL = ("alpha", "beta", "sigma", "n")
_PREFIXES = {
    "base": "base_",
    "moves": "move_",
    "since": "since_",
    "rest": "rest_",
    "session": "session_",
    "shares": "shares_",
}


def _abnormal_record(abnormal: AbnormalReturns) -> Record:
    model = abnormal.model
    return {
        **{name: getattr(abnormal, name) for name in _RETURNS},
        **{name: None if model is None else getattr(model, name) for name in _MODEL},
        "model": None if model is None else model.kind,
    }


def window_record(window: Window) -> Record:
    """Return the record of a window."""
    return {name: getattr(window, name) for name in _WINDOW}


def _row(item: Impact) -> dict[str, object]:
    row: dict[str, object] = {}
    for name, value in impact_record(item).items():
        if isinstance(value, dict):
            row |= {f"{_PREFIXES.get(name, '')}{part}": number for part, number in value.items()}
        elif name != "notes":
            row[name] = value
    return row


def _cells(item: Impact) -> Sequence[Cell]:
    moves, to_close, session = item.moves, item.to_close, item.session
    return (
        Cell("" if item.day0 is None else f"{item.day0:%Y-%m-%d}", "dim"),
        Cell(item.title),
        Cell(share_text(item.symbol, item.share_name, is_stand_in=item.is_stand_in)),
        change_cell(moves.m15, "*" if item.is_base_old else " "),
        change_cell(_before(item)),
        _judged(change_cell(to_close.move), to_close),
        _judged(change_cell(to_close.abnormal), to_close),
        _judged(Cell("" if to_close.t is None else f"{to_close.t:.2f}"), to_close),
        Cell(dollars(to_close.value_usd)),
        _judged(change_cell(session.move), session),
        Cell(str(item.other_news) if item.other_news else "", "dim"),
    )


def _before(item: Impact) -> float | None:
    """Return the move from the previous close to the article: also that before the open, which no record counts."""
    if item.timing is None:
        return item.before
    if item.timing.kind == "no-bars":
        return None
    return item.before if item.timing.moved_before_open is None else item.timing.moved_before_open


def _judged(cell: Cell, window: Window) -> Cell:
    """Return a cell, dimmed where the move is within the share's normal range."""
    return Cell(cell.text, "dim") if is_usual(window) else cell


def dollars(value: float | None) -> str:
    """Return an amount in its largest unit with its sign ("-$593bn"); nothing for None."""
    if value is None:
        return ""
    sign, size = "-" if value < 0 else "+" if value > 0 else "", abs(value)
    for unit, name in ((1e12, "tn"), (1e9, "bn"), (1e6, "m")):
        if size >= unit:
            return f"{sign}${size / unit:.{0 if size >= 100 * unit else 1}f}{name}"
    return f"{sign}${size:,.0f}"


IMPACT: Layout[Impact] = Layout(
    columns=(
        Column("session"),
        Column("headline", least=20),
        Column("share"),
        Column("15 min ", right=True),
        Column("before", right=True),
        Column("to close", right=True),
        Column("abnormal", right=True),
        Column("t", right=True),
        Column("value", right=True),
        Column("session", right=True),
        Column("other", right=True),
    ),
    cells=_cells,
    record=impact_record,
    row=_row,
    fields=(
        "id",
        "title",
        "published",
        "symbol",
        "stands_in_for",
        "benchmark",
        "day0",
        "base_price",
        "base_time",
        "base_age_s",
        *(f"move_{name}" for name in _MOVES),
        *(f"since_{name}" for name in _WINDOW),
        *(f"rest_{name}" for name in _WINDOW),
        "session_date",
        "session_before",
        *(f"session_{name}" for name in _WINDOW),
        *_RETURNS,
        *_MODEL,
        "model",
        "timing",
        "shares_count",
        "shares_as_of",
        "shares_source",
        "other_news",
    ),
)
"""`tracker impact`: what came before an article and what after it; abnormal, t and value are of what came after."""


def _symbol(word: str | None) -> str | None:
    if word is None:
        return None
    try:
        return str(checked_symbol(word))
    except Refused as refused:
        raise UsageError(f"{refused.message}{refused.hint and '; ' + refused.hint}") from None
