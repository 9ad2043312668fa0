"""The moves of one share around an article, as paragraphs: since publication, session, which came first; pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tracker.market import calendar
from tracker.market.exchanges import is_new_york
from tracker.model.article import Article
from tracker.model.dates import AgreedDate
from tracker.model.dividends import Dividend
from tracker.model.impact import Impact, Window
from tracker.model.market import Move
from tracker.model.tags import stands_in_for
from tracker.prices.moves import OLD_BASE_SECONDS, day_value
from tracker.ui.widgets.article_text import ZONE, Paragraph, Part, TextSpan
from tracker.words.dates import sentence, today_of
from tracker.words.dividends import dividends_text
from tracker.words.durations import ago_text, span_text
from tracker.words.impact import is_usual, stand_in_text, timing_text, unusual_text
from tracker.words.money import dollars_text, gain_text, price_currency, price_text
from tracker.words.moves import move_text, t_text
from tracker.words.names import benchmark_text, provider_text, session_words
from tracker.words.times import clock_text, is_same_day, time_text

_A_WEEK = timedelta(days=6)
"""A weekday alone says which one within these days."""


def share_paragraphs(
    move: Move,
    impact: Impact | None,
    article: Article,
    now: datetime,
    zone: ZoneInfo = ZONE,
    *,
    held: float | None = None,
    dates: Sequence[AgreedDate] = (),
) -> list[Paragraph]:
    """Return the move since publication, what it made you, the session, which came first, coming dates, whose price.

    What is not known is left out.

    Args:
        move: since publication, by the newest quote.
        impact: what was measured of the same share; None until that is known.
        article: the article.
        now: for ages.
        zone: of the times.
        held: how many of the shares the user holds; None for one who did not say.
        dates: coming ones of the share, soonest first.
    """
    published = article.published
    since_name = "since publication" if published is None else f"since {_moment(published, now, zone)}"
    session, session_name = Window(move=move.day), _day_name(move.price_time, now, zone)
    if impact is not None and impact.day0 is not None and impact.session.move is not None:
        session = impact.session
        session_name = f"{impact.day0:%A}'s session" if session.is_over else f"{impact.day0:%A} so far"
    lead = f"{move.symbol:<5} "
    margin = TextSpan(" " * len(lead), "meta")
    paragraphs: list[Paragraph] = [
        [
            TextSpan(lead, "tag", hangs=True),
            *_since(move, impact, since_name, now, zone, undated=_undated(article)),
        ]
    ]
    if yours := _yours(move, impact, held):
        paragraphs.append([margin, *yours])
    if session.move is not None:
        paid = () if impact is None or session is not impact.session else _session_dividends(impact)
        paragraphs.append([margin, *_session(session_name, session.move, session, dividends_text(paid, move.currency))])
    if impact is not None:
        timing = timing_text(impact.timing, impact.session, impact.day0)
        if timing:
            paragraphs.append([margin, TextSpan(timing, "price")])
    stand_in = stand_in_text(move.symbol, stands_in_for(article.mentions, move.symbol))
    if stand_in:
        paragraphs.append([margin, TextSpan(stand_in, "note")])
    paragraphs += [[margin, TextSpan(sentence(one, today_of(now)), "price")] for one in dates]
    paragraphs += _prices(move, now, zone, " " * len(lead))
    return paragraphs


def _day_name(price_time: datetime | None, now: datetime, zone: ZoneInfo) -> str:
    """Return whose move a quote has: today's, or that of the day it is from (before the open, at the weekend)."""
    if price_time is None or is_same_day(price_time, now, zone):
        return "today"
    return f"{price_time.astimezone(zone):%A}" if now - price_time < _A_WEEK else "last session"


def _since(
    move: Move, impact: Impact | None, name: str, now: datetime, zone: ZoneInfo, *, undated: str
) -> list[TextSpan]:
    """Return the move since publication and what was measured of it: all of one moment, that of the measurement."""
    window = Window() if impact is None else impact.since
    since = move.since if window.move is None else window.move
    if since is None:
        return [TextSpan(f"{name} ", "meta"), TextSpan(undated or _why_unknown(move, now, zone), "note")]
    is_old = move.base_age_seconds is not None and move.base_age_seconds > OLD_BASE_SECONDS
    spans, part = _move(name, since, window, "*" if is_old else "")
    if paid := dividends_text(move.dividends, move.currency):
        spans.append(TextSpan(f" {paid}", "meta"))
    expected, direction = move_text(window.expected)
    if direction != "none":
        spans.append(TextSpan(f", expected from the market {expected.replace(' ', '')}", "meta"))
    elif impact is not None and window.move is not None and impact.abnormal.model is not None:
        spans.append(TextSpan(f", no price for {benchmark_text(impact.benchmark)} to compare with", "note"))
    unusual = unusual_text(window)
    if unusual and window.t is not None:
        spans.append(TextSpan(f", unusual: {unusual} (t {t_text(window.t)})", "meta"))
    dollars = dollars_text(window.value_usd)
    return [*spans, TextSpan(", ", "meta"), TextSpan(dollars, part)] if dollars else spans


