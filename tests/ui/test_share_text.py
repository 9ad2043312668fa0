"""What a share did around an article: each number with its window, and nothing that is not known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from tests.ui.test_article_text import ARTICLE, NOW, PUBLISHED
from tests.ui.test_impact_words import DAY, SESSION, SINCE, impact
from tracker.model.dividends import Dividend
from tracker.model.impact import AbnormalReturns, Impact, Timing, Window
from tracker.model.market import Move
from tracker.model.tags import Mention
from tracker.ui.widgets.article_text import ZONE
from tracker.ui.widgets.share_text import _why_unknown, share_paragraphs

MOVE = Move(
    symbol="NVDA",
    since=0.008,
    day=-0.1697,
    price=118.42,
    price_time=NOW - timedelta(seconds=40),
    base_price=117.48,
    base_time=PUBLISHED - timedelta(minutes=2),
    session="post",
    currency="USD",
    provider="cnbc",
    stale=False,
    base_age_seconds=120,
)
MARGIN = " " * 6
PRICE = "118.42 USD, CNBC, after hours, just now · from 117.48, Mon 27 Jan 16:10 ET, 2 min before it"


def words(move: Move = MOVE, item: Impact | None = None, **article: object) -> list[str]:
    shown = share_paragraphs(move, item, replace(ARTICLE, **article), NOW)
    return ["".join(span.text for span in paragraph).rstrip() for paragraph in shown]


def test_each_number_has_its_window_and_says_which_came_first() -> None:
    assert words(item=impact(timing=Timing("before", 1.02)), mentions=()) == [
        "NVDA  since 16:12 ET ▲ 0.80%, expected from the market ▲0.10%, unusual: no (t +0.90), +$24bn",
        "      Monday's session ▼16.97% (unusual: very, t −5.61, −$593bn)",
        "      All of Monday's fall came before this headline.",
        MARGIN + PRICE,
    ]
    usual, unusual, _ = share_paragraphs(MOVE, impact(), replace(ARTICLE, mentions=()), NOW)
    assert [span.part for span in usual if span.text in ("▲ 0.80%", "+$24bn")] == ["flat", "flat"]
    assert [span.part for span in unusual if span.text in ("▼16.97%", "−$593bn")] == ["down", "down"]


def test_each_window_says_which_dividend_it_includes() -> None:
    paid = Dividend(DAY, datetime(2025, 1, 27, 5, tzinfo=UTC), 0.43)
    later = Dividend(date(2025, 1, 28), datetime(2025, 1, 28, 5, tzinfo=UTC), 0.5)
    both = replace(impact(), dividends=(paid, later))
    assert words(replace(MOVE, dividends=(later,)), both, mentions=())[:2] == [
        "NVDA  since 16:12 ET ▲ 0.80% with a dividend of $0.50, 28 Jan, expected from the market ▲0.10%,"
        " unusual: no (t +0.90), +$24bn",
        "      Monday's session ▼16.97% with a dividend of $0.43, 27 Jan (unusual: very, t −5.61, −$593bn)",
    ]
    assert "dividend" not in "".join(words(item=replace(impact(), day0=None, dividends=(paid,)), mentions=()))


def test_an_article_without_a_time_has_no_move_since_and_says_why() -> None:
    unknown = replace(MOVE, since=None, base_price=None, base_time=None, base_age_seconds=None)
    (since, *_) = words(unknown, mentions=(), published=None)
    assert since == "NVDA  since publication unknown: the feed gives no time"
    (since, *_) = words(unknown, mentions=(), published=None, claimed=NOW + timedelta(days=2))
    assert since == "NVDA  since publication unknown: the feed gives a time in the future"


def test_what_the_user_holds_is_a_line_of_its_own_in_the_currency_of_the_share() -> None:
    def lines(held: float | None, **changes: object) -> list[str]:
        move = replace(MOVE, **changes)
        shown = share_paragraphs(move, None, replace(ARTICLE, mentions=()), NOW, held=held)
        return ["".join(span.text for span in paragraph).strip() for paragraph in shown]

    assert lines(120)[1] == "yours, 120 shares: +$113"
    assert lines(-2.5, currency="EUR")[1] == "yours, -2.5 shares: −€2"
    assert not any("yours" in line for line in [*lines(None), *lines(120, base_price=None)])


def test_until_it_is_measured_the_day_stands_in_its_own_words() -> None:
    assert words(mentions=()) == [
        "NVDA  since 16:12 ET ▲ 0.80%",
        "      today ▼16.97%",
        MARGIN + PRICE,
    ]


@pytest.mark.parametrize(("days", "name"), [(0, "today"), (3, "Friday"), (7, "last session")])
def test_a_quote_of_another_day_is_not_todays(days: int, name: str) -> None:
    move = replace(MOVE, price_time=NOW - timedelta(days=days))
    assert words(move, mentions=())[1] == f"{MARGIN}{name} ▼16.97%"


def test_while_the_session_runs_it_says_so_far_and_why_nothing_is_compared() -> None:
    running = impact(since=Window(0.008), session=Window(-0.1, -0.02, -0.08, -3.0))
    assert words(item=running, mentions=())[:2] == [
        "NVDA  since 16:12 ET ▲ 0.80%, no price for S&P 500 to compare with",
        "      Monday so far ▼10.00% (unusual: yes, t −3.00)",
    ]
    alone = impact(Window(0.008), Window(), Window(), abnormal=AbnormalReturns())
    assert words(item=alone, mentions=())[0] == "NVDA  since 16:12 ET ▲ 0.80%"


def test_a_share_that_stands_for_another_company_says_so() -> None:
    own, stand_in = Mention("nvidia", "mention", "NVDA"), Mention("deepseek", "about", "NVDA", own=False)
    assert f"{MARGIN}NVDA stands in for deepseek, which is not listed" in words(mentions=(stand_in,))
    assert not any("stands in" in line for line in words(mentions=(stand_in, own)))


def test_the_numbers_of_a_line_are_of_one_moment() -> None:
    later = words(replace(MOVE, since=0.031), impact(), mentions=())
    assert later[0] == words(item=impact(), mentions=())[0]
    assert words(replace(MOVE, since=0.031), mentions=())[0] == "NVDA  since 16:12 ET ▲ 3.10%"


def test_dollars_or_a_t_alone_stand_in_brackets() -> None:
    for session, text in (
        (Window(-0.1, value_usd=-3e11, is_over=True), "Monday's session ▼10.00% (−$300bn)"),
        (Window(-0.1, -0.02, -0.08, -3.0, is_over=True), "Monday's session ▼10.00% (unusual: yes, t −3.00)"),
        (Window(-0.1, is_over=True), "Monday's session ▼10.00%"),
    ):
        assert words(item=impact(session=session), mentions=())[1] == MARGIN + text


def test_an_old_base_is_marked_and_dated() -> None:
    friday = datetime(2025, 1, 24, 21, tzinfo=UTC)
    move = replace(MOVE, since=-0.1697, base_time=friday, base_age_seconds=259_920, base_price=142.62)
    found = words(move, mentions=())
    assert found[0] == "NVDA  since 16:12 ET ▼16.97%*"
    assert found[-1].endswith("from 142.62, Fri 24 Jan 16:00 ET, 3 d before it")


def test_estimated_and_stale_prices_are_said() -> None:
    found = words(replace(MOVE, stale=True, base_interpolated=True, base_age_seconds=None), mentions=())
    assert found[-2].endswith("from 117.48, Mon 27 Jan 16:10 ET, estimated")
    assert found[-1] == f"{MARGIN}stale: this is the last known price"


@pytest.mark.parametrize(
    ("move", "lines"),
    [
        (
            replace(MOVE, since=None, day=None, price=None, price_time=None, base_price=None, base_time=None),
            ["NVDA  since 16:12 ET no quote"],
        ),
        (
            replace(MOVE, since=None, base_price=None, base_time=None, base_age_seconds=None),
            [
                "NVDA  since 16:12 ET unknown: no earlier trade stored",
                "      today ▼16.97%",
                f"{MARGIN}118.42 USD, CNBC, after hours, just now",
            ],
        ),
        (
            replace(MOVE, since=None, day=0.0, base_age_seconds=3600, currency="EUR", session=None, provider=None),
            [
                "NVDA  since 16:12 ET no trade yet",
                "      today   0.00%",
                f"{MARGIN}€118.42, just now · from €117.48, Mon 27 Jan 16:10 ET, 1 h before it",
            ],
        ),
    ],
)
def test_what_is_not_known_is_said(move: Move, lines: list[str]) -> None:
    assert words(move, mentions=()) == lines


@pytest.mark.parametrize(
    ("now", "symbol", "said"),
    [
        ("2025-01-26T15:00", "NVDA", "nothing traded since: New York opens Mon 27 Jan 09:30 ET"),
        ("2025-01-27T08:00", "NVDA", "nothing traded since: New York opens Mon 27 Jan 09:30 ET"),
        ("2025-01-28T03:00", "NVDA", "nothing traded since: New York opens Tue 28 Jan 09:30 ET"),
        ("2025-01-27T15:00", "NVDA", "no trade yet"),
        ("2025-01-26T15:00", "2330.TW", "no trade yet"),
    ],
)
def test_while_the_market_is_closed_it_is_said_when_it_opens(now: str, symbol: str, said: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert _why_unknown(replace(MOVE, symbol=symbol, since=None), moment, ZONE) == said


def test_an_older_article_has_its_day() -> None:
    older = words(published=PUBLISHED - timedelta(days=3), mentions=())
    assert older[0].startswith("NVDA  since Fri 24 Jan 16:12 ET ▲ 0.80%")
    assert impact().day0 == date(2025, 1, 27)
    assert (impact().session, impact().since) == (SESSION, SINCE)
