"""Recall of companies by kind of name, what is kept out, and companies that the training never saw (`--folds`)."""

from __future__ import annotations

import os
import random
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.tagging import fresh
from tests.tagging.measure import Rate, builtin_tagger, lines
from tracker.model.market import WatchSymbol
from tracker.tagging.catalog import builtin_rules
from tracker.tagging.companies import Company, companies, other_shares, word_groups
from tracker.tagging.disambiguate import Model
from tracker.tagging.match import Tagger, compile_rules
from tracker.tagging.watch import watch

EVENTS = (
    "{} falls 4 %",
    "{} beats estimates",
    "{}'s CEO to step down",
    "EU fines {}",
    "{} to cut 1,200 jobs",
    "{} recalls products",
)
"""Plain events, also in the words of the issue that asked for all this; each is tried with every kind of name."""
WATCHED = (
    "{name} wins contract",
    "${symbol} jumps",
    "A company (NASDAQ: {symbol}) reports",
    "Results ({symbol}) are out",
    "{name} shares fall 4%",
)
NAMED = (
    ("as headlines are", ("{} falls 4%", "{} wins contract", "{}'s CEO to step down")),
    ("all lower case", ("{} falls 4%", "{} wins contract", "{}'s ceo to step down")),
    ("all capitals", ("{} FALLS 4%", "{} WINS CONTRACT", "{}'S CEO TO STEP DOWN")),
)
_REGISTER = re.compile(r" /[A-Z]+/?$")
FOLDS = 4
SETS = (
    ("plain", True),
    ("plain_second", True),
    ("plain_third", True),
    ("plain_fourth", True),
    ("brands", True),
    ("negatives", False),
    ("negatives_second", False),
    ("negatives_third", False),
    ("negatives_fourth", False),
)
"""Files of `tests/tagging/fresh`, and whether their titles are about the company."""


def by_kind(tagger: Tagger, table: Iterable[Company]) -> dict[str, Rate]:
    """Return how many plain headlines find the company, by kind of name; one name of each kind a company."""
    kinds: dict[str, list[tuple[str, str]]] = {"sure name": [], "ordinary words": [], "brand": [], "ambiguous": []}
    for row in table:
        for kind, names in (
            ("sure name", row.names),
            ("ordinary words", row.caps),
            ("brand", row.brands),
            ("ambiguous", tuple(row.words)),
        ):
            kinds[kind] += [(row.tag, name) for name in names[:1] if not name.endswith("*")]
    return {f"plain headlines, {kind}": _found(tagger, pairs) for kind, pairs in kinds.items()}


def _found(tagger: Tagger, pairs: list[tuple[str, str]]) -> Rate:
    missed = []
    for tag, name in pairs:
        for event in EVENTS:
            title = event.format(name)
            if tag not in {mention.tag for mention in tagger.tag(title)}:
                missed.append(f"{tag}: {title}")
    return Rate(len(pairs) * len(EVENTS) - len(missed), len(pairs) * len(EVENTS), tuple(missed))


def watched(count: int = 200) -> Rate:
    """Return how many headlines about shares on a watchlist are tagged; the shares are of no company of the table."""
    pick = random.Random(3)
    shares = {symbol: one for symbol, one in other_shares().items() if symbol.isalpha() and (one.names or one.words)}
    missed = []
    symbols = pick.sample(sorted(shares), count)
    tagger = compile_rules(builtin_rules(), watch(companies(), [WatchSymbol(one) for one in symbols], other_shares()))
    for symbol in symbols:
        name = next(iter((*shares[symbol].names, *shares[symbol].words)))
        for form in WATCHED:
            title = form.format(name=name, symbol=symbol)
            if symbol not in {mention.symbol for mention in tagger.tag(title)}:
                missed.append(title)
    return Rate(count * len(WATCHED) - len(missed), count * len(WATCHED), tuple(missed))


def named(corpus: Path, count: int = 200) -> dict[str, Rate]:
    """Return the same of shares that only their `name` in `feeds.toml` makes known, legal form included.

    The names are those of registers; the headlines have them as the training's own rules shorten them.
    """
    from tracker.tagging.training.names import nice_case, usual_names

    watching = _by_name_only(corpus, count)
    tagger = compile_rules(builtin_rules(), watch(companies(), watching, {}))
    found = {}
    for kind, forms in NAMED:
        missed = []
        for item in watching:
            for form in forms:
                name = usual_names(nice_case(_REGISTER.sub("", item.name or "")))[-1]
                name = name.upper() if len(name) <= 3 else name
                name = name.lower() if kind == "all lower case" else name.upper() if kind == "all capitals" else name
                title = form.format(name)
                if item.symbol not in {mention.symbol for mention in tagger.tag(title)}:
                    missed.append(f"{item.name}: {title}")
        total = count * len(forms)
        found[f"name with legal form, {kind}"] = Rate(total - len(missed), total, tuple(missed))
    return found


def _by_name_only(corpus: Path, count: int) -> list[WatchSymbol]:
    """Return shares outside the table by the names of registers, each with a symbol that nothing knows."""
    from tracker.tagging.training.names import nice_case, usual_names

    known = {symbol for row in companies() for symbol in (row.symbol, *row.also)}
    files = ("sec_tickers", "equities")
    rows = [row for file in files for row in lines(corpus / "companies" / f"{file}.jsonl.gz")]
    names = {
        row["symbol"]: row["name"]
        for row in rows
        if row["symbol"] not in known and usual_names(nice_case(_REGISTER.sub("", row["name"])))
    }
    symbols = random.Random(7).sample(sorted(names), count)
    return [WatchSymbol(f"ZZZ{place}", names[symbol]) for place, symbol in enumerate(symbols)]


