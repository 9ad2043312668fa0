"""Articles out of pages: hostile ones, and how well it works on saved ones."""

from __future__ import annotations

import gzip
import json
import re
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.feeds.safety import is_safe
from tests.helpers.pages import PARAGRAPHS, page
from tracker.feeds.errors import FeedError
from tracker.feeds.page_process import MAX_PAGE_BYTES, extract_apart
from tracker.feeds.pages import extract

DEEP = 200_000


@pytest.mark.slow
@pytest.mark.parametrize(
    "html",
    [
        "<div>" * DEEP + PARAGRAPHS[0],
        page("<blockquote>" * DEEP + PARAGRAPHS[0]),
        page("<ul><li>" * DEEP + PARAGRAPHS[0]),
        page("<table><tr><td>" * 20_000 + PARAGRAPHS[0]),
        page("<a href='x'>" * DEEP),
        page("<b " + "a='1' " * DEEP + ">" + PARAGRAPHS[0]),
        page("&#x1b;[31m" * DEEP),
        page(*(["word " * 5] * 50_000)),
        "<html>" + "<" * 2_000_000,
        "<html><!--" * DEEP,
    ],
    ids=["divs", "quotes", "lists", "tables", "links", "attributes", "escapes", "paragraphs", "brackets", "comments"],
)
async def test_a_hostile_page_ends_within_the_time_limit(html: str) -> None:
    began = time.monotonic()
    with suppress(FeedError):
        full = await extract_apart(html.encode(), "text/html", "https://a.example/", seconds=4)
        assert is_safe(full.title)
        assert is_safe(full.text, "\n")
    assert time.monotonic() - began < 9


@pytest.mark.slow
async def test_what_takes_too_long_is_stopped() -> None:
    began = time.monotonic()
    with pytest.raises(FeedError, match=r"within 0\.01 s"):
        await extract_apart(page().encode(), "text/html", seconds=0.01)
    assert time.monotonic() - began < 5


async def test_a_page_over_the_limit_is_not_read() -> None:
    with pytest.raises(FeedError, match="more than 10 MB"):
        await extract_apart(b"x" * (MAX_PAGE_BYTES + 1))


@pytest.mark.slow
def test_no_control_character_comes_through() -> None:
    hostile = "\x1b]0;owned\x07\u202e\u200b\x9b31m<i>&#27;[2J&#155;&#x202e;</i>"
    full = extract(page(*(hostile + one for one in PARAGRAPHS), title="Nvidia\x1b[31m").encode(), "text/html", None)
    assert is_safe(full.title)
    assert is_safe(full.text, "\n")
    assert PARAGRAPHS[2] in full.text


@pytest.mark.slow
def test_links_are_http_and_absolute() -> None:
    links = "<a href='javascript:alert(1)'>one</a> <a href='file:///etc/passwd'>two</a> <a href='/three'>three</a>"
    full = extract(page(f"{PARAGRAPHS[0]} {links}.", *PARAGRAPHS).encode(), "text/html", "https://a.example/x")
    assert full.links == ("https://a.example/three",)
    assert "one two three[1]." in full.text


@pytest.mark.slow
def test_a_list_of_articles_is_no_article() -> None:
    items = [f"<a href='/{number}'>{one} {number}</a>" for number in range(9) for one in PARAGRAPHS]
    with pytest.raises(FeedError, match="has no article text"):
        extract(page(*items).encode(), "text/html", "https://a.example/")


@pytest.mark.slow
@pytest.mark.corpus
def test_articles_of_saved_pages_are_found(corpus: Path) -> None:
    """Whole bodies: F1 of runs of four words. Others: shares of the wanted strings found, of the unwanted left out."""
    scores: list[tuple[float, float]] = []
    wanted: Counter[bool] = Counter()
    unwanted: Counter[bool] = Counter()
    with gzip.open(corpus / "pages" / "truth.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for row in rows:
        text = _text(corpus, row)
        if "body" in row:
            scores.append(_score(row["body"], text))
        else:
            flat = " ".join(text.split())
            wanted.update(" ".join(one.split()) in flat for one in row["with"])
            unwanted.update(" ".join(one.split()) not in flat for one in row["without"])
    precision = sum(one for one, _ in scores) / len(scores)
    recall = sum(one for _, one in scores) / len(scores)
    f1 = 2 * precision * recall / (precision + recall)
    found, left_out = wanted[True] / wanted.total(), unwanted[True] / unwanted.total()
    print(f"{len(rows)} pages: F1 {f1:.3f}, with {found:.1%}, without {left_out:.1%}")
    assert f1 >= 0.95
    assert found >= 0.91
    assert left_out >= 0.915


def _text(corpus: Path, row: dict[str, Any]) -> str:
    """Return the text of a page without the marks of links, headings and pictures; "" where none is found."""
    files = corpus / "pages" / "html" / row["file"]
    try:
        full = extract(gzip.decompress(files.read_bytes()), "text/html", row["url"])
    except FeedError:
        return ""
    return re.sub(r"\[\d+\]|^#+ |^\[picture: .*\]$", "", full.text, flags=re.MULTILINE)


def _score(truth: str, text: str) -> tuple[float, float]:
    """Return (precision, recall) of the runs of four words."""
    expected, found = _runs(truth), _runs(text)
    common = (expected & found).total()
    return common / max(1, found.total()), common / max(1, expected.total())


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[place : place + 4]) for place in range(max(1, len(words) - 3)))
