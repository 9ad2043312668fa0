"""Sentences to learn from: `known/moulds` by style, and the parts of `known/grammar.toml`.

In a file of moulds, a line is a sentence where `X_` stands for the name, `{part} = one | two` says what a part may be,
and `# word` starts a style. The name of a file says whether its sentences are about a company.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field

from tracker.tagging.training.sources import KNOWN

_PART = re.compile(r"\{(\w+)\} = (.*)")
_TAILS = frozenset({"tail", "over", "when"})
"""Parts of the grammar at the end of a sentence, which bring their own space."""


@dataclass
class Moulds:
    """Sentences of one style with the parts that they name."""

    style: str
    is_company: bool
    sentences: list[str] = field(default_factory=list)
    parts: dict[str, list[str]] = field(default_factory=dict)


def moulds() -> Iterator[Moulds]:
    """Yield the sentences of each file and style."""
    for path in sorted((KNOWN / "moulds").glob("*.txt")):
        is_company = path.stem.startswith("company")
        found = Moulds(path.stem, is_company)
        parts = found.parts
        for line in path.read_text(encoding="utf-8").splitlines():
            if part := _PART.fullmatch(line):
                parts[part[1]] = part[2].split(" | ")
            elif line.startswith("# "):
                yield found
                found = Moulds(f"{path.stem} {line[2:]}", is_company, parts=parts)
            else:
                found.sentences.append(line)
        yield found


def grammar() -> Iterator[Moulds]:
    """Yield the sentences about companies and about something else that are made of parts."""
    data = tomllib.loads((KNOWN / "grammar.toml").read_text(encoding="utf-8"))
    parts = {
        name: [f" {one}" if one and name in _TAILS else one for one in _split(text)]
        for name, text in data["parts"].items()
    }
    for kind in ("company", "other"):
        yield Moulds(f"grammar {kind}", kind == "company", _split(data[kind]), parts)


def _split(text: str) -> list[str]:
    return [part.strip() for part in re.sub(r"\s+", " ", text).split("|")]
