"""`tracker impact`: what prices did around articles; from the stored database, without network."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tracker.cli.context import Context
from tracker.cli.errors import UsageError
from tracker.cli.output import Cell, Column, Layout, Record
from tracker.cli.queries import read_query
from tracker.cli.records import change_cell
from tracker.config.problem import Refused
from tracker.config.values import symbol as checked_symbol
from tracker.impact.desk import ImpactDesk
from tracker.model.clock import iso
from tracker.model.impact import Impact
from tracker.model.query import parse_query
from tracker.store.read import Reader

NOTICEABLE = 1.96
"""Below it in size, t says that chance alone does as much in one of twenty days."""


def run(context: Context) -> int:
    """Write the articles whose shares moved most."""
    options = context.options
    _, query = read_query(options.query)
    symbol, benchmark = _symbol(options.symbol), _symbol(options.benchmark)
    if symbol is not None and not options.query:
        query = parse_query(f"symbol:{symbol}")
    config = context.config()
    if not context.db.exists():
        context.say(f"nothing is stored yet in {context.db}: run `tracker sync`, or look at `tracker demo`")
        context.write([], IMPACT)
        return 0
    now = context.clock()
    with Reader(context.db) as reader:
        desk = ImpactDesk(reader, config, lambda: now, benchmark=benchmark)
        found = rank(desk.impacts(reader.list_ids(query, now), symbol), options.rank)
    shown = found[: options.limit] if options.limit else found
    context.write(shown, IMPACT, red_up=config.settings.red_up)
    if not found:
        context.say("no article that matches stands beside a share")
    elif all(item.abnormal.model is None for item in shown):
        context.say("no closes are stored of these shares and their benchmark: run `tracker sync`")
    elif context.is_terminal:
        context.say("since the article, never because of it; * the last trade before it is over half an hour older")
    return 0


def rank(impacts: Sequence[Impact], by: str) -> list[Impact]:
    """Return impacts with the largest first, by `t` or by `dollars` whichever way they went; `time`: as they came.

    What is not known comes last. Articles of one share and day have one t: among them the larger move since leads.
    """
    if by == "time":
        return list(impacts)

    def order(item: Impact) -> tuple[float, ...]:
        moves, abnormal = item.moves, item.abnormal
        sizes = (abnormal.t0, item.value_usd) if by == "t" else (item.value_usd, abnormal.t0)
        return tuple(-math.inf if size is None else abs(size) for size in (*sizes, abnormal.ar0, moves.day0))

    return sorted(impacts, key=order, reverse=True)


def impact_record(item: Impact) -> Record:
    """Return an impact as the interface has it."""
    moves, abnormal = item.moves, item.abnormal
    return {
        "id": item.article_id,
        "title": item.title,
        "published": iso(item.published),
        "symbol": item.symbol,
        "benchmark": item.benchmark,
        "day0": None if item.day0 is None else item.day0.isoformat(),
        "base": {
            "price": None if item.base is None else item.base.price,
            "time": None if item.base is None else iso(item.base.time),
            "age_s": item.base_age_seconds,
        },
        "moves": {name: getattr(moves, name) for name in _MOVES},
        "abnormal": {name: getattr(abnormal, name) for name in _ABNORMAL},
        "value_usd": item.value_usd,
        "other_news": item.other_news,
    }


_MOVES = ("m15", "h1", "day0", "d1", "d3", "since")
_ABNORMAL = ("ar0", "t0", "car_m1_p1", "t_m1_p1", "car_0_p4", "alpha", "beta", "sigma", "n", "model")


def _row(item: Impact) -> dict[str, object]:
    record = impact_record(item)
    row: dict[str, object] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            prefix = {"base": "base_", "moves": "move_"}.get(name, "")
            row |= {f"{prefix}{part}": number for part, number in value.items()}
        else:
            row[name] = value
    return row


def _cells(item: Impact) -> Sequence[Cell]:
    moves, abnormal = item.moves, item.abnormal
    is_noise = abnormal.t0 is None or abs(abnormal.t0) < NOTICEABLE
    abnormal_cell = change_cell(abnormal.ar0)
    return (
        Cell("" if item.day0 is None else f"{item.day0:%Y-%m-%d}", "dim"),
        Cell(item.title),
        Cell(item.symbol),
        change_cell(moves.m15, "*" if item.is_base_old else " "),
        change_cell(moves.day0),
        change_cell(moves.since),
        Cell(abnormal_cell.text, "dim" if is_noise else abnormal_cell.tone),
        Cell("" if abnormal.t0 is None else f"{abnormal.t0:.2f}", "dim" if is_noise else ""),
        Cell(item.benchmark, "dim"),
        Cell(dollars(item.value_usd)),
        Cell(str(item.other_news) if item.other_news else "", "dim"),
    )


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
        Column("day 0"),
        Column("headline", least=20),
        Column("share"),
        Column("15 min ", right=True),
        Column("day 0", right=True),
        Column("since", right=True),
        Column("abnormal", right=True),
        Column("t", right=True),
        Column("against"),
        Column("value", right=True),
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
        "benchmark",
        "day0",
        "base_price",
        "base_time",
        "base_age_s",
        *(f"move_{name}" for name in _MOVES),
        *_ABNORMAL,
        "value_usd",
        "other_news",
    ),
)
"""`tracker impact`. `value` is what day 0 did to the whole company, `other` counts other stories in the window."""


def _symbol(word: str | None) -> str | None:
    if word is None:
        return None
    try:
        return checked_symbol(word)
    except Refused as refused:
        raise UsageError(f"{refused.message}{refused.hint and '; ' + refused.hint}") from None