def named_in_stream(corpus: Path, count: int = 1_000) -> Rate:
    """Return how many general titles are tagged with one of `count` such shares; about half of these are wrong."""
    tagger = compile_rules(builtin_rules(), watch(companies(), _by_name_only(corpus, count), {}))
    titles = [row["title"] for row in lines(corpus / "companies" / "general_titles.jsonl.gz")]
    found = [title for title in titles if any((one.symbol or "").startswith("ZZZ") for one in tagger.tag(title))]
    return Rate(len(found), len(titles), tuple(found))


def watched_by_case(count: int = 200) -> dict[str, Rate]:
    """Return how many headlines about watched companies of the table are tagged, in each case."""
    rows = [row for row in companies() if row.listed and row.symbol and (row.names or row.caps)]
    rows = random.Random(7).sample(rows, count)
    watching = [WatchSymbol(row.symbol or "") for row in rows]
    tagger = compile_rules(builtin_rules(), watch(companies(), watching, other_shares()))
    found = {}
    for kind, change in (("as headlines are", str), ("all lower case", str.lower), ("all capitals", str.upper)):
        names = [(row.tag, next(iter((*row.names, *row.caps))).removesuffix("*")) for row in rows]
        titles = [(tag, change(form.format(name))) for tag, name in names for form in NAMED[0][1]]
        missed = [title for tag, title in titles if tag not in {mention.tag for mention in tagger.tag(title)}]
        found[f"watched, {kind}"] = Rate(len(titles) - len(missed), len(titles), tuple(missed))
    return found


def native(corpus: Path, count: int = 40) -> Rate:
    """Return how many headlines with the Japanese name of a watched Tokyo share outside the table are tagged."""
    known = {symbol for row in companies() for symbol in (row.symbol, *row.also)}
    rows = [row for row in lines(corpus / "companies" / "japan_native.jsonl.gz") if row["symbol"] not in known]
    rows = random.Random(7).sample(rows, count)
    symbols = [WatchSymbol(row["symbol"]) for row in rows]
    tagger = compile_rules(builtin_rules(), watch(companies(), symbols, other_shares()))
    titles = [(row["symbol"], f"{row['name_ja']}が業績予想を上方修正") for row in rows]
    missed = [title for symbol, title in titles if symbol not in {mention.symbol for mention in tagger.tag(title)}]
    return Rate(count - len(missed), count, tuple(missed))


def sp500(tagger: Tagger, corpus: Path, only: set[str] | None = None) -> Rate:
    """Return how many headlines that name their company get its tag; `only` keeps some companies."""
    tags = fresh.tags_of(companies())
    rows = {row.tag: row for row in companies()}
    missed = []
    total = 0
    for line in lines(corpus / "companies" / "sp500_headlines.jsonl.gz")[::5]:
        row = rows.get(tags.get(line["symbol"].replace(".", "-"), ""))
        if row is None or (only is not None and row.tag not in only):
            continue
        names = [line["company"], *row.names, *row.caps, *row.words]
        if re.search(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?![\w-])", line["title"]):
            total += 1
            if row.tag not in {mention.tag for mention in tagger.tag(line["title"])}:
                missed.append(f"{row.tag}: {line['title']}")
    return Rate(total - len(missed), total, tuple(missed))


def folds(corpus: Path) -> dict[str, Rate]:
    """Return the figures on companies that were left out of the training, over all folds."""
    from tracker.tagging.training.examples import examples
    from tracker.tagging.training.train import train

    order = sorted(row.tag for row in companies() if row.words)
    random.Random(5).shuffle(order)
    sums: dict[str, list[Rate]] = {}
    for number in range(FOLDS):
        out = set(order[number::FOLDS])
        weights = train(list(examples(corpus, tuple(row for row in companies() if row.tag not in out))))
        tagger = builtin_tagger()
        tagger.__dict__["_model"] = Model(weights, word_groups())
        rates = {
            "unseen: plain, ambiguous": _found(
                tagger, [(row.tag, name) for row in companies() if row.tag in out for name in list(row.words)[:1]]
            ),
            "unseen: S&P headlines that name it": sp500(tagger, corpus, out),
        }
        for name, is_company in SETS:
            rates[f"unseen: fresh {name}"] = fresh.measured(tagger, companies(), name, is_company=is_company, only=out)
        for name, rate in rates.items():
            sums.setdefault(name, []).append(rate)
    return {
        name: Rate(
            sum(one.hits for one in rates), sum(one.total for one in rates), sum((one.examples for one in rates), ())
        )
        for name, rates in sums.items()
    }


def main() -> int:
    """Print the table; `-v` also prints what was wrong or missed."""
    folder = os.environ.get("TRACKER_CORPUS")
    if not folder:
        print("TRACKER_CORPUS is not set", file=sys.stderr)
        return 2
    corpus = Path(folder)
    tagger = builtin_tagger()
    table = by_kind(tagger, companies())
    for name, is_company in SETS:
        table[f"fresh {name}"] = fresh.measured(tagger, companies(), name, is_company=is_company)
    table["fresh salience"] = fresh.salience(tagger, companies())
    table["watchlist"] = watched()
    table |= named(corpus)
    table["general titles tagged by such a name"] = named_in_stream(corpus)
    table |= watched_by_case()
    table["Tokyo by Japanese name"] = native(corpus)
    table["S&P headlines that name it"] = sp500(tagger, corpus)
    if "--folds" in sys.argv:
        table |= folds(corpus)
    for name, rate in table.items():
        print(f"{name:40} {rate}")
        for example in rate.examples[:40] if "-v" in sys.argv else ():
            print("      ", example)
    return 0


if __name__ == "__main__":
    sys.exit(main())
