"""The table of companies: names, brands and shares as data."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from tracker.tagging.disambiguate import Usage


class Company(Struct, frozen=True, omit_defaults=True):
    """One row of `data/companies.jsonl`; every tuple of names is in the order of usefulness."""

    tag: str
    label: str
    symbol: str | None = None
    """As Yahoo writes it; for an unlisted company the share that its news moves, if any."""
    listed: bool = True
    also: tuple[str, ...] = ()
    """Its other listings."""
    cik: int | None = None
    """Number at the SEC."""
    names: tuple[str, ...] = ()
    """Names that always mean the company, in any case."""
    caps: tuple[str, ...] = ()
    """The same where each word needs its capital, as the words alone are ordinary ("Home Depot")."""
    brands: tuple[str, ...] = ()
    """Brands, products, subsidiaries and people that imply it."""
    words: dict[str, str] = {}
    """Names that are also words, people or places, each with its traits for the model."""
    foreign: dict[str, str] = {}
    """Names that are ordinary words of other languages, in lower case, each with the codes of these."""
    codes: tuple[str, ...] = ()
    """Names that count only beside one of `near`, and not beside one of `far`."""
    near: tuple[str, ...] = ()
    far: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    """Phrases that contain a name but mean something else."""
    is_stage: bool = False
    """A shop or platform: what is sold or shown there is rarely news about it."""
    is_voice: bool = False
    """A broker, a rating agency or a newspaper, which headlines quote about others."""
    tickers: tuple[str, ...] = ()
    """Symbols of the user's watchlist: `$SYM`, `(SYM)` and the bare symbol mean the company."""
    said: tuple[str, ...] = ()
    """Names that the user gave, which always mean the company."""
    line: int | None = None
    """Of the user's rule that changed the row."""


@cache
def table_bytes() -> bytes:
    """Return the table as it is stored, one JSON object a line."""
    return files("tracker.tagging").joinpath("data/companies.jsonl").read_bytes()


@cache
def companies() -> tuple[Company, ...]:
    """Return the companies of the table, by tag; read once (8 ms)."""
    return tuple(msgspec.json.decode(b"[" + b",".join(table_bytes().splitlines()) + b"]", type=list[Company]))


@cache
def weights() -> bytes:
    """Return the model's weights."""
    return files("tracker.tagging").joinpath("data/weights.bin").read_bytes()


@cache
def aside_weights() -> bytes:
    """Return the weights of what is named by the way."""
    return files("tracker.tagging").joinpath("data/asides.bin").read_bytes()


@cache
def priors() -> dict[tuple[str, str], float]:
    """Return the log-odds that ambiguous names start from, by tag and name in lower case; read once (0.2 ms)."""
    text = files("tracker.tagging").joinpath("data/priors.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines())
    return {(tag, name): float(odds) for tag, name, odds in rows}


@cache
def titles_about() -> dict[str, int]:
    """Return how many of the titles to learn from are about each company with an ambiguous name; read once (0.1 ms)."""
    text = files("tracker.tagging").joinpath("data/news.tsv").read_text(encoding="utf-8")
    return {tag: int(count) for tag, count in (line.split("\t") for line in text.splitlines())}


@cache
def usage_bytes() -> bytes:
    """Return the table of how sentences write ambiguous names."""
    return files("tracker.tagging").joinpath("data/usage.tsv").read_bytes()


@cache
def usages() -> dict[str, Usage]:
    """Return how sentences write ambiguous names, by name in lower case; read once (0.3 ms)."""
    rows = (line.split("\t") for line in usage_bytes().decode().splitlines())
    return {name: Usage(float(odds), frozenset(after.split())) for name, odds, after in rows}


@cache
def word_groups() -> dict[str, int]:
    """Return the number of the group of each word that the model knows; read once (3 ms)."""
    text = files("tracker.tagging").joinpath("data/words.txt").read_text(encoding="utf-8")
    return {word: number for number, line in enumerate(text.splitlines()) for word in line.split()}


class Share(Struct, frozen=True):
    """A share or coin that only a watchlist brings in."""

    names: tuple[str, ...] = ()
    words: dict[str, str] = {}
    """As in `Company`."""


@cache
def other_shares() -> dict[str, Share]:
    """Return the shares and coins that only a watchlist brings in, by symbol; read once (9 ms)."""
    text = files("tracker.tagging").joinpath("data/shares.tsv").read_text(encoding="utf-8")
    found = {}
    for row in text.splitlines():
        symbol, names, words = row.split("\t")
        pairs = [word.partition(":") for word in words.split("; ")] if words else ()
        found[symbol] = Share(tuple(names.split("; ")) if names else (), {name: what for name, _, what in pairs})
    return found


class Endings(Struct, frozen=True):
    """What names of companies end with, in lower case without dots, a tuple of words each."""

    legal: frozenset[tuple[str, ...]] = frozenset()
    """Legal forms: "inc", "co ltd", "ag"."""
    tails: frozenset[tuple[str, ...]] = frozenset()
    """Words and countries that the news leave out: "holdings", "usa"."""
    generic: frozenset[str] = frozenset()
    """Words that make no name alone: "first national"."""


@cache
def endings() -> Endings:
    """Return what names of companies end with; read once (1 ms)."""
    text = files("tracker.tagging").joinpath("data/endings.tsv").read_text(encoding="utf-8")
    found: dict[str, list[tuple[str, ...]]] = {"legal": [], "tail": [], "generic": []}
    for row in text.splitlines():
        kind, words = row.split("\t")
        found[kind].append(tuple(words.split(" ")))
    generic = frozenset(word for words in found["generic"] for word in words)
    return Endings(frozenset(found["legal"]), frozenset(found["tail"]), generic)


@cache
def given_names() -> frozenset[str]:
    """Return first names in lower case that make a person of the word after them; read once (0.3 ms)."""
    return frozenset(files("tracker.tagging").joinpath("data/given.txt").read_text(encoding="utf-8").split())


@cache
def ordinary_words() -> frozenset[str]:
    """Return words, surnames, first names and places in common use, in lower case; read once (2 ms)."""
    return frozenset(files("tracker.tagging").joinpath("data/ordinary.txt").read_text(encoding="utf-8").split())
