"""Which symbols have no price, and why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tracker.model.market import Quote
from tracker.words.no_prices import by_reason, failed_text, names_text, no_price_text

NOW = datetime(2025, 1, 27, 21, tzinfo=UTC)


def test_names_are_cut_with_how_many_more() -> None:
    assert names_text(["A", "B"], 2) == "A, B"
    assert names_text(["A", "B", "C"], 2) == "A, B and 1 more"


def test_symbols_are_named_once_for_each_reason() -> None:
    failed = [("2454.TW", "no such symbol"), ("NVDA", "HTTP 500"), ("FOO", "no such symbol")]
    assert by_reason(failed) == {"no such symbol": ["2454.TW", "FOO"], "HTTP 500": ["NVDA"]}
    assert failed_text(failed) == "2454.TW, FOO (no such symbol); NVDA (HTTP 500)"
    assert failed_text([]) == ""


def test_no_price_at_all_and_no_newer_one_are_told_apart() -> None:
    quotes = {"AMD": Quote("AMD", 115.0, NOW, "yahoo"), "NVDA": Quote("NVDA", 118.0, NOW, "yahoo", failure="HTTP 500")}
    failures = {"FOO": ("no such symbol", NOW), "BAR": ("no such symbol", NOW)}
    assert no_price_text(quotes, failures, NOW) == "no price: BAR, FOO (no such symbol) · no new price: NVDA (HTTP 500)"
    assert no_price_text(quotes, {}, NOW) == "no new price: NVDA (HTTP 500)"
    assert no_price_text({}, {}, NOW) == ""


def test_what_is_not_asked_for_any_more_is_not_named() -> None:
    later = NOW + timedelta(days=8)
    quotes = {"NVDA": Quote("NVDA", 118.0, NOW, "yahoo", failure="HTTP 500")}
    assert no_price_text(quotes, {"FOO": ("no such symbol", NOW)}, later) == ""
