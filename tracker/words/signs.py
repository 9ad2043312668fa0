"""Every sign and statistic that is shown, and what it means: the one legend of window, README and help; pure."""

from __future__ import annotations

from typing import NamedTuple

from tracker.prices.unusual import UNUSUAL_T, VERY_UNUSUAL_T


class Sign(NamedTuple):
    """A sign or a word, and its meaning in one sentence."""

    sign: str
    meaning: str


ROWS: tuple[Sign, ...] = (
    Sign("●  ★", "unread; starred, and kept for ever"),
    Sign("+3  ▾3", "three more articles tell this story; x shows them or hides them"),
    Sign("≡", "a rewrite or a translation of another article"),
    Sign("▲  ▼", "the share rose or fell"),
    Sign(
        "*",
        "the last trade was over 30 minutes before the headline: the move holds all that happened since",
    ),
    Sign("~  dim", "stale: the price is older than it should be at this hour"),
    Sign("grey", f"usual: a move of this size, |t| below {UNUSUAL_T:g}, comes in 19 of 20 such windows"),
    Sign("›NVDA", "the company in the headline has no share of its own; NVDA stands for it"),
)
NUMBERS: tuple[Sign, ...] = (
    Sign("since", "from the last trade before the headline to the newest price"),
    Sign("rest", "from the same trade to the close of that session, the part that can be news"),
    Sign("session", "from the close before to the close: the whole day, before and after the headline"),
    Sign(
        "expected",
        "what the market explains: the share's usual response to the benchmark's move in that time",
    ),
    Sign("abnormal", "the move less what was expected"),
    Sign(
        "t",
        f"the abnormal move in standard errors: unusual from {UNUSUAL_T:g}, very unusual from {VERY_UNUSUAL_T:g}",
    ),
    Sign("value", "the move in dollars over all shares outstanding"),
)
SESSIONS: tuple[Sign, ...] = (
    Sign("REG", "regular session"),
    Sign("PRE", "pre-market"),
    Sign("POST", "after hours"),
    Sign("SHUT", "market closed"),
)
FEEDS: tuple[Sign, ...] = (
    Sign("⚠", "the feed is failing: its line in the side bar and the health screen say why and when it is tried again"),
)
CHART: tuple[Sign, ...] = (
    Sign("▲ below", "a headline; the bright one is selected"),
    Sign("┬", "the open of a session"),
    Sign("shaded", "outside the regular session"),
    Sign("┄", "the close before"),
)
GROUPS: tuple[tuple[str, tuple[Sign, ...]], ...] = (
    ("Headlines", ROWS),
    ("Numbers", NUMBERS),
    ("Sessions", SESSIONS),
    ("Chart", CHART),
    ("Feeds", FEEDS),
)
