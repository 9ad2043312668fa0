"""Whole syncs of 200 captured feeds over loopback, beside newsboat and lemon24/reader in the same run.

    TRACKER_CORPUS=... python -m tests.bench.bench_sync [--rounds N] [--reader PYTHON] [--no-peers] [--out FILE]

Each program runs as a process of its own against a server in another one: cold (an empty database), second and third
run (the server answers 304), and for tracker once more with nothing due. Wall time, processor time of the process and
its children, and peak memory summed over them; then medians and ratios. newsboat is taken from PATH (Debian package
`newsboat`), reader from the interpreter given with `--reader` (`pip install reader` in an environment of its own).
tracker tags, indexes and groups what comes, and asks for no prices; the peers do what they do. Then a window is opened
on an empty database, in a terminal: how long until it counts a hundred stories, from its first screen and its start.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.feed_server import serving
from tests.bench.figures import Figure, spread, to_line
from tests.bench.probe import Probe

_READER = """
import sys
from reader import make_reader
with make_reader(sys.argv[1]) as reader:
    for url in sys.argv[2:]:
        reader.add_feed(url, exist_ok=True)
    reader.update_feeds(workers=8, scheduled=False)
"""
_STAGES = ("cold", "second", "third", "nothing due")
_WINDOW = "window"
_STARTED = "started window"
_HUNDRED_STORIES = r"of (?:\d{3}|[\d,]{5,}) stories"
_LIMITS = (
    ("newsboat", "cold", "wall", "1.5 of it"),
    ("newsboat", "cold", "peak_mb", "2 of it"),
    ("newsboat", "third", "wall", "0.6 of it"),
    ("newsboat", _WINDOW, "wall", "0.25 of it"),
    ("newsboat", _STARTED, "wall", "none"),
    ("reader", "cold", "wall", "0.15 of it"),
)
"""Peer, stage, what is compared, and how many times the peer's it may be."""


@dataclass(frozen=True)
class Run:
    """One finished process and its children."""

    wall: float
    cpu: float
    peak_mb: float
    """Largest sum of resident memory over the process and its children, sampled."""


