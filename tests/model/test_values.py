"""What values say of themselves."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.helpers.store import NOW
from tracker.model.article import Article, Story
from tracker.model.config import Config
from tracker.model.launch import LaunchWindow
from tracker.model.market import Quote


def test_changes_after_the_close_compound() -> None:
    quote = Quote("NVDA", 119.48, NOW, "yahoo", 142.62, 118.42, "post")
    assert quote.change == pytest.approx(-0.16968, abs=1e-5)
    assert quote.extended_change == pytest.approx(119.48 / 118.42 - 1)
    early = Quote("NVDA", 125.0, NOW, "yahoo", 142.62, 142.62, "pre")
    assert early.change == pytest.approx(125 / 142.62 - 1)
    assert early.extended_change is None
    assert Quote("NVDA", 125.0, NOW, "yahoo").change is None


def test_an_article_is_aged_by_publication_else_by_when_it_was_seen() -> None:
    known = {"author": None, "text": "", "links": (), "updated": None, "first_seen": NOW, "language": None}
    marks = {"read": False, "starred": False, "symbol": None, "mentions": (), "story": Story(1, 1, ("A",))}
    article = Article(1, "k", "T", None, "A", 1, None, published=None, **known, **marks)  # type: ignore[arg-type]
    assert article.time == NOW
    earlier = NOW - timedelta(hours=1)
    dated = Article(1, "k", "T", None, "A", 1, None, published=earlier, **known, **marks)  # type: ignore[arg-type]
    assert dated.time == earlier


def test_a_window_opens_on_everything_unless_told() -> None:
    assert LaunchWindow(Config(), Path("t.db"), Path("state"), lambda: NOW).query == ""
