"""How a tag is called, and which unlisted companies a share is shown for."""

from __future__ import annotations

import pytest

from tracker.model.tags import Match, MatchField, Mention, stands_in_for


@pytest.mark.parametrize(
    ("tag", "matches", "name"),
    [
        ("deepseek", (("title", "DeepSeek"),), "DeepSeek"),
        ("deepseek", (("title", "深度求索"), ("text", "DeepSeek")), "DeepSeek"),
        ("silicon-motion", (("text", "Silicon Motion"),), "Silicon Motion"),
        ("deepseek", (("title", "深度求索"),), "deepseek"),
        ("deepseek", (("feed", "DeepSeek"),), "deepseek"),
        ("deepseek", (), "deepseek"),
    ],
)
def test_a_tag_is_called_as_the_article_writes_it(
    tag: str, matches: tuple[tuple[MatchField, str], ...], name: str
) -> None:
    found = tuple(Match(field, 0, len(text), text) for field, text in matches)
    assert Mention(tag, "about", "NVDA", found).name == name


def test_a_share_stands_in_where_its_own_company_is_not_mentioned() -> None:
    stand_in, other = Mention("deepseek", "about", "NVDA", own=False), Mention("amd", "about", "AMD")
    own, topic = Mention("nvidia", "mention", "NVDA"), Mention("hbm", "about", own=False)
    assert stands_in_for((stand_in, other, topic), "NVDA") == ("deepseek",)
    assert stands_in_for((stand_in, own), "NVDA") == ()
    assert stands_in_for((stand_in, other), "AMD") == ()
    assert stands_in_for((), "NVDA") == ()
