"""Make the table of companies: `TRACKER_CORPUS=... python -m tracker.tagging.training.table`."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tracker.tagging.companies import Company
from tracker.tagging.training import sources
from tracker.tagging.training.names import (
    is_japanese_word,
    is_ordinary,
    is_rare,
    joined_word,
    languages_of_word,
    needs_capitals,
    nice_case,
    plural_word,
    traits,
    usual_names,
)
from tracker.tagging.training.sources import DATA, Draft

_NATIVE_TAIL = re.compile(r"(?:ホールディングス|グループ本社|グループ|コーポレーション|本社|フィナンシャル)$")
# Parts of other words or words themselves: "最美的", "延长和", "日产量", "하이브리드".
_NOT_NAMES_TEXT = "美的 长和 長和 太古 恒基 长实 浪潮 日产 好未来 大摩 하이브 スズキ"
_NOT_NAMES = frozenset(_NOT_NAMES_TEXT.split())
_STAGES_TEXT = """
amazon walmart target-corp bestbuy costco ebay alibaba meta alphabet bytedance netflix spotify walt-disney
x-twitter reddit snap-inc pinterest warner-bros-discovery paramount-skydance comcast apple roku etsy jd pdd-holdings
temu rakuten valve telegram discord zalando carrefour tesco lidl aldi sony home-depot lowes macys kohls wayfair
shein fnac-darty mediamarkt ikea gamestop mcdonalds starbucks live-nation zoom-video
"""
_STAGES = frozenset(_STAGES_TEXT.split())
_VOICES_TEXT = """
goldman-sachs jpmorgan morgan-stanley ubs-group barclays citigroup bank-of-america deutsche-bank wells-fargo
jefferies hsbc bnp-paribas societe-generale royal-bank-of-canada bank-of-montreal scotiabank cibc td-bank evercore
piper-sandler raymond-james truist mizuho nomura macquarie-group daiwa-securities dbs-group ing-groep commerzbank
keycorp citic-securities moodys s-and-p-global morningstar-inc gartner-inc new-york-times-co thomson-reuters
"""
_VOICES = frozenset(_VOICES_TEXT.split())
_ONE_LETTER = re.compile(r"(?:^|[ -])[A-Za-z]$")
"""Written together it is another word: "Model S", "models"."""
_NOT_WORDS = frozenset({"New", "One", "First", "The", "All", "Best", "Real", "Life", "Energy", "Home", "ES", "US"})


def main() -> int:
    """Write the table and the list of other listed shares; print what they hold."""
    folder = os.environ.get("TRACKER_CORPUS")
    if not folder:
        print("TRACKER_CORPUS is not set", file=sys.stderr)
        return 2
    corpus = Path(folder)
    drafts = _merged(corpus)
    rows = _rows(drafts)
    DATA.joinpath("companies.jsonl").write_bytes(b"\n".join(msgspec.json.encode(row) for row in rows) + b"\n")
    taken = {symbol for row in rows for symbol in (row.symbol, *row.also) if symbol}
    others = [_share(pair, names, dict(words)) for pair, names, words in sources.crypto()]
    others += [_share(symbol, names, words) for symbol, names, words in sources.funds()]
    taken |= {symbol for symbol, _, _ in sources.funds()}
    for _, symbol, name in sources.filers(corpus):
        usual = usual_names(nice_case(name))
        if symbol not in taken and usual:
            others.append(_share(symbol, list(usual), {}))
    native = sources.japanese(corpus)
    full = [_native(name) for name in native.values()]
    spoken = {name for row in rows for name in (*row.names, *row.caps, *row.brands)}
    for symbol, name in sorted(native.items()):
        usual_native = _share_names(_native(name), full)
        if symbol not in taken and usual_native and spoken.isdisjoint(usual_native):
            others.append(_share(symbol, usual_native, {}))
    DATA.joinpath("shares.tsv").write_text("\n".join(others) + "\n", encoding="utf-8")
    names = sum(len(row.names) + len(row.brands) + len(row.caps) for row in rows)
    words = sum(len(row.words) for row in rows)
    print(f"{len(rows)} companies, {names} sure names, {words} ambiguous, {len(others)} other shares")
    return 0


def _native(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip()


def _share_names(name: str, every: Sequence[str]) -> list[str]:
    """Return the names of a Tokyo share; a short one that is part of another company's name says nothing."""
    short = _NATIVE_TAIL.sub("", name).strip()
    if name.isascii():
        return usual_names(nice_case(name))
    return [
        one
        for one in dict.fromkeys((name, short))
        if len(one) >= 2 and one not in _NOT_NAMES and not any(one in other and other != name for other in every)
    ]


