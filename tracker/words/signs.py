"""Every sign and statistic with its meaning: the one legend of window, README and help; pure."""

from __future__ import annotations

from typing import NamedTuple

from tracker.prices.unusual import UNUSUAL_T, VERY_UNUSUAL_T


class Sign(NamedTuple):
    """A sign or a word, and its meaning in one sentence."""

    sign: str
    meaning: str


ROWS: tuple[Sign, ...] = (
    Sign("●  ★", "unread; starred (kept forever)"),
    Sign("+3  ▾3", "three more articles in this story; x shows or hides them"),
    Sign("3", "in a list sorted by sources: three sources reported this story"),
    Sign("–", "in place of the age: the feed gives no date, so the article may be old"),
    Sign(
        "▲3 new", "three reports came since you read this story; it is unread again and listed with the newest of them"
    ),
    Sign("+4m", "under a filing or release: so long after it this report of its story came"),
    Sign("≡", "a rewrite or a translation of another article"),
    Sign("▲  ▼", "the share rose or fell"),
    Sign(
        "*",
        "the last trade was over 30 minutes before the headline, so the move includes everything since then",
    ),
    Sign("~  dim", "stale: the price is older than expected at this hour"),
    Sign("grey", f"usual: 19 of 20 moves over such a time are this small (|t| below {UNUSUAL_T:g})"),
    Sign(
        "›NVDA",
        "the company in the headline is not listed; NVDA's move is shown instead",
    ),
)
NUMBERS: tuple[Sign, ...] = (
    Sign(
        "since",
        "from the last trade before the headline to the latest price; beyond the market and in dollars (t) up to the"
        " close of its session at most",
    ),
    Sign("rest", "from that trade to the close of the session: the part that the news can explain"),
    Sign("session", "from the previous close to the close: the whole day, before and after the headline"),
    Sign(
        "expected",
        "the part explained by the market: the share's usual response to the benchmark's move over the same time",
    ),
    Sign("abnormal", "the move minus the expected move"),
    Sign(
        "t",
        f"the abnormal move in standard errors: unusual from {UNUSUAL_T:g}, very unusual from {VERY_UNUSUAL_T:g}",
    ),
    Sign("yours", "what the shares you hold made or lost since the headline, in their currency: your `held`"),
    Sign(
        "value",
        "the move in dollars, times all shares outstanding: your `shares`, or the last report known (`tracker impact`"
        " has its date)",
    ),
)
SESSIONS: tuple[Sign, ...] = (
    Sign("PRE", "pre-market; in the regular session nothing is shown"),
    Sign("POST", "after hours"),
    Sign("SHUT", "market closed"),
)
DATES: tuple[Sign, ...] = (
    Sign("Wed", "the day of the share's next results, in New York"),
    Sign("Wed?", "another source says another day or time; the article and the morning page show both"),
    Sign("HALT", "trading is halted; the row about it says why"),
)
FEEDS: tuple[Sign, ...] = (
    Sign("⚠", "the feed is failing: its line in the side bar and the health screen say why and when it is tried again"),
    Sign("z", "the feed is snoozed: its line in the side bar and the health screen say until when"),
)
CHART: tuple[Sign, ...] = (
    Sign("▲ below", "the minute of the selected headline"),
    Sign("┬", "the minute of another headline about the share"),
    Sign("┴", "the open of a session"),
    Sign("×", "trading was halted"),
    Sign("shaded", "outside the regular session"),
    Sign("┄", "the previous close"),
)
GROUPS: tuple[tuple[str, tuple[Sign, ...]], ...] = (
    ("Headlines", ROWS),
    ("Numbers", NUMBERS),
    ("Sessions", SESSIONS),
    ("Watchlist", DATES),
    ("Chart", CHART),
    ("Feeds", FEEDS),
)


def meaning(sign: str) -> str:
    """Return what a sign of a headline means, for the line below a table."""
    return next(one.meaning for one in ROWS if one.sign == sign)
