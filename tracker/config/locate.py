"""Line numbers of tables, keys and elements in a TOML text, which tomllib does not give."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

Path = tuple[str | int, ...]
"""Keys and array positions from the top: ("feed", 3, "url"); positions count from 0."""


class LineRange(Struct, frozen=True):
    """First and last line, counted from 1."""

    first: int
    last: int


class Places(Struct, frozen=True):
    """Lines of every table, key and array element of a text."""

    lines: Mapping[Path, int]
    tables: Mapping[Path, LineRange]
    """Tables with a header: from the header to the end of the last value."""
    values: Mapping[Path, tuple[int, int]]
    """Keys of these tables: where the text of the value begins and ends, as offsets."""

    def line(self, *path: str | int) -> int | None:
        """Return the line of a key or element, or of the nearest thing that encloses it."""
        for length in range(len(path), 0, -1):
            found = self.lines.get(path[:length])
            if found is not None:
                return found
        return None


def locate(text: str) -> Places:
    """Find every table, key and element of a TOML text.

    Never raises: invalid TOML is skipped line by line, and everything found before it is kept.
    """
    scanner = _Scanner(text.replace("\r\n", "\n"))
    scanner.scan()
    return Places(scanner.lines, scanner.tables, scanner.values)


_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"[ \t]*")
_GAP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_ATOM = re.compile(r"[^,\]}\s#]+(?: [^,\]}\s#]+)?")  # the only space is the one between a date and its time
_TO_EOL = re.compile(r"[^\n]*")
_BASIC = re.compile(r'"(?:[^"\\\n]|\\[^\n])*"')
_LITERAL = re.compile(r"'[^'\n]*'")
# Up to two quotes may precede the closing three.
_LONG_BASIC = re.compile(r'"""(?:[^"\\]|\\[\s\S]|"{1,2}(?!"))*"{3,5}')
_LONG_LITERAL = re.compile(r"'''(?:[^']|'{1,2}(?!'))*'{3,5}")
_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[^\n])")
# A line with nothing but a key and a value without escapes: most are, and are read three times as fast at once.
_PLAIN = re.compile(r"""([A-Za-z0-9_-]+)[ \t]*=[ \t]*("[^"\\\n]*"|'[^'\n]*'|[A-Za-z0-9_+.:-]+)(?=[ \t]*(?:\#|\n|\Z))""")
_MAX_DEPTH = 24
"""Deeper values are skipped; the configuration has no more than three levels."""


class _Lost(Exception):
    """The text is no longer valid TOML."""


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lines: dict[Path, int] = {}
        self.tables: dict[Path, LineRange] = {}
        self.values: dict[Path, tuple[int, int]] = {}
        self._at = 0
        self._line = 1
        self._counted = 0
        self._arrays: dict[Path, int] = {}
        self._table: Path = ()

    def scan(self) -> None:
        while True:
            self._skip(_GAP)
            if self._at >= len(self.text):
                return
            try:
                if (plain := _PLAIN.match(self.text, self._at)) is not None:
                    self._plain_pair(plain)
                elif self.text.startswith("[", self._at):
                    self._header()
                else:
                    self._pair(self._table, 0)
                    if self._table in self.tables:
                        self.tables[self._table] = LineRange(self.tables[self._table].first, self._here())
            except _Lost:
                pass
            # Skip the rest of the line: a comment, or something unreadable.
            self._skip(_TO_EOL)

    def _here(self) -> int:
        self._line += self.text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _skip(self, pattern: re.Pattern[str]) -> str | None:
        found = pattern.match(self.text, self._at)
        if found is None:
            return None
        self._at = found.end()
        return found[0]

    def _take(self, mark: str) -> bool:
        if not self.text.startswith(mark, self._at):
            return False
        self._at += len(mark)
        return True

    def _header(self) -> None:
        line = self._here()
        is_array = self._take("[[")
        if not is_array:
            self._take("[")
        names = self._keys()
        if not self._take("]]" if is_array else "]"):
            raise _Lost
        path: Path = ()
        for name in names[:-1]:
            path = self._newest((*path, name))
        path = (*path, names[-1])
        if is_array:
            self.lines.setdefault(path, line)
            number = self._arrays.get(path, -1) + 1
            self._arrays[path] = number
            path = (*path, number)
        self.lines.setdefault(path, line)
        self.tables.setdefault(path, LineRange(line, line))
        self._table = path

    def _newest(self, path: Path) -> Path:
        """Return the last element of an array of tables, to which its bare name refers in headers."""
        return (*path, self._arrays[path]) if path in self._arrays else path

    def _pair(self, base: Path, depth: int) -> None:
        line = self._here()
        path = base
        for name in self._keys():
            path = (*path, name)
            self.lines.setdefault(path, line)
        if not self._take("="):
            raise _Lost
        self._skip(_BLANK)
        start = self._at
        self._value(path, depth)
        if depth == 0:
            self.values[path] = (start, self._at)

    def _plain_pair(self, found: re.Match[str]) -> None:
        line, path = self._here(), (*self._table, found[1])
        self.lines.setdefault(path, line)
        self.values[path] = found.span(2)
        if self._table in self.tables:
            self.tables[self._table] = LineRange(self.tables[self._table].first, line)
        self._at = found.end()

    def _keys(self) -> list[str]:
        names = []
        while True:
            self._skip(_BLANK)
            names.append(self._key())
            self._skip(_BLANK)
            if not self._take("."):
                return names

    def _key(self) -> str:
        if (bare := self._skip(_BARE)) is not None:
            return bare
        if (quoted := self._skip(_BASIC)) is not None:
            return _ESCAPE.sub(_unescaped, quoted[1:-1])
        if (literal := self._skip(_LITERAL)) is not None:
            return literal[1:-1]
        raise _Lost

    def _value(self, path: Path, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise _Lost
        if self._take("["):
            self._elements(path, depth)
        elif self._take("{"):
            self._inline(path, depth)
        else:
            for pattern in (_LONG_BASIC, _LONG_LITERAL, _BASIC, _LITERAL, _ATOM):
                if self._skip(pattern) is not None:
                    return
            raise _Lost

    def _elements(self, path: Path, depth: int) -> None:
        number = 0
        while True:
            self._skip(_GAP)
            if self._take("]"):
                return
            self.lines.setdefault((*path, number), self._here())
            self._value((*path, number), depth + 1)
            number += 1
            self._skip(_GAP)
            if not self._take(",") and not self.text.startswith("]", self._at):
                raise _Lost

    def _inline(self, path: Path, depth: int) -> None:
        while True:
            self._skip(_GAP)
            if self._take("}"):
                return
            self._pair(path, depth + 1)
            self._skip(_GAP)
            if not self._take(",") and not self.text.startswith("}", self._at):
                raise _Lost


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    if code[0] in "uU" and len(code) > 1:
        number = int(code[1:], 16)
        return chr(number) if number <= 0x10FFFF else match[0]
    return _ESCAPES.get(code, match[0])
