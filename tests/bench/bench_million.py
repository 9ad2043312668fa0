"""A window on a million stored articles, beside a bare Textual app in the same run.

    python -m tests.bench.bench_million [--articles N] [--rounds N] [--folder FOLDER] [--out FILE]

Both run in a terminal of their own, in turns: start, keys while the list fills, syncs, regroups or marks and at rest,
the first rows of a search, of a tag and of what takes long, memory, and what an idle window costs. A database of
100,000 articles is tagged again. The databases are kept in the folder for the next run; delete it to have them made
again. The lines that `--out` gets are those that `python -m tests.bench.report` reads.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import ascii_lowercase

from tests.bench.bench_open import FEEDS, kept_database
from tests.bench.feed_server import serving
from tests.bench.figures import Figure, Spread, spread, to_line
from tests.bench.probe import Probe

_SMALL = 10_000
_TAGGED = 100_000
_KEYS = 60
_UP_AND_DOWN = "jk" * (_KEYS // 2)
"""Keys that move the cursor wherever it is: one at the end of the list has no answer."""
_PREFIXES = ("nvi", "chi", "qui", "num", "abo")
_QUIET_PERCENT = 4.5
"""Two ticks of the processor's clock in half a second."""
_READY = "Headline number"
_PEER = "bare Textual app"
BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    BINDINGS = [("j", "count", "Count")]
    count = 0
    def compose(self):
        yield Static("Headline number 0")
    def action_count(self):
        self.count += 1
        self.query_one(Static).update(f"Headline number {self.count}")
Bare().run()
"""


@dataclass
class Seen:
    """What was measured of one program."""

    start: list[float] = field(default_factory=list)
    filling: list[float] = field(default_factory=list)
    rest: list[float] = field(default_factory=list)
    letter: list[float] = field(default_factory=list)
    syncing: list[float] = field(default_factory=list)
    regrouping: list[float] = field(default_factory=list)
    marking: list[float] = field(default_factory=list)
    tag: list[float] = field(default_factory=list)
    order: list[float] = field(default_factory=list)
    cancelled: list[float] = field(default_factory=list)
    state: list[float] = field(default_factory=list)
    moves: list[float] = field(default_factory=list)
    sources: list[float] = field(default_factory=list)
    moved: list[float] = field(default_factory=list)
    all_read: list[float] = field(default_factory=list)
    retag: list[float] = field(default_factory=list)
    search: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    idle: list[float] = field(default_factory=list)
    written: list[float] = field(default_factory=list)


def _press(probe: Probe, keys: str) -> list[float]:
    """Return the milliseconds from each key to the first byte of its repaint."""
    times = []
    for key in keys:
        repaint = probe.press(key)
        times += [] if repaint is None else [repaint.first]
        probe.wait_for_rest(0.02, 0.02)
    return times


def _idle(probe: Probe, seconds: float) -> tuple[float, float]:
    """Return the share of a core in percent and the bytes a second of a program that is left alone."""
    before, written, end = probe.processor_seconds(), 0, time.perf_counter() + seconds
    while (left := end - time.perf_counter()) > 0:
        written += len(probe.read(min(left, 0.2)) or b"")
    return (probe.processor_seconds() - before) / seconds * 100, written / seconds


def _wait_until_quiet(probe: Probe, seconds: float) -> None:
    """Wait until a program uses next to no processor time for half a second."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end and _idle(probe, 0.5)[0] > _QUIET_PERCENT:
        pass


def measure_bare(seen: Seen, seconds: float) -> None:
    """Measure the peer."""
    probe = Probe([sys.executable, "-c", BARE], 160, 45)
    try:
        seen.start.append((_wait(probe, _READY) - probe.started) * 1000)
        seen.rest += _press(probe, "j" * _KEYS)
        seen.memory.append(probe.memory_mb())
        used, written = _idle(probe, seconds)
        seen.idle.append(used)
        seen.written.append(written)
    finally:
        probe.close()


def measure_memory(seen: Seen, command: Sequence[str]) -> None:
    """Measure the memory of a window whose list is filled."""
    probe = Probe(command, 160, 45)
    try:
        _wait(probe, _READY)
        _press(probe, "j" * _KEYS)
        _wait_until_quiet(probe, 60)
        seen.memory.append(probe.memory_mb())
    finally:
        probe.close()


def measure_window(seen: Seen, command: Sequence[str], seconds: float) -> None:
    """Measure a window on a database."""
    probe = Probe(command, 160, 45)
    try:
        seen.start.append((_wait(probe, _READY) - probe.started) * 1000)
        seen.filling += _press(probe, "j" * _KEYS)
        _wait_until_quiet(probe, 60)
        seen.memory.append(probe.memory_mb())
        used, written = _idle(probe, seconds)
        seen.idle.append(used)
        seen.written.append(written)
        seen.rest += _press(probe, "j" * _KEYS)
        os.write(probe.terminal, b"/")
        probe.wait_for_rest(0.3, 3)
        for prefix in _PREFIXES:
            seen.letter += _press(probe, prefix[:2])
            started = time.perf_counter()
            os.write(probe.terminal, prefix[2].encode())
            seen.search.append((_wait(probe, f"“{prefix}”") - started) * 1000)
            _wait_until_quiet(probe, 30)
            os.write(probe.terminal, b"\x15")
            _wait_until_quiet(probe, 30)
    finally:
        probe.close()


