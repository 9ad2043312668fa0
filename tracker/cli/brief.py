"""`tracker brief`: the morning page, from the database, without network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from tracker.cli.context import CommandContext
from tracker.cli.layouts import layout_of, record_of
from tracker.cli.numbers import amount, change_cell
from tracker.cli.output import Cell, Column, Layout, Record, write_table
from tracker.cli.records import BriefRecord, ComingRecord, OutlineRecord, StepRecord
from tracker.impact.brief import read_brief
from tracker.impact.calculator import ImpactCalculator
from tracker.model.brief import Brief, BriefShare, StoryOutline
from tracker.tagging.catalog import merge_companies, share_names
from tracker.tagging.companies import companies
from tracker.words import brief as words
from tracker.words.dates import days_text, today_of
from tracker.words.impact import is_usual
from tracker.words.money import gain_text


def run(context: CommandContext) -> int:
    """Write the morning page: a record or a line for each share; below a table, the new stories."""
    config = context.config()
    if not context.has_articles():
        now = context.clock()
        context.write([], brief_layout(Brief(now, now, is_since_close=True), context.screen().width))
        return 0
    if not config.symbols:
        context.print_message("the watchlist is empty: add [[symbol]] tables to the configuration")
    now, back = context.clock(), context.options.since
    names = share_names(*merge_companies(companies(), config.tags))
    with context.reader() as reader:
        calculator = ImpactCalculator(reader, config, lambda: now)
        since = None if back is None else now - back
        page = read_brief(reader, calculator, config, now, since=since, names=names)
    red_up = config.settings.red_up
    is_table = context.options.format == "table" or (context.options.format is None and context.is_terminal)
    if is_table:
        context.print_message(f"{words.brief_title(page)}\n")
    context.write(page.shares, brief_layout(page, context.screen().width), red_up=red_up)
    if is_table:
        _write_stories(context, page)
    return 0


def _write_stories(context: CommandContext, page: Brief) -> None:
    """Write the stories below the table of shares: those about the watchlist, then the most reported others."""
    watched = {share.symbol for share in page.shares}
    for title, stories in words.story_sections(page):
        if stories:
            context.stdout.write("\n")
            columns = (Column("sources", right=True), Column("share"), Column(title, least=20), Column("first"))
            write_table(columns, [_story_cells(one, watched) for one in stories], context.stdout, context.screen())


def _story_cells(story: StoryOutline, watched: set[str]) -> Sequence[Cell]:
    return (
        Cell(str(story.sources)),
        Cell(" ".join(sorted(story.symbols & watched))),
        Cell(story.title),
        Cell(f"{story.first_source}, {words.time_words(story.time)}", "dim"),
    )


def _record(share: BriefShare) -> BriefRecord:
    quote, step, window = share.quote, share.step, share.session
    return record_of(
        BriefRecord,
        share,
        currency=None if quote is None else quote.currency,
        session=share.day,
        change=window.move,
        extended_change=share.outside,
        abnormal=window.abnormal,
        t=window.t,
        held_change=share.made,
        largest_step=None if step is None else record_of(StepRecord, step.move, article_ids=step.article_ids),
        stories=tuple(record_of(OutlineRecord, story) for story in share.stories),
        dates=tuple(record_of(ComingRecord, one, date=one.day) for one in share.dates),
    )


def _flat(share: BriefShare) -> Record:
    return {
        "step_articles": _joined(() if share.step is None else share.step.article_ids),
        "stories": _joined(story.id for story in share.stories),
        "dates": "; ".join(f"{one.kind} {one.day} {one.time or ''}".strip() for one in share.dates),
    }


def _joined(ids: Iterable[int]) -> str:
    return " ".join(map(str, ids))


def brief_layout(page: Brief, width: int) -> Layout[BriefShare]:
    """Return how the shares of a page are written; the table has the columns that there is something to say in.

    A narrow one leaves out the price, the time of the step and the count of new stories.
    """
    return layout_of(
        BriefRecord,
        _record,
        _columns(page, is_wide=width >= _WIDE),
        prefixes={"largest_step": "step_", **dict.fromkeys(("step_article_ids", "stories", "dates"))},
        more=_flat,
        more_fields=("step_articles", "stories", "dates"),
    )


_WIDE = 116


def _columns(page: Brief, *, is_wide: bool) -> dict[Column, Callable[[BriefShare], Cell]]:
    columns: dict[Column, Callable[[BriefShare], Cell]] = {Column("share"): lambda share: Cell(share.symbol)}
    if is_wide:
        columns[Column("price", right=True)] = _price
    if any(share.outside is not None for share in page.shares):
        columns[Column("since close" if is_wide else "since", right=True)] = lambda share: change_cell(share.outside)
    columns[Column(words.session_title(page), right=True)] = _session
    if page.has_held:
        columns[Column("yours", right=True)] = _gain
    today = today_of(page.now)
    if any(share.dates for share in page.shares):
        columns[Column("results")] = lambda share: Cell(days_text(share.dates, today), "dim")
    columns[Column("unusual")] = lambda share: Cell(words.unusual_words(share))
    if is_wide:
        columns[Column("new", right=True)] = lambda share: Cell(str(len(share.stories) or ""), "dim")
    columns[Column("step", right=True)] = lambda share: change_cell(
        None if share.step is None else share.step.move.change
    )
    if is_wide:
        columns[Column("when")] = _when
    columns[Column("published before it", least=20)] = lambda share: _before(share, page)
    return columns


def _price(share: BriefShare) -> Cell:
    return Cell("" if share.price is None else amount(share.price, share.symbol))


def _session(share: BriefShare) -> Cell:
    move = change_cell(share.session.move)
    return Cell(move.text, "dim") if is_usual(share.session) else move


def _gain(share: BriefShare) -> Cell:
    gain = gain_text(share.made, None if share.quote is None else share.quote.currency)
    return Cell(gain, "down" if gain.startswith("−") else "up" if gain.startswith("+") else "")


def _when(share: BriefShare) -> Cell:
    return Cell("" if share.step is None else words.stretch_text(share.step.move, words.zone_of(share)), "dim")


def _before(share: BriefShare, page: Brief) -> Cell:
    is_known = share.step is not None and share.step.story is not None
    return Cell(words.before_words(share, page), "" if is_known else "dim")
