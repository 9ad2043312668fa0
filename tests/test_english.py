"""Phrases of old messages and help texts that a native speaker would not use do not return."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BANNED = (
    "is no TOML",
    "is no JSON",
    "is no symbol",
    "is no address",
    "is no tag name",
    "text stands in quotes",
    "keep_days is over",
    "the price stood somewhere else",
    "what came of looking",
)


@pytest.mark.parametrize("phrase", BANNED)
def test_a_banned_phrase_is_not_used(phrase: str) -> None:
    words = re.compile(r"\s+".join(map(re.escape, phrase.split())), re.IGNORECASE)
    texts = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "tracker").rglob("*.py"))}
    assert len(texts) > 100
    assert [str(path.relative_to(ROOT)) for path, text in texts.items() if words.search(text)] == []
