"""What no file may import, where a contract of import-linter cannot say it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted(path for folder in ("tracker", "tests", "docs") for path in (ROOT / folder).rglob("*.py"))


def imported(source: str) -> list[str]:
    """Return the full names of all that a file imports."""
    names: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom):
            names += [f"{node.module}.{one.name}" for one in node.names]
    return names


def is_private_of_textual(name: str) -> bool:
    package, *parts = name.split(".")
    return package == "textual" and any(part.startswith("_") for part in parts)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_private_modules_of_textual_are_left_alone(path: Path) -> None:
    assert not [name for name in imported(path.read_text(encoding="utf-8")) if is_private_of_textual(name)]


def test_such_an_import_would_be_found() -> None:
    source = "from textual._styles_cache import StylesCache\nimport textual._x\nfrom textual import _y, app\n"
    assert [is_private_of_textual(name) for name in imported(source)] == [True, True, True, False]
