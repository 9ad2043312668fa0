"""The moves of one share around an article, as paragraphs: since publication, session, which came first; pure."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from tracker.model.article import Article
from tracker.model.impact import Impact, Window
from tracker.model.market import Move
from tracker.prices.moves import OLD_BASE_SECONDS
from tracker.ui.widgets.article_text import ZONE, Paragraph, Part, TextSpan
from tracker.ui.widgets.format import (
    benchmark_text,
    clock_text,
    dollars_text,
    is_same_day,
    move_text,
    price_text,
    provider_text,
    seconds_text,
    session_words,
    span_text,
    t_text,
    time_text,
)
from tracker.words.impact import is_usual, timing_text, unusual_text


def share_paragraphs(
    move: Move, impact: Impact | None, article: Article, now: datetime, zone: ZoneInfo = ZONE
) -> list[Paragraph]:
    """Return the move since publication, the whole session, which came first, and whose price it is.

    What is not known is left out.

    Args:
        move: since publication, by the newest quote.
        impact: what was measured of the same share; None until that is known.
        article: the article.
        now: for ages.
        zone: of the times.
    """
    since_name = f"since {_moment(article.time, now, zone)}"
    session_name = "today"
    session = Window(move=move.day)
    if impact is not None and impact.day0 is not None and impact.session.move is not None:
        session, session_name = impact.session, f"{impact.day0:%A}"
        session_name += "" if session.is_over else " so far"
    width = max(len(since_name), len(session_name))
    lead = f"{move.symbol:<5} "
    paragraphs: list[Paragraph] = [[TextSpan(lead, "tag"), *_since(move, impact, since_name.ljust(width))]]
    if session.move is not None:
        margin = TextSpan(" " * len(lead), "meta")
        paragraphs.append([margin, *_window(session_name.ljust(width), session.move, session)])
    if impact is not None:
        timing = timing_text(impact.timing, impact.session, impact.day0)
        if timing:
            paragraphs.append([TextSpan(" " * len(lead), "meta"), TextSpan(timing, "price")])
    stands_for = ", ".join(one.tag for one in article.mentions if one.symbol == move.symbol and not one.own)
    if stands_for:
        paragraphs.append(
            [TextSpan(" " * len(lead), "meta"), TextSpan(f"{move.symbol}'s move, shown for {stands_for}", "note")]
        )
    paragraphs += _prices(move, now, zone, " " * len(lead))
    return paragraphs


def _since(move: Move, impact: Impact | None, name: str) -> list[TextSpan]:
    if move.since is None:
        return [TextSpan(f"{name} ", "meta"), TextSpan(_why_unknown(move), "note")]
    window = Window() if impact is None else impact.since
    is_old = move.base_age_seconds is not None and move.base_age_seconds > OLD_BASE_SECONDS
    spans = _window(name, move.since, window, "*" if is_old else " ")
    is_unexplained = window.move is not None and window.expected is None
    if impact is not None and is_unexplained and impact.abnormal.model is not None:
        spans.append(TextSpan(f"   no price for {benchmark_text(impact.benchmark)} to compare with", "note"))
    return spans


def _window(name: str, move: float, window: Window, star: str = " ") -> list[TextSpan]:
    text, direction = move_text(move)
    part: Part = "flat" if direction == "none" or is_usual(window) else direction
    spans = [TextSpan(f"{name} ", "meta"), TextSpan(f"{text}{star}", part)]
    dollars = dollars_text(window.value_usd)
    if dollars:
        spans.append(TextSpan(f" {dollars:>7}", part))
    expected, direction = move_text(window.expected)
    if direction != "none":
        spans.append(TextSpan(f"   market explains {expected.replace(' ', '')}", "meta"))
    unusual = unusual_text(window)
    if unusual and window.t is not None:
        spans.append(TextSpan(f"   unusual: {unusual} (t {t_text(window.t)})", "meta"))
    return spans


def _why_unknown(move: Move) -> str:
    if move.price is None:
        return "no quote"
    if move.base_price is None:
        return "unknown: no earlier trade stored"
    return "no trade yet"


def _prices(move: Move, now: datetime, zone: ZoneInfo, margin: str) -> list[Paragraph]:
    """Return the source and age of the price, and the trade that the move starts from."""
    words: list[str] = []
    if move.price is not None:
        age = "" if move.price_time is None else seconds_text((now - move.price_time).total_seconds())
        currency = f" {move.currency}" if move.currency == "USD" else ""
        whose = [provider_text(move.provider), session_words(move.session), age]
        words.append(", ".join(word for word in (price_text(move.price, move.currency) + currency, *whose) if word))
    if move.base_price is not None and move.base_time is not None:
        age = span_text(move.base_age_seconds or 0) or "0 s"
        base = f"from {price_text(move.base_price, move.currency)}, {clock_text(move.base_time, zone)}, {age} before it"
        words.append(base + (", estimated" if move.base_interpolated else ""))
    paragraphs: list[Paragraph] = [[TextSpan(margin + " · ".join(words), "note")]] if words else []
    if move.stale:
        paragraphs.append([TextSpan(f"{margin}stale: this is the last known price", "price")])
    return paragraphs


def _moment(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    return time_text(moment, zone) if is_same_day(moment, now, zone) else clock_text(moment, zone)
