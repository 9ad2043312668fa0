"""`tracker brief`: the morning page, from the database, without network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tracker.cli.context import CommandContext
from tracker.cli.output import Cell, Column, Layout, Record, write_table
from tracker.cli.records import change_cell
from tracker.impact.brief import read_brief
from tracker.impact.calculator import ImpactCalculator
from tracker.model.brief import Brief, BriefShare, StoryOutline
from tracker.model.clock import iso
from tracker.store.read import Reader
from tracker.tagging.catalog import merge_companies, share_names
from tracker.tagging.companies import companies
from tracker.words import brief as words
from tracker.words.impact import is_usual
from tracker.words.money import gain_text


def run(context: CommandContext) -> int:
    """Write the morning page: a record or a line for each share; below a table, the new stories."""
    config = context.config()
    if not context.db.exists():
        context.print_message(f"{context.db}: no articles yet; run `tracker sync`, or try `tracker demo`")
        return 0
    if not config.symbols:
        context.print_message("the watchlist is empty: add [[symbol]] tables to the configuration")
    now, back = context.clock(), context.options.since
    names = share_names(*merge_companies(companies(), config.tags))
    with Reader(context.db) as reader:
        calculator = ImpactCalculator(reader, config, lambda: now)
        since = None if back is None else now - back
        page = read_brief(reader, calculator, config, now, since=since, names=names)
    red_up = config.settings.red_up
    context.write(page.shares, brief_layout(page), red_up=red_up)
    if context.options.format == "table" or (context.options.format is None and context.is_terminal):
        _write_stories(context, page)
        context.print_message(f"\n{words.brief_title(page)}")
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


def share_record(share: BriefShare) -> Record:
    """Return the record of a share; `change`, `abnormal` and `t` are of the same session."""
    quote, step, window = share.quote, share.step, share.session
    return {
        "symbol": share.symbol,
        "name": share.name,
        "price": share.price,
        "currency": None if quote is None else quote.currency,
        "session": None if share.day is None else share.day.isoformat(),
        "change": window.move,
        "extended_change": share.outside,
        "abnormal": window.abnormal,
        "t": window.t,
        "held": share.held,
        "held_change": share.made,
        "largest_step": None
        if step is None
        else {
            "start": iso(step.move.start),
            "end": iso(step.move.end),
            "change": step.move.change,
            "article_ids": list(step.article_ids),
        },
        "stories": [_story_record(story) for story in share.stories],
        "dates": [],
    }


def _story_record(story: StoryOutline) -> Record:
    return {
        "id": story.id,
        "title": story.title,
        "size": story.size,
        "first_source": story.first_source,
        "published": None if story.published is None else iso(story.published),
    }


def _row(share: BriefShare) -> Record:
    record = share_record(share)
    step = record.pop("largest_step") or {}
    record |= {f"step_{name}": step.get(name) for name in ("start", "end", "change")}
    record["step_articles"] = _joined(step.get("article_ids", ()))
    record["stories"] = _joined(story.id for story in share.stories)
    return record


def _joined(ids: Iterable[int]) -> str:
    return " ".join(map(str, ids))


def brief_layout(page: Brief) -> Layout[BriefShare]:
    """Return how the shares of a page are written; a column of gains only where the user holds any of them."""
    has_held = page.has_held

    def cells(share: BriefShare) -> Sequence[Cell]:
        window, zone = share.session, words.zone_of(share)
        move = change_cell(window.move)
        gain = gain_text(share.made, None if share.quote is None else share.quote.currency)
        step = share.step
        return (
            Cell(share.symbol),
            Cell("" if share.price is None else f"{share.price:,.2f}"),
            change_cell(share.outside),
            Cell(move.text, "dim") if is_usual(window) else move,
            *((Cell(gain, "down" if gain.startswith("−") else "up"),) if has_held else ()),
            Cell(words.unusual_words(share)),
            Cell(str(len(share.stories)) if share.stories else "", "dim"),
            change_cell(None if step is None else step.move.change),
            Cell("" if step is None else words.stretch_text(step.move, zone), "dim"),
            Cell(words.before_text(step, zone), "dim" if step is None or step.story is None else ""),
        )

    return Layout(
        columns=(
            Column("share"),
            Column("price", right=True),
            Column("since close", right=True),
            Column(words.session_title(page), right=True),
            *((Column("yours", right=True),) if has_held else ()),
            Column("unusual"),
            Column("new", right=True),
            Column("step", right=True),
            Column("largest within an hour"),
            Column("published before it", least=20),
        ),
        cells=cells,
        record=share_record,
        row=_row,
        fields=FIELDS,
    )


FIELDS = (
    "symbol",
    "name",
    "price",
    "currency",
    "session",
    "change",
    "extended_change",
    "abnormal",
    "t",
    "held",
    "held_change",
    "step_start",
    "step_end",
    "step_change",
    "step_articles",
    "stories",
)
"""The columns of CSV: ids of articles are separated by spaces."""
