"""Random queries against a real database: rows or a `QuerySyntaxError`, nothing else (`fuzz.py` has the kinds)."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from tests.helpers.store import NOW, about, article, fill
from tracker.model.config import View
from tracker.model.query import And, HasState, QuerySyntaxError, parse_query
from tracker.model.query_tokens import FIELDS
from tracker.store.mutes import hidden_by
from tracker.store.read import Reader
from tracker.store.write import Writer

_VALUES = (
    *("nvidia", "NVDA", "wccftech", '"The Verge"', "unread", "read", "starred", "published", "seen", "move", "sources"),
    *("6h", "2d", "0m", "999999w", "99999999999d", "-1d", "\u0661\u0662h", "\u00b2d"),
    *("2025-01-27", "0001-01-01", "9999-12-31", "2025-02-30", "20250127", "2025-W05-1", "10000-01-01", "0000-00-00"),
    *("2025-01-27T13:00Z", "0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00", "2025-01-27T24:00", "1e400"),
)
_SIZES = ("3%", "-3%", "0", "1e400", "1e-400", "nan", "inf", "-0%", "999999.999999%", "9" * 400, "\u0663%", "\u22125%")
_WORDS = (
    *("nvidia", "a", "深度求索", "chips*", "NEAR(a", "^a", "{title}:a", "col:val", "a+b", "AND", "or", "not", "NULL"),
    *("'", "''", "';DROP TABLE article;--", "%", "_", "?", "?1", ":x", "@x", "$x", "\\", "\x00", "a\x00b", "\x1b[31m"),
    *("\ud800", "\udcff", "\u202e", "\u0130", "ß", "ﬃ", "🧨", "\ufeff", "\u3000", "\u2028", "e\u0301", "...", "☃"),
)
_JOINTS = (" ", " ", " OR ", " -", " NOT ", " (", ") ", " OR (", " -(", '"', "")
_LONG = (
    lambda rng, n: "a OR " * n + "b",
    lambda rng, n: "NOT " * n + "a",
    lambda rng, n: "-" * n + "a",
    lambda rng, n: "(" * n + "a" + ")" * n,
    lambda rng, n: "-(" * n + "a" + ")" * n,
    lambda rng, n: "move>1 (-move<1 OR symbol:a -(" * n + "move>1" + "))" * n,
    lambda rng, n: " OR ".join(["-move>1%"] * n),
    lambda rng, n: " ".join(["symbol:NVDA"] * n),
    lambda rng, n: '"' + "a b " * n + '"',
    lambda rng, n: "x" * (n * 50),
    lambda rng, n: "深" * n,
    lambda rng, n: " ".join(f'"{word} {rng.random()}"' for word in ["a"] * n),
    lambda rng, n: "sort:move " * n,
    lambda rng, n: "title:" + "e\u0301" * n,
    lambda rng, n: " " * n,
)


def make_query(rng: random.Random) -> str:
    """Return a query such as a stranger, a slip of the pen or an enemy might write."""
    kind = rng.random()
    if kind < 0.15:
        return rng.choice(_LONG)(rng, rng.choice((3, 8, 9, 14, 40, 199, 200, 201, 1000, 2000)))
    if kind < 0.25:
        return "".join(
            chr(rng.choice((rng.randrange(0x250), rng.randrange(0x110000)))) for _ in range(rng.randrange(60))
        )
    parts: list[str] = []
    for _ in range(rng.randrange(1, 12)):
        parts.extend((_make_term(rng), rng.choice(_JOINTS)))
    return "".join(parts)


def _make_term(rng: random.Random) -> str:
    field = rng.choice((*FIELDS, ""))
    if field == "move":
        return f"move{rng.choice((':', ''))}{rng.choice(('<', '<=', '>', '>=', '=', ''))}{rng.choice(_SIZES)}"
    if field == "results":
        return f"results{rng.choice(('<', '<=', '>', '>=', ':', ''))}{rng.choice(('3d', '2w', '99999d', *_SIZES))}"
    value = rng.choice((*_VALUES, *_WORDS))
    return f"{field}:{value}" if field else rng.choice(_WORDS)


def fill_database(path: Path) -> None:
    """Store a few articles with tags, symbols and stories, so that every term has rows to look at."""
    titles = ["Nvidia falls", "深度求索 R1", "Chips & more", "a b c", "Nvidia and AMD", "e\u0301t\u00e9"]
    with Writer(path) as writer:
        writer.alerts.note_rules(["fuzz"])
        for feed, group in (("WCCFTech", "Hardware"), ("The Verge", None)):
            fill(
                writer,
                feed,
                [
                    article(
                        f"{title} {feed}",
                        minutes_ago=place * 600,
                        mentions=[about("nvidia", title, "NVDA")] if "Nvidia" in title else [],
                        symbol="NVDA" if "Nvidia" in title else None,
                        story_keys=[title],
                    )
                    for place, title in enumerate(titles)
                ],
                group=group,
            )


def run_query(reader: Reader, text: str) -> bool:
    """Ask for a query in every way in which the program reads; False when it was refused at a character of it."""
    try:
        query = parse_query(text)
    except QuerySyntaxError as error:
        if not 1 <= error.position <= len(text) + 1:
            raise AssertionError(f"no character of the query: {error}") from error
        return False
    ids = list(reader.articles.ids(query, NOW))
    assert len(reader.stories.leads(query, NOW)) <= len(ids)
    # As the window does it: inside a place and a state, and as a view whose unread articles are counted.
    reader.stories.counts((View("fuzz", text), View("again", text)), NOW)
    unread = replace(query, root=And(tuple(filter(None, (query.root, HasState("unread"))))))
    for asked in (query, replace(unread, sort="published"), hidden_by(unread)):
        leads = reader.stories.leads(asked, NOW)
        reader.stories.leads(asked, NOW, 1)
        reader.stories.first_leads(asked, NOW, 1)
        reader.stories.raised(leads, asked, NOW, {1: 1})
        reader.stories.matching(ids, asked, NOW)
        reader.stories.count(asked, NOW)
        reader.league.reports(asked, NOW)
        reader.alerts.candidates("fuzz", asked, NOW - timedelta(days=1), NOW)
    return True
