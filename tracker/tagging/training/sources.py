"""What the table is made from: the facts of the corpus and the tables written by hand."""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tracker.tagging.patterns import plain

DATA = Path(__file__).parents[1] / "data"
"""What the program reads: the table and the weights."""
KNOWN = Path(__file__).parent / "known"
_FILES = ("field", "america", "europe", "asia")


@dataclass
class Draft:
    """One company while the table is made; names in their order of usefulness."""

    label: str
    symbol: str | None = None
    tag: str = ""
    listed: bool = True
    tier: int = 1
    cik: int | None = None
    also: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    brands: list[str] = field(default_factory=list)
    words: dict[str, int] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    near: list[str] = field(default_factory=list)
    far: list[str] = field(default_factory=list)
    never: list[str] = field(default_factory=list)
    official: list[str] = field(default_factory=list)
    """Names as registers write them, legal form included."""


def lines(path: Path) -> list[dict[str, Any]]:
    """Return the records of one gzipped JSON lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def first() -> Iterator[Draft]:
    """Yield the companies of `first.toml`."""
    for row in tomllib.loads((KNOWN / "first.toml").read_text(encoding="utf-8"))["company"]:
        yield Draft(
            label=row["label"],
            symbol=row.get("symbol"),
            tag=row["name"],
            listed=row.get("listed", True),
            tier=3,
            names=_bar(row.get("match", "")),
            brands=_bar(row.get("products", "")),
            words=_hints(_bar(row.get("words", ""))),
            codes=_bar(row.get("codes", "")),
            near=_bar(row.get("near", "")),
            far=_bar(row.get("far", "")),
            never=_bar(row.get("never", "")),
        )


def known() -> Iterator[Draft]:
    """Yield the listed companies of the hand-written tables, then the private ones."""
    for name in _FILES:
        for symbol, names, brands, words, more in _rows(name):
            yield Draft(
                label=names[0] if names else next(iter(words), symbol),
                symbol=symbol,
                tier=2,
                names=names,
                brands=brands,
                words=words,
                never=more["never"],
                far=more["far"],
                codes=more["codes"],
                near=more["near"],
            )
    for tag, names, brands, words, more in _rows("private"):
        yield Draft(
            label=names[0] if names else next(iter(words), tag),
            tag=tag,
            listed=False,
            tier=2,
            names=names,
            brands=brands,
            words=words,
            never=more["never"],
            far=more["far"],
            codes=more["codes"],
            near=more["near"],
        )


def crypto() -> Iterator[tuple[str, list[str], dict[str, int]]]:
    """Yield Yahoo's pairs with the names of their coins."""
    for symbol, names, _, words, *_ in _rows("crypto"):
        yield symbol, names, words


def funds() -> Iterator[tuple[str, list[str], dict[str, int]]]:
    """Yield the symbols of exchange-traded funds with their names."""
    for symbol, names, _, words, *_ in _rows("funds"):
        yield symbol, names, words


def listings() -> dict[str, list[str]]:
    """Return the listings elsewhere of companies by the symbol that the table has."""
    text = (KNOWN / "listings.txt").read_text(encoding="utf-8")
    rows = (line.partition("|") for line in text.splitlines() if not line.startswith("#"))
    return {symbol: _semi(others) for symbol, _, others in rows}


