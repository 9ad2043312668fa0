"""The t from which a move is unusual; measured, see docs/measurements.md."""

from __future__ import annotations

UNUSUAL_T = 2.2
"""Beyond it a move is unusual: the |t| that 5% of the windows of 29 shares exceed (nights, days, sessions and three
sessions together, March 2024 to March 2025). A normal distribution would say 1.96; returns have fatter tails."""
VERY_UNUSUAL_T = 4.0
"""Beyond it about 1 in 100 of those windows lie."""
