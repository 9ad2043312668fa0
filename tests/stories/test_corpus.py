"""Figures on real headlines; looser than what the benchmark prints, so that they say when something broke."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories import measure

pytestmark = pytest.mark.corpus


def test_every_spelling_of_an_address_is_merged_and_no_trap(corpus: Path) -> None:
    found = measure.crossfeed(corpus)
    merged, total = found["same-article-url-variants"]
    assert merged == total > 50
    merged, total = found["same-title-cross-domain"]
    assert merged / total > 0.95
    assert measure.traps_merged(corpus) == []


def test_merges_on_business_news_are_right(corpus: Path) -> None:
    precision, _, f1 = measure.uci(corpus)
    assert f1 >= 0.70  # TF-IDF tuned on the same data: 0.616
    assert precision > 0.75
