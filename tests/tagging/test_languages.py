"""The language of an article by its most common words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.tagging.languages import languages_of


@pytest.mark.parametrize(
    ("title", "text", "code"),
    [
        ("Papież zamknie Drzwi Święte", "Będzie to oficjalne zakończenie obchodów w Watykanie, a nie koniec", "pl"),
        ("Le barbecue improvisé d'un chauffeur", "les gendarmes sont intervenus dans la nuit pour lui", "fr"),
        ("Microsoft schließt die Lücke in Windows", "Das Update ist für alle da und wird verteilt", "de"),
        ("The company is on its way to the top", "", "en"),
        ("Um homem e uma mulher não foram ouvidos", "", "pt"),
        ("Los precios de la luz suben en el norte", "", "es"),
    ],
)
def test_the_most_common_words_tell(title: str, text: str, code: str) -> None:
    assert code in languages_of(title, text)


@pytest.mark.parametrize("title", ["", "Nvidia", "Nvidia the", "日本株が急落"])
def test_too_few_words_tell_nothing(title: str) -> None:
    assert languages_of(title) == frozenset()


def test_only_the_start_of_a_text_is_read() -> None:
    assert languages_of("", "x" * 600 + " the of and to") == frozenset()


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    assert isinstance(languages_of(text, text), frozenset)