def _share(symbol: str, names: list[str], hints: dict[str, int]) -> str:
    """Return the line of a share that only a watchlist brings in; whoever watches it means the company by its name."""
    found: dict[str, str] = {}
    for name, hint in hints.items():
        found[name] = traits(name, max(hint, 1), 2) or ""
    sure = []
    for name in names:
        what = traits(name, 1 if is_japanese_word(name) else None, 2)
        if what is None or hints or symbol.endswith("-USD"):
            sure.append(name)
        else:
            found[name] = what.replace("h0", "h1")
    return "\t".join((symbol, "; ".join(sure), "; ".join(f"{name}:{what}" for name, what in found.items() if what)))


def _merged(corpus: Path) -> list[Draft]:
    """Return one draft per company: the first that knows a symbol or a name takes the facts of the others."""
    found: list[Draft] = []
    by_symbol: dict[str, Draft] = {}
    by_name: dict[str, Draft] = {}
    by_tag: dict[str, Draft] = {}
    ciks = {symbol: (cik, name) for cik, symbol, name in sources.filers(corpus)}
    native = sources.japanese(corpus)
    listings = sources.listings()

    def add(draft: Draft, is_register: bool) -> None:
        keys = [_key(name) for name in (draft.label, *draft.names)]
        keys += [_key(usual_names(name)[0]) for name in draft.official if usual_names(name)]
        home = None
        if draft.symbol and draft.listed:
            home = by_symbol.get(draft.symbol)
        home = home or (by_tag.get(draft.tag) if draft.tag else None)
        home = home or next((by_name[key] for key in keys if key in by_name), None)
        if home is not None and draft.symbol and home.symbol and home is not draft and not home.listed:
            home = None
        if home is None:
            home = draft
            found.append(draft)
        else:
            _join(home, draft)
        if draft.symbol and draft.listed:
            by_symbol.setdefault(draft.symbol, home)
            if draft.symbol != home.symbol and draft.symbol not in home.also:
                home.also.append(draft.symbol)
        for other in draft.also if is_register else ():
            by_symbol.setdefault(other, home)
        for other in listings.get(draft.symbol or "", ()) if draft.listed else ():
            if by_symbol.setdefault(other, home) is home and other not in home.also:
                home.also.append(other)
        if draft.tag:
            by_tag.setdefault(draft.tag, home)
        for key in keys:
            by_name.setdefault(key, home)

    for draft in sources.first():
        add(draft, False)
    for draft in sources.known():
        add(draft, False)
    for draft, _ in sources.register(corpus):
        add(draft, True)
    for draft in found:
        draft.also = [symbol for symbol in draft.also if by_symbol.get(symbol, draft) is draft]
        for symbol in (draft.symbol, *draft.also):
            if symbol in ciks and draft.listed:
                draft.cik = ciks[symbol][0]
                break
        for symbol in (draft.symbol, *draft.also):
            if symbol in native and draft.listed:
                name = _NATIVE_TAIL.sub("", _native(native[symbol])).strip()
                if len(name) >= 3 and not name.isascii():
                    draft.names.append(name)
    return found


def _join(home: Draft, draft: Draft) -> None:
    if home.listed and home.symbol is None and draft.listed:
        home.symbol = draft.symbol
    home.names += draft.names
    home.brands += draft.brands
    home.words = {**draft.words, **home.words}
    home.official += draft.official
    home.never += draft.never
    home.far += draft.far
    home.codes += [code for code in draft.codes if code not in home.codes]
    home.near += draft.near
    home.tier = max(home.tier, draft.tier)
    home.also += [one for one in draft.also if one not in home.also and one != home.symbol]


def _key(name: str) -> str:
    return re.sub(r"[^\w]", "", name.casefold())


def _rows(drafts: list[Draft]) -> list[Company]:
    """Settle who owns each name, and how it counts."""
    owner: dict[str, str] = {}
    tags: set[str] = {draft.tag for draft in drafts if draft.tag}
    rows = []
    drafts.sort(key=lambda draft: (not (draft.tag and draft.tier == 3), -draft.tier))
    for draft in drafts:
        tag = draft.tag or _slug(draft, tags)
        tags.add(tag)
        # The codes of a table written by hand are names of another company, too.
        for name in (*draft.names, *draft.brands, *draft.words, *(draft.codes if draft.tier == 3 else ())):
            owner.setdefault(_key(name.removesuffix("*")), tag)
        draft.tag = tag
    for draft in drafts:
        for official in draft.official:
            for name in usual_names(official):
                owner.setdefault(_key(name), draft.tag)
    families = _families(drafts)
    for draft in drafts:
        row = _row(draft, owner, families)
        if row is not None:
            rows.append(row)
    return sorted(rows, key=lambda row: row.tag)


_FAMILY = 4
"""Companies whose names begin with one word, from which on it is no name of one of them."""