def measure_commands(seen: Seen, command: Sequence[str]) -> None:
    """Measure what a million articles make slow: from the key to the first answer, and keys meanwhile."""
    probe = Probe(command, 160, 45)
    try:
        _wait(probe, _READY)
        _wait_until_quiet(probe, 60)
        seen.tag.append(_search(probe, "about:nvidia", "“about:nvidia”"))
        seen.moved.append(_answer(probe, "w", "goes to the headline"))
        _answer(probe, "\x1b", "“about:nvidia”")
        _leave_search(probe)
        seen.order.append(_search(probe, "sort:move", "largest move first"))
        seen.cancelled.append(_leave_search(probe))
        for times, query in ((seen.state, "is:read"), (seen.moves, "move>2%"), (seen.sources, "sources>1")):
            times.append(_search(probe, query, f"Reading the list|“{query}” · newest"))
            _leave_search(probe)
        for key in "MjM":
            _press(probe, key)
        seen.regrouping += _press(probe, _UP_AND_DOWN)
        _answer(probe, "u", "undone")
        _wait_until_quiet(probe, 60)
        seen.all_read.append(_answer(probe, "A", "marked as read"))
        seen.marking += _press(probe, _UP_AND_DOWN)
        os.write(probe.terminal, b"\x1b")  # no more of them
        _wait_until_quiet(probe, 60)
        _answer(probe, "u", "undone")
        _wait_until_quiet(probe, 60)
    finally:
        probe.close()


def _answer(probe: Probe, keys: str, pattern: str) -> float:
    """Return the milliseconds from some keys, written at once, to the screen that answers them."""
    started = time.perf_counter()
    os.write(probe.terminal, keys.encode())
    return (_wait(probe, pattern) - started) * 1000


def _search(probe: Probe, text: str, pattern: str) -> float:
    """Type a text into the search field and return the milliseconds from Enter to the screen that answers it."""
    os.write(probe.terminal, f"/{text}".encode())
    probe.wait_for(re.escape(text), 5)
    return _answer(probe, "\r", pattern)


def _leave_search(probe: Probe) -> float:
    """Return the milliseconds from Escape to the list without the search."""
    probe.wait_for_rest(0.15, 2)  # two keys that begin with Escape and come together are another key
    taken = _answer(probe, "\x1b", r"(?s)\A(?!.*“).*newest first")
    _wait_until_quiet(probe, 60)
    return taken


def measure_sync(seen: Seen, home: Path, database: Path, number: int) -> None:
    """Measure keys in a window that syncs 40 feeds with 25 new articles each while its list fills."""
    folder = home / f"feeds-{number}"
    folder.mkdir()
    stamp = int(time.time())
    letters = random.Random(stamp)

    def words() -> str:
        """Return words that no other title has, so that each article is a story of its own."""
        return " ".join("".join(letters.choices(ascii_lowercase, k=7)) for _ in range(6))

    for feed in range(40):
        items = "".join(
            f"<item><title>Headline number {stamp}{feed:02}{item:02} {words()}</title>"
            f"<link>http://news.example/{stamp}/{feed}/{item}</link>"
            f"<description>{'Some words. ' * 20}</description></item>"
            for item in range(25)
        )
        document = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Feed</title>{items}</channel></rss>'
        (folder / f"{feed:02}.xml").write_text(document, encoding="utf-8")
    with serving(folder) as urls:
        feeds = "".join(f'[[feed]]\nname = "Sync {number}-{n}"\nurl = "{url}"\n' for n, url in enumerate(urls))
        settings = "[settings]\nkeep_days = 0\nhost_connections = 8\nhost_delay_seconds = 0\n[market]\nproviders = []\n"
        config = home / f"sync-{number}.toml"
        config.write_text(settings + feeds, encoding="utf-8")
        probe = Probe(_command(config, database), 160, 45)
        try:
            _wait(probe, _READY)
            for _ in range(2 * _KEYS):
                seen.syncing += _press(probe, "jk")
                if "synced 40 feeds" in probe.text:
                    break
            seen.syncing += _press(probe, _UP_AND_DOWN)  # its articles come into the list
        finally:
            probe.close()


def measure_retag(seen: Seen, config: Path, database: Path) -> None:
    """Measure the first answer of `tracker retag`."""
    command = [sys.executable, "-m", "tracker", "--config", str(config), "--db", str(database), "retag"]
    probe = Probe(command, 160, 45)
    try:
        seen.retag.append((_wait(probe, "retag [0-9,]+/") - probe.started) * 1000)
    finally:
        probe.close()


