"""The command line parser; heavy modules are imported by the commands that need them."""

from __future__ import annotations

import argparse
import errno
import gc
import os
import re
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from tracker import __version__
from tracker.cli import signals
from tracker.cli.clock import make_clock
from tracker.cli.commands import COMMANDS, COMMON, EXIT_CODES, Command, Option
from tracker.cli.context import CommandContext
from tracker.cli.errors import Interrupted, UsageError, exit_code
from tracker.config.paths import home_path
from tracker.config.problem import did_you_mean
from tracker.model.errors import TrackerError
from tracker.model.shown import show_address
from tracker.words.cells import plain

if TYPE_CHECKING:
    from tracker.model.launch import LaunchWindow

_DEFAULT = "ui"
_ESCAPE = "\x00"
_MISTYPED = re.compile(r"(?:invalid choice: |unrecognized arguments: )'?([^'\s]+)")
_NEGATED = re.compile(r"-(?!h$|-)[^\d\s.]")


def run(
    argv: Sequence[str], environ: Mapping[str, str], stdout: TextIO, stderr: TextIO, stdin: TextIO
) -> int | LaunchWindow:
    """Run a command line (without the program's name).

    Returns:
        The exit code, or the window to open.
    """
    result: int | LaunchWindow
    try:
        try:
            result = _run(argv, environ, stdout, stderr, stdin)
        except _Asked as asked:
            stdout.write(asked.text)
            result = 0
        stdout.flush()
    except TrackerError as error:
        result = fail(stderr, error)
    except (KeyboardInterrupt, Interrupted):
        result = 130
    except BrokenPipeError:
        result = 0
    except OSError as error:  # a full disk, a read-only folder
        reason = "stdout is closed" if error.errno == errno.EBADF else error.strerror or error
        result = fail(stderr, TrackerError(f"{error.filename or 'tracker'}: {reason}"))
    finally:
        _settle(stdout)
    return result


def build_parser(argv: Sequence[str] | None = None) -> _Parser:
    """Return the parser of the whole command line.

    Args:
        argv: what it will parse. Only the commands in it get a parser: those of all take 11 ms to make.
    """
    codes = "\n".join(
        textwrap.fill(meaning, 80, initial_indent=f"  {code:>3}  ", subsequent_indent=" " * 7)
        for code, meaning in EXIT_CODES.items()
    )
    parser = _Parser(
        prog="tracker",
        description="News headlines with each share's move since. Without a command, opens the terminal UI.",
        epilog=f"exit codes:\n{codes}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version")
    _add(parser, COMMON, default=None)
    options_of_all = [name for option in COMMON for name in option.names]
    parser.known = ("--version", *options_of_all, *(command.name for command in COMMANDS))
    parser.set_defaults(parser=parser)
    make: Any = partial(_make_parser, argv)
    below = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=make)
    for command in COMMANDS:
        one = _add_command(below, command)
        if one is None:
            continue
        one.set_defaults(command=command.name)
        if command.parts:
            inner = one.add_subparsers(dest="part", metavar="COMMAND", required=True, parser_class=make)
            for part in command.parts:
                _add_command(inner, part)
    return parser


def _make_parser(argv: Sequence[str] | None, *, prog: str, **how: Any) -> _Parser | None:
    """Return the parser of a command, or None where `argv` does not name it."""
    is_named = argv is None or prog.rpartition(" ")[2] in argv
    return _Parser(prog=prog, **how) if is_named else None


def _add_command(below: argparse._SubParsersAction[Any], command: Command) -> Any:
    one = below.add_parser(
        command.name,
        help=command.help,
        description=command.help,
        epilog=command.example and f"example: {command.example}",
        allow_abbrev=False,
    )
    if one is None:
        return None
    one.known = tuple(_words((command,)))
    one.set_defaults(run=command.run, parser=one)
    _fill(one, command)
    return one


def _run(
    argv: Sequence[str], environ: Mapping[str, str], stdout: TextIO, stderr: TextIO, stdin: TextIO
) -> int | LaunchWindow:
    # A query's "-tag:nvidia" looks like an option to argparse, so it is marked as an argument.
    marked = [_ESCAPE + word if _NEGATED.match(word) else word for word in argv]
    options, unknown = build_parser(marked).parse_known_args(marked)
    if unknown:  # said by the command itself, which knows what it takes
        options.parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    if options.command is None:
        options.command, options.run, options.query = _DEFAULT, "window:run", []
    for name, value in vars(options).items():
        if isinstance(value, str):
            setattr(options, name, value.removeprefix(_ESCAPE))
        elif isinstance(value, list):
            setattr(options, name, [word.removeprefix(_ESCAPE) for word in value])
    module, _, function = options.run.partition(":")
    command: Callable[[CommandContext], int | LaunchWindow] = getattr(import_module(f"tracker.cli.{module}"), function)
    signals.begin_work()
    if options.command != _DEFAULT:  # nothing but a window starts without it
        gc.enable()
    return command(CommandContext(options, environ, stdout, stderr, stdin, make_clock(environ)))


