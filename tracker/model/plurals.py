"""Numbers and the words that agree with them; pure."""

from __future__ import annotations


def count_noun(number: int, one: str, many: str) -> str:
    """Return a number and its noun: "1 entry", "0 entries", "1,284 entries"."""
    return f"{number:,} {agree(number, one, many)}"


def agree(number: int, one: str, many: str) -> str:
    """Return `one` for exactly one, else `many`; for verbs and other words apart from the number."""
    return one if number == 1 else many
