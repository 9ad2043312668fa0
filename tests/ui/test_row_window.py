"""Paging, marks laid over, and new snapshots merged into old ones."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from msgspec.structs import replace

from tests.ui.test_headline_row import row
from tracker.model.article import Headline
from tracker.ui.widgets.row_window import MAX_PAGES, PAGE, RowWindow


class Source:
    """Rows by id, with a count of the fetches."""

    def __init__(self) -> None:
        self.fetches: list[list[int]] = []
        self.gone: set[int] = set()

    def __call__(self, ids: Sequence[int]) -> list[Headline]:
        self.fetches.append(list(ids))
        return [replace(row(f"title {one}"), id=one, story_id=one // 2) for one in ids if one not in self.gone]


def test_only_pages_that_are_looked_at_are_fetched() -> None:
    source = Source()
    window = RowWindow(source)
    window.reset(array("q", range(100_000)))
    assert len(window) == 100_000
    assert [getattr(window.row(index), "title", None) for index in (0, 1, 99_999)] == [
        "title 0",
        "title 1",
        "title 99999",
    ]
    assert [len(fetch) for fetch in source.fetches] == [PAGE, 100_000 % PAGE]


def test_old_pages_are_forgotten() -> None:
    source = Source()
    window = RowWindow(source)
    window.reset(array("q", range(PAGE * (MAX_PAGES + 1))))
    for page in range(MAX_PAGES + 1):
        window.row(page * PAGE)
    window.row(PAGE)
    assert len(source.fetches) == MAX_PAGES + 1
    window.row(0)
    assert len(source.fetches) == MAX_PAGES + 2


def test_an_article_that_is_gone_is_a_blank_row() -> None:
    source = Source()
    source.gone = {1}
    window = RowWindow(source)
    window.reset(array("q", [0, 1, 2]))
    assert window.row(1) is None
    assert window.row(2) is not None
    assert (window.index_of(2), window.index_of(9)) == (2, None)


def test_a_mark_shows_at_once_on_its_whole_story_until_it_is_stored() -> None:
    window = RowWindow(Source())
    window.reset(array("q", [2, 3, 4]))
    window.mark(1, "read", True)
    window.mark(1, "starred", True)

    def seen() -> list[tuple[bool, bool]]:
        return [(one.read, one.starred) for index in range(3) if (one := window.row(index)) is not None]

    assert seen() == [(True, True), (True, True), (False, False)]
    window.unmark(1, "read")
    assert seen()[0] == (False, True)
    window.unmark(1, "starred")
    window.unmark(1, "starred")
    assert seen()[0] == (False, False)


def unfoldable(ids: list[int], others: dict[int, list[int]]) -> RowWindow:
    """Return a window in which the last of several others is one deeper."""

    def fetch(lead: int) -> dict[int, int]:
        found = others.get(lead, [])
        return {one: 1 + (place > 0) for place, one in enumerate(found)}

    window = RowWindow(Source(), fetch)
    window.reset(array("q", ids))
    return window


def test_others_stand_behind_their_lead_while_it_is_unfolded() -> None:
    window = unfoldable([5, 4, 3], {4: [8, 9]})
    assert not window.unfold(5)
    assert window.unfold(4)
    assert list(window.ids) == [5, 4, 8, 9, 3]
    assert list(window.leads) == [5, 4, 3]
    assert [window.lead_of(one) for one in window.ids] == [5, 4, 4, 4, 3]
    assert [window.depth_of(one) for one in window.ids] == [0, 0, 1, 2, 0]
    assert [window.is_unfolded(one) for one in window.ids] == [False, True, False, False, False]
    row = window.row(3)
    assert row is not None
    assert row.title == "title 9"
    window.fold(4)
    assert list(window.ids) == [5, 4, 3]
    assert window.lead_of(9) == 9


def test_a_newer_snapshot_keeps_stories_unfolded_under_the_lead_they_have_then() -> None:
    others = {4: [8], 3: [7]}
    window = unfoldable([5, 4, 3], others)
    window.unfold(4)
    window.unfold(3)
    others.update({2: [4, 8], 3: [7, 6]})
    window.update(array("q", [9, 5, 2, 3]), {4: 2})
    assert list(window.ids) == [9, 5, 2, 4, 8, 3, 7, 6]
    others[3] = []  # its others left the story
    window.update(array("q", [9, 2, 3]), {})
    assert list(window.ids) == [9, 2, 4, 8, 3]
    assert not window.is_unfolded(3)
    window.update(array("q", [9]), {})
    assert list(window.ids) == [9]
    assert not window.is_unfolded(2)
    window.reset(array("q", [2]))
    assert list(window.ids) == [2]


def test_no_article_has_two_lines() -> None:
    window = unfoldable([5, 4, 8], {4: [8, 9]})
    window.unfold(4)
    assert list(window.ids) == [5, 4, 9, 8]
    assert (window.lead_of(8), window.lead_of(9)) == (8, 4)
