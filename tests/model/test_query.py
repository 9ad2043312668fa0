"""The query language: trees, and errors that point at a character."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model.query import (
    Age,
    And,
    Between,
    FromSource,
    HasState,
    InGroup,
    Moved,
    Not,
    OfSymbol,
    OfWatchlist,
    Or,
    Query,
    QuerySyntaxError,
    Reported,
    ReportsIn,
    Tagged,
    Words,
    named_terms,
    parse_query,
    rename_feed,
    slug,
    with_watchlist,
)
from tracker.model.query_tokens import FIELDS

A, B, C = Words("a"), Words("b"), Words("c")


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", Query()),
        ("  ", Query()),
        ("a", Query(A)),
        ("a b", Query(And((A, B)))),
        ("a OR b c", Query(Or((A, And((B, C)))))),
        ("(a OR b) c", Query(And((Or((A, B)), C)))),
        ("-a", Query(Not(A))),
        ("NOT a", Query(Not(A))),
        ("NOT -a", Query(A)),
        ("well-known", Query(Words("well-known"))),
        ('"a b" c', Query(And((Words("a b", exact=True), C)))),
        ('"a b', Query(Words("a b", exact=True))),
        ("tag:DeepSeek about:nvidia", Query(And((Tagged("deepseek", False), Tagged("nvidia", True))))),
        ("symbol:nvda", Query(OfSymbol("NVDA"))),
        ('source:"The Verge"', Query(FromSource("theverge"))),
        ('feed:"The Verge"', Query(FromSource("theverge", exact=True))),
        ("group:中文", Query(InGroup("中文"))),
        ('title:"day one"', Query(Words("day one", title_only=True))),
        ("title:...", Query()),
        ("is:UNREAD", Query(HasState("unread"))),
        ("is:watched", Query(OfWatchlist())),
        ("sources>=3", Query(Reported(">=", 3))),
        ("Sources:<2", Query(Reported("<", 2))),
        ("results<3d", Query(ReportsIn("<", 3))),
        ("Results:>=2W", Query(ReportsIn(">=", 14))),
        ("-results<=1d", Query(Not(ReportsIn("<=", 1)))),
        ("results mobile<3d love<3 a<b", Query(And(tuple(map(Words, ("results", "mobile<3d", "love<3", "a<b")))))),
        ("sort:sources", Query(None, "sources")),
        ("Nvidia: results", Query(And((Words("Nvidia:"), Words("results"))))),
        ('"re:invent"', Query(Words("re:invent", exact=True))),
        ('"tag=x" e=mc a=b', Query(And((Words("tag=x", exact=True), Words("e=mc"), Words("a=b"))))),
        ("newer:30min", Query(Age(1800, older=False))),
        ("older:2w", Query(Age(1_209_600, older=True))),
        ("sort:seen a", Query(A, "seen")),
        ("sort:move", Query(None, "move")),
        ("move<-3%", Query(Moved("<", -0.03))),
        ("MOVE>=+2.5", Query(Moved(">=", 0.025))),
        ("move:<=\u22123%", Query(Moved("<=", -0.03))),
        ("-move>3% a", Query(And((Not(Moved(">", 0.03)), A)))),
        ("(move>3%)", Query(Moved(">", 0.03))),
        ("movement move", Query(And((Words("movement"), Words("move"))))),
        ("sort:seen", Query(None, "seen")),
        ("-sort:seen", Query(None, "seen")),
        ("a OR sort:seen", Query(A, "seen")),
        ("...", Query()),
        ("http://x", Query(Words("http://x"))),
        (
            "on:2025-01-27",
            Query(Between(datetime(2025, 1, 27, tzinfo=UTC), datetime(2025, 1, 28, tzinfo=UTC))),
        ),
        ("on:9999-12-31", Query(Between(datetime(9999, 12, 31, tzinfo=UTC), None))),
        ("since:2025-01-27T14:00+01:00", Query(Between(datetime(2025, 1, 27, 13, tzinfo=UTC), None))),
        ("until:2025-01-27T13:00", Query(Between(None, datetime(2025, 1, 27, 13, tzinfo=UTC)))),
    ],
)
def test_parse(text: str, query: Query) -> None:
    assert parse_query(text) == query


@pytest.mark.parametrize(
    ("text", "renamed"),
    [
        ('feed:"The Verge"', 'feed:"New “one”"'),
        (
            '(FEED:the-verge OR "feed:theverge") -source:TheVerge is:unread',
            '(FEED:"New “one”" OR "feed:theverge") -source:"New “one”" is:unread',
        ),
        ('sources>=3 feed:"the verge', 'sources>=3 feed:"New “one”"'),
        ("source:verge feed:theverge2 theverge group:theverge", None),
        ("", None),
    ],
)
def test_a_renamed_feed_is_renamed_in_queries(text: str, renamed: str | None) -> None:
    assert rename_feed(text, "The Verge", "New “one”") == (text if renamed is None else renamed)
    assert parse_query(rename_feed(text, "The Verge", 'New "one"'))


def test_a_query_that_ends_with_a_field_can_be_asked() -> None:
    assert rename_feed("feed:", "...", "New") == 'feed:"New"'


def test_a_part_of_several_names_stays_as_it_finds_the_others_too() -> None:
    text = "source:verge OR feed:verge"
    assert rename_feed(text, "Verge", "V", ["The Verge"]) == 'source:verge OR feed:"V"'


@given(st.text(), st.text(min_size=1), st.text())
def test_other_queries_and_other_names_stay(text: str, old: str, new: str) -> None:
    if "feed:" not in text.casefold() and "source:" not in text.casefold():
        assert rename_feed(text, old, new) == text


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("a OR", 5, "a word or a field"),
        ("OR a", 1, "a word or a field"),
        ("(a", 3, '")"'),
        ("a)", 2, 'no "(" is open'),
        ("()", 2, "a word or a field"),
        ("a NOT", 6, "a term after NOT"),
        ("tag:", 5, "a value after tag:"),
        ('tag:" "', 5, "a value after tag:"),
        ("a is:old", 6, "unread, read, starred, watched or muted"),
        ("a sources:3", 11, "<, <=, > or >= and a number"),
        ("results:3d", 9, "<, <=, > or >= and days"),
        ("results<3", 9, "days such as 3d, or weeks such as 2w"),
        ("results<-1d", 9, "days such as"),
        ("results<999999d", 9, "days such as"),
        ("results<", 9, "a value after results<"),
        ("a resuls<3d", 3, "did you mean results< instead of resuls<?"),
        ("moves>=3%", 1, "did you mean move>= instead of moves>=?"),
        ("resuls:3d", 1, "did you mean results: instead of resuls:?"),
        ("a sources=3", 3, "sources<, sources<=, sources> or sources>= instead of sources=; to search for the text"),
        ("MOVE=3%", 1, "move<, move<=, move> or move>= instead of move=;"),
        ("-tag=nvidia", 2, "tag: instead of tag=; to search for the text, put it in quotes"),
        ("title=", 1, "title: instead of title=;"),
        ("sources>x", 9, "a number such as 3"),
        ("sources>", 9, "a value after sources>"),
        ("a colour:red", 3, "a known field (tag, about"),
        ("a tga:nvidia", 3, "did you mean tag: instead of tga:?"),
        ("newer:soon", 7, "an age such as"),
        ("older:9999999d", 7, "an age such as"),
        ("on:yesterday", 4, "a date such as"),
        ("since:2025-13-01", 7, "a date such as"),
        ("until:0001-01-01T00:00+14:00", 7, "a date such as"),
        ("sort:best", 6, "published, seen, sources, move, abnormal, dollars, session, t or yours"),
        ("a move<", 8, "a value after move<"),
        ("move<x", 6, "a percentage such as"),
        ("move>=3%%", 7, "a percentage such as"),
        ("move>1e3", 6, "a percentage such as"),
        ("move:3%", 6, "<, <=, > or >="),
        ("move:", 6, "a value after move:"),
        ("(" * 60 + "a", 7, "at most 6 brackets"),
    ],
)
def test_error_points_at_a_character(text: str, position: int, expected: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse_query(text)
    assert caught.value.position == position
    assert expected in str(caught.value)


_PIECES = st.one_of(
    st.sampled_from(
        [
            *(f"{name}:" for name in FIELDS),
            "OR",
            "NOT",
            "-",
            "(",
            ")",
            '"',
            "6h",
            "2025-01-27",
            "unread",
            "move<",
            "move>=-3%",
        ]
    ),
    st.text(max_size=8),
)


@given(st.lists(_PIECES, max_size=12).map(" ".join))
def test_anything_is_parsed_or_refused_at_a_place_in_it(text: str) -> None:
    position = 1
    try:
        parse_query(text)
    except QuerySyntaxError as error:
        position = error.position
    assert 1 <= position <= len(text) + 1


def test_names_are_told_with_their_field_and_character() -> None:
    found = named_terms('falls -tag:Nvidia (about:"open ai" OR "tag:none") title:tag feed:B -source:C group:D symbol:E')
    names = (("feed", "b", 66), ("source", "c", 76), ("group", "d", 84), ("symbol", "e", 93))
    assert found == (("tag", "nvidia", 12), ("about", "open ai", 26), *names)
    assert named_terms("falls") == ()


def test_slug() -> None:
    assert slug("The Verge") == "theverge"
    assert slug("IT之家") == "it之家"
    assert slug("- -") == ""


def test_the_watchlist_is_named_wherever_a_query_asks_for_it() -> None:
    query = parse_query("-is:watched (a OR is:watched) sort:seen")
    watched = OfWatchlist(("NVDA", "AMD"))
    assert with_watchlist(query, ["nvda", "AMD"]) == Query(And((Not(watched), Or((A, watched)))), "seen")
    assert with_watchlist(Query(), ["NVDA"]) == Query()
