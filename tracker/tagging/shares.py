"""Shares as news writes them: cashtags, and symbols in brackets or after the name of an exchange; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_EXCHANGES = {
    "": "NASDAQ NasdaqGS NasdaqGM NasdaqCM NYSE NYSEARCA NYSEAMERICAN AMEX CBOE OTC OTCMKTS OTCQX OTCQB OTCPK",
    "TO V": "TSX TSXV CVE",
    "L": "LSE LON AIM",
    "HK": "HKEX HKG SEHK",
    "T": "TYO TSE JPX",
    "KS KQ": "KRX KOSPI KOSDAQ",
    "TW TWO": "TPE TWSE TPEX",
    "SS": "SHA SSE",
    "SZ": "SHE SZSE",
    "PA": "EPA",
    "DE F": "ETR FRA XETRA",
    "AS": "AMS",
    "NS BO": "NSE BSE",
    "AX": "ASX",
    "SW": "SWX SIX",
    "MI": "BIT",
    "MC": "BME",
    "ST": "STO",
}
"""Endings of Yahoo's symbols, and how news writes the exchanges that have them; Euronext has several."""
_ENDINGS = {
    **{name.upper(): tuple(endings.split(" ")) for endings, names in _EXCHANGES.items() for name in names.split(" ")},
    "TSE": ("T", "TO"),  # Tokyo's own name, and Toronto's on Google's pages
    "EURONEXT": ("PA", "AS", "BR", "LS", "IR", "MI"),
}
_EXCHANGE = re.compile(
    rf"\b(?:(?P<name>{'|'.join(sorted(_ENDINGS, key=len, reverse=True))})(?: [A-Z]\w+)?)\s*$", re.IGNORECASE
)


_NO_WORD = re.compile(r"\W+")
_SHARES = tuple(
    (sign, re.compile(rf"({form})([A-Z0-9][A-Z0-9]{{0,9}})([.-][A-Z])?(?![A-Za-z0-9]{no_more})"))
    for sign, form, no_more in (("$", r"\$", ""), (":", ":[ ]?", r"|-\d"), ("(", r"\(", ""))
)
"""One for each sign, which is found faster than one of three. "CVE: CVE-2025-1" is a number, no share in Toronto."""
_CODE_AFTER = re.compile(r"[_$^(\[{=\\:\"`]|[-+*]\$")
"""What follows a variable or a hexadecimal number: "$C]$3", "$DD-$FF", "$T_K"."""
_CODE_BEFORE = frozenset("\\`'\"=+#:{[")


def shares(text: str) -> Iterable[tuple[str, int, int, str]]:
    """Return (form, start, end, symbol) of what is written as a share.

    The form is "$" for `$NVDA`, "(" for `(NVDA)`, and ":" with an ending of Yahoo's for `HKEX: 0700` (":HK"), or
    without one for `NASDAQ: NVDA`: symbols of two exchanges are often the same.
    """
    every = [found for sign, one in _SHARES if sign in text for found in one.finditer(text)]
    return _shares_of(text, sorted(every, key=re.Match.start)) if every else ()


def _shares_of(text: str, every: Iterable[re.Match[str]]) -> Iterator[tuple[str, int, int, str]]:
    for found in every:
        form, symbol, share_class = found.groups()
        forms = [form]
        if form.startswith(":"):
            forms = [f":{ending}" for ending in exchange_endings(text[max(0, found.start() - 24) : found.start()])]
        start = found.start() if form == "$" else found.start(2)
        if form == "$" and _is_code(text, start, found.end()):
            continue
        ends = [(found.end(2), symbol)]
        if share_class:  # "BRK.B" is "BRK-B" on Yahoo; "$NVDA-A" may be the end of the symbol
            ends.append((found.end(3), f"{symbol}-{share_class[1]}"))
        for end, whole in ends:
            if form != "(" or text[end : end + 1] == ")":
                for one in forms:
                    yield one, start, end, whole.zfill(4) if one == ":HK" else whole


def _is_code(text: str, start: int, end: int) -> bool:
    return _CODE_AFTER.match(text, end) is not None or (start > 0 and text[start - 1] in _CODE_BEFORE)


def exchange_endings(before: str) -> tuple[str, ...]:
    """Return the endings of symbols of the exchange that a text before a colon ends with; () where there is none."""
    before = before[-24:]
    if before.rstrip().rpartition(" ")[2].isdecimal():  # "10:30": most colons before a digit are of times
        return ()
    if _ENDINGS.keys().isdisjoint(_NO_WORD.split(before.rstrip().upper())[-2:]):
        return ()
    found = _EXCHANGE.search(before)
    return () if found is None else _ENDINGS[found["name"].upper()]
