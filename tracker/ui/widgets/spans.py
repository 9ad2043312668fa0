"""The stretches of time that the price pane shows."""

from __future__ import annotations

from typing import Literal

Span = Literal["2 days", "5 days", "3 months"]
SPANS: tuple[Span, ...] = ("2 days", "5 days", "3 months")


def span_named(name: str) -> Span:
    """Return the span of that name; the first one for an unknown name."""
    return next((span for span in SPANS if span == name), SPANS[0])


def next_span(span: Span) -> Span:
    """Return the span that the key shows next."""
    return SPANS[(SPANS.index(span) + 1) % len(SPANS)]
