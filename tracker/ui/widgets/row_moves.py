"""What the shares of the rows did: quotes and measured moves, and which of them the list shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from tracker.model.article import Headline
from tracker.model.market import Quote
from tracker.prices.moves import move_since
from tracker.ui.widgets.headline_row import NO_MOVE, RowMove
from tracker.ui.widgets.row_move import MoveKind, kind_named, row_move

if TYPE_CHECKING:
    from tracker.model.impact import Impact

_MAX_IMPACTS = 2_000


class RowMoves:
    """Holds what is known of the shares of headlines, by article.

    Args:
        changed: is called when rows are to be drawn again.
        wanted: is called when a row was drawn whose shares have not been measured.
    """

    def __init__(self, changed: Callable[[], object], wanted: Callable[[], object]) -> None:
        self._changed = changed
        self._wanted = wanted
        self.kind: MoveKind = "since"
        self._held: Mapping[str, float] = {}
        self._quotes: Mapping[str, Quote] = {}
        self._impacts: dict[int, tuple[Impact, ...]] = {}
        self._asked: set[int] = set()

    def show_quotes(self, quotes: Mapping[str, Quote]) -> None:
        """Show the moves up to new quotes."""
        if quotes != self._quotes:
            self._quotes = quotes
            self._changed()

    def show_held(self, held: Mapping[str, float]) -> None:
        """Show what the user made with so many shares, by symbol; the moves since where they hold none."""
        self._held = held
        self.show_kind(kind_named(self.kind, has_held=bool(held)))

    def show_kind(self, kind: MoveKind) -> None:
        """Show moves of another kind."""
        self.kind = kind
        self._changed()

    def show_impacts(self, impacts: Mapping[int, tuple[Impact, ...]], *, is_update: bool) -> None:
        """Show what the shares of some rows did; an update leaves nothing of what was known before."""
        self._asked.difference_update(impacts)
        if is_update or len(self._impacts) > _MAX_IMPACTS:
            self._asked.clear()
            is_other = any(self._impacts.get(article_id) != found for article_id, found in impacts.items())
            self._impacts = dict(impacts)
        else:
            is_other = True
            self._impacts.update(impacts)
        if is_other:
            self._changed()

    def impacts(self, article_id: int) -> tuple[Impact, ...]:
        """Return what is known of the shares of an article, that of its row first."""
        return self._impacts.get(article_id, ())

    def is_measured(self, article_id: int) -> bool:
        """Tell whether the shares of an article have been measured."""
        return article_id in self._impacts

    def unmeasured(self, rows: Sequence[Headline], *, known_too: bool = False) -> list[int]:
        """Return which of the rows on screen have a share that was not measured, or (`known_too`) have one."""
        with_share = [row.id for row in rows if row.symbol is not None]
        ids = [article_id for article_id in with_share if known_too or article_id not in self._impacts]
        self._asked = set(ids)  # what has left the screen meanwhile is asked for when it comes back
        return ids

    def of_row(self, row: Headline, now: datetime) -> RowMove:
        """Return what a row shows of its share, and have it measured if it is not."""
        if row.symbol is None:
            return NO_MOVE
        quote = self._quotes.get(row.symbol)
        move = move_since(row.symbol, row.time, row.base, quote, now)
        impacts = self._impacts.get(row.id)
        if impacts is None and row.id not in self._asked:
            self._asked.add(row.id)
            self._wanted()
        return row_move(self.kind, move, impacts[0] if impacts else None, self._held.get(row.symbol))
