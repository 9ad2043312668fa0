"""`tracker companies [WORD]`: the companies that headlines are tagged with, and the names they are found by."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from tracker.cli.context import CommandContext
from tracker.cli.layouts import layout_of, record_of
from tracker.cli.output import Cell, Column
from tracker.cli.records import CompanyRecord
from tracker.market.exchanges import exchange_name
from tracker.model.query import slug
from tracker.sync.rules import company_rows
from tracker.tagging.companies import Company


class Known(Struct, frozen=True):
    """One company, and its shares on the watchlist."""

    company: Company
    watched: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return every name that the company is found by, the surest first."""
        row = self.company
        return tuple(dict.fromkeys((*row.names, *row.caps, *row.words, *row.brands, *row.codes)))


def run(context: CommandContext) -> int:
    """Write the companies that match; return 1 when none does."""
    config = context.config()
    rows = company_rows(config)
    wanted = " ".join(context.options.word)
    watched = frozenset(config.watched)
    found = [Known(row, tuple(sorted(watched & _symbols(row)))) for row in _search(rows, wanted)]
    if not found:
        context.print_message(
            f'no company is called "{wanted}"; add a [[tag]] or a [[symbol]] with a name to feeds.toml'
        )
    context.write(found, COMPANIES)
    return 0 if found else 1


def _search(rows: Sequence[Company], text: str) -> list[Company]:
    """Return the rows with that symbol or tag, else those with a name that contains the words, best first."""
    wanted = slug(text)
    if not wanted:
        return list(rows)
    symbol = text.upper()
    exact = [row for row in rows if text.lower() == row.tag or symbol in _symbols(row)]
    ranked = []
    for row in rows:
        slugs = [slug(name) for name in (row.label, *Known(row, ()).names)]
        rank = 0 if wanted in slugs else 1 if any(one.startswith(wanted) for one in slugs) else 2
        if rank < 2 or any(wanted in one for one in slugs):
            ranked.append((rank, len(row.label), row.tag, row))
    others = [row for *_, row in sorted(ranked, key=lambda item: item[:3])]
    return list({row.tag: row for row in (*exact, *others)}.values())


def _symbols(row: Company) -> frozenset[str]:
    """Return the symbols of its own shares; an unlisted company has none."""
    own = (row.symbol,) if row.symbol is not None and row.listed else ()
    return frozenset((*own, *row.also, *row.tickers))


def _exchange(row: Company) -> str | None:
    return exchange_name(row.symbol) if row.symbol is not None and row.listed else None


def _record(known: Known) -> CompanyRecord:
    row = known.company
    return record_of(
        CompanyRecord,
        row,
        name=row.label,
        symbol=row.symbol if row.listed else None,
        stands_in=None if row.listed else row.symbol,
        other_listings=tuple(row.also),
        exchange=_exchange(row),
        names=known.names,
        watched=known.watched,
    )


COMPANIES = layout_of(
    CompanyRecord,
    _record,
    {
        Column("tag", least=12): lambda known: Cell(known.company.tag),
        Column("name", least=16): lambda known: Cell(known.company.label),
        Column("symbol"): lambda known: Cell(known.company.symbol or "", "" if known.company.listed else "dim"),
        Column("exchange", leaves=2): lambda known: Cell(_exchange(known.company) or ""),
        Column("watched"): lambda known: Cell("●" if known.watched else ""),
        Column("found by", least=24, leaves=1): lambda known: Cell(", ".join(known.names), "dim"),
    },
)
