"""What became of rows that a newer reading of a list does not have."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from tracker.model.id_set import IdSet
from tracker.store.read import Reader

_AT_ONCE = 2_000


def story_leads(reader: Reader, gone: array[int], ids: array[int]) -> dict[int, int]:
    """Map each article of `gone` to the one in `ids` that now leads its story, if there is one.

    A report that came late may be the first of its story, and then leads it.
    """
    if not gone:
        return {}
    present = IdSet(ids)
    return {
        one: other
        for at in range(0, len(gone), _AT_ONCE)
        for one, other in reader.stories.beside(gone[at : at + _AT_ONCE])
        if other in present
    }


def hidden_rows(reader: Reader, gone: Sequence[int], *, with_muted: bool) -> set[int]:
    """Return those that the list does not keep, as they are muted or no longer stored."""
    return {
        one
        for at in range(0, len(gone), _AT_ONCE)
        for one in reader.articles.hidden(gone[at : at + _AT_ONCE], with_muted=with_muted)
    }
