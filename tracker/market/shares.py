"""Shares outstanding of large companies by their latest known report; a file read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from msgspec import convert

from tracker.model.market import SharesOutstanding


@cache
def reported_shares() -> Mapping[str, SharesOutstanding]:
    """Return shares outstanding over all classes by symbol, each with its date and source."""
    text = files("tracker.market").joinpath("shares.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["share"]
    return {row.pop("symbol"): convert(row, SharesOutstanding) for row in rows}


def shares_of(symbol: str, own: float | None) -> SharesOutstanding | None:
    """Return the shares outstanding of a symbol: the user's own figure, else that of a report; None where unknown."""
    return SharesOutstanding(own, None, "feeds.toml") if own is not None else reported_shares().get(symbol)
