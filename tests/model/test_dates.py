"""Dates that several sources say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tracker.model.dates import AgreedDate, ComingDate, DateTimeOfDay, agree_dates

NOW = datetime(2025, 2, 20, 22, tzinfo=UTC)
DAY = date(2025, 2, 26)


def said(source: str, day: date = DAY, time: DateTimeOfDay | None = None, asked: datetime = NOW) -> ComingDate:
    """Return the results of Nvidia as one source says them."""
    return ComingDate("NVDA", "results", day, time, source, asked)


def test_sources_that_agree_are_named_together_and_one_knows_the_time() -> None:
    assert agree_dates([said("a"), said("b", time="after-close")]) == (
        AgreedDate("results", DAY, "after-close", ("b", "a")),
    )


def test_sources_that_contradict_each_other_are_both_shown() -> None:
    later = DAY + timedelta(days=1)
    assert agree_dates([said("a", time="after-close"), said("b", time="before-open"), said("c", later)]) == (
        AgreedDate("results", DAY, "after-close", ("a",)),
        AgreedDate("results", DAY, "before-open", ("b",)),
        AgreedDate("results", later, None, ("c",)),
    )


def test_a_source_that_moved_a_date_says_the_new_one() -> None:
    later = DAY + timedelta(days=1)
    moved = [said("a", asked=NOW - timedelta(days=1)), said("a", later, "after-close")]
    assert agree_dates(moved) == (AgreedDate("results", later, "after-close", ("a",)),)
    back = [said("a"), said("a", later, asked=NOW - timedelta(days=1))]
    assert agree_dates(back) == (AgreedDate("results", DAY, None, ("a",)),)


def test_days_are_counted_from_today() -> None:
    assert AgreedDate("results", DAY, None, ("a",)).days_after(date(2025, 2, 24)) == 2


_SAID = st.lists(
    st.builds(
        said,
        st.sampled_from(["a", "b", "c"]),
        st.dates(DAY, DAY + timedelta(days=3)),
        st.sampled_from([None, "before-open", "after-close"]),
        st.integers(0, 400).map(lambda hours: NOW - timedelta(hours=hours)),
    ),
    max_size=6,
)


@given(_SAID)
def test_nothing_is_shown_that_nobody_said_and_every_source_is_heard_once(dates: list[ComingDate]) -> None:
    agreed = agree_dates(dates)
    assert [one.day for one in agreed] == sorted(one.day for one in agreed)
    heard = [source for one in agreed for source in one.sources]
    assert sorted(heard) == sorted({one.source for one in dates})
    for one in agreed:
        assert any((said.day, said.time) == (one.day, one.time) for said in dates)
        for source in one.sources:
            assert any((said.day, said.source) == (one.day, source) for said in dates)