def run(command: Sequence[str], environ: Mapping[str, str] | None = None, good: Sequence[int] = (0,)) -> Run:
    """Run a command to its end.

    Args:
        good: exit codes of a run that counts.

    Raises:
        RuntimeError: with its last words, when it fails.
    """
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env={**os.environ, **(environ or {})}
        )
        peak = 0.0
        done = threading.Event()

        def watch() -> None:
            nonlocal peak
            while not done.wait(0.02):
                peak = max(peak, _tree_mb(process.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        done.set()
        watcher.join()
        if process.returncode not in good:
            output.seek(0)
            raise RuntimeError(f"{command[0]} ended with {process.returncode}: {output.read()[-2000:]!r}")
    return Run(wall, usage.ru_utime + usage.ru_stime, max(peak, usage.ru_maxrss / 1024))


def _tree_mb(pid: int) -> float:
    """Return the resident memory of a process and its children, in MB."""
    total, queue = 0.0, [pid]
    while queue:
        current = queue.pop()
        try:
            pages = int(Path(f"/proc/{current}/statm").read_text().split()[1])
            tasks = list(Path(f"/proc/{current}/task").iterdir())
            queue += [int(child) for task in tasks for child in (task / "children").read_text().split()]
        except (OSError, IndexError):
            continue
        total += pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    return total


def tracker_runs(urls: Sequence[str], folder: Path) -> Iterator[tuple[str, Run]]:
    """Yield the stages of `tracker sync`, and of a window."""
    config = folder / "feeds.toml"
    feeds = "".join(f'\n[[feed]]\nname = "{n}"\nurl = "{url}"\n' for n, url in enumerate(urls))
    settings = "[settings]\nkeep_days = 0\nhost_connections = 8\nhost_delay_seconds = 0\npoll_minutes = 60\n"
    config.write_text(f"{settings}[market]\nproviders = []\n{feeds}", encoding="utf-8")
    tracker = [sys.executable, "-m", "tracker", "--config", str(config)]
    sync = [*tracker, "--db", str(folder / "tracker.db"), "sync", "--quiet"]
    some_failed = (0, 1)  # a captured page or two is no feed
    yield "cold", run(sync, good=some_failed)
    yield "second", run([*sync, "--force"], good=some_failed)
    yield "third", run([*sync, "--force"], good=some_failed)
    # A captured document that is cut off is asked for again at once on loopback, and then it is all that is due.
    yield "nothing due", run(sync, good=(0, 3))
    yield from _first_hundred([*tracker, "--db", str(folder / "window.db")], folder)


def _first_hundred(window: Sequence[str], folder: Path) -> Iterator[tuple[str, Run]]:
    """Yield the time until a window on an empty database counts a hundred stories, from its first screen and its start.

    Its processor time and memory are those of its own process.

    Raises:
        RuntimeError: when it does not within a minute.
    """
    os.environ.update(XDG_STATE_HOME=str(folder), XDG_DATA_HOME=str(folder))
    probe = Probe(window, 160, 45)
    try:
        opened = probe.wait_for("Views and feeds", 60)
        found = probe.wait_for(_HUNDRED_STORIES, 60)
        if opened is None or found is None:
            raise RuntimeError(f"no hundred stories within a minute: {probe.text}")
        for stage, began in ((_WINDOW, opened), (_STARTED, probe.started)):
            yield stage, Run(found - began, probe.processor_seconds(), probe.memory_mb())
    finally:
        probe.close()


def newsboat_runs(urls: Sequence[str], folder: Path) -> Iterator[tuple[str, Run]]:
    """Yield the stages of `newsboat -x reload`, with as many threads as tracker has connections."""
    (folder / "urls").write_text("\n".join(urls) + "\n", encoding="utf-8")
    (folder / "config").write_text("reload-threads 8\nrefresh-on-startup no\n", encoding="utf-8")
    reload = ["newsboat", "-x", "reload", "-u", str(folder / "urls"), "-C", str(folder / "config")]
    reload += ["-c", str(folder / "cache.db")]
    for stage in _STAGES[:3]:
        yield stage, run(reload, {"HOME": str(folder)})


def reader_runs(python: str, urls: Sequence[str], folder: Path) -> Iterator[tuple[str, Run]]:
    """Yield the stages of lemon24/reader."""
    for stage in _STAGES[:3]:
        yield stage, run([python, "-c", _READER, str(folder / "reader.db"), *urls])


def main() -> int:
    """Run everything and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3, help="of each program, taken in turn (3)")
    parser.add_argument("--reader", metavar="PYTHON", help="interpreter that has lemon24/reader")
    parser.add_argument("--no-peers", action="store_true", help="only tracker")
    parser.add_argument("--out", type=Path, help="file for the lines that tests.bench.report reads")
    options = parser.parse_args()
    corpus = os.environ.get("TRACKER_CORPUS")
    if not corpus:
        print("TRACKER_CORPUS is not set", file=sys.stderr)
        return 2
    programs: dict[str, Callable[[Sequence[str], Path], Iterator[tuple[str, Run]]]] = {"tracker": tracker_runs}
    if not options.no_peers:
        if shutil.which("newsboat"):
            programs["newsboat"] = newsboat_runs
        if options.reader:
            programs["reader"] = lambda urls, folder: reader_runs(options.reader, urls, folder)
    figures: dict[tuple[str, str], list[Run]] = {}
    with serving(Path(corpus) / "feeds" / "fastfeedparser" / "benchmark_data") as urls:
        for _ in range(options.rounds):
            for name, stages in programs.items():
                with tempfile.TemporaryDirectory() as folder:
                    for stage, outcome in stages(urls, Path(folder)):
                        figures.setdefault((name, stage), []).append(outcome)
            figures.setdefault(("python -c pass", "nothing due"), []).append(run([sys.executable, "-c", "pass"]))
        print(f"{len(urls)} feeds, median of {options.rounds} (least to most)\n")
    _print(figures)
    found = _figures(figures)
    for one in found:
        print(one.text())
    if options.out is not None:
        options.out.write_text("".join(f"{to_line(one)}\n" for one in found), encoding="utf-8")
    return 0


def _figures(runs: Mapping[tuple[str, str], Sequence[Run]]) -> list[Figure]:
    """Return what has a limit, beside its peer in the same run."""
    what = {
        "cold": "cold sync of 200 sites",
        "third": "third sync, all 304",
        _WINDOW: "first 100 stories in a window",
        _STARTED: "the same from its start",
    }
    found = []
    for peer, stage, field, limit in _LIMITS:
        their_stage = stage if stage in _STAGES else "cold"
        theirs = runs.get((peer, their_stage))
        if theirs is not None:
            ours = runs["tracker", stage]
            found.append(
                Figure(
                    f"{what[stage]}: {'memory' if field == 'peak_mb' else 'time'}",
                    "MB" if field == "peak_mb" else "s",
                    spread([getattr(run, field) for run in ours]),
                    f"{peer}, {their_stage}",
                    spread([getattr(run, field) for run in theirs]),
                    limit,
                    "python -m tests.bench.bench_sync",
                )
            )
    return found


def _print(figures: Mapping[tuple[str, str], Sequence[Run]]) -> None:
    walls = {key: statistics.median(run.wall for run in runs) for key, runs in figures.items()}
    peaks = {key: max(run.peak_mb for run in runs) for key, runs in figures.items()}
    order = (*_STAGES, _WINDOW, _STARTED)
    for (name, stage), runs in sorted(figures.items(), key=lambda item: (order.index(item[0][1]), item[0][0])):
        spread = f"{min(run.wall for run in runs):.2f} to {max(run.wall for run in runs):.2f}"
        cpu = statistics.median(run.cpu for run in runs)
        print(
            f"{stage:12} {name:15} wall {walls[name, stage]:6.2f} s ({spread})  cpu {cpu:6.2f} s"
            f"  peak {peaks[name, stage]:5.0f} MB"
        )
    print()
    more = walls["tracker", "nothing due"] - walls["python -c pass", "nothing due"]
    print(f"nothing due: {more:.2f} s more than python -c pass")


if __name__ == "__main__":
    sys.exit(main())
