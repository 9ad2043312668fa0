"""The numbers (CIK) by which the SEC knows companies; a file read once (5 ms)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache


@cache
def ciks() -> Mapping[str, int]:
    """Return the CIK of each symbol; other listings of a filer are included."""
    from importlib.resources import files  # 3 ms that most do not need

    text = files("tracker.config").joinpath("filers.tsv").read_text(encoding="utf-8")
    rows = (line.partition("\t") for line in text.splitlines())
    return {symbol: int(cik) for symbol, _, cik in rows}


@cache
def symbols_by_cik() -> Mapping[int, tuple[str, ...]]:
    """Return the symbols of each filer."""
    found: dict[int, tuple[str, ...]] = {}
    for symbol, cik in ciks().items():
        found[cik] = (*found.get(cik, ()), symbol)
    return found