def _families(drafts: Sequence[Draft]) -> set[str]:
    """Return the first words that the official names of several companies share ("Bharat")."""
    found: dict[str, set[str]] = {}
    for draft in drafts:
        for official in draft.official:
            first, _, rest = next(iter(usual_names(official)), "").partition(" ")
            if rest:
                found.setdefault(first.casefold(), set()).add(draft.tag)
    return {word for word, tags in found.items() if len(tags) >= _FAMILY}


def _other_words(names: Sequence[str], every: Sequence[str]) -> list[str]:
    """Return the words that names make with an s or with their parts written together, without the names in `every`."""
    known = {name.casefold() for name in every}
    words = [word for make in (joined_word, plural_word) for word in map(make, names)]
    return [word for word in words if word is not None and word.casefold().rstrip("*") not in known]


def _row(draft: Draft, owner: dict[str, str], families: set[str]) -> Company | None:
    mine = [name for name in dict.fromkeys(draft.names) if owner[_key(name.removesuffix("*"))] == draft.tag]
    brands = [name for name in dict.fromkeys(draft.brands) if owner[_key(name.removesuffix("*"))] == draft.tag]
    hinted_words = {
        # A company with a field of its own leaves every hinted name to the model ("Tesla", the inventor).
        name: traits(name, hint, draft.tier, is_sure_allowed=not draft.near)
        for name, hint in draft.words.items()
        if owner[_key(name)] == draft.tag
    }
    mine += [name for name, what in hinted_words.items() if what is None]
    words = {name: what for name, what in hinted_words.items() if what is not None}
    for name in brands:
        if name.isascii() and is_ordinary(name):
            words.setdefault(name, traits(name, 2 if is_rare(name) else 1, draft.tier) or "")
    hinted = {word.casefold() for word in words}
    brands = [name for name in brands if name.casefold() not in hinted]
    names = [name for name in mine if name not in _NOT_NAMES and name.casefold() not in hinted]
    known = {name.casefold() for name in (*names, *brands, *draft.codes)} | hinted
    for official in draft.official:
        for name in usual_names(official):
            if name.casefold() in known or owner[_key(name)] != draft.tag or name in _NOT_WORDS:
                continue
            if (name[0].islower() and is_ordinary(name)) or (draft.tier == 1 and name.isalpha() and not is_rare(name)):
                continue
            known.add(name.casefold())
            what = traits(name, None, draft.tier)
            if what is None:
                if name == usual_names(official)[0] or name.casefold() not in families:
                    names.append(name)
            elif draft.tier >= 2 or "d" not in what.split():
                words[name] = what
    if not names and not brands and not words:
        return None
    caps = [name for name in (*names, *brands) if name.isascii() and needs_capitals(name.removesuffix("*"))]
    if draft.tier == 3 and draft.near:
        caps = [name for name in caps if _ONE_LETTER.search(name)]
    others = _other_words([name for name in (*names, *brands) if name not in caps], [*names, *brands])
    short = [usual_names(name)[-1] for name in draft.official if usual_names(name)]
    label = next((name for name in (draft.label, *short) if name.isascii()), draft.label)
    label = label if draft.tag and draft.names and label == draft.label else (usual_names(label) or [label])[-1]
    return Company(
        tag=draft.tag,
        label=label,
        symbol=draft.symbol,
        listed=draft.listed and draft.symbol is not None,
        also=tuple(draft.also),
        cik=draft.cik,
        names=tuple(name for name in names if name not in caps),
        caps=tuple(caps),
        brands=tuple(name for name in brands if name not in caps),
        words=words,
        foreign=_foreign((*names, *brands, *words), [draft.symbol or "", *draft.also]),
        codes=tuple(draft.codes),
        near=tuple(draft.near),
        far=tuple(draft.far),
        never=tuple(dict.fromkeys((*draft.never, *others))),
        is_stage=draft.tag in _STAGES,
        is_voice=draft.tag in _VOICES,
    )


def _foreign(names: Sequence[str], symbols: Sequence[str]) -> dict[str, str]:
    found = {name.casefold(): languages_of_word(name, symbols) for name in names}
    return {name: languages for name, languages in found.items() if languages}


def _slug(draft: Draft, taken: set[str]) -> str:
    official = [usual_names(name)[-1] for name in draft.official if usual_names(name)]
    names = [*draft.names[:1], *list(draft.words)[:1], *official, draft.label, draft.symbol or "x"]
    slug = next(slug for slug in map(_plain_slug, names) if slug)
    if slug in taken and draft.symbol:
        slug = f"{slug}-{_plain_slug(draft.symbol)}"
    while slug in taken:
        slug += "-2"
    return slug


def _plain_slug(name: str) -> str:
    flat = name.replace("&", " and ").replace("'", "").replace("ø", "o").replace("Ø", "O").replace("ł", "l")
    ascii_only = unicodedata.normalize("NFKD", flat).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")


if __name__ == "__main__":
    sys.exit(main())
