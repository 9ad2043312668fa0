"""The sentences about windows."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.model.impact import Timing, Window
from tracker.words.impact import is_usual, stand_in_text, timing_text, unusual_text

DAY = date(2025, 1, 27)
FALL, RISE = Window(-0.17, is_over=True), Window(0.05, is_over=True)


@pytest.mark.parametrize(
    ("timing", "session", "text"),
    [
        (Timing("before", 1.02), FALL, "All of Monday's fall came before this headline."),
        (Timing("before", 0.99), FALL, "99% of Monday's fall came before this headline."),
        (Timing("mostly-before", 0.6), RISE, "60% of Monday's rise came before this headline."),
        (Timing("after", 0.25), RISE, "75% of Monday's rise came after this headline."),
        (Timing("after", 0.0), FALL, "All of Monday's fall came after this headline."),
        (Timing("after", -0.4), FALL, "All of Monday's fall came after this headline."),
        (Timing("within-15-minutes", 0.1), FALL, "Monday's fall began within 15 minutes of this headline."),
        (Timing("before", 0.99), Window(-0.17), "99% of Monday's fall so far came before this headline."),
        (
            Timing("within-15-minutes", 0.1),
            Window(0.05),
            "Monday's rise so far began within 15 minutes of this headline.",
        ),
        (
            Timing("before-open", moved_before_open=-0.1126),
            FALL,
            "By this headline, before the open, the share had already fallen 11.3% from the previous close.",
        ),
        (
            Timing("before-open", moved_before_open=0.02),
            Window(),
            "By this headline, before the open, the share had already risen 2.0% from the previous close.",
        ),
        (
            Timing("no-bars"),
            FALL,
            "Monday's fall may have begun before this headline: no earlier trade is known.",
        ),
        (
            Timing("no-bars", silent_seconds=230_000),
            RISE,
            "Monday's rise may have begun before this headline: no trade is known in the 2 days before it.",
        ),
    ],
)
def test_which_came_first(timing: Timing, session: Window, text: str) -> None:
    assert timing_text(timing, session, DAY) == text


def test_nothing_known_gives_no_sentence() -> None:
    assert timing_text(None, FALL, DAY) == ""
    assert timing_text(Timing("before", 1.0), Window(), DAY) == ""
    assert timing_text(Timing("before", 1.0), FALL, None) == ""


def test_how_unusual_a_window_is() -> None:
    words = [unusual_text(Window(0.1, t=t)) for t in (None, 2.19, -2.2, 3.99, -4.0)]
    assert words == ["", "no", "yes", "yes", "very"]
    assert [is_usual(Window(0.1, t=t)) for t in (None, 2.19, -2.2)] == [False, True, False]


def test_whom_a_share_stands_in_for() -> None:
    assert stand_in_text("NVDA", ()) == ""
    assert stand_in_text("NVDA", ("DeepSeek",)) == "NVDA stands in for DeepSeek, which is not listed"
    three = stand_in_text("NVDA", ("DeepSeek", "OpenAI", "Zhipu"))
    assert three == "NVDA stands in for DeepSeek, OpenAI and Zhipu, which are not listed"
