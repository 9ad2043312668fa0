"""The shape of the window's code: one way to read in the background, a main screen that only routes, no giant class."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from pathlib import Path

import tracker.ui
from tests.helpers.project import imported
from tracker.ui.widgets.left_clicks import LeftClicks

FOLDER = Path(tracker.ui.__file__).parent
STARTS = {"run_worker", "run_task", "to_thread", "create_task", "ensure_future", "run_in_executor", "Thread", "submit"}
"""What begins something beside the event loop."""
BACKGROUND_READS = "newest_only.py"
OTHERS = {
    "browser.py": "waits for the end of a browser",
    "ending.py": "waits for the end of a terminal",
    "marks.py": "writes marks",
    "workers.py": "syncs and polls, which write",
    "parts/editing.py": "writes feeds.toml",
    "parts/feeds.py": "fetches a feed that is to be added",
    "parts/full_text.py": "fetches pages and keeps their text",
    "parts/reading.py": "waits for marks to be written and for a browser",
    "tasks.py": "runs what the others give it",
}


def started_in(source: str) -> set[str]:
    """The names in a module that begin something beside the event loop."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else None
        if name in STARTS:
            found.add(name)
        if isinstance(node, ast.ImportFrom):
            found.update({*STARTS, "work"}.intersection(one.name for one in node.names))
    return found


def test_the_check_sees_each_way_to_begin_something() -> None:
    assert started_in("self.run_worker(x)") == {"run_worker"}
    assert started_in("from textual import work\n@work\ndef f(): ...") == {"work"}
    assert started_in("import asyncio\nasyncio.create_task(x)") == {"create_task"}
    assert started_in("self.read(x)") == set()


def test_no_coroutine_is_made_before_its_worker_begins() -> None:
    for path in FOLDER.rglob("*.py"):
        if "run_worker" in started_in(path.read_text(encoding="utf-8")):
            assert path.name in {"tasks.py", BACKGROUND_READS}, path


def test_all_background_reads_go_through_one_mechanism() -> None:
    places = {str(path.relative_to(FOLDER)): path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.py")}
    assert {name for name, source in places.items() if started_in(source)} == {BACKGROUND_READS, *OTHERS}
    for name in OTHERS:
        tree = ast.parse(places[name])
        for node in ast.walk(tree):
            if isinstance(node, ast.AsyncFunctionDef):  # what those that write run in their workers
                assert "Reader" not in {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}, (
                    name,
                    node.name,
                )


def test_the_main_screen_only_lays_out_and_routes() -> None:
    lines = (FOLDER / "screens" / "main.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 320


def window_classes() -> list[tuple[str, type]]:
    """Return all classes that the window's modules have, with their names."""
    names = [one.name for one in pkgutil.walk_packages(tracker.ui.__path__, "tracker.ui.")]
    modules = [importlib.import_module(name) for name in names if not name.endswith("browser_process")]
    return [one for module in modules for one in inspect.getmembers(module, inspect.isclass)]


def test_no_class_of_the_window_has_50_methods_with_those_it_inherits_from_us() -> None:
    for name, one in window_classes():
        ours = [base for base in one.__mro__ if base.__module__.startswith("tracker.")]
        methods = [value for base in ours for value in vars(base).values() if inspect.isfunction(value)]
        assert len(methods) < 50, name


def test_one_class_asks_which_button_was_clicked() -> None:
    ours = {one for _, one in window_classes() if one.__module__.startswith("tracker.")}
    assert {one for one in ours if "on_click" in vars(one)} == {LeftClicks}


def test_no_modules_of_the_window_import_each_other_in_a_circle() -> None:
    """Also not by way of a third one, within a function, or for types alone."""
    modules = {".".join(path.relative_to(FOLDER.parents[1]).with_suffix("").parts) for path in FOLDER.rglob("*.py")}
    sources = {name: FOLDER.parents[1].joinpath(*name.split(".")).with_suffix(".py") for name in modules}
    above = {
        name: {found.rpartition(".")[0] for found in imported(path.read_text(encoding="utf-8"))} & modules - {name}
        for name, path in sources.items()
    }
    assert len(above["tracker.ui.parts.parts"]) > 15
    while free := {name for name, needs in above.items() if not needs & above.keys()}:
        above = {name: needs for name, needs in above.items() if name not in free}
    assert above == {}
