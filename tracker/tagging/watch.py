"""The companies of the user's watchlist: `[[symbol]]` alone is enough to tag by; pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from tracker.model.market import WatchSymbol
from tracker.tagging.companies import Company, Share, endings, ordinary_words
from tracker.tagging.names import is_ordinary, is_word_when_glued, usual_names

_NOT_A_COMPANY = re.compile(r"\^|.*=[XF]$")
_SHARED = 2
"""Companies whose names begin with one word, from which on it stands for none of them."""
_THE = re.compile(r"^The(?: |(?=[A-Z]))")
_LEAST_REST = 5
"""Letters that are left of such a name."""
_BARE = re.compile(r"[A-Z]{3,5}")
_OF_CLASS = re.compile(r"[A-Z]{2,4}-[A-Z]")
"""A share of one of several classes, as Yahoo writes it: "BRK-B", which the news write "BRK.B"."""
_TICKER_TRAITS = "h2 z0 c t2"
_NAME_TRAITS = "h2 z2 t2"
_WORD_TRAITS = "h1 z4 d t2"
"""Of an ordinary word that is left when a name is shortened: the user did not write it as the name."""
_PHRASE_TRAITS = "h2 z0 m t2"
"""Of several ordinary words, in a headline without capitals."""


def watch(table: Sequence[Company], symbols: Sequence[WatchSymbol], others: Mapping[str, Share]) -> tuple[Company, ...]:
    """Return the companies with those of the watchlist.

    A symbol is looked up in the table, its other listings included, then among the other shares; else its `name`
    counts, with and without its legal form. Its headlines then show the listing that the user watches. The user's
    `names` always mean the company.
    Indices and rates are left out, unless they have `names`.
    """
    rows = list(table)
    places = _places(rows)
    taken = {row.tag for row in rows}
    first_words = Counter(row.label.partition(" ")[0].casefold() for row in rows) if symbols else Counter[str]()
    for item in symbols:
        place = places.get(item.symbol)
        if place is None:
            row = _other(item, others.get(item.symbol), taken)
            if row is None:
                continue
            taken.add(row.tag)
            places[item.symbol] = place = len(rows)
            rows.append(row)
        row = rows[place]
        is_first = not row.tickers
        words = dict(row.words)
        names = row.names
        bare = item.symbol.removesuffix("-USD")
        if _BARE.fullmatch(bare) and bare not in row.names:
            words.setdefault(bare, _TICKER_TRAITS)
        if _OF_CLASS.fullmatch(item.symbol):
            names = (*names, item.symbol, item.symbol.replace("-", "."))
        for name in _shortened(row, first_words):
            words.setdefault(name, _WORD_TRAITS if name.casefold() in ordinary_words() else _NAME_TRAITS)
        for name in row.caps:
            if not is_word_when_glued(name, ordinary_words()):
                words.setdefault(name, _PHRASE_TRAITS)
        rows[place] = replace(
            row,
            names=names,
            symbol=item.symbol if is_first else row.symbol,
            tickers=(*row.tickers, item.symbol),
            words=words,
        )
        if item.names:
            rows[place] = _with_names(rows[place], item.names)
    return tuple(rows)


def _shortened(row: Company, first_words: Mapping[str, int]) -> tuple[str, ...]:
    """Return the word that headlines make of the name of a company: "Archer" for Archer Aviation.

    Not a word that begins the name of another company, too: "Texas" for Texas Instruments.
    """
    known = {name.casefold() for name in (*row.names, *row.caps, *row.brands, *row.words, *row.codes)}
    return tuple(
        name
        for name in usual_names(row.label, endings())[1:]
        if name.replace(".", "").isalpha() and name.casefold() not in known and first_words[name.casefold()] < _SHARED
    )


def labelled_symbols(symbols: Sequence[WatchSymbol], others: Mapping[str, Share]) -> tuple[str, ...]:
    """Return the indices, rates and futures of the watchlist with a `name` that no headline is found by."""
    return tuple(
        item.symbol
        for item in symbols
        if item.name and not item.names and item.symbol not in others and _NOT_A_COMPANY.match(item.symbol)
    )


def unknown_symbols(
    table: Sequence[Company], symbols: Sequence[WatchSymbol], others: Mapping[str, Share]
) -> tuple[str, ...]:
    """Return the symbols of the watchlist whose headlines can only be found as `$SYM`: give them a `name`."""
    places = _places(table)
    return tuple(
        item.symbol
        for item in symbols
        if not (item.name or item.names)
        and item.symbol not in places
        and item.symbol not in others
        and not _NOT_A_COMPANY.match(item.symbol)
    )


def _places(table: Sequence[Company]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, row in enumerate(table):
        if row.listed:
            if row.symbol:
                found[row.symbol] = place
            for symbol in row.also:
                found.setdefault(symbol, place)
    return found


def _with_names(row: Company, names: Sequence[str]) -> Company:
    """Return the row with names that the user gave: whatever the table says of them, they are sure."""
    said = {name.casefold() for name in names}

    def without(known: Sequence[str]) -> tuple[str, ...]:
        return tuple(name for name in known if name.casefold() not in said)

    return replace(
        row,
        names=(*without(row.names), *names),
        said=(*row.said, *names),
        caps=without(row.caps),
        brands=without(row.brands),
        words={name: what for name, what in row.words.items() if name.casefold() not in said},
        codes=without(row.codes),
        never=without(row.never),
    )


def _without_article(name: str) -> str:
    """Return a name without "The" at its start, joined or not: "TheRealReal", which headlines write "The RealReal"."""
    rest = _THE.sub("", name)
    return rest if len(rest) >= _LEAST_REST else name


def _other(item: WatchSymbol, share: Share | None, taken: set[str]) -> Company | None:
    """Return a row for a symbol that the table has not."""
    if share is None and not item.names and _NOT_A_COMPANY.match(item.symbol):
        return None
    names = tuple(_without_article(name) for name in share.names) if share else ()
    words = dict(share.words) if share else {}
    short = usual_names(item.name, endings()) if item.name else ()
    label = next(iter((*short, *names, *words, *item.names)), item.symbol)
    sure, caps = [], []
    for name in dict.fromkeys((*names, *short)):
        if is_ordinary(name, ordinary_words()):
            if " " in name:
                caps.append(name)
            elif name in names:
                sure.append(name)
            else:
                is_word = name != item.name and name.casefold() in ordinary_words()
                words.setdefault(name, _WORD_TRAITS if is_word else _NAME_TRAITS)
        elif name not in words:
            sure.append(name)
    flat = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    tag = re.sub(r"[^a-z0-9]+", "-", flat).strip("-") or re.sub(r"[^a-z0-9]+", "-", item.symbol.lower()).strip("-")
    if tag in taken:
        tag = f"{tag}-{re.sub(r'[^a-z0-9]+', '-', item.symbol.lower()).strip('-')}"
    return Company(tag, label, item.symbol, names=tuple(sure), caps=tuple(caps), words=words)
