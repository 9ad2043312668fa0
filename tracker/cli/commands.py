"""The one table of commands and options: argparse, the help and the README's tables are made from it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from msgspec import Struct, field


class Option(Struct, frozen=True):
    """One option or argument; `names` without hyphens are arguments."""

    names: tuple[str, ...]
    help: str
    more: Mapping[str, Any] = field(default_factory=dict)
    """Further words to argparse: nargs, metavar, default, type ("count", "speed", "path") and so on."""


class Command(Struct, frozen=True):
    """One command."""

    name: str
    help: str
    run: str
    """module:function below `tracker.cli`, imported when the command runs."""
    options: tuple[Option, ...] = ()
    parts: tuple[Command, ...] = ()
    """Commands below it (`feeds list`)."""


def _option(*names: str, help: str, **more: Any) -> Option:  # noqa: A002 - the word argparse uses
    return Option(names, help, more)


COMMON = (
    _option("--config", help="the configuration (TRACKER_CONFIG; else ./feeds.toml)", metavar="FILE", type="path"),
    _option("--db", help="the database (TRACKER_DB)", metavar="FILE", type="path"),
)
"""Every command takes these, before its name or after."""

_FORMAT = _option(
    "--format",
    help="table (the default on a terminal), json, jsonl (elsewhere) or csv",
    choices=("table", "json", "jsonl", "csv"),
)
_QUERY = _option("query", help="words, tag:nvidia, about:nvidia, source:, is:unread, newer:6h ...", nargs="*")
_SPEED = _option("--speed", help="seconds of the replay in a second", metavar="N", type="speed")

COMMANDS: tuple[Command, ...] = (
    Command("ui", "the terminal UI, opened on a query if there is one", "window:run", (_QUERY,)),
    Command(
        "sync",
        "fetch what is due, tag, group, store, refresh prices; for cron and systemd timers",
        "sync:run",
        (
            _option("--json", help="one JSON object on stdout", action="store_true"),
            _option("--quiet", help="nothing on stderr but errors", action="store_true"),
            _option("--force", help="ignore the schedule, never a server's Retry-After", action="store_true"),
            _option("--feed", help="only these feeds", nargs="+", metavar="NAME", action="extend"),
            _option("--no-prices", help="leave the prices alone", action="store_true"),
        ),
    ),
    Command(
        "list",
        "articles, newest first",
        "listing:run",
        (
            _QUERY,
            _option("--limit", help="at most so many (50; 0 for all)", metavar="N", type="count", default=50),
            _FORMAT,
        ),
    ),
    Command(
        "impact",
        "what prices did around each article: moves, abnormal return and t, value in dollars; from what is stored",
        "impact:run",
        (
            _QUERY,
            _option("--symbol", help="measure this share; without a query, the articles about it", metavar="SYM"),
            _option("--benchmark", help="against this, in place of the configuration's", metavar="SYM"),
            _option("--rank", help="t (the default), dollars, or time", choices=("t", "dollars", "time"), default="t"),
            _option("--limit", help="at most so many (50; 0 for all)", metavar="N", type="count", default=50),
            _FORMAT,
        ),
    ),
    Command(
        "quotes",
        "the watchlist, or these symbols",
        "quotes:run",
        (
            _option("symbol", help="such as NVDA or ^GSPC", nargs="*", metavar="SYMBOL"),
            _option("--offline", help="what is stored, without asking anybody", action="store_true"),
            _FORMAT,
        ),
    ),
    Command(
        "tag",
        'which tags a text gets and why; "-" reads JSON lines {"title", "summary"} and answers one each, in order',
        "tag:run",
        (_option("text", help='the text, or "-"', nargs="+", metavar="TEXT"), _FORMAT),
    ),
    Command("retag", "apply changed rules to what is stored", "retag:run"),
    Command(
        "feeds",
        "the feeds of the configuration: list, add, remove, check, import, export",
        "",
        parts=(
            Command("list", "every feed, with its last answer and when it is due", "feeds:list_feeds", (_FORMAT,)),
            Command(
                "add",
                "put a feed, or the feed of a site, into the configuration",
                "feeds_add:run",
                (
                    _option("url", help="of a feed or a site", metavar="URL"),
                    _option("--name", help="what to call it; else its own title", metavar="NAME"),
                    _option("--group", help="a heading in the side bar", metavar="GROUP"),
                ),
            ),
            Command(
                "remove",
                "take a feed out of the configuration; its articles stay",
                "feeds:remove",
                (_option("name", help="of the feed", metavar="NAME"),),
            ),
            Command(
                "check",
                "fetch and read feeds without storing anything",
                "feeds_check:run",
                (_option("name", help="only these", nargs="*", metavar="NAME"), _FORMAT),
            ),
            Command(
                "import",
                "add the feeds of an OPML file",
                "feeds_opml:import_file",
                (_option("file", help="an OPML file", metavar="FILE.opml", type="path"),),
            ),
            Command(
                "export",
                'write the feeds as OPML; "-" is stdout',
                "feeds_opml:export_file",
                (
                    _option("file", help="an OPML file", metavar="FILE.opml", type="path"),
                    _option("--with-credentials", help="with the passwords in addresses", action="store_true"),
                ),
            ),
        ),
    ),
    Command(
        "doctor",
        "config, database, feeds, prices: what is wrong and what to do",
        "doctor:run",
        (
            _option(
                "--repair",
                help="first repair a damaged database: save what can be read, keep the damaged file",
                action="store_true",
            ),
        ),
    ),
    Command(
        "demo",
        "27 January 2025, offline: the UI on a replay, in a database of its own",
        "demo:run",
        (
            _option("--headless", help="print the same as a table", action="store_true"),
            _SPEED,
        ),
    ),
)

EXIT_CODES: Mapping[int, str] = MappingProxyType(
    {
        0: "done; for sync: every feed that was due answered",
        1: "sync: some feeds failed, the others are stored; check, doctor, disk: something is wrong",
        2: "usage or configuration error, or the database is not tracker's; nothing was changed",
        3: "sync: every feed that was due failed; nothing was lost, try later",
        4: "another sync is running, or another program holds the database; try later",
        130: "interrupted; everything finished so far is stored",
    }
)
