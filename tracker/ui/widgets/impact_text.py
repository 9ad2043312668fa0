"""What a share did around an article, in words and numbers; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.ui.widgets.article_text import Paragraph, Part, Span
from tracker.ui.widgets.format import Direction, benchmark_text, dollars_text, move_text, t_text
from tracker.ui.widgets.row_move import SIGNIFICANT_T

if TYPE_CHECKING:
    from tracker.model.impact import Impact


def impact_paragraphs(impact: Impact) -> list[Paragraph]:
    """Return day 0, the abnormal return with t and benchmark, the value in dollars, and how much other news there was.

    What is not known is left out; nothing at all gives no line.
    """
    figures = [*_day0(impact), *_abnormal(impact), *_value(impact)]
    paragraphs: list[Paragraph] = []
    if figures:
        paragraphs.append([Span("  ", "meta"), *figures[1:]])
    if impact.other_news:
        articles = (
            "1 article of another story"
            if impact.other_news == 1
            else (f"{impact.other_news:,} articles of other stories")
        )
        words = f"{articles} about {impact.symbol} in the window: a move since it, not because of it"
        paragraphs.append([Span(f"  {words}", "note")])
    return paragraphs


def _day0(impact: Impact) -> list[Span]:
    text, direction = move_text(impact.moves.day0)
    if direction == "none":
        return []
    return [_GAP, Span("day 0 ", "meta"), Span(text.replace(" ", ""), _part(direction, impact.abnormal.t0))]


def _abnormal(impact: Impact) -> list[Span]:
    abnormal = impact.abnormal
    text, direction = move_text(abnormal.ar0)
    if direction == "none":
        return []
    benchmark = benchmark_text(impact.benchmark)
    t = f"t {t_text(abnormal.t0)}, " if abnormal.t0 is not None else ""
    against = f"vs {benchmark}" if abnormal.model == "market" else f"less {benchmark}, too few sessions for a model"
    so_far = " so far" if impact.moves.day0 is None else ""
    return [
        _GAP,
        Span("abnormal ", "meta"),
        Span(text.replace(" ", ""), _part(direction, abnormal.t0)),
        Span(f" ({t}{against}){so_far}", "meta"),
    ]


def _value(impact: Impact) -> list[Span]:
    text = dollars_text(impact.value_usd)
    if not text:
        return []
    direction: Direction = "down" if text.startswith("−") else "up" if text.startswith("+") else "flat"
    return [_GAP, Span("value ", "meta"), Span(text, _part(direction, impact.abnormal.t0))]


def _part(direction: Direction, t: float | None) -> Part:
    return "flat" if direction == "none" or (t is not None and abs(t) < SIGNIFICANT_T) else direction


_GAP = Span("   ", "meta")
