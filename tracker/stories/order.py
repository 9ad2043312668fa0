"""The articles of an unfolded story in the order they are shown: what was taken from another stands under it."""

from __future__ import annotations

from collections.abc import Sequence


def under_lead(lead: int, articles: Sequence[tuple[int, int | None]]) -> dict[int, int]:
    """Return the others of a story in the order they stand under its lead, with the depth of each, 1 or more.

    A rewrite stands one deeper than what it was taken from, behind it and before the next report; a rewrite of the
    lead comes first and as deep as a plain report. All else stands by time, a rewrite too whose original is in another
    story.

    Args:
        articles: (id, id of the article it was taken from) of the whole story, by time.
    """
    parents = _parents(lead, articles)
    below: dict[int | None, list[int]] = {}
    for article_id, _ in articles:
        below.setdefault(parents.get(article_id), []).append(article_id)
    reports = [one for one in below.get(None, ()) if one != lead]
    # A stack: chains of rewrites may be longer than Python likes to recurse.
    todo = [(one, 1) for one in reversed([*below.get(lead, ()), *reports])]
    placed: dict[int, int] = {}
    while todo:
        article_id, depth = todo.pop()
        placed[article_id] = depth
        todo.extend((one, depth + 1) for one in reversed(below.get(article_id, ())))
    return placed


def _parents(lead: int, articles: Sequence[tuple[int, int | None]]) -> dict[int, int]:
    """Return what each article stands under. The lead stands under none, nor does the first of some in a circle."""
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