def _rows(name: str) -> Iterator[tuple[str, list[str], list[str], dict[str, int], dict[str, list[str]]]]:
    """Yield symbol, names, brands, ambiguous names with their hints, and the columns that few rows have."""
    for line in (KNOWN / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            key, names, brands, words, *more = line.split("|")
            columns = {column: _semi(text) for column, text in zip(_MORE, [*more, "", "", "", ""], strict=False)}
            yield key, _semi(names), _semi(brands), _hints(_semi(words)), columns


_MORE = ("never", "far", "codes", "near")


def _hints(words: list[str]) -> dict[str, int]:
    return {word.rpartition(":")[0]: int(word.rpartition(":")[2]) for word in words}


def _semi(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _bar(text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in text.split(" | ") if part.strip()))


MAIN = {"S&P 500", "NASDAQ 100", "EURO STOXX 50", "DAX", "CAC_40", "FTSE 100", "Switzerland 20", "AEX", "IBEX 35"}
TOP = {"S&P 100", "DOW JONES", "EURO STOXX 50"}
_PREFERRED = re.compile(r"-P[A-Z]?$|-[WRU][A-Z]?$")


def register(corpus: Path) -> Iterator[tuple[Draft, str]]:
    """Yield companies of the indices, then of the exchanges, each with its country."""
    for row in lines(corpus / "companies" / "indices.jsonl.gz"):
        indices = set(row["indices"])
        symbol = row["symbol"] or next(iter(row["yahoo"]), "")
        if symbol.count(".") > 1:
            symbol = symbol.rsplit(".", 1)[0]
        if row["symbol"] and "." not in symbol:
            symbol = _home(symbol, row["yahoo"], indices)
        yield (
            Draft(
                label=row["name"],
                symbol=symbol or None,
                tier=3 if indices & TOP else 2 if indices & (MAIN | {"NIKKEI 225", "MDAX"}) else 1,
                also=[one for one in row["yahoo"] if one != symbol],
                official=[row["name"]],
            ),
            row["country"],
        )
    seen: set[tuple[str, str]] = set()
    for row in lines(corpus / "companies" / "equities.jsonl.gz"):
        key = (row["name"].casefold(), row["exchange"])
        if key in seen or (row["exchange"] == "PAR" and len(row["symbol"].split(".")[0]) > 5):
            continue
        seen.add(key)
        yield (
            Draft(label=row["name"], symbol=row["symbol"], official=[row["name"]]),
            row["country"],
        )


_ENDING = {
    **dict.fromkeys(("DAX", "MDAX", "SDAX", "TecDAX"), ".DE"),
    **dict.fromkeys(("CAC_40", "CAC Mid 60"), ".PA"),
    "FTSE 100": ".L",
    "AEX": ".AS",
    "IBEX 35": ".MC",
    "BEL 20": ".BR",
    "Switzerland 20": ".SW",
    "OMX Stockholm 30": ".ST",
    "OMX Helsinki 25": ".HE",
}


def _home(symbol: str, yahoo: list[str], indices: set[str]) -> str:
    """Return a bare symbol with the ending of its home exchange."""
    if symbol in yahoo and any("S&P" in one or "NASDAQ" in one for one in indices):
        return symbol
    for index, ending in _ENDING.items():
        if index in indices:
            return symbol + ending
    return symbol


def filers(corpus: Path) -> list[tuple[int, str, str]]:
    """Return (CIK, symbol, name) of every filer whose symbol is a common share."""
    rows = lines(corpus / "companies" / "sec_tickers.jsonl.gz")
    return [(row["cik"], row["symbol"], row["name"]) for row in rows if not _PREFERRED.search(row["symbol"])]


def japanese(corpus: Path) -> dict[str, str]:
    """Return the native names of Tokyo's companies by symbol."""
    return {row["symbol"]: row["name_ja"] for row in lines(corpus / "companies" / "japan_native.jsonl.gz")}


_TITLE = re.compile(r"<title>(?:<!\[CDATA\[)?([^<>&\]]{25,200})(?:\]\]>)?</title>")


def streams(corpus: Path) -> dict[str, list[str]]:
    """Return the titles to learn from by source; `stream_2026-02` and a part of the others are for measuring."""
    found: dict[str, list[str]] = {}
    for row in lines(corpus / "companies" / "general_titles.jsonl.gz"):
        titles = found.setdefault(row["source"], [])
        titles.append(plain(row["title"]))
        summary = plain(row.get("summary") or "")[:240].rsplit(" ", 1)[0]
        if len(summary) > 60 and summary[:40] != titles[-1][:40]:
            titles.append(summary)
    found["french_day"] = [plain(row["title"]) for row in lines(corpus / "stories" / "french_day.jsonl.gz")]
    found["uci"] = [plain(row["TITLE"]) for row in lines(corpus / "stories" / "uci_business.jsonl.gz")]
    found["alphavantage"] = [plain(row["title"]) for row in lines(corpus / "headlines" / "alphavantage.jsonl.gz")]
    for path in sorted((corpus / "feeds" / "fastfeedparser" / "benchmark_data").rglob("*")):
        if path.is_file():
            data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            titles = _TITLE.findall(data.decode("utf-8", "replace"))
            found[path.name] = [plain(title.strip()) for title in dict.fromkeys(titles)][:60]
    found["google_pl"] = [plain(row["title"]) for row in lines(corpus / "stories" / "google_news_pl.jsonl.gz")]
    return found


def is_held_out(source: str) -> bool:
    """Return True for the sources that are never learned from: one in five, by name."""
    return sum(source.encode()) % 5 == 0
