from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model.shown import ascii_host, show_address, show_host


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://www.раураl.com/a", "https://www.xn--l-7sba6dbr.com/a"),
        ("see https://MÜNCHEN.example:8080/ü?x=ü now", "see https://xn--mnchen-3ya.example:8080/ü?x=ü now"),
        ("https://me:pässword@a.example/?token=é", "https://***@a.example/?token=***"),
        ("https://例え。テスト/x", "https://xn--r8jz45g.xn--zckzah/x"),
        ("ü without an address", "ü without an address"),
        ("https://a.example/ü", "https://a.example/ü"),
    ],
)
def test_hosts_show_as_they_are_looked_up(text: str, shown: str) -> None:
    assert show_address(text) == shown


def test_the_address_of_an_article_still_works() -> None:
    assert show_host("https://münchen.example/?token=1") == "https://xn--mnchen-3ya.example/?token=1"
    assert show_host(None) is None


@given(st.text(st.characters(codec="utf-8")))
def test_any_host_becomes_ascii(host: str) -> None:
    assert ascii_host(host).isascii()


@given(st.text())
def test_any_text_can_be_shown(text: str) -> None:
    assert show_address("https://" + text).startswith("https://")
