"""newsboat's filter language as queries."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.feeds.newsboat_query import Untranslatable, translate
from tracker.model.query import QuerySyntaxError, parse_query

TAGS = {"news": ['group:"news"', "tag:news"], "one": ["tag:one"], "none": []}


@pytest.mark.parametrize(
    ("expression", "query"),
    [
        ('unread = "yes"', "is:unread"),
        ('unread == "no"', "is:read"),
        ('unread != "yes"', "-is:unread"),
        ('title =~ "Linux"', 'title:"Linux"'),
        ('title =~ "Linux|Free BSD"', '(title:"Linux" OR title:"Free BSD")'),
        ('content !~ "(sport|football)"', '-("sport" OR "football")'),
        ('feedtitle = "Heise (de)"', 'feed:"Heise (de)"'),
        ('feedtitle =~ "heise"', 'source:"heise"'),
        ('tags # "news"', '(group:"news" OR tag:news)'),
        ('tags !# "one"', "-tag:one"),
        ("age < 7", "newer:7d"),
        ("age <= 7", "newer:8d"),
        ("age > 7", "older:8d"),
        ("age >= 7", "older:7d"),
        ("age = 1", "(newer:2d older:1d)"),
        ("age between 0:10", "newer:11d"),
        ("age between 7 : 3", "(newer:8d older:3d)"),
        ('age < "7"', "newer:7d"),
        ('unread = "yes" and age < 2 and tags # "one"', "is:unread newer:2d tag:one"),
        (
            '( title =~ "a" or title =~ "b" ) AND ( content =~ "c" and ( unread="yes" ) )',
            '(title:"a" OR title:"b") "c" is:unread',
        ),
        ('(unread = "yes" and age < 2) or tags # "one"', "(is:unread newer:2d OR tag:one)"),
        (r'title =~ "a\\b" or unread = "yes"', None),
    ],
)
def test_what_can_be_said(expression: str, query: str | None) -> None:
    if query is None:
        with pytest.raises(Untranslatable, match="not plain words"):
            translate(expression, TAGS)
    else:
        assert translate(expression, TAGS) == query
        parse_query(query)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ('title =~ "^Linux"', 'the pattern "^Linux" is not plain words'),
        ('title =~ ""', 'the pattern "" is not plain words'),
        ('author =~ "Frank"', 'tracker has no query for author =~ "Frank"'),
        ("unread_count > 0", 'tracker has no query for unread_count > "0"'),
        ('unread = "maybe"', 'tracker has no query for unread = "maybe"'),
        ('feedtitle = "!"', 'tracker has no query for feedtitle = "!"'),
        ('feedtitle =~ "a.*b"', 'tracker has no query for feedtitle =~ "a.*b"'),
        ('tags # "none"', 'no feed has the tag "none"'),
        ('tags # "other"', 'no feed has the tag "other"'),
        ('age between "a:b"', '"age between a:b" is not an age in days'),
        ("age between 3", '"age between 3" is not an age in days'),
        ("age < 3:4", '"age < 3:4" is not an age in days'),
        ('age < "soon"', '"age < soon" is not an age in days'),
        ('unread = "yes" and', "it is not complete"),
        ("nonsense", '"nonsense" is not a comparison'),
        ('unread = "yes" nonsense', '"nonsense" is not a comparison'),
        ('(unread = "yes"', "a bracket is not closed"),
        ('unread = "yes" or age < 2 and age > 1', 'it mixes "and" and "or" without brackets'),
        ("(" * 9 + 'unread = "yes"' + ")" * 9, "more than 6 brackets in each other"),
    ],
)
def test_what_cannot_be_said_says_why(expression: str, reason: str) -> None:
    with pytest.raises(Untranslatable) as error:
        translate(expression, TAGS)
    assert str(error.value) == reason


_terms = st.sampled_from(
    ['unread = "yes"', "age < 3", 'title =~ "x"', 'tags !# "news"', "( ", " )", " and ", " or ", "("]
)


@given(st.lists(_terms, max_size=12).map("".join) | st.text())
def test_what_comes_out_is_a_query(expression: str) -> None:
    try:
        query = translate(expression, TAGS)
    except Untranslatable:
        return
    with suppress(TooLong):
        parsed(query)


class TooLong(Exception):
    """Tracker's own bounds end the query."""


def parsed(query: str) -> None:
    try:
        parse_query(query)
    except QuerySyntaxError as error:
        if "at most" in error.expected:
            raise TooLong from error
        raise
