"""Finds every regular expression of the program and makes, from its own parts, the texts that are hardest for it."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from msgspec import Struct

import tracker

ROOT = Path(tracker.__file__).parent
Text = str | bytes


class Use(NamedTuple):
    """A compiled pattern and where it stands."""

    place: str
    """`tracker.feeds.text._TAG`, or the module and line of one that is written where it is used."""
    pattern: re.Pattern[Any]
    methods: frozenset[str]
    """How it is called: "search", "sub", "match", "fullmatch", … ."""


def uses(rooms: Iterable[str]) -> list[Use]:
    """Return every pattern of these rooms of `tracker`: values of modules, however deep, and those written in place."""
    found: dict[str, Use] = {}
    for room in rooms:
        package = importlib.import_module(f"tracker.{room}")
        names = [
            package.__name__,
            *(
                info.name
                for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
                if ".training" not in info.name  # meets no stranger's text, and needs what only trainers install
            ),
        ]
        for name in names:
            module = importlib.import_module(name)
            assert module.__file__ is not None
            source = Path(module.__file__).read_text(encoding="utf-8")
            methods = _methods(ast.parse(source))
            for variable, value in vars(module).items():
                for number, pattern in enumerate(_inside(value)):
                    place = f"{name}.{variable}" + (f"[{number}]" if pattern is not value else "")
                    found.setdefault(place, Use(place, pattern, methods.get(variable, frozenset(("search",)))))
            for line, pattern, method in _written_in_place(ast.parse(source)):
                found[f"{name}:{line}"] = Use(f"{name}:{line}", pattern, frozenset((method,)))
    return list(found.values())


def _inside(value: object, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 3 and isinstance(value, tuple | list | frozenset | set):
        for item in value:
            yield from _inside(item, depth + 1)
    elif depth < 3 and isinstance(value, dict):
        for item in value.values():
            yield from _inside(item, depth + 1)
    elif depth < 3 and isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from _inside(getattr(value, name), depth + 1)


def _methods(tree: ast.AST) -> dict[str, frozenset[str]]:
    """Return how each name of a module is used: `_TAG.sub(…)` is "sub"."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and hasattr(re.Pattern, node.attr):
            found.setdefault(node.value.id, set()).add(node.attr)
    return {name: frozenset(methods) for name, methods in found.items()}


def _written_in_place(tree: ast.AST) -> Iterator[tuple[int, re.Pattern[Any], str]]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr in ("search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer")
            and isinstance(node.args[0], ast.Constant)
        ):
            yield node.lineno, re.compile(node.args[0].value), node.func.attr


# -- the hardest texts ------------------------------------------------------------
def attacks(pattern: re.Pattern[Any]) -> list[tuple[str, str, str]]:
    """Return (start, part, end): the part is repeated as often as one likes.

    Each beginning of the pattern over and over tries a match from every place; each repeated part over and over, behind
    what comes before it, and with an end that does not fit, tries every way to share it out.
    """
    raw: Any = pattern.pattern
    source = raw.decode("latin-1") if isinstance(raw, bytes) else raw
    flags = pattern.flags & ~re.UNICODE if isinstance(raw, bytes) else pattern.flags
    tree = parser.parse(source, flags)
    found: dict[tuple[str, str, str], None] = {}
    for start, part in _pumps(tree, ""):
        for end in ("", "\x00", "!\n", "<"):
            found.setdefault((start, part, end))
        if start:
            found.setdefault(("", start + part, "\x00"))
            found.setdefault(("", start, "\x00"))
            found.setdefault(("", start + part * 3, "\x00"))
    for start, part in _windows(tree, ""):
        found.setdefault((start, part, "\x00"))
    whole = _sample(tree)
    for cut in range(1, min(len(whole), 24) + 1):
        found.setdefault(("", whole[:cut], "\x00"))
    return [attack for attack in found if attack[1]]


_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)


def _pumps(tree: Any, before: str) -> Iterator[tuple[str, str]]:
    """Yield (a text that leads to a part that repeats, that part)."""
    for code, value in tree:
        if code in _REPEATS:
            _, high, inner = value
            if high is codes.MAXREPEAT or high >= 16:
                for part in _samples(inner):
                    yield before, part
            yield from _pumps(inner, before)
        elif code is codes.SUBPATTERN:
            yield from _pumps(value[3], before)
        elif code is codes.BRANCH:
            for branch in value[1]:
                yield from _pumps(branch, before)
        elif code is codes.ATOMIC_GROUP:
            yield from _pumps(value, before)
        before += _sample([(code, value)])


def _windows(tree: Any, before: str) -> Iterator[tuple[str, str]]:
    """Yield (what comes before, some neighbouring parts of a pattern): these may be tried from each of their places."""
    parts: list[Any] = []
    for item in tree:
        if item[0] is codes.LITERAL and parts and parts[-1][-1][0] is codes.LITERAL:
            parts[-1].append(item)
        else:
            parts.append([item])
    samples = [_sample(part) for part in parts]
    bare = ["" if part[0][0] in _REPEATS and part[0][1][0] == 0 else _sample(part) for part in parts]
    for first in range(len(parts)):
        for last in range(first + 1, min(first + 4, len(parts)) + 1):
            if window := "".join(samples[first:last]):
                yield before + "".join(samples[:first]), window
                # What may be left out is left out, and a blank stands for what begins at the edge of a word.
                yield before + "".join(bare[:first]), f" {window}"
    for place, part in enumerate(parts):
        for inner in _parts_of(*part[0])[:4]:
            yield from _windows(inner, before + "".join(samples[:place]))


def _parts_of(code: Any, value: Any) -> list[Any]:
    if code in _REPEATS:
        return [value[2]]
    if code is codes.SUBPATTERN:
        return [value[3]]
    if code is codes.ATOMIC_GROUP:
        return [value]
    return list(value[1]) if code is codes.BRANCH else []


