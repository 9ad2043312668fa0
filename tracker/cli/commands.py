"""The table of commands and options, from which argparse, the help and the README's tables are made."""

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
    """Further arguments for argparse: nargs, metavar, default, type ("count", "speed", "path") and so on."""


class Command(Struct, frozen=True):
    """One command."""

    name: str
    help: str
    run: str
    """module:function below `tracker.cli`, imported when the command runs."""
    options: tuple[Option, ...] = ()
    parts: tuple[Command, ...] = ()
    """Commands below it (`feeds list`)."""
    example: str = ""
    """A command line that shows what it is good for."""


def _option(*names: str, help: str, **more: Any) -> Option:  # noqa: A002 - the word argparse uses
    return Option(names, help, more)


def _flag(name: str, help: str) -> Option:  # noqa: A002
    return _option(name, help=help, action="store_true")


COMMON = (
    _option(
        "--config",
        help="configuration file (default: TRACKER_CONFIG, else ./feeds.toml, ~/.config/tracker/feeds.toml or the"
        " shipped one)",
        metavar="FILE",
        type="path",
    ),
    _option(
        "--db",
        help="database file (default: TRACKER_DB, else ~/.local/share/tracker/tracker.db)",
        metavar="FILE",
        type="path",
    ),
)
"""Accepted by every command, before or after its name."""

_FORMAT = _option(
    "--format",
    help="table (the default on a terminal), json, jsonl (elsewhere) or csv",
    choices=("table", "json", "jsonl", "csv"),
)
_LIMIT = _option(
    "--limit", help="show at most this many (default: 50; 0 shows all)", metavar="N", type="count", default=50
)
_QUERY = _option("query", help="words, tag:nvidia, about:nvidia, source:, is:unread, newer:6h ...", nargs="*")
_SPEED = _option("--speed", help="replayed seconds per second", metavar="N", type="speed")

