"""The search field, with the error of the search below it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.suggester import Suggester
from textual.widgets import Input, Static

from tracker.model.query import QuerySyntaxError, parse_query
from tracker.model.query_tokens import COMPARED, FIELDS
from tracker.ui.commands import prints
from tracker.ui.widgets.last_of_burst import LastOfBurst
from tracker.ui.widgets.text_field import TextField

_NAMES = [f"{field}{'<' if field in COMPARED else ':'}" for field in FIELDS]


class FieldSuggester(Suggester):
    """Completes field names and, after `tag:`, `about:`, `source:` and so on, their known values."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self.values: dict[str, list[str]] = {}
        """Field name to its possible values."""

    async def get_suggestion(self, value: str) -> str | None:
        """Return the text with its last word completed, or None."""
        last = value.rsplit(maxsplit=1)[-1] if value and not value[-1].isspace() else ""
        if not last:
            return None
        head, bare = value[: len(value) - len(last)], last.lstrip("-(")
        head += last[: len(last) - len(bare)]
        name, colon, begun = bare.partition(":")
        options = [f"{name}:{one}" for one in self.values.get(name, ())] if colon else _NAMES
        if not bare or (colon and not begun):
            return None
        return next((head + option for option in options if option.startswith(bare) and option != bare), None)


class _Line(TextField):
    """An input that keeps every character for itself; Textual's own lets go of some, such as "["."""

    @property
    def can_complete(self) -> bool:
        """True while something is suggested."""
        return bool(self._suggestion) and self.cursor_at_end  # Textual has no public way to see what it suggests

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Return whether a key types text."""
        return super().check_consume_key(key, character) or prints(key)


class SearchField(Vertical):
    """One line to type in, one for the message; live."""

    @dataclass(repr=False, eq=False)
    class Changed(LastOfBurst):
        """What is typed has changed; `text` is None for what cannot be searched for."""

        text: str | None

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.suggester = FieldSuggester()
        self.check: Callable[[str], object] = parse_query
        """Raises `QuerySyntaxError` for a text that cannot be searched for."""

    def compose(self) -> ComposeResult:
        """Lay out the field and its message."""
        yield _Line(
            placeholder='words "a phrase" tag:nvidia source:wccftech newer:2d is:unread',
            suggester=self.suggester,
            compact=True,
        )
        yield Static("", markup=False, id="search-message")

    @property
    def field(self) -> _Line:
        """The line to type in."""
        return self.query_one(_Line)

    @property
    def can_complete(self) -> bool:
        """True while the field has the focus and suggests something."""
        return self.field.has_focus and self.field.can_complete

    def complete(self) -> None:
        """Take what is suggested, as a shell does."""
        self.field.action_cursor_right()

    def show_message(self, text: str) -> None:
        """Show a message under the field."""
        message = self.query_one("#search-message", Static)
        message.update(Content(text))
        message.set_class(bool(text), "has-text")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Run a valid search; for an invalid one show the error and keep the last result."""
        event.stop()
        try:
            self.check(event.value)
        except QuerySyntaxError as error:
            self.show_message(str(error))
            self.post_message(self.Changed(None))
            return
        self.show_message("")
        self.post_message(self.Changed(event.value.strip()))

    @property
    def is_good(self) -> bool:
        """True when the search can be read."""
        try:
            self.check(self.field.value)
        except QuerySyntaxError:
            return False
        return True
