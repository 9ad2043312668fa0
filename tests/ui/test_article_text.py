"""An article in lines: nothing lost, nothing too wide, the right words lit, the moves explained."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from tracker.model.article import Article, Story
from tracker.model.attribution import Attribution
from tracker.model.fulltext import FullText
from tracker.model.tags import Match, MatchField, Mention
from tracker.ui.widgets.article_text import Line, Original, TextSpan, article_lines, wrap, wrap_offsets
from tracker.ui.widgets.full_text_lines import full_text_lines

NOW = datetime(2025, 1, 27, 21, 16, tzinfo=UTC)
PUBLISHED = datetime(2025, 1, 27, 21, 12, tzinfo=UTC)
TITLE = "Nvidia loses $593 billion in a day"
TEXT = "Shares of Nvidia fell after DeepSeek.\n\nNvidia did not comment [/red]."


def match(field: MatchField, word: str, text: str, nth: int = 0) -> Match:
    start = -1
    for _ in range(nth + 1):
        start = text.index(word, start + 1)
    return Match(field, start, start + len(word), word)


NVIDIA = Mention(
    "nvidia", "about", "NVDA", (match("title", "Nvidia", TITLE), *(match("text", "Nvidia", TEXT, n) for n in (0, 1)))
)
DEEPSEEK = Mention("deepseek", "mention", "NVDA", (match("text", "DeepSeek", TEXT),), own=False)
ARTICLE = Article(
    id=7,
    key="k",
    title=TITLE,
    url="https://news.example/nvidia",
    source="CNBC",
    feed_id=1,
    group=None,
    author=None,
    text=TEXT,
    links=("https://filing.example/", "https://paper.example/"),
    published=PUBLISHED,
    updated=None,
    first_seen=PUBLISHED + timedelta(minutes=1),
    language="en",
    read=False,
    starred=False,
    symbol="NVDA",
    mentions=(NVIDIA, DEEPSEEK),
    story=Story(1, 1, ("CNBC",)),
)
SHARES = [[TextSpan("NVDA  since 16:12 ET ▲ 0.80%", "up")]]


def plain(lines: list[Line]) -> list[str]:
    return ["".join(span.text for span in line) for line in lines]


def marked(lines: list[Line]) -> list[str]:
    """Return lines with lit words in brackets."""
    return ["".join(f"[{span.text}]" if span.part == "match" else span.text for span in line) for line in lines]


def shown(article: Article, width: int = 90) -> list[str]:
    return plain(article_lines(article, [], NOW, width))


def test_whole_article() -> None:
    assert marked(article_lines(ARTICLE, SHARES, NOW, 90)) == [
        "[Nvidia] loses $593 billion in a day",
        "CNBC · Mon 27 Jan 16:12 ET, 4 min ago",
        "nvidia (about: title, text ×2), deepseek (mention: text; shown with NVDA)",
        "",
        "NVDA  since 16:12 ET ▲ 0.80%",
        "",
        "Shares of [Nvidia] fell after [DeepSeek].",
        "",
        "[Nvidia] did not comment [/red].",
        "",
        "https://news.example/nvidia",
        "[1] https://filing.example/",
        "[2] https://paper.example/",
    ]


def test_joined_emoji_are_drawn_apart() -> None:
    article = replace(ARTICLE, title="👩\u200d💻", text="می\u200cخواهم 👩\u200d💻", mentions=())
    lines = shown(article)
    assert lines[0] == "👩\u200c💻"
    assert "می\u200cخواهم 👩\u200c💻" in lines
    full = FullText("https://x.example/", "", "👩\u200d💻")
    assert plain(full_text_lines(full, (), 40)) == ["👩\u200c💻"]


def test_links_carry_their_address_over_lines() -> None:
    lines = article_lines(ARTICLE, [], NOW, 12)
    links = [span for line in lines for span in line if span.part == "link"]
    assert "".join(span.text for span in links if span.link == ARTICLE.url) == ARTICLE.url
    assert {span.link for span in links} == {ARTICLE.url, *ARTICLE.links}


def test_story_and_earlier_titles() -> None:
    article = replace(
        ARTICLE,
        story=Story(1, 12, ("CNBC", "The Verge", "Solidot")),
        earlier_titles=((NOW - timedelta(hours=2), "First"), (NOW - timedelta(hours=1), "Second")),
    )
    lines = shown(article)
    assert "12 articles on this story: CNBC first, then The Verge, Solidot" in lines
    assert lines[-2:] == [
        "headline until Mon 27 Jan 15:16 ET: Second",
        "headline until Mon 27 Jan 14:16 ET: First",
    ]
    alone = replace(ARTICLE, story=Story(1, 2, ("CNBC",)))
    assert "2 articles on this story, all from CNBC" in shown(alone)


NAMED = Attribution("WCCFTech", "https://wccftech.com/x", "text", 0, 8, key="u1")


@pytest.mark.parametrize(
    ("named", "original", "line"),
    [
        (
            replace(NAMED, original_id=3),
            Original(3, "WCCFTech", datetime(2025, 1, 27, 14, 14, tzinfo=UTC), "O"),
            "source named: WCCFTech ▸ its article, Mon 27 Jan 09:14 ET (press O)",
        ),
        (NAMED, None, "source named: WCCFTech ▸ https://wccftech.com/x (not stored)"),
        (Attribution("[/red]"), None, "source named: [/red] (article not stored)"),
    ],
)
def test_the_source_that_is_named_and_the_way_to_it(named: Attribution, original: Original | None, line: str) -> None:
    article = replace(ARTICLE, attribution=named, story=Story(1, 2, ("WCCFTech", "CNBC")))
    lines = article_lines(article, [], NOW, 90, original=original)
    assert plain(lines)[3:6] == ["2 articles on this story: WCCFTech first, then CNBC", line, ""]
    ways = [span.link for span in lines[4] if span.part == "link"]
    assert ways == ([3] if original is not None else [named.url] if named.url is not None else [])


def test_the_words_that_name_the_source_are_lit() -> None:
    text = "It was cheap.\n\nSource : Tom's Hardware, Nvidia"
    start = text.index("Tom's")
    named = Attribution("Tom's Hardware", None, "text", start, start + 14)
    tagged = Mention("nvidia", "mention", "NVDA", (match("text", "Nvidia", text),))
    article = replace(ARTICLE, text=text, mentions=(tagged,), attribution=named)
    assert "Source : [Tom's Hardware], [Nvidia]" in marked(article_lines(article, [], NOW, 90))
    changed = replace(article, text="It was not: " + text)  # since it was read, the site has written something else
    assert "Source : Tom's Hardware, Nvidia" in marked(article_lines(replace(changed, mentions=()), [], NOW, 90))
    titled = replace(ARTICLE, title="Chips fall (Reuters)", attribution=Attribution("Reuters", None, "title", 12, 19))
    assert marked(article_lines(replace(titled, mentions=()), [], NOW, 90))[0] == "Chips fall ([Reuters])"


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"published": None}, "CNBC · first seen Mon 27 Jan 16:13 ET, 3 min ago (the feed gives no time)"),
        (
            {"published": None, "claimed": NOW + timedelta(days=2)},
            "CNBC · first seen Mon 27 Jan 16:13 ET, 3 min ago (the feed gives a time in the future: Wed",
        ),
        ({"author": "Jane Doe"}, "CNBC · Mon 27 Jan 16:12 ET, 4 min ago · Jane Doe"),
        (
            {"updated": NOW - timedelta(minutes=1)},
            "CNBC · Mon 27 Jan 16:12 ET, 4 min ago · changed Mon 27 Jan 16:15 ET",
        ),
        ({"updated": PUBLISHED}, "CNBC · Mon 27 Jan 16:12 ET, 4 min ago"),
        ({"published": NOW + timedelta(hours=2)}, "CNBC · Mon 27 Jan 18:16 ET, in 2h"),
        ({"published": datetime(2024, 1, 3, 15, tzinfo=UTC)}, "CNBC · 3 Jan 2024 10:00 ET, 390 d ago"),
    ],
)
def test_source_line(change: dict[str, object], line: str) -> None:
    assert shown(replace(ARTICLE, **change))[1] == line


def test_tags_say_why() -> None:
    given_by_feed = Mention("chips", "about", None, (Match("feed", 0, 0, ""),))
    bare = Mention("amd", "mention", "AMD")
    lines = shown(replace(ARTICLE, mentions=(given_by_feed, bare)))
    assert lines[2] == "chips (about: set for every article of this feed), amd (mention)"


def test_article_with_nothing() -> None:
    bare = replace(ARTICLE, url=None, links=(), text=" \n\n ", mentions=(), title="x")
    assert shown(bare) == ["x", "CNBC · Mon 27 Jan 16:12 ET, 4 min ago", "", "The feed has no text for this article."]


def test_many_links_are_counted() -> None:
    lines = shown(replace(ARTICLE, links=tuple(f"https://l.example/{n}" for n in range(40))))
    assert lines[-2:] == ["[30] https://l.example/29", "and 10 more links"]


def test_overlapping_and_wrong_places_do_no_harm() -> None:
    matches = tuple(Match("text", start, end, "") for start, end in ((3, 9), (0, 6), (8, 2), (20, 900), (9, 12)))
    lines = article_lines(
        replace(ARTICLE, text="abcdefghijklmnopqrstuvw", mentions=(Mention("a", "about", None, matches),)), [], NOW, 80
    )
    assert marked(lines)[4] == "[abcdefghi][jkl]mnopqrst[uvw]"


def test_punctuation_does_not_open_a_line() -> None:
    assert plain(wrap([TextSpan("株に広がった。「半導体」株", "text")], 12)) == ["株に広がっ", "た。「半導", "体」株"]


def test_wide_and_narrow_mix() -> None:
    assert plain(wrap([TextSpan("跌幅6000亿美元 one-day loss", "text")], 8)) == [
        "跌幅6000",
        "亿美元",
        "one-day",
        "loss",
    ]


def test_lines_hang_below_the_end_of_a_lead() -> None:
    paragraph = [TextSpan("NVDA  ", "tag", hangs=True), TextSpan("one two ", "meta"), TextSpan("three", "up")]
    assert plain(wrap(paragraph, 14)) == ["NVDA  one two", "      three"]
    assert [span.part for span in wrap(paragraph, 14)[1]] == ["tag", "up"]
    assert plain(wrap(paragraph, 8)) == ["NVDA", "one two", "three"]  # no room for a margin


def test_indent_holds_on_every_line() -> None:
    assert plain(wrap([TextSpan("  one two three", "note")], 8)) == ["  one", "  two", "  three"]


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=120)
texts = st.lists(
    words | st.sampled_from(["Nvidia fell 17 %", "英伟达市值一日蒸发", "か\u3099。", "🇺🇸👍🏽", "x" * 99, "  "])
).map(" ".join)


@given(texts | words.map("\n".join), st.integers(-3, 60))
def test_lines_fit_and_lose_only_white_space(text: str, width: int) -> None:
    lines = [text[start:end] for start, end in wrap_offsets(text, width)]
    assert all(cell_len(line) <= max(2, width) for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(line.strip() for line in lines)
    assert not any("\n" in line for line in lines)


@given(st.lists(texts, min_size=1, max_size=5), st.integers(2, 50))
def test_runs_keep_their_kind(parts: list[str], width: int) -> None:
    paragraph = [TextSpan(part.replace("\n", " "), "match" if n % 2 else "text") for n, part in enumerate(parts)]
    lines = wrap(paragraph, width)
    for part in ("match", "text"):
        given_text = "".join(span.text for span in paragraph if span.part == part)
        drawn = "".join(span.text for line in lines for span in line if span.part == part)
        assert "".join(drawn.split()) == "".join(given_text.split())
    assert all(cell_len("".join(span.text for span in line)) <= width for line in lines)


@given(texts, texts, st.integers(20, 100))
def test_any_article_fits(title: str, text: str, width: int) -> None:
    lines = article_lines(replace(ARTICLE, title=title or "x", text=text), SHARES, NOW, width)
    assert all(cell_len(line) <= width for line in plain(lines))
