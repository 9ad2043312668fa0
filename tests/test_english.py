"""Phrases of old messages and help texts that a native speaker would not use do not return."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BANNED = {
    "inverted negation": r"\b(?:is|are) no (?:TOML|JSON|OPML|UTF-8|symbol|address|tag name|feed|http)\b",
    "stand, for text that is somewhere": r"text stands in quotes|stands twice|stood somewhere",
    "heed and mend": r"\b(?:heed(?:s|ed|ing)?|mend(?:s|ed|ing)?)\b",
    "riddles": r"what came of|whose word it is|keep_days is over|host's name is found|tells? the rest",
    "servers that do or do not answer": r"\b(?:do|does) not answer\b|\bnever asked\b|\bnot asked any more\b",
    "give for choose": r"[Gg]ive (?:a|another) file with --db",
    "for ever": r"\bfor ever\b",
    "left alone, for paused": r"\bleft alone\b",
    "a space before the percent sign": r"\d %(?!\w)",
    "a plural for every number": r"\b1 (?:feeds|entries|articles|symbols|headlines|stories)\b",
}
NOWHERE = (
    BANNED["heed and mend"],
    BANNED["riddles"],
    r"\bfor ever\b|\b(?:left|leave) alone\b|whose word",
    r"\d %[ .,;:)]",
)
"""Phrases that are gone from docstrings and comments, too."""
DOCUMENTS = (
    "README.md",
    "CHANGELOG.md",
    "feeds.toml",
    "docs/glossary.md",
    "docs/keys.md",
    "docs/records.md",
    "docs/reference.md",
)


def checked_modules() -> list[Path]:
    """Return the modules of the rooms whose English is checked."""
    package = ROOT / "tracker"
    return sorted(package.rglob("*.py"))


def shown_texts(path: Path) -> Iterator[str]:
    """Yield the texts of a module that a user may see: its string literals without docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documentation = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.value


@pytest.mark.slow
@pytest.mark.parametrize("phrase", BANNED.values(), ids=BANNED.keys())
def test_a_banned_phrase_is_not_shown(phrase: str) -> None:
    modules = checked_modules()
    assert len(modules) > 100
    texts = [(path, text) for path in modules for text in shown_texts(path)]
    texts += [(ROOT / name, (ROOT / name).read_text(encoding="utf-8")) for name in DOCUMENTS]
    found = [f"{path.relative_to(ROOT)}: {match[0]}" for path, text in texts for match in re.finditer(phrase, text)]
    assert found == []


@pytest.mark.parametrize("phrase", NOWHERE)
def test_a_phrase_is_not_in_docstrings_and_comments_either(phrase: str) -> None:
    modules = checked_modules()
    texts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in modules}
    found = [f"{path}: {match[0]}" for path, text in texts.items() for match in re.finditer(phrase, text)]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "x is no TOML",
        "text stands in quotes",
        "mend the file",
        "1 of 13 feeds do not answer",
        "with 1 entries",
        "16.97 %",
    ],
)
def test_the_list_knows_the_phrases_it_was_made_for(text: str) -> None:
    assert any(re.search(phrase, text) for phrase in BANNED.values())
