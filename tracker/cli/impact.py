"""`tracker impact`: price moves around articles, from the database, without network."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from tracker.cli.context import CommandContext
from tracker.cli.layouts import layout_of, record_of
from tracker.cli.names import check_symbol
from tracker.cli.numbers import change_cell
from tracker.cli.output import Cell, Column
from tracker.cli.queries import read_query
from tracker.cli.quotes import PRICES_ARE_OFF
from tracker.cli.records import AbnormalRecord, BaseRecord, ImpactRecord, SessionRecord, SharesRecord
from tracker.impact.calculator import ImpactCalculator
from tracker.model.impact import Impact, Window
from tracker.model.query import parse_query
from tracker.words.impact import is_usual
from tracker.words.money import dollars_text
from tracker.words.moves import t_text
from tracker.words.shares import share_text


def run(context: CommandContext) -> int:
    """Write the articles with the largest moves."""
    options = context.options
    config = context.config()
    _, query = read_query(context, options.query, config)
    symbol, benchmark = (None if word is None else check_symbol(word) for word in (options.symbol, options.benchmark))
    if symbol is not None and not options.query:
        query = parse_query(f"symbol:{symbol}")
    if not context.has_articles():
        context.write([], IMPACT)
        return 0
    now = context.clock()
    with context.reader() as reader:
        calculator = ImpactCalculator(reader, config, lambda: now, benchmark=benchmark)
        found = rank(calculator.impacts(reader.articles.ids(query, now), symbol), options.rank)
    shown = found[: options.limit] if options.limit else found
    context.write(shown, IMPACT, red_up=config.settings.red_up)
    if not found:
        context.print_message("no matching article is about a listed share")
    elif all(item.abnormal.model is None for item in shown):
        advice = (
            "`tracker sync` fetches them"
            if config.market.providers
            else f"{PRICES_ARE_OFF} (market.providers is empty)"
        )
        context.print_message(
            f"no closing prices of these shares and their benchmark are stored for the same days: {advice}"
        )
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


def _record(item: Impact) -> ImpactRecord:
    timing, model = item.timing, item.abnormal.model
    base = {"price": None, "time": None} if item.base is None else {"price": item.base.price, "time": item.base.time}
    return record_of(
        ImpactRecord,
        item,
        id=item.article_id,
        stands_in_for=item.share_name if item.is_stand_in else None,
        base=BaseRecord(**base, age_s=item.base_age_seconds),
        session=record_of(SessionRecord, item.session, date=item.day0, before=item.before),
        shares=record_of(SharesRecord, item.shares),
        abnormal=record_of(
            AbnormalRecord,
            item.abnormal,
            **{name: None if model is None else getattr(model, name) for name in ("alpha", "beta", "sigma", "n")},
            model=None if model is None else model.kind,
        ),
        timing=None if timing is None else timing.kind,
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


IMPACT = layout_of(
    ImpactRecord,
    _record,
    {
        Column("session"): lambda item: Cell("" if item.day0 is None else f"{item.day0:%Y-%m-%d}", "dim"),
        Column("headline", least=20): lambda item: Cell(item.title),
        Column("share"): lambda item: Cell(share_text(item.symbol, item.share_name, is_stand_in=item.is_stand_in)),
        Column("15 min ", right=True, leaves=2): lambda item: change_cell(
            item.moves.m15, "*" if item.is_base_old else " "
        ),
        Column("before", right=True, leaves=3): lambda item: change_cell(_before(item)),
        Column("to close", right=True): lambda item: _judged(change_cell(item.to_close.move), item.to_close),
        Column("abnormal", right=True): lambda item: _judged(change_cell(item.to_close.abnormal), item.to_close),
        Column("t", right=True): lambda item: _judged(
            Cell("" if item.to_close.t is None else t_text(item.to_close.t)), item.to_close
        ),
        Column("value", right=True, leaves=4): lambda item: Cell(dollars_text(item.to_close.value_usd)),
        Column("session", right=True): lambda item: _judged(change_cell(item.session.move), item.session),
        Column("other", right=True, leaves=1): lambda item: Cell(str(item.other_news or ""), "dim"),
    },
    prefixes={"moves": "move_", "abnormal": "", "notes": None},
)
"""`tracker impact`: what came before an article and what after it; abnormal, t and value are of what came after."""
