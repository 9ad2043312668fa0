"""The list: which articles the scope holds, kept up to date while syncs and other processes write."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from functools import partial
from time import monotonic

from msgspec.structs import replace
from textual.timer import Timer

from tracker.model.query import FAST_SORTS, Query, QuerySyntaxError
from tracker.model.tags import TAG_NAME
from tracker.store.raised import Raised
from tracker.ui.messages import FirstFound, IdsLoaded
from tracker.ui.parts.article_view import ArticleView
from tracker.ui.parts.frame import Frame
from tracker.ui.parts.part import Part, Shared
from tracker.ui.scope import Place, ReadFilter, Scope, everything, tag_place
from tracker.ui.widgets.side_rows import MORE_TAGS, side_rows
from tracker.ui.workers import Background

_FIRST_ROWS = 120
_PAUSE_SECONDS = 0.7
"""After this long without a key, a search that finds nothing says so."""
_DEBOUNCE_SECONDS = 0.12  # holding a key in the side bar, or typing, asks only for where it stops


class Listing(Part):
    """Shows what the scope holds: the first screenful at once, the rest when it has been read in a thread.

    Rows that come by themselves wait while the reader reads; rows that a key asked for do not.
    """

    def __init__(self, shared: Shared, *, frame: Frame, article: ArticleView, background: Background) -> None:
        super().__init__(shared)
        self._side = shared.widgets.side
        self._frame = frame
        self._article = article
        self._background = background
        self._version = -1
        self._newest: tuple[int, int, str | None] | None = None
        """When the store was looked at: the newest article, the newest that had been compared with others, and a mark
        that changes when stored articles enter or leave lists."""
        self._waiting: IdsLoaded | None = None
        self._raised: Raised = {}
        self._choice_timer: Timer | None = None
        self._choice = 0
        self._cursor_on: int | None = None
        self._soon: Scope | None = None
        self.is_begun_only = False
        """True while only the first rows of a search are shown, and the others have not even been asked for."""
        self._is_exact = False
        self._is_regrouped = False
        self._has_all = False
        self._is_painted = False
        self._seconds: Timer | None = None

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what each command of this part does."""
        return {
            "list.take_in": self.take_in,
            "view.everything": partial(self._filter_by, "everything"),
            "view.unread": partial(self._filter_by, "unread"),
            "view.starred": partial(self._filter_by, "starred"),
        }

    # -- the scope -----------------------------------------------------------------------
    def all_places(self) -> list[Place]:
        """Return everything the side bar can show, folded or not."""
        view = self._view
        rows = side_rows(view.config, view.counts, view.states, (MORE_TAGS,), view.clock())
        return [row.place for row in rows if row.place is not None]

    def place(self, key: str) -> Place:
        """Return the place of that key; everything where there is none."""
        tag = key.removeprefix("tag:")
        if tag != key and TAG_NAME.fullmatch(tag):  # tags are known only when the counts have been read
            return tag_place(tag)
        return next((place for place in self.all_places() if place.key == key), everything())

    def show_place(self, place: Place) -> None:
        """Show the articles of a line of the side bar."""
        if place != self._view.scope.place:
            self._view.scope = replace(self._view.scope, place=place)
            self._side.put_cursor(place.key)
            self.open(first_at_once=True)
        else:  # this choice has taken the place of a search that was to be read to its end
            self.finish_later()

    def choose_later(self, choice: Callable[[], object]) -> None:
        """Run `choice` unless another choice follows at once (debounce)."""
        self._soon = None
        self._choose_in(_DEBOUNCE_SECONDS, choice)

    def _choose_in(self, seconds: float, choice: Callable[[], object]) -> None:
        self.drop_choice()
        number = self._choice

        def choose() -> None:
            # A timer that was stopped may have queued this call before: then it would undo the newer choice.
            if number == self._choice:
                choice()

        self._choice_timer = self._screen.set_timer(seconds, choose)

    def drop_choice(self) -> None:
        """Cancel `choose_later`."""
        self._choice += 1
        if self._choice_timer is not None:
            self._choice_timer.stop()

    def drop_search(self) -> None:
        """Cancel `search_soon`."""
        self.drop_choice()
        self._soon = None

    def search(self, text: str, cursor_on: int | None = None, *, first_at_once: bool = False) -> None:
        """Search in the selected place."""
        self.drop_choice()
        if self.is_begun_only and text == self._view.scope.search:  # the reader may have moved in what is shown already
            self.is_begun_only = False
            self._fill(None, first_at_once=True)
            return
        self._view.scope = replace(self._view.scope, search=text)
        self.open(cursor_on, first_at_once=first_at_once)

    def search_soon(self, text: str) -> None:
        """Show the first rows of a search as soon as they are found, and all of it unless another choice follows.

        That it finds nothing is shown only after a pause: the word is mostly not typed to its end yet.
        """
        scope = replace(self._view.scope, search=text)
        is_first = scope.query().sort == "published"
        if not self._has_all:  # nobody waits for the list of the text before; if it comes back, it is read anew
            self._background.drop_ids()
            self.is_begun_only = True
        self._choose_in(_PAUSE_SECONDS if is_first else _DEBOUNCE_SECONDS, lambda: self.search(text))
        if is_first:
            self._soon = scope
            self._background.load_first(scope, _FIRST_ROWS)

    def finish_later(self) -> None:
        """Read all of the list that is shown, unless another choice follows, if a search has ended its read."""
        if self.is_begun_only and not self._has_all:
            self.choose_later(lambda: self.search(self._view.scope.search))

    def show_first(self, message: FirstFound) -> None:
        """Show the first rows of a search, if it is still the one that was typed last and not all of it is here."""
        if message.scope != self._soon or not message.ids:
            return
        self._soon = None
        is_new = message.scope != self._view.scope
        if is_new or self.is_begun_only:  # else all of it is on its way already
            self.choose_later(lambda: self.search(message.scope.search))
        if is_new:
            self._background.drop_ids()
            self._view.scope = message.scope
            self._begin()
            self._has_all, self._cursor_on, self.is_begun_only = False, None, True
        elif self._has_all:
            return
        self._headlines.open_ids(message.ids)  # the article follows when the cursor has rested, with the next repaint
        self._frame.draw_title()

    def show_everything(self, cursor_on: int | None, *, is_exact: bool) -> None:
        """Show all articles, the cursor on one of them."""
        self._search_everything("", cursor_on, is_exact=is_exact)

    def search_everything(self, text: str) -> None:
        """Search in all articles."""
        self.drop_choice()
        self._search_everything(text)

    def _search_everything(self, text: str, cursor_on: int | None = None, *, is_exact: bool = False) -> None:
        self._view.scope = self._view.scope.everywhere(text)
        self._side.put_cursor(self._view.scope.place.key)
        self.open(cursor_on, first_at_once=True, is_exact=is_exact)

    def _filter_by(self, read_filter: ReadFilter) -> None:
        if read_filter != self._view.scope.read_filter:
            self._view.scope = replace(self._view.scope, read_filter=read_filter)
            self.open(self._headlines.lead_id, first_at_once=True)
        else:
            shown = {
                "everything": "all headlines are",
                "unread": "only unread ones are",
                "starred": "only starred ones are",
            }
            self._status.show_message(f"{shown[read_filter]} shown already")

    # -- its articles ---------------------------------------------------------------------
    def open(self, cursor_on: int | None = None, *, first_at_once: bool = False, is_exact: bool = False) -> None:
        """Show the articles of the scope; with `first_at_once` the first screenful immediately, then all.

        `is_exact` unfolds the story of the article that gets the cursor, if it has no row itself.
        """
        view = self._view
        if first_at_once or self._soon != view.scope:  # else the first rows may still come before the others
            self._soon = None
        self.is_begun_only = False
        self._begin()
        if first_at_once:
            try:
                query = view.scope.query()
            except QuerySyntaxError as error:
                self._status.show_warning(str(error))
                return
            reader = self._reads.reader
            view.highest_seen = self._reads.read(reader.articles.highest_id, view.highest_seen)
            now, stories = view.clock(), reader.stories
            nothing: tuple[array[int], dict[int, int]] = (array("q"), {})

            def read() -> tuple[array[int], dict[int, int]]:
                with reader.snapshot():
                    return stories.raised(stories.first_leads(query, now, _FIRST_ROWS), query, now, {})

            found = self._reads.read_quickly(read, nothing)
            is_begun = found is not None
            ids, self._raised = found or nothing
            self._headlines.open_ids(ids, cursor_on)
            if cursor_on is not None and is_exact:
                self.put_cursor_on(cursor_on, is_exact=True)
            self._note_reading(is_begun=is_begun)
            self._frame.draw_title()
        if self._is_painted:  # the first screen is the list; all else begins when it can be seen
            self._fill(cursor_on, first_at_once=first_at_once, is_exact=is_exact)

    def _begin(self) -> None:
        self._note_reading(is_begun=True)
        self._waiting, self._is_regrouped = None, False
        self._raised = {}
        self._view.new_above = self._view.elsewhere = 0

    def painted(self, cursor_on: int | None) -> None:
        """Read the rest, now that the first screenful can be seen."""
        self._is_painted = True
        self._fill(cursor_on, first_at_once=True)

    def _fill(self, cursor_on: int | None, *, first_at_once: bool, is_exact: bool = False) -> None:
        if first_at_once:
            self._article.show()
        self._cursor_on, self._is_exact, self._has_all = cursor_on, is_exact, False
        # In an order that takes long the first screenful is in another one, and gives way with the cursor at the top.
        is_begun = first_at_once and self._view.scope.query().sort in FAST_SORTS
        shown = self._headlines.window.leads if is_begun else None
        self._note_reading(is_begun=is_begun and self._view.reading_seconds is None)
        self._background.load_ids(self._view.scope, shown, raised=self._raised)
        self._background.load_facts(self._view.scope)

    def _note_reading(self, *, is_begun: bool) -> None:
        """Count the seconds until the list is shown, unless its first rows are shown already (`is_begun`)."""
        if self._seconds is not None:
            self._seconds.stop()
            self._seconds = None
        self._view.reading_seconds = None
        if not is_begun:
            self._view.reading_seconds, began = 0, monotonic()

            def count() -> None:
                if self._view.reading_seconds is not None:
                    self._view.reading_seconds = int(monotonic() - began)
                    self._frame.draw_title()

            self._seconds = self._screen.set_interval(1.0, count)

    def show_ids(self, message: IdsLoaded) -> None:
        """Show the ids of a view, or keep newer ones waiting while the reader reads."""
        if message.generation != self._background.generation:
            return
        headlines = self._headlines
        if not message.is_update:
            self._view.highest_seen, self._raised = message.highest, message.raised
            headlines.open_ids(message.ids, self._cursor_on)
            if self._cursor_on is not None and self._is_exact:
                self.put_cursor_on(self._cursor_on, is_exact=True)
            self._cursor_on = None
            self._article.show()
        elif not message.fresh or headlines.is_following or self._is_asked_for or not self._has_all:
            self._take_in(message)
        else:
            self._waiting, self._view.new_above = message, message.fresh
        self._has_all = True
        self._note_reading(is_begun=True)
        self._frame.draw_title()

    @property
    def has_all(self) -> bool:
        """True once the list holds more than the first screenful: all that is in the scope."""
        return self._has_all

    @property
    def _is_asked_for(self) -> bool:
        """True when rows come because of a key press, not on their own."""
        return self._is_regrouped or self._cursor_on is not None

    def take_in(self) -> None:
        """Show the new rows."""
        if self._waiting is not None:
            self._take_in(self._waiting)
            self._frame.draw_title()
        else:
            self._status.show_message("no new headlines")

    def _take_in(self, message: IdsLoaded) -> None:
        self._waiting, self._view.new_above = None, 0
        self._view.highest_seen, self._raised = message.highest, message.raised
        wanted, self._cursor_on = self._cursor_on, None
        if wanted is None and self._is_regrouped:
            wanted, self._is_exact = self._headlines.article_id, True
        self._is_regrouped = False
        self._headlines.update_ids(message.ids, message.instead)
        if wanted is not None and self._is_exact:
            self.put_cursor_on(wanted, is_exact=True)
        elif wanted is not None and (index := self._headlines.window.index_of(wanted)) is not None:
            self._headlines.cursor = index

    def put_cursor_on(self, article_id: int, *, is_exact: bool) -> bool:
        """Put the cursor on an article, or on another report of its story; False when the list holds none.

        `is_exact` unfolds the story where the article itself has no row.
        """
        window = self._headlines.window
        for one in self._reads.story_of(article_id):
            index = window.index_of(one)
            if index is not None:
                if one == article_id or not is_exact:
                    self._headlines.cursor = index
                else:
                    self._headlines.unfold_to(window.lead_of(one), article_id)
                return True
        return False

    # -- what changes it -------------------------------------------------------------------
    def show_regrouped(self) -> None:
        """Show the view with its stories as they are now, the cursor on its article."""
        self._is_regrouped = True
        self._headlines.refresh_rows()
        self._article.forget()
        self._background.load_ids(self._view.scope, self._headlines.window.leads, raised=self._raised, is_unfolded=True)
        self._background.load_facts(self._view.scope)  # those under way are of the view before

    def show_remarked(self) -> None:
        """Show rows and article with their marks as they are now."""
        self._headlines.refresh_rows()
        self._article.forget()

    def look_at_store(self) -> None:
        """Notice what a sync, a poll or another process has written, and show it."""
        ask, reader = self._reads.read, self._reads.reader
        version = ask(reader.data_version, self._version)
        if version == self._version:
            return
        self._version = version
        articles, stories = reader.articles, reader.stories
        newest = ask(lambda: (articles.highest_id(), stories.grouped(), articles.relisted()), self._newest)
        self._headlines.refresh_rows()
        if self._newest is not None and newest != self._newest:
            self.update()
            self._article.forget()  # others may have joined its story
        self._newest = newest
        self._background.load_facts(self._view.scope)

    def update(self) -> None:
        """Read the list again; the story under the cursor stays."""
        window = self._headlines.window
        kept = None if self._headlines.is_following else self._headlines.lead_id
        is_unfolded = kept is not None and window.is_unfolded(kept)
        self._background.load_ids(self._view.scope, window.leads, kept, raised=self._raised, is_unfolded=is_unfolded)

    def read_again(self) -> None:
        """Retry after a failed read."""
        if self._reads.has_failed:
            self._reads.has_failed = False
            self._version = -1
            self._article.show()
            self.look_at_store()

    def config_changed(self, before: Scope) -> None:
        """Show everything if the selected view or feed no longer exists, and a list of watched shares as it is now.

        Args:
            before: the scope with the watchlist of before.
        """
        place = self.place(self._view.scope.place.key)
        if place != self._view.scope.place:
            self.show_place(place)
        else:
            if self._is_painted and _query(before) != _query(self._view.scope):
                self.update()
            self._background.load_facts(self._view.scope)


def _query(scope: Scope) -> Query | None:
    """Return the query of a scope; None where its search cannot be read."""
    try:
        return scope.query()
    except QuerySyntaxError:
        return None
