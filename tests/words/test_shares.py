"""How the share of a headline is written."""

from __future__ import annotations

from tracker.words.shares import share_text


def test_a_share_is_its_symbol_and_a_stand_in_is_marked() -> None:
    assert share_text(None) == ""
    assert share_text("NVDA", "nvidia") == "NVDA"
    assert share_text("NVDA", "deepseek", is_stand_in=True) == "›NVDA"


def test_a_number_is_written_as_its_name_where_there_is_room() -> None:
    assert share_text("005930.KS", "samsung") == "samsung"
    assert share_text("005930.KS") == "005930.KS"
    assert share_text("005930.KS", "samsung", has_room=False) == "005930"
    assert share_text("ENR.DE", "siemens-energy") == "ENR.DE"