def _wait(probe: Probe, pattern: str) -> float:
    found = probe.wait_for(pattern, 60)
    if found is None:
        raise SystemExit(f"{pattern!r} was never shown:\n{probe.text}")
    return found


def _window(home: Path, name: str, database: Path) -> list[str]:
    """Return the command of the window on a database."""
    feeds = "".join(
        f'[[feed]]\nname = "Feed {n}"\nurl = "http://127.0.0.1:9/{n}"\nenabled = false\n' for n in range(FEEDS)
    )
    config = home / f"{name}.toml"
    config.write_text(f"[settings]\nkeep_days = 0\n[market]\nproviders = []\n{feeds}", encoding="utf-8")
    return _command(config, database)


def _command(config: Path, database: Path) -> list[str]:
    return [sys.executable, "-m", "tracker", "--config", str(config), "--db", str(database)]


def figures(articles: int, ours: Seen, small: Seen, bare: Seen) -> list[Figure]:
    """Return the lines of the report."""
    made = f"python -m tests.bench.bench_million --articles {articles}"
    of = f"{articles:,} articles"
    grown = spread(
        [
            (one - other) * 1024 * 1024 / (articles - _SMALL)
            for one, other in zip(ours.memory, small.memory, strict=True)
        ]
    )
    keys = spread([Spread(tuple(bare.rest)).share(0.95)])
    start = spread(bare.start)
    lines: list[tuple[str, str, Spread, Spread, str]] = [
        ("start to first rows", "ms", spread(ours.start), spread(bare.start), "1.5 of it"),
        ("key while the list fills, 95% within", "ms", _within(ours.filling), keys, "16 ms"),
        ("key at rest, 95% within", "ms", _within(ours.rest), keys, "8 ms"),
        ("key in the search field, 95% within", "ms", _within(ours.letter), keys, "16 ms"),
        ("third letter of a search to its first rows, 95% within", "ms", _within(ours.search), keys, "50 ms"),
        ("key while a sync stores, 95% within", "ms", _within(ours.syncing), keys, "16 ms"),
        ("key after two stories are joined, 95% within", "ms", _within(ours.regrouping), keys, "16 ms"),
        ("key while all are marked as read, 95% within", "ms", _within(ours.marking), keys, "16 ms"),
        ("`A` to its first answer", "ms", spread(ours.all_read), start, "1 s"),
        ("about:nvidia to its first rows", "ms", spread(ours.tag), start, "1 s"),
        ("sort:move to its first rows", "ms", spread(ours.order), start, "1 s"),
        ("Esc while sort:move is read, to the list before", "ms", spread(ours.cancelled), start, "1 s"),
        ("is:read to its first answer", "ms", spread(ours.state), start, "1 s"),
        ("move>2% to its first answer", "ms", spread(ours.moves), start, "1 s"),
        ("sources>1 to its first answer", "ms", spread(ours.sources), start, "1 s"),
        ("the first `w` to its page", "ms", spread(ours.moved), start, "1 s"),
        ("retag of 100,000 articles to its first answer", "ms", spread(ours.retag), start, "1 s"),
        ("memory", "MB", spread(ours.memory), spread(bare.memory), "120 MB"),
        ("memory with 10,000 articles", "MB", spread(small.memory), spread(bare.memory), ""),
        ("memory for each further article", "bytes", grown, spread([0.0]), "40 bytes"),
        ("idle, share of a core", "%", spread(ours.idle), spread(bare.idle), "0.3%"),
        ("idle, written", "bytes/s", spread(ours.written), spread(bare.written), "the clock"),
    ]
    return [
        Figure(f"{of}: {what}", unit, mine, _PEER, theirs, limit, made) for what, unit, mine, theirs, limit in lines
    ]


def _within(values: Sequence[float]) -> Spread:
    return spread([Spread(tuple(values)).share(0.95)])


def main() -> int:
    """Measure, print, and write the lines."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20, help="how long an idle window is watched")
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(tempfile.gettempdir()) / "tracker-bench",
        help="where the databases are kept for the next run (tracker-bench, where temporary files go)",
    )
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        os.environ.update(HOME=folder, XDG_STATE_HOME=folder, XDG_DATA_HOME=folder, XDG_CONFIG_HOME=folder)
        stored = kept_database(options.folder, options.articles)
        large = _window(home, "large", stored)
        few = _window(home, "small", kept_database(options.folder, _SMALL))
        tagged = kept_database(options.folder, min(options.articles, _TAGGED))
        ours, small, bare = Seen(), Seen(), Seen()
        for number in range(options.rounds):
            measure_bare(bare, options.seconds)
            measure_memory(small, few)
            measure_window(ours, large, options.seconds)
            measure_commands(ours, large)
            measure_sync(ours, home, stored, number)
            measure_retag(ours, home / "large.toml", tagged)
    found = figures(options.articles, ours, small, bare)
    for one in found:
        print(one.text())
    if options.out is not None:
        options.out.write_text("".join(f"{to_line(one)}\n" for one in found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
