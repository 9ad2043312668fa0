"""News that moves shares, in the terminal: tagged headlines beside what the price did since."""

from __future__ import annotations

__version__ = "0.1.0"
