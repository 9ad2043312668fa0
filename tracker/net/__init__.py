"""HTTP for feeds and prices: one guarded client with limits, polite to each host."""

from __future__ import annotations

import sys

# httpx also imports its command line, with click, rich and pygments, if it can: 45 of 115 ms, and 5 MB.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
