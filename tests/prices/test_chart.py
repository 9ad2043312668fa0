"""What a chart of a share shows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from tests.helpers.prices import DAY0, day_bar, day_bars, five
from tracker.market import calendar
from tracker.model.article import Headline
from tracker.model.market import DAILY, INTRADAY, Quote
from tracker.prices.chart import (
    CHART_SPANS,
    ChartSpan,
    bar_interval,
    bars_to_draw,
    build_chart,
    day_bounds,
    first_reports,
    history_start,
    next_span,
    previous_close,
    span_named,
)

ZONE = "America/New_York"
FRIDAY = date(2025, 1, 24)
NOON = datetime(2025, 1, 27, 17, 0, tzinfo=UTC)
EVENING = datetime(2025, 1, 27, 21, 30, tzinfo=UTC)
MONDAY_FIVES = [five("NVDA", "2025-01-27T14:35", 124.0), five("NVDA", "2025-01-27T14:40", 125.0)]
FIVES = [five("NVDA", "2025-01-24T20:55", 142.0), *MONDAY_FIVES]
DAYS = day_bars("NVDA", {date(2025, 1, 23): 147.22, FRIDAY: 142.62})
QUOTE = Quote("NVDA", 120.0, NOON, "yahoo", 142.62)


def test_the_spans_follow_each_other_and_say_which_bars_they_take() -> None:
    assert [next_span(span) for span in CHART_SPANS] == [*CHART_SPANS[1:], CHART_SPANS[0]]
    assert (span_named("5 days"), span_named("a year")) == ("5 days", "2 days")
    assert [bar_interval(span) for span in CHART_SPANS] == [INTRADAY, INTRADAY, DAILY]


@pytest.mark.parametrize(("span", "sessions"), [("2 days", 2), ("5 days", 5)])
def test_enough_sessions_lie_so_far_back_on_every_day_of_a_year(span: ChartSpan, sessions: int) -> None:
    for number in range(365):
        now = NOON + timedelta(days=number)
        found = calendar.sessions(history_start(span, now).date() + timedelta(days=1), now.date())
        assert len(found) >= sessions, now


def test_only_the_last_days_with_bars_are_drawn() -> None:
    assert bars_to_draw(FIVES, "2 days", NOON, ZONE) == FIVES
    older = five("NVDA", "2025-01-22T20:55", 147.0)
    assert bars_to_draw([older, *FIVES], "2 days", NOON, ZONE) == FIVES
    assert bars_to_draw([older, *FIVES], "5 days", NOON, ZONE) == [older, *FIVES]
    assert bars_to_draw([], "2 days", NOON, ZONE, quote=QUOTE) == []


def test_a_bar_that_is_open_or_has_no_price_is_not_drawn() -> None:
    assert bars_to_draw(FIVES, "2 days", MONDAY_FIVES[1].end - timedelta(seconds=1), ZONE) == FIVES[:2]
    assert bars_to_draw([*FIVES[:2], replace(FIVES[2], close=0.0)], "2 days", NOON, ZONE) == FIVES[:2]


def test_bars_from_before_a_split_are_drawn_in_the_new_shares() -> None:
    whole = [replace(FIVES[0], close=1420.0), *MONDAY_FIVES]
    drawn = bars_to_draw(whole, "2 days", NOON, ZONE, splits=[(calendar.session_open(DAY0), 10.0)])
    assert [bar.close for bar in drawn] == [142.0, 124.0, 125.0]


def test_the_line_of_a_day_ends_with_the_newest_trade_of_that_day() -> None:
    drawn = bars_to_draw(FIVES, "2 days", NOON, ZONE, quote=QUOTE)
    assert drawn[:-1] == FIVES
    assert (drawn[-1].start, drawn[-1].end, drawn[-1].close) == (FIVES[-1].end, NOON, 120.0)
    tuesday = NOON + timedelta(days=1)
    assert bars_to_draw(FIVES, "2 days", tuesday, ZONE, quote=replace(QUOTE, time=tuesday)) == FIVES


@pytest.mark.parametrize(
    "quote",
    [
        replace(QUOTE, time=FIVES[-1].end),
        replace(QUOTE, price=0.0),
        replace(QUOTE, time=NOON + timedelta(seconds=1)),
    ],
    ids=["no later than the bars", "without a price", "later than now"],
)
def test_such_a_quote_adds_nothing(quote: Quote) -> None:
    assert bars_to_draw(FIVES, "2 days", NOON, ZONE, quote=quote) == FIVES


def test_the_line_of_months_ends_with_the_session_that_runs() -> None:
    drawn = bars_to_draw(DAYS, "3 months", NOON, ZONE, quote=QUOTE)
    assert drawn[:-1] == DAYS
    assert (drawn[-1].interval, drawn[-1].close, drawn[-1].end) == (DAILY, 120.0, NOON)
    assert DAYS[-1].end <= drawn[-1].start < drawn[-1].end
    late = replace(QUOTE, price=117.0, regular_price=118.42, session="post", time=EVENING)
    assert bars_to_draw(DAYS, "3 months", EVENING, ZONE, quote=late)[-1].close == 118.42
    closed = [*DAYS, day_bar("NVDA", DAY0, 118.42)]
    assert bars_to_draw(closed, "3 months", EVENING, ZONE, quote=late) == closed  # after the close is no other day


def test_the_close_before_is_the_providers_own_else_that_of_the_day_before() -> None:
    assert previous_close(FIVES, DAYS, replace(QUOTE, previous_close=142.6), ZONE) == 142.6
    assert previous_close(FIVES, DAYS, None, ZONE) == 142.62
    assert previous_close(FIVES, DAYS, replace(QUOTE, previous_close=None), ZONE) == 142.62
    of_another_day = replace(QUOTE, time=NOON - timedelta(days=3), previous_close=147.22)
    assert previous_close(FIVES, DAYS, of_another_day, ZONE) == 142.62
    assert previous_close(FIVES, [day_bar("NVDA", DAY0, 118.42)], None, ZONE) is None
    assert previous_close([], DAYS, QUOTE, ZONE) is None


def test_a_day_begins_at_midnight_of_the_exchange_and_ends_now_while_it_runs() -> None:
    midnight = datetime(2025, 1, 27, tzinfo=ZoneInfo(ZONE))
    assert day_bounds(DAY0, ZONE, NOON) == (midnight, NOON)
    assert day_bounds(DAY0, ZONE, NOON + timedelta(days=3)) == (midnight, midnight + timedelta(days=1))


def test_a_chart_knows_the_regular_hours_of_each_day_of_its_bars() -> None:
    chart = build_chart("NVDA", FIVES, 142.62, ZONE, [NOON])
    assert (chart.bars, chart.previous_close, chart.headlines) == (tuple(FIVES), 142.62, (NOON,))
    assert chart.regular == tuple((calendar.session_open(day), calendar.session_close(day)) for day in (FRIDAY, DAY0))
    assert build_chart("NVDA", DAYS, None, ZONE).regular == ()
    assert build_chart("X.UNKNOWN", [replace(FIVES[1], symbol="X.UNKNOWN")], None, "UTC").regular == ()


def test_one_headline_stands_for_a_story_its_first_report() -> None:
    def row(number: int, story: int, minutes: int) -> Headline:
        seen = NOON - timedelta(minutes=minutes)
        return Headline(number, "A title", "A source", seen, seen, False, False, (), "NVDA", None, story, 0)

    newest, second, first = row(3, 1, 5), row(2, 2, 10), row(1, 1, 20)
    assert first_reports([newest, second, first]) == (second, first)
    assert first_reports([]) == ()
