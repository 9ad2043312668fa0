"""Figures on real headlines; the bounds are those of the project, the benchmark prints the figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tagging import measure
from tracker.tagging.aside import Asides
from tracker.tagging.companies import aside_weights, companies, word_groups
from tracker.tagging.training import asides

pytestmark = pytest.mark.corpus
TAGGER = measure.builtin_tagger()


def test_words_that_are_not_the_company(corpus: Path) -> None:
    rate = measure.false_about(TAGGER, corpus)
    assert rate.value < 0.03, rate.examples


@pytest.mark.parametrize(
    ("company", "tag", "label", "least"),
    [
        ("NVDA", "nvidia", "name", 0.98),
        ("NVDA", "nvidia", "product_or_person", 0.9),
        ("DEEPSEEK", "deepseek", "name", 0.98),
    ],
)
def test_recall_of_the_two_that_matter(corpus: Path, company: str, tag: str, label: str, least: float) -> None:
    rate = measure.recall(TAGGER, corpus, company, tag, label)
    assert rate.value >= least, rate.examples


def test_words_in_passing_stay_mentions(corpus: Path) -> None:
    rate = measure.passing_about(TAGGER, corpus)
    assert rate.value <= 0.05, rate.examples


def test_entities_that_people_marked(corpus: Path) -> None:
    precision, recall = measure.sentfin(TAGGER, corpus, measure.the_field())
    assert precision.value >= 0.95, precision.examples
    assert recall.value >= 0.95, recall.examples


def test_who_titles_are_about_in_sources_and_of_companies_never_trained_on(corpus: Path) -> None:
    found = [one for one in asides.named(corpus) if one.is_held_out and one.key in asides.labels()]
    model = Asides(aside_weights(), word_groups())
    right = [asides.is_aside(model, one) is asides.labels()[one.key] for one in found]
    assert len(right) > 600
    assert sum(right) / len(right) >= 0.92


LARGE_INDICES = """
S&P 500|S&P 100|NASDAQ 100|DOW JONES|EURO STOXX 50|DAX|MDAX|CAC_40|FTSE 100|Switzerland 20|AEX|IBEX 35|NIKKEI 225
"""


@pytest.mark.parametrize("index", LARGE_INDICES.strip().split("|"))
def test_every_company_of_the_large_indices_is_in_the_table(corpus: Path, index: str) -> None:
    known = {symbol for row in companies() if row.listed for symbol in (row.symbol, *row.also)}
    names = {name for row in companies() for name in (row.label, *row.names, *row.caps, *row.words)}
    rows = measure.lines(corpus / "companies" / "indices.jsonl.gz")
    members = [row for row in rows if index in row["indices"]]
    assert len(members) >= 20
    assert not [
        row["name"] for row in members if row["name"] not in names and not known & {row["symbol"], *row["yahoo"]}
    ]