def _yours(move: Move, impact: Impact | None, held: float | None) -> list[TextSpan]:
    """Return what the user's shares made or lost since publication, over the move of the line above."""
    since = move.since if impact is None or impact.since.move is None else impact.since.move
    made = day_value(since, move.base_price, held)
    if held is None or made is None:
        return []
    part: Part = "up" if made > 0 else "down" if made < 0 else "flat"
    return [TextSpan(f"yours, {held:,g} shares: ", "meta"), TextSpan(gain_text(made, move.currency), part)]


def _session_dividends(impact: Impact) -> tuple[Dividend, ...]:
    return tuple(one for one in impact.dividends if one.day == impact.day0)


def _session(name: str, move: float, window: Window, paid: str) -> list[TextSpan]:
    spans, part = _move(name, move, window)
    if paid:
        spans.append(TextSpan(f" {paid}", "meta"))
    unusual, dollars = unusual_text(window), dollars_text(window.value_usd)
    judged = f"unusual: {unusual}, t {t_text(window.t)}" if unusual and window.t is not None else ""
    if not judged and not dollars:
        return spans
    between = ", " if judged and dollars else ""
    return [*spans, TextSpan(f" ({judged}{between}", "meta"), TextSpan(dollars, part), TextSpan(")", "meta")]


def _move(name: str, move: float, window: Window, star: str = "") -> tuple[list[TextSpan], Part]:
    """Return the name of a window with its move, and the part that a move of its size is drawn as."""
    text, direction = move_text(move)
    part: Part = "flat" if direction == "none" or is_usual(window) else direction
    return [TextSpan(f"{name} ", "meta"), TextSpan(f"{text}{star}", part)], part


def _undated(article: Article) -> str:
    """Return why nobody knows since when an article is out; "" where it has a time."""
    if article.published is not None:
        return ""
    return f"unknown: the feed gives {'no time' if article.claimed is None else 'a time in the future'}"


def _why_unknown(move: Move, now: datetime, zone: ZoneInfo) -> str:
    if move.price is None:
        return "no quote"
    if move.base_price is None:
        return "unknown: no earlier trade stored"
    if not is_new_york(move.symbol) or calendar.session_at(now) != "closed":
        return "no trade yet"
    day = now.astimezone(calendar.ZONE).date()
    if not calendar.is_session(day) or now >= calendar.session_open(day):
        day = calendar.next_session(day)
    return f"nothing traded since: New York opens {clock_text(calendar.session_open(day), zone)}"


def _prices(move: Move, now: datetime, zone: ZoneInfo, margin: str) -> list[Paragraph]:
    """Return the source and age of the price, and the trade that the move starts from."""
    words: list[str] = []
    if move.price is not None:
        age = "" if move.price_time is None else ago_text((now - move.price_time).total_seconds())
        currency = " USD" if price_currency(move.symbol, move.currency) == "USD" else ""
        whose = [provider_text(move.provider), session_words(move.session), age]
        words.append(
            ", ".join(word for word in (price_text(move.price, move.currency, move.symbol) + currency, *whose) if word)
        )
    if move.base_price is not None and move.base_time is not None:
        age = span_text(move.base_age_seconds or 0)
        base = f"from {price_text(move.base_price, move.currency, move.symbol)}, {clock_text(move.base_time, zone)}"
        words.append(base + (f", {age} before it" if age else "") + (", estimated" if move.base_interpolated else ""))
    paragraphs: list[Paragraph] = [[TextSpan(margin + " · ".join(words), "note")]] if words else []
    if move.stale:
        paragraphs.append([TextSpan(f"{margin}stale: this is the last known price", "price")])
    return paragraphs


def _moment(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    return time_text(moment, zone) if is_same_day(moment, now, zone) else clock_text(moment, zone)
