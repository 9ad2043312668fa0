"""What surrounds the list and the article: top line, titles, side bar, watchlist."""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len
from textual.content import Content

from tracker.model.query import QuerySyntaxError
from tracker.prices.moves import is_stale
from tracker.ui import status
from tracker.ui.commands import first_key
from tracker.ui.parts.panes import MEDIUM_WIDTH, WIDE_WIDTH
from tracker.ui.parts.part import Part, Shared
from tracker.ui.widgets.pieces import fit
from tracker.ui.widgets.row_move import KIND_WORDS
from tracker.ui.widgets.side_rows import side_rows
from tracker.ui.widgets.text_lines import set_border_title
from tracker.ui.widgets.watchlist import WatchRow

_TITLE_ENDS = 4  # a line and a blank at each end
_SIDE_STEP = 2


class Frame(Part):
    """Draws counts, feeds and prices as they arrive; decides nothing."""

    def __init__(self, shared: Shared) -> None:
        super().__init__(shared)
        self._top = shared.widgets.top
        self._ticker = shared.widgets.ticker
        self._side = shared.widgets.side
        self._list_pane = shared.widgets.list_pane
        self._note = shared.widgets.note
        self._watchlist = shared.widgets.watchlist

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what each command of this part does."""
        return {
            "side.fold": self._fold_shown,
            "side.narrower": lambda: self._widen_side(-_SIDE_STEP),
            "side.wider": lambda: self._widen_side(_SIDE_STEP),
        }

    def draw(self) -> None:
        """Draw everything that surrounds the list."""
        self.draw_side()
        self.draw_title()
        self.draw_watch()
        self.draw_top()

    def draw_side(self) -> None:
        """Draw the side bar."""
        view = self._view
        self._side.show_rows(side_rows(view.config, view.counts, view.states, view.folded, view.clock()))

    def draw_title(self) -> None:
        """Draw the title of the list, the note in an empty one, and the count of new rows."""
        view = self._view
        count = len(self._headlines.window.leads)
        try:
            sort = view.scope.query().sort
        except QuerySyntaxError:  # the field says so; the list is still the last good one
            sort = "published"
        self._headlines.show_sources(sort == "sources")
        kind = KIND_WORDS[self._headlines.moves.kind]
        title = status.list_title(view.scope.title, sort, min(view.unread, count), count, kind, self._reading(count))
        # In the title, not over or under the rows: a row more or less on screen would push what is being read.
        take_in = self._key("list.take_in")
        pill = f" ▲ {view.new_above:,} new, press {take_in} " if view.new_above else ""
        width = self._list_pane.size.width or self._screen.size.width
        title = status.fit_parts(title, width - cell_len(pill) - _TITLE_ENDS, (" · ",))
        list_title = Content.assemble((pill, "reverse $tracker-mark"), Content(f" {title} "))
        set_border_title(self._list_pane, list_title)
        self._note.display = count == 0
        if count == 0:
            self._note.update(Content(self._empty_note()))

    def _reading(self, count: int) -> str:
        """Return for how long the list has been read, and how to leave it, where rows are still to come."""
        view = self._view
        seconds = view.reading_seconds
        if seconds is None or (seconds == 0 and count):
            return ""
        since = f", {seconds} s" if seconds else ""
        leave = f" ({self._key('article.back')} leaves the search)" if view.scope.search else ""
        return f"reading{since}{leave}"

    def _empty_note(self) -> str:
        view = self._view
        if view.reading_seconds is not None:
            return "\nReading the list…"
        if view.elsewhere:
            return f"\nNothing here; {view.elsewhere:,} in Everything: {self._key('article.open')} shows them."
        if view.total:
            return f"\n{self._nothing_note()}"
        if view.total is None:
            return ""
        states = [view.states.get(feed.name) for feed in view.config.feeds if feed.enabled]
        reasons = [None if state is None else state.last_reason for state in states]
        if not view.config.feeds:
            first = f"No feeds yet. Press {self._key('feed.add')} to add one."
        elif view.is_syncing:
            first = "Fetching the feeds; headlines appear here as they arrive."
        elif view.is_other_syncing:
            first = "Another tracker is fetching the feeds; headlines appear here as they arrive."
        elif reasons and all(reasons):
            again, health = self._key("sync.all"), self._key("view.health")
            first = f"No feed has responded ({reasons[0]}). Press {again} to try again, {health} for details."
        else:
            first = f"No articles yet. Press {self._key('sync.all')} to fetch the feeds."
        return (
            f"\n{first}\n"
            "Left: views, tags and feeds. Middle: headlines, each with the move of its share since, and the article.\n"
            f"Right (or on top): the watchlist. {self._key('pane.next')} switches panes,"
            f" {self._key('app.help')} shows every key."
        )

    def _nothing_note(self) -> str:
        """Return why the list is empty, with the keys that show more; articles are stored."""
        scope = self._view.scope
        ways = []
        if scope.read_filter != "everything":
            ways.append(f"{self._key('view.everything')} to show all articles")
        if scope.search:
            ways.append(f"{self._key('article.back')} to leave the search")
        nothing = {"unread": "Nothing unread here.", "starred": "Nothing starred here."}.get(
            scope.read_filter, "Nothing found." if scope.search else "Nothing here yet."
        )
        return f"{nothing} Press {', '.join(ways)}." if ways else nothing

    def _key(self, command_id: str) -> str:
        return first_key(command_id, self._view.config.keys)

    def draw_watch(self) -> None:
        """Draw the watchlist, or the ticker line on a screen too narrow for it."""
        view = self._view
        now = view.clock()
        rows = []
        for one in view.config.symbols:
            quote = view.quotes.get(one.symbol)
            failure = view.failures.get(one.symbol)
            reason = quote.failure if quote is not None else failure[0] if failure is not None else None
            stale = quote is not None and is_stale(quote, now)
            rows.append(
                WatchRow(
                    one.symbol,
                    one.name or view.names.get(one.symbol),
                    quote,
                    view.closes.get(one.symbol, ()),
                    reason,
                    stale,
                    tuple(one for one in view.dates.get(one.symbol, ()) if not one.is_over(now)),
                    view.halts.get(one.symbol),
                )
            )
        self._watchlist.show(rows, now)
        is_alone = self._screen.size.width < MEDIUM_WIDTH  # else the top line has time and source
        self._ticker.show(rows, now, is_alone=is_alone)

    def draw_top(self) -> None:
        """Draw the top line: time, session, benchmarks, the source and age of prices."""
        view = self._view
        now = view.clock()
        width = max(20, self._screen.size.width - 2)
        left = status.session_line(now)
        middle = status.benchmark_pieces(status.benchmark_symbols(view.config), view.quotes)
        is_wide = self._screen.size.width >= WIDE_WIDTH  # else the ticker line says why there are no prices
        right = status.prices_text(view.quotes, view.failures if is_wide else {}, now)
        room = width - cell_len("tracker  ") - cell_len(left)
        if room < cell_len(right) + 2:
            right = "" if view.quotes else fit(right, max(0, room - 2)).rstrip()
        while middle and room - cell_len(right) - 4 < sum(cell_len(text) for text, _ in middle):
            middle = middle[:-2]
        gap = max(1, room - cell_len(right) - sum(cell_len(text) for text, _ in middle))
        before = gap // 2 if middle else 0
        pieces = [Content.styled("tracker", "bold $tracker-accent"), Content(f"  {left}"), Content(" " * before)]
        pieces.extend(Content.styled(text, f"${part}") for text, part in middle)
        pieces.extend((Content(" " * (gap - before)), Content.styled(right, "$tracker-muted")))
        self._top.show([Content.assemble(*pieces)])

    # -- the side bar ---------------------------------------------------------------------------
    def _fold_shown(self) -> None:
        """Fold or unfold the current group, or say how to get to the side bar where it is not shown."""
        if self._panes.is_narrow and self._panes.current != "side":
            self._status.show_message(f"the side bar is not shown; press {self._key('pane.left')} to go to it")
        else:
            self.fold_current()

    def _widen_side(self, by: int) -> None:
        """Make the side bar wider by so many cells, or say why that is not possible."""
        panes = self._panes
        before = panes.side_width
        if panes.is_narrow:
            self._status.show_message(f"the side bar has a width of its own from {MEDIUM_WIDTH} columns on")
            return
        panes.set_side_width(before + by)
        if panes.side_width == before:
            self._status.show_message(f"the side bar gets no {'wider' if by > 0 else 'narrower'}: {before} columns")

    def fold_current(self) -> None:
        """Fold or unfold the group that the side bar's cursor is in."""
        if self._side.row is not None:
            self.fold(self._side.row.section)

    def fold(self, key: str) -> None:
        """Fold or unfold a group."""
        self._view.folded ^= {key}
        self.draw_side()
