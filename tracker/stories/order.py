"""The order in which an unfolded story lists its articles: rewrites are listed under the original."""

from __future__ import annotations

from collections.abc import Sequence


def under_lead(lead: int, articles: Sequence[tuple[int, int | None]]) -> dict[int, int]:
    """Return the other articles of a story as listed under its lead, each with its depth, from 1.

    A rewrite is listed after its original, one level deeper. A rewrite of the lead comes first, at the level of a
    plain report. The rest is sorted by time, including rewrites of an original in another story.

    Args:
        articles: (id, id of the article it was taken from) of the whole story, by time.
    """
    parents = _parents(lead, articles)
    below: dict[int | None, list[int]] = {}
    for article_id, _ in articles:
        below.setdefault(parents.get(article_id), []).append(article_id)
    reports = [one for one in below.get(None, ()) if one != lead]
    # A stack: chains of rewrites may exceed Python's recursion limit.
    todo = [(one, 1) for one in reversed([*below.get(lead, ()), *reports])]
    placed: dict[int, int] = {}
    while todo:
        article_id, depth = todo.pop()
        placed[article_id] = depth
        todo.extend((one, depth + 1) for one in reversed(below.get(article_id, ())))
    return placed


def _parents(lead: int, articles: Sequence[tuple[int, int | None]]) -> dict[int, int]:
    """Return the parent of each article. The lead has none, nor does the first article of a cycle."""
    members = {article_id for article_id, _ in articles}
    parents: dict[int, int] = {}
    for article_id, original in reversed(articles):
        if original is None or original not in members or article_id == lead:
            continue
        above: int | None = original
        while above is not None and above != article_id:
            above = parents.get(above)
        if above is None:
            parents[article_id] = original
    return parents
