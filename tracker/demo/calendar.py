"""The coming results of the replay, as announced by 27 January 2025, in the shape of Nasdaq's calendar."""

from __future__ import annotations

from collections.abc import Mapping

RESULTS: Mapping[str, tuple[str, ...]] = {
    "2025-01-29": ("META", "MSFT", "TSLA"),
    "2025-01-30": ("AAPL",),
    "2025-02-26": ("NVDA",),
}
"""Day to the shares whose companies report after its close."""


def calendar_page(day: str) -> dict[str, object]:
    """Return the page of a day (ISO)."""
    rows = [{"symbol": symbol, "time": "time-after-hours"} for symbol in RESULTS.get(day, ())]
    return {"data": {"asOf": day, "headers": None, "rows": rows or None}, "message": None, "status": {"rCode": 200}}