COMMANDS: tuple[Command, ...] = (
    Command(
        "ui",
        "open the terminal UI, showing QUERY if given",
        "window:run",
        (_QUERY,),
        example="tracker ui about:nvidia newer:2d",
    ),
    Command(
        "sync",
        "fetch due feeds, tag and group articles, refresh prices; for cron and systemd timers",
        "sync:run",
        (
            _flag("--json", "write one JSON object to stdout"),
            _flag("--quiet", "write only errors to stderr"),
            _flag("--force", "also fetch feeds that are not due, but obey Retry-After"),
            _option("--feed", help="fetch only these feeds", nargs="+", metavar="NAME", action="extend"),
            _flag("--no-prices", "do not refresh prices"),
        ),
        example="tracker sync --quiet",
    ),
    Command(
        "list",
        "list stories, newest first, one row each: the first report among the matches",
        "listing:run",
        (_QUERY, _flag("--articles", "list every matching article, not one row per story"), _LIMIT, _FORMAT),
        example="tracker list about:nvidia newer:2d --format json",
    ),
    Command(
        "read",
        "show the full text of an article: fetched from its page once and kept, or taken from a saved page",
        "read:run",
        (
            _option(
                "article",
                help="the number of a stored article (id in `tracker list --format json`), an address, or an HTML file",
                metavar="ID|URL|FILE",
            ),
            _option(
                "--format", help="plain (the default; table is the same) or json", choices=("plain", "table", "json")
            ),
        ),
        example="tracker read 12",
    ),
    Command(
        "impact",
        "show price moves around each article: abnormal return, t, value in dollars; from stored prices",
        "impact:run",
        (
            _QUERY,
            _option(
                "--symbol",
                help="measure the moves of this share; without a query, list the articles about it",
                metavar="SYM",
            ),
            _option("--benchmark", help="use this benchmark instead of the configured one", metavar="SYM"),
            _option("--rank", help="t (the default), dollars or time", choices=("t", "dollars", "time"), default="t"),
            _LIMIT,
            _FORMAT,
        ),
        example="tracker impact about:nvidia on:2025-01-27",
    ),
    Command(
        "brief",
        "show the morning page: each share's move, the headlines before its largest step, new stories about it",
        "brief:run",
        (
            _option(
                "--since",
                help="count stories first reported in the last 30m, 16h, 2d or 1w as new (default: since the last close"
                " in New York)",
                metavar="AGE",
                type="age",
            ),
            _FORMAT,
        ),
        example="tracker brief --since 16h",
    ),
    Command(
        "league",
        "show how often each source is first, how far behind otherwise, and how much of the move was over by then",
        "league:run",
        (_QUERY, _LIMIT, _FORMAT),
        example="tracker league is:watched newer:30d",
    ),
    Command(
        "quotes",
        "show prices of the watchlist or of the given symbols",
        "quotes:run",
        (
            _option("symbol", help="such as NVDA or ^GSPC", nargs="*", metavar="SYMBOL"),
            _flag("--offline", "show stored prices without fetching"),
            _FORMAT,
        ),
        example="tracker quotes NVDA ^GSPC",
    ),
    Command(
        "tag",
        'show which tags a text gets and why; "-" reads JSON lines {"title", "summary"} and answers each with one line',
        "tag:run",
        (_option("text", help='the text, or "-"', nargs="+", metavar="TEXT"), _FORMAT),
        example="tracker tag 'Nvidia falls 17% after DeepSeek'",
    ),
    Command(
        "config",
        "show which feeds.toml is read, check it, or make one of your own",
        "config:path",
        (),
        (
            Command("path", "write the path of the file that is read", "config:path", example="tracker config path"),
            Command(
                "check",
                "check it; exit code 1 for warnings, 2 for problems",
                "config:check",
                example="tracker config check",
            ),
            Command(
                "init",
                "copy the shipped file to your configuration folder",
                "config:init",
                example="tracker config init",
            ),
            Command(
                "schema",
                "write the JSON Schema of the file, with which an editor completes and checks it",
                "config:schema",
                example="tracker config schema > feeds.schema.json",
            ),
        ),
        example="tracker config check",
    ),
    Command(
        "companies",
        "search the known companies: name, symbol, exchange, the names they are found by, which are watched",
        "companies:run",
        (_option("word", help="a part of a name, a symbol or a tag", nargs="*", metavar="WORD"), _FORMAT),
        example="tracker companies rheinmetall",
    ),
    Command(
        "alerts",
        "list the alerts that fired, or send test alerts",
        "alerts:list_fired",
        (),
        (
            Command(
                "list",
                "list the alerts that fired last, newest first",
                "alerts:list_fired",
                (
                    _LIMIT,
                    _FORMAT,
                ),
                example="tracker alerts list --limit 5",
            ),
            Command("test", "send a test alert for each rule now", "alerts:test", example="tracker alerts test"),
        ),
        example="tracker alerts list",
    ),
    Command(
        "completion",
        "write a script that lets your shell complete commands, options and file names",
        "completion:run",
        (_option("shell", help="your shell", choices=("bash", "zsh", "fish")),),
        example='eval "$(tracker completion bash)"',
    ),
    Command("retag", "apply changed tag rules to stored articles", "retag:run", example="tracker retag"),
    Command(
        "feeds",
        "list, add, remove, check, import or export feeds",
        "",
        parts=(
            Command(
                "list",
                "list feeds with their last response and next fetch",
                "feeds:list_feeds",
                (_FORMAT,),
                example="tracker feeds list",
            ),
            Command(
                "add",
                "add a feed, or the feed of a site, to the configuration",
                "feeds_add:run",
                (
                    _option("url", help="address of a feed or a site", metavar="URL"),
                    _option("--name", help="feed name (default: its title)", metavar="NAME"),
                    _option("--group", help="group in the side bar", metavar="GROUP"),
                ),
                example="tracker feeds add https://gigazine.net/news/rss_2.0/ --group News",
            ),
            Command(
                "remove",
                "remove a feed from the configuration; its articles stay",
                "feeds:remove",
                (_option("name", help="name of the feed", metavar="NAME"),),
                example="tracker feeds remove WCCFTech",
            ),
            Command(
                "check",
                "fetch and parse feeds without storing anything",
                "feeds_check:run",
                (_option("name", help="check only these feeds", nargs="*", metavar="NAME"), _FORMAT),
                example="tracker feeds check WCCFTech",
            ),
            Command(
                "import",
                "add the feeds of an OPML file or of newsboat's urls file",
                "feeds_import:run",
                (
                    _option(
                        "file", help='an OPML file, or newsboat\'s urls file; "-" is stdin', metavar="FILE", type="path"
                    ),
                    _option(
                        "--read-state",
                        help="also mark as read what newsboat's cache.db says was read",
                        metavar="cache.db",
                        type="path",
                    ),
                ),
                example="tracker feeds import urls --read-state cache.db",
            ),
            Command(
                "export",
                'write the feeds as OPML; "-" is stdout',
                "feeds_opml:export_file",
                (
                    _option("file", help="an OPML file", metavar="FILE.opml", type="path"),
                    _flag("--with-credentials", "include the passwords in addresses"),
                ),
                example="tracker feeds export feeds.opml",
            ),
        ),
        example="tracker feeds list",
    ),
    Command(
        "doctor",
        "check configuration, database, feeds and prices, and say how to fix problems",
        "doctor:run",
        (_flag("--repair", "first repair a damaged database: recover what is readable and keep the damaged file"),),
        example="tracker doctor",
    ),
    Command(
        "demo",
        "replay 27 January 2025 offline, in a separate database",
        "demo:run",
        (_flag("--headless", "print a table instead of opening the UI"), _SPEED),
        example="tracker demo --headless",
    ),
)

EXIT_CODES: Mapping[int, str] = MappingProxyType(
    {
        0: "done; sync: every due feed responded",
        1: "sync: some feeds failed, the others are stored; other commands: nothing was found (companies, quotes), it"
        " cannot be fetched (feeds add, read), a check found a problem (alerts test, config check, doctor, feeds check,"
        " tag -), the disk or the database cannot be used; internal error",
        2: "usage or configuration error, or the database is not tracker's; nothing was changed",
        3: "sync: every due feed failed; nothing was lost, try again later",
        4: "another sync is running, or another program is using the database; try again later",
        130: "interrupted; everything fetched so far is stored",
    }
)