def _samples(tree: Any) -> list[str]:
    """Return a few texts that a part matches: its sample, and that of each of its branches and characters."""
    found = {_sample(tree): None}
    for code, value in tree:
        if code is codes.BRANCH:
            found |= dict.fromkeys(_sample(branch) for branch in value[1])
        elif code is codes.SUBPATTERN:
            found |= dict.fromkeys(_samples(value[3]))
        elif code is codes.IN:
            found |= dict.fromkeys(_characters(value))
        elif code in (codes.ANY, codes.NOT_LITERAL):
            found |= dict.fromkeys(("a", " ", "<"))
    return [part for part in found if part]


def _sample(tree: Any) -> str:
    text = ""
    for code, value in tree:
        if code is codes.LITERAL:
            text += chr(value)
        elif code is codes.NOT_LITERAL:
            text += "a" if value != ord("a") else "b"
        elif code is codes.ANY:
            text += "a"
        elif code is codes.IN:
            text += next(iter(_characters(value)), "")
        elif code in _REPEATS:
            low, high, inner = value
            text += _sample(inner) * max(low, 1 if high else 0)
        elif code is codes.SUBPATTERN:
            text += _sample(value[3])
        elif code is codes.BRANCH:
            text += _sample(value[1][0])
        elif code is codes.ATOMIC_GROUP:
            text += _sample(value)
    return text


def _characters(parts: Any) -> list[str]:
    """Return up to four characters of a class."""
    if parts and parts[0][0] is codes.NEGATE:
        probe = re.compile("[^" + "".join(_written(part) for part in parts[1:]) + "]")
        return [character for character in "a <\t.0-é" if probe.match(character)][:4]
    found: list[str] = []
    for code, value in parts:
        if code is codes.LITERAL:
            found.append(chr(value))
        elif code is codes.RANGE:
            found.append(chr(value[0]))
        elif code is codes.CATEGORY:
            found.append(
                {codes.CATEGORY_DIGIT: "1", codes.CATEGORY_SPACE: " ", codes.CATEGORY_WORD: "a"}.get(value, "-")
            )
    return found[:4]


def _written(part: Any) -> str:
    code, value = part
    if code is codes.LITERAL:
        return re.escape(chr(value))
    if code is codes.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    return {
        codes.CATEGORY_DIGIT: r"\d",
        codes.CATEGORY_NOT_DIGIT: r"\D",
        codes.CATEGORY_SPACE: r"\s",
        codes.CATEGORY_NOT_SPACE: r"\S",
        codes.CATEGORY_WORD: r"\w",
        codes.CATEGORY_NOT_WORD: r"\W",
    }[value]


# -- how much work they are ---------------------------------------------------------
_SHORT = (24, 32, 48, 64, 96, 128, 192, 256, 384)
"""Lengths, one close to the next, at which only work that doubles with every repetition is noticed, before it hangs."""
_GROWTH = 4
_LINEAR = 9.0
"""A text four times as long may take so many times as long; quadratic work takes sixteen times."""
_NOTICED = 0.004
"""Seconds below which a measurement says nothing."""


def slow_attack(use: Use, longest: int = 24_000) -> str | None:
    """Return what shows that a pattern takes more than linear time, or None; `longest` is the most it is ever given."""
    for attack in attacks(use.pattern):
        for method in sorted(use.methods & _CALLS.keys()) or ["search"]:
            told = _growth(_CALLS[method], use.pattern, attack, longest)
            if told is not None:
                return f"{use.place}.{method}: {attack[0]!r} + {attack[1]!r} * n + {attack[2]!r}: {told}"
    return None


def _growth(
    call: Callable[..., object], pattern: re.Pattern[Any], attack: tuple[str, str, str], longest: int
) -> str | None:
    for length in _SHORT:
        if length <= longest and _seconds(call, pattern, attack, length) > _NOTICED:
            took = min(_seconds(call, pattern, attack, length) for _ in range(3))
            if took > _NOTICED:
                return f"{length} characters take {took * 1e3:.1f} ms"
    lengths = [longest // _GROWTH**step for step in range(3, -1, -1)]
    before = float("inf")
    for length in lengths:
        took = _seconds(call, pattern, attack, length)
        if took > _NOTICED and took > before * _LINEAR:
            took = min(_seconds(call, pattern, attack, length) for _ in range(4))
            before = min(_seconds(call, pattern, attack, length // _GROWTH) for _ in range(4))
            if took > _NOTICED and took > before * _LINEAR:
                return (
                    f"{length // _GROWTH:,} characters take {before * 1e3:.2f} ms, {length:,} take {took * 1e3:.1f} ms"
                )
        before = took
    return None


def _seconds(call: Callable[..., object], pattern: re.Pattern[Any], attack: tuple[str, str, str], length: int) -> float:
    start, part, end = attack
    written = start + part * max(1, (length - len(start)) // len(part)) + end
    text: Text = written.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else written
    began = time.thread_time()
    call(pattern, text)
    return time.thread_time() - began


_CALLS: dict[str, Callable[..., object]] = {
    "search": lambda pattern, text: pattern.search(text),
    "match": lambda pattern, text: pattern.match(text),
    "fullmatch": lambda pattern, text: pattern.fullmatch(text),
    "sub": lambda pattern, text: pattern.sub(text[:0], text),
    "subn": lambda pattern, text: pattern.subn(text[:0], text),
    "split": lambda pattern, text: pattern.split(text),
    "findall": lambda pattern, text: pattern.findall(text),
    "finditer": lambda pattern, text: sum(1 for _ in pattern.finditer(text)),
}
