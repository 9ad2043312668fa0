"""Fixtures and switches for the whole suite."""

from __future__ import annotations

import gc
import importlib
import itertools
import os
import signal
import sys
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

# Also where PYTHONDONTWRITEBYTECODE is set, as in many containers: pytest rewrites the asserts of all test files, which
# takes half the time of collection, and each worker would do it again in every run. Before hypothesis is imported.
sys.dont_write_bytecode = False

import pytest  # noqa: E402

from tests.helpers.compiled import compile_program  # noqa: E402
from tests.helpers.drained import drained  # noqa: E402
from tests.helpers.examples import register_profiles  # noqa: E402
from tests.helpers.http_server import LoopbackServer, loopback_server  # noqa: E402

TESTS = Path(__file__).parent

register_profiles()
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell's background jobs, and all that they start, ignore Ctrl+C; the tests send it.
    with suppress(ValueError):  # not the main thread
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let CI insist on the corpus where it is."""
    parser.addoption("--no-corpus-skips", action="store_true", help="fail when a test that needs the corpus is skipped")


def pytest_configure(config: pytest.Config) -> None:
    """Let the tests start the program as users have it; only one process of a run writes."""
    if not hasattr(config, "workerinput"):
        compile_program()


def pytest_collection(session: pytest.Session) -> None:
    """Let each worker of a whole run begin with its share of the files: it then finds the bytecode of the others."""
    worker: dict[str, Any] = getattr(session.config, "workerinput", {"workerid": "gw0", "workercount": 1})
    if worker["workercount"] > 1 and session.config.args_source == pytest.Config.ArgsSource.TESTPATHS:
        files = sorted(TESTS.rglob("test_*.py"))
        for path in files[int(worker["workerid"][2:]) :: worker["workercount"]]:
            importlib.import_module(".".join(path.relative_to(TESTS.parent).with_suffix("").parts))


def pytest_collection_finish() -> None:
    """Spare the garbage collector the tests themselves: a million objects that stay."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the skip of a corpus test into a failure where the corpus has to be there."""
    report = yield
    if report.skipped and item.config.getoption("--no-corpus-skips") and "TRACKER_CORPUS" in str(report.longrepr):
        report.outcome = "failed"
    return report


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """New folders; `mktemp` for each test would list those of all tests before it."""
    parent = tmp_path_factory.mktemp("homes")
    return (parent / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def _own_home(_homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the configuration, database or environment of whoever runs it."""
    home = next(_homes)
    home.mkdir()
    for name in ("TRACKER_CONFIG", "TRACKER_DB", "TRACKER_NOW", "NO_COLOR", "TEXTUAL_THEME", "FINNHUB_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))


@pytest.fixture(autouse=True)
def _pilots_wait_for_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pilot waits until no message waits, where Textual waits until the process has used little time for 20 ms."""
    if "textual.pilot" in sys.modules:
        monkeypatch.setattr("textual.app.wait_for_idle", drained)
        monkeypatch.setattr("textual.pilot.wait_for_idle", drained)
    if "tracker.ui.screens.main" in sys.modules:  # what others write is noticed within the time a person does not mind
        monkeypatch.setattr("tracker.ui.screens.main.BEAT_SECONDS", 0.1)


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    """A loopback HTTP server for one test."""
    with loopback_server() as running:
        yield running


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real material; the test is skipped where TRACKER_CORPUS is not set."""
    folder = os.environ.get("TRACKER_CORPUS")
    if not folder:
        pytest.skip("TRACKER_CORPUS is not set")
    path = Path(folder).resolve()
    assert path.is_dir(), f"TRACKER_CORPUS={folder} is no folder"
    return path
