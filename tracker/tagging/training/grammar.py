"""Sentences made of parts, by kind of event: `known/grammar.toml`."""

from __future__ import annotations

import re
import tomllib

from tracker.tagging.training.sources import KNOWN


def grammar() -> tuple[tuple[str, ...], tuple[str, ...], dict[str, tuple[str, ...]]]:
    """Return templates about companies, templates about something else, and the parts of both."""
    data = tomllib.loads((KNOWN / "grammar.toml").read_text(encoding="utf-8"))
    parts = {
        name: tuple(f" {one}" if one and name in _TAILS else one for one in _split(text))
        for name, text in data["parts"].items()
    }
    return _split(data["company"]), _split(data["other"]), parts


_TAILS = frozenset({"tail", "over", "when"})
"""Parts at the end of a sentence, which bring their own space."""


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.sub(r"\s+", " ", text).split("|"))
