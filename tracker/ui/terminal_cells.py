"""What a terminal shows, and the least that it has to be sent to show something else.

Textual sends all cells of what it redraws, each piece with both of its colours: 8 kB for a list that scrolls by a line,
of which 6 are colours. A terminal that is emulated takes longer to read them than the window to draw them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_TOKEN = re.compile(
    r"\x1b\[(?P<row>\d+);(?P<column>\d+)H"
    r"|\x1b\[(?P<codes>[\d;]+)m(?P<styled>[^\x00-\x1f\x7f-\x9f]+)\x1b\[0m"
    r"|(?P<plain>[^\x00-\x1f\x7f-\x9f]+)"
    r"|\n"
)
"""A move of the cursor, a piece of text with its style, one without, or the end of a line: it stands before a move."""
_NO_CELLS = re.compile(r"(?:\x1b\[\?2026[hl]|\x07)*")
"""Begins and ends an update that is shown at once; rings the bell."""
_ODD = re.compile(
    r"[^ -~\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u058f\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf"
    r"\u2190-\u22ff\u2500-\u25fc\u2800-\u28ff]"
)
"""Not surely one cell: terminals disagree how wide an emoji is, and some write Hebrew and Arabic from the right."""
_TOP = "\x1b[1;1H"
_RESET = "\x1b[0m"
_MAX_LOOKS = 10_000
_Place = tuple[int, int]
"""Line and column, counted from 0."""
_UNSEEN_IN_BLANKS = frozenset({"1", "2", "3", "5", "6"})
"""Bold, dim, italic, blinking."""


class _Style(NamedTuple):
    """A style as the terminal gets it."""

    attributes: tuple[str, ...]
    foreground: str
    background: str

    @property
    def of_blanks(self) -> _Style:
        """All of it that is seen where there is no character."""
        if _UNSEEN_IN_BLANKS.issuperset(self.attributes):
            return _Style((), "", self.background)
        return self


_DEFAULT = _Style((), "", "")
_LENGTHS = {"38;5": 3, "48;5": 3, "38;2": 5, "48;2": 5}
"""How many codes a colour takes that is more than one: of a palette of 256, or of three parts."""


@lru_cache(maxsize=1024)
def _parsed(codes: str) -> _Style:
    """Return the style of the codes between ESC [ and m."""
    attributes, foreground, background = [], "", ""
    left = codes.split(";")
    while left:
        length = _LENGTHS.get(";".join(left[:2]), 1)
        code, left = ";".join(left[:length]), left[length:]
        if re.match("(3|9)[0-7]$|38;", code):
            foreground = code
        elif re.match("(4|10)[0-7]$|48;", code):
            background = code
        else:
            attributes.append(code)
    return _Style(tuple(attributes), foreground, background)


@lru_cache(maxsize=4096)
def _change(before: _Style, after: _Style) -> str:
    """Return the sequence that leads from one style to another."""
    if before == after:
        return ""
    if before.attributes != after.attributes:
        codes = ["0", *after.attributes, after.foreground, after.background]
    else:
        codes = [
            after.foreground or "39" if after.foreground != before.foreground else "",
            after.background or "49" if after.background != before.background else "",
        ]
    return f"\x1b[{';'.join(filter(None, codes))}m"


class _Piece(NamedTuple):
    """How text with some codes looks."""

    style: _Style
    look: str
    """A character that stands for it."""
    style_of_blanks: _Style
    look_of_blanks: str
    """The same for the blanks at its end."""


class _Row:
    """What is known of a line of the screen: characters, and a character for the look of each; NUL where nothing is."""

    __slots__ = ("characters", "looks")

    def __init__(self) -> None:
        self.characters = self.looks = ""

    def put(self, x: int, text: str, looks: str) -> None:
        """Note text that was written."""
        end = x + len(text)
        if len(self.characters) < x:
            self.characters, self.looks = self.characters.ljust(x, chr(0)), self.looks.ljust(x, chr(0))
        self.characters = f"{self.characters[:x]}{text}{self.characters[end:]}"
        self.looks = f"{self.looks[:x]}{looks}{self.looks[end:]}"


class TerminalCells:
    """Leaves out of what is written to a terminal the cells that it shows, and the colours that it has."""

    def __init__(self) -> None:
        self._rows: dict[int, _Row] = {}
        self._pieces: dict[str | None, _Piece] = {}
        self._looks: dict[_Style, str] = {}
        self._cursor: _Place | None = None

    def forget(self) -> None:
        """Take nothing for granted of what the terminal shows."""
        self._rows.clear()
        self._pieces.clear()
        self._looks.clear()
        self._cursor = None

    def shortened(self, data: str) -> str:
        """Return what has the same effect. Both begin and end in the default style.

        What begins in the upper left corner may be meant to draw the whole screen anew, so all of it is returned.
        """
        if _NO_CELLS.fullmatch(data):
            return data
        if data.startswith(_TOP) or len(self._looks) > _MAX_LOOKS:
            self.forget()
        writing, at = _Writing(self._rows, self._cursor), 0
        for token in _TOKEN.finditer(data):
            row, column, codes, text, plain = token.groups()
            if token.start() != at:
                break
            if row is not None:
                writing.go_to((int(row) - 1, int(column) - 1))
            elif text is None and plain is None:
                writing.go_to(None)
            elif writing.place is None:
                break
            else:
                piece = self._pieces.get(codes) or self._piece(codes)
                writing.write(writing.place, text or plain, piece)
            at = token.end()
        if at != len(data):
            self.forget()
            return data
        self._cursor = writing.end()
        return "".join(writing.parts)

    def _piece(self, codes: str | None) -> _Piece:
        style = _DEFAULT if codes is None else _parsed(codes)
        look, look_of_blanks = map(self._look, (style, style.of_blanks))
        piece = self._pieces[codes] = _Piece(style, look, style.of_blanks, look_of_blanks)
        return piece

    def _look(self, style: _Style) -> str:
        return self._looks.setdefault(style, chr(len(self._looks) + 1))


class _Writing:
    """One write, on its way."""

    def __init__(self, rows: dict[int, _Row], cursor: _Place | None) -> None:
        self.parts: list[str] = []
        self.place: _Place | None = None
        """Where the next piece of text goes; None where that is not said."""
        self._rows = rows
        self._cursor = cursor
        """Where the terminal's own cursor is; None where that is not known."""
        self._style = _DEFAULT
        self._is_sure = True

    def go_to(self, place: _Place | None) -> None:
        """Take a place for that of what follows; None at the end of a line, where what follows has to say it."""
        if not self._is_sure:
            self._is_sure, self._cursor = True, None
        self.place = place

    def write(self, place: _Place, text: str, piece: _Piece) -> None:
        """Write text where it differs from what is there."""
        y, x = place
        if not self._is_sure or not (text.isascii() or _ODD.search(text) is None):
            self._rows.pop(y, None)
            self._send(place, text, piece)
            # Where the next piece begins depends on the terminal, which goes on there.
            self._is_sure, self._cursor = False, place
            return
        end = x + len(text)
        row = self._rows.get(y)
        if row is None:
            row = self._rows[y] = _Row()
        filled = len(text.rstrip(" "))
        looks = piece.look * filled + piece.look_of_blanks * (len(text) - filled)
        there, looked = row.characters[x:end], row.looks[x:end]
        if there != text or looked != looks:
            row.put(x, text, looks)
            # Mostly another title, with the same blanks behind it.
            last = max(filled, len(there.rstrip(" ")))
            is_same_behind = there[last:] == text[last:] and looked[last:] == looks[last:]
            self._send(place, text[:last] if is_same_behind else text, piece)
        self.place = (y, end)

    def _send(self, place: _Place, text: str, piece: _Piece) -> None:
        self._move(place)
        style = piece.style_of_blanks if text.isspace() else piece.style
        if style is piece.style or self._style.of_blanks != style:
            self.parts.append(_change(self._style, style))
            self._style = style
        self.parts.append(text)
        self._cursor = (place[0], place[1] + len(text))

    def _move(self, place: _Place) -> None:
        """Bring the terminal's cursor to a place."""
        if self._cursor == place:
            return
        y, x = place
        if self._cursor is not None and self._cursor[0] == y and self._cursor[1] < x:
            self.parts.append(f"\x1b[{x - self._cursor[1]}C")
        else:
            self.parts.append(f"\x1b[{y + 1};{x + 1}H")
        self._cursor = place

    def end(self) -> _Place | None:
        """Leave the terminal as the whole would, and return where its cursor is."""
        if self._style != _DEFAULT:
            self.parts.append(_RESET)
        if self.place is None or not self._is_sure:
            return None
        self._move(self.place)
        return self._cursor
