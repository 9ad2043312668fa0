"""Pages over the window: every key from the registry, and what every sign and number means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widget import Widget

from tracker.model.commands import COMMANDS, GROUPS
from tracker.model.query_tokens import FIELDS
from tracker.ui.commands import bindings_for, count_text, first_key, key_text, keys_of
from tracker.ui.widgets.article_text import wrap_offsets
from tracker.words.signs import GROUPS as SIGN_GROUPS

_TERM_CELLS = 16
"""Where the words begin beside a term."""


class HangingText(Widget):
    """Terms and words: what does not fit a line goes on below the words, not below the term."""

    DEFAULT_CSS = "HangingText { height: auto; }"

    def __init__(self, text: Content) -> None:
        super().__init__()
        self._lines = text.split("\n", allow_blank=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the lines at a width."""
        return self._wrapped(width).get_height({}, width)

    def render(self) -> Content:
        """Return the text for the present width."""
        return self._wrapped(self.content_size.width)

    def _wrapped(self, width: int) -> Content:
        return Content("\n").join(piece for line in self._lines for piece in _hang(line, width))


def _hang(line: Content, width: int) -> list[Content]:
    """Return a line in pieces of `width` cells; those of a term and its words after the first have its margin."""
    room = width - _TERM_CELLS
    if not line.plain.startswith("  ") or line.cell_length <= width or room < _TERM_CELLS:
        return [line]
    words = line[_TERM_CELLS:]
    pieces = [words[start:end] for start, end in wrap_offsets(words.plain, room)]
    margin = Content(" " * _TERM_CELLS)
    return [(margin if number else line[:_TERM_CELLS]) + piece for number, piece in enumerate(pieces)]


class HelpScreen(ModalScreen[None]):
    """A page over the window; any key that opens one or goes back closes it.

    Args:
        keys: the user's keys.
    """

    CSS_PATH = "pages.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for(
            {
                "article.back": "dismiss",
                "app.help": "dismiss",
                "app.signs": "dismiss",
                "app.quit": "dismiss",
                "article.open": "dismiss",
                "list.next": "scroll(1)",
                "list.previous": "scroll(-1)",
            }
        )
    ]

    def __init__(self, title: str, text: Content, keys: Mapping[str, str]) -> None:
        super().__init__()
        self._keys = keys
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        """Lay out the page."""
        with VerticalScroll(id="help") as page:
            page.border_title = Content(self._title)
            page.border_subtitle = Content(f"{first_key('article.back', self._keys)} closes")
            yield HangingText(self._text)

    def action_scroll(self, lines: int) -> None:
        """Scroll the page."""
        self.query_one("#help").scroll_relative(y=lines, animate=False)


def help_text(keys: Mapping[str, str], label: str | None, *, is_replay: bool) -> Content:
    """Return every key by group, the signs, and the query language.

    Args:
        keys: the user's own, by command.
        label: what the prices of a replay are, or None.
        is_replay: whether the commands of a replay exist.
    """
    parts: list[Content] = []
    if label is not None:
        parts.append(Content.styled(f"{label}\n\n", "$tracker-mark"))
    for group in GROUPS:
        commands = [one for one in COMMANDS if one.group == group and (is_replay or not one.replay)]
        lines = [(" ".join(key_text(key) for key in keys_of(one, keys)), one.description) for one in commands]
        parts += _section(group, lines) if lines else []
        if group == "Move":
            parts.insert(-1, Content(f"  {count_text(keys)}\n"))
    parts.append(signs_text())
    parts.append(Content.styled("Search\n", "bold $tracker-accent"))
    parts.append(Content('  words and "phrases" in title and text; a space means AND; also OR, NOT or -, ( )\n'))
    parts.extend(Content.assemble((f"  {name + ':':<14}", "bold"), f"{words}\n") for name, words in FIELDS.items())
    return Content.assemble(*parts)


def signs_text() -> Content:
    """Return what every sign and number means."""
    parts: list[Content] = []
    for name, signs in SIGN_GROUPS:
        parts += _section(name, signs)
    return Content.assemble(*parts)


def _section(name: str, lines: Iterable[tuple[str, str]]) -> list[Content]:
    rows = [Content.assemble((f"  {term:<14}", "bold"), f"{words}\n") for term, words in lines]
    return [Content.styled(f"{name}\n", "bold $tracker-accent"), *rows, Content("\n")]