def _words(commands: Sequence[Command]) -> Iterator[str]:
    """Yield what may be written on the command line: names of commands and options, and choices."""
    for command in commands:
        yield command.name
        for option in (*COMMON, *command.options):
            yield from option.names
            yield from option.more.get("choices", ())
        yield from _words(command.parts)


def _fill(parser: argparse.ArgumentParser, command: Command) -> None:
    _add(parser, COMMON, default=argparse.SUPPRESS)
    _add(parser, command.options)


def _add(parser: argparse.ArgumentParser, options: Sequence[Option], **defaults: Any) -> None:
    for option in options:
        more = {**option.more, **defaults}
        if "type" in more:
            more["type"] = _TYPES[more["type"]]
        parser.add_argument(*option.names, help=option.help, **more)


def file_path(text: str) -> Path:
    """Return the name of a file from the command line."""
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError("is not a file name")
    return home_path(text, os.environ)  # a shell leaves the ~ of --db=~/news.db


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise argparse.ArgumentTypeError(f'must be a whole number from 0 up, not "{text.removeprefix(_ESCAPE)}"')
    return int(text)


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0.0 < speed <= 86_400.0:
        raise argparse.ArgumentTypeError(f'must be a number above 0 and at most 86400, not "{text}"')
    return speed


def _age(text: str) -> timedelta:
    from tracker.model.query_values import age_seconds  # compiles its patterns, which most commands do not need

    seconds = age_seconds(text)
    if seconds is None:
        raise argparse.ArgumentTypeError(f'must be an age such as 30m, 16h, 2d or 1w, not "{text}"')
    return timedelta(seconds=seconds)


_TYPES: Mapping[str, Callable[[str], Any]] = {"age": _age, "path": file_path, "count": _count, "speed": _speed}


class _Asked(Exception):
    """--help or --version: a text to show."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class _Version(argparse.Action):
    def __call__(self, *_: object) -> NoReturn:
        from tracker.store import sqlite_version

        raise _Asked(f"tracker {__version__} (Python {sys.version.split()[0]}, SQLite {sqlite_version})\n")


class _Parser(argparse.ArgumentParser):
    """A parser that raises instead of printing, since stdout and stderr are arguments here."""

    known: tuple[str, ...] = ()
    """The words to compare a mistyped one with."""

    def print_help(self, file: object = None) -> NoReturn:
        raise _Asked(self.format_help())

    def error(self, message: str) -> NoReturn:
        message = message.replace(_ESCAPE, "").replace(repr(_ESCAPE)[1:-1], "")  # argparse quotes some words by repr
        mistyped = _MISTYPED.search(message)
        hint = self._hint(mistyped[1]) if mistyped else ""
        raise UsageError(f"{self.format_usage().strip()}\n{self.prog}: {message}{hint and f'; {hint}'}")

    def _hint(self, word: str) -> str:
        if word.startswith("-") and word in self.known:  # the option of a command, written before its name
            return f"write it at the end: {self.prog} {word}"
        if f"--{word}" in ("--help", *self.known):
            return f'did you mean "--{word}"?'
        return did_you_mean(word, self._like(word))

    def _like(self, word: str) -> Iterator[str]:
        """Yield the known words that a mistyped one may stand for: an option for an option, else no option."""
        is_option = word.startswith("-")
        yield from ("--help",) if is_option else ()
        yield from (name for name in self.known if name.startswith("-") is is_option and name != word)


def fail(stderr: TextIO, error: TrackerError) -> int:
    """Report why a command ended early and return its exit code."""
    with suppress(OSError):  # nobody reads stderr any more
        stderr.writelines(plain(show_address(line)) + "\n" for line in str(error).split("\n"))
    return exit_code(error)


def _settle(stdout: TextIO) -> None:
    """Redirect a broken stream to the null device, so that the interpreter's final flush does not fail."""
    try:
        stdout.flush()
    except (OSError, ValueError):
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stdout.fileno())
            os.close(nowhere)
