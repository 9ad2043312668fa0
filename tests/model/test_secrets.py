"""What is hidden in addresses, and what is left of one that is given away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.growth import assert_linear
from tracker.model.secrets import has_secret, hide_secrets, without_secrets

_PART = st.text("abcXYZ0129.:@!$-_~%", min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("address", "shown", "given_away"),
    [
        ("http://me:pw@a.test/feed", "http://***@a.test/feed", "http://a.test/feed"),
        ("http://me:p@w@a.test/feed", "http://***@a.test/feed", "http://a.test/feed"),
        ("https://TOKEN@a.test:81/x?y=1#z", "https://***@a.test:81/x?y=1#z", "https://a.test:81/x?y=1#z"),
        ("http://a.test/?token=abc", "http://a.test/?token=***", "http://a.test/"),
        ("http://a.test/?n=5&Api_Key=abc&m=6", "http://a.test/?n=5&Api_Key=***&m=6", "http://a.test/?n=5&m=6"),
        ("http://a.test/?feed_token=a&key=b#f", "http://a.test/?feed_token=***&key=***#f", "http://a.test/#f"),
        ("http://a.test/?monkey=5", "http://a.test/?monkey=5", "http://a.test/?monkey=5"),
        ("http://a.test/?token=", "http://a.test/?token=", "http://a.test/"),
        ("http://a.test/?", "http://a.test/?", "http://a.test/?"),
        ("http://a.test/@me/feed", "http://a.test/@me/feed", "http://a.test/@me/feed"),
        ("no address, me@a.test", "no address, me@a.test", "no address, me@a.test"),
    ],
)
def test_passwords_and_tokens_are_hidden_and_the_rest_stays(address: str, shown: str, given_away: str) -> None:
    assert hide_secrets(address) == shown
    assert has_secret(address) is (shown != address)
    assert without_secrets(address) == given_away


def test_every_address_in_a_text_is_hidden() -> None:
    said = "http://a:b@x.test/1 moved to https://c:d@y.test/2?auth=e and https://z.test/"
    assert hide_secrets(said) == "http://***@x.test/1 moved to https://***@y.test/2?auth=*** and https://z.test/"


@given(_PART)
def test_no_user_or_password_is_left(secret: str) -> None:
    address = f"http://s3cr3t{secret}@host.test/feed?a=b"
    assert hide_secrets(address) == "http://***@host.test/feed?a=b"
    assert "s3cr3t" not in without_secrets(address)


@pytest.mark.parametrize(("start", "part"), [("", "://"), ("://", "?a"), ("http://", "@"), ("://&", "a-")])
def test_no_text_takes_more_than_linear_time(start: str, part: str) -> None:
    assert_linear(lambda size: start + part * size, hide_secrets, 200_000)
