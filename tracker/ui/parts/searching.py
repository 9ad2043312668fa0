"""The search field, and the way back out of it."""

from __future__ import annotations

from collections.abc import Callable

from tracker.model.query import SORTS, STATES, named_terms, parse_query
from tracker.ui.parts.listing import Listing
from tracker.ui.parts.part import Part, Shared


class Searching(Part):
    """Opens the field, shows what is found as it is typed, and closes it again."""

    def __init__(self, shared: Shared, *, listing: Listing) -> None:
        super().__init__(shared)
        self._listing = listing
        self._field = shared.widgets.search
        self._field.check = self._check
        self._before: int | None = None  # the story that the cursor was on when the search began

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what each command of this part does."""
        return {"search.open": self.open}

    @property
    def is_typing(self) -> bool:
        """True while the field has the focus."""
        return self._screen.focused is self._field.field

    def _check(self, text: str) -> None:
        parse_query(text)
        if named_terms(text):
            from tracker.sync.known_names import unknown_name  # what the first paint does not need

            reads = self._reads
            if error := reads.read(lambda: unknown_name(text, self._view.config, reads.reader), None):
                raise error

    def open(self) -> None:
        """Open the field and focus it."""
        if not self._view.scope.search:
            self._before = self._headlines.lead_id
        self.show_text(self._view.scope.search)
        if self._panes.is_narrow:
            self._panes.show("list")
        self._panes.focus(self._field.field)

    def show_text(self, text: str) -> None:
        """Put a text into the field."""
        view, field = self._view, self._field
        field.suggester.values = {
            **dict.fromkeys(("tag", "about"), sorted(view.counts.tags)),
            **dict.fromkeys(
                ("source", "feed"), sorted(feed.name.lower() for feed in view.config.feeds if " " not in feed.name)
            ),
            "symbol": [symbol.symbol for symbol in view.config.symbols],
            "is": list(STATES),
            "sort": list(SORTS),
        }
        field.set_class(True, "is-open")
        field.field.value = text

    def set(self, text: str) -> None:
        """Search for a text and show it in the field."""
        self.show_text(text)
        self._panes.show("list")

    def set_everywhere(self, text: str) -> None:
        """Search for a text in all articles, whatever place is selected, and show it in the field."""
        self._listing.search_everything(text)
        self.set(text)

    def look_elsewhere(self) -> bool:
        """Search all articles if only they have results; return whether they do."""
        text = self._view.scope.search
        is_missing = self._view.elsewhere > 0 and self._field.field.value.strip() == text
        if is_missing:
            self.set_everywhere(text)
        return is_missing

    def set_in_words(self, text: str) -> None:
        """Search for this as `set` does; an empty text closes the field."""
        self.set(text)
        if not self._field.field.value:
            self._field.set_class(False, "is-open")

    def typed(self, text: str | None) -> None:
        """Show what is found first at once, and all of it shortly after the last character.

        What cannot be searched for (None) keeps what was found last: words that are typed are mostly not yet whole.
        """
        self._listing.drop_search()  # what is found of an earlier text comes too late now
        if text is None:
            self._listing.finish_later()
            return
        is_shown = text == self._view.scope.search and not self._listing.is_begun_only
        if not is_shown and text == self._field.field.value.strip():
            self._listing.search_soon(text)

    def enter(self) -> None:
        """Go from the field to the results if the search is valid."""
        field = self._field
        if not field.is_good:
            return
        text = field.field.value.strip()
        if self.look_elsewhere():
            return
        field.set_class(bool(text), "is-open")
        if text != self._view.scope.search:  # the next key is meant for what was searched, so it is shown at once
            self._listing.search(text, first_at_once=True)
        self._panes.show("list")

    def leave(self) -> None:
        """Close the field and drop the search, if there is one.

        The cursor stays on its article; where nobody moved it in what was found, it goes back to where it was.
        """
        headlines = self._headlines
        is_unmoved = headlines.cursor == 0 and self._before is not None
        # Of keys in a burst, Enter comes before the text has reached the field, finds it empty and closes it.
        if self._field.has_class("is-open") or self._view.scope.search:
            self.close()
            if self._view.scope.search:
                self._listing.search("", self._before if is_unmoved else headlines.lead_id, first_at_once=True)
            self._panes.show("list")
        self._before = None

    def close(self) -> None:
        """Close the field and empty it."""
        self._field.set_class(False, "is-open")
        self._field.show_message("")
        self._field.field.value = ""
