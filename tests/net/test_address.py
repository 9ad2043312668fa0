from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.net.address import is_loopback, is_public, site

BROKEN = ["", "http://[", "http://a:b/", "http://a:99999/", "//", "x"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://A.example/x", "a.example"),
        ("https://a.example:443/x", "a.example"),
        ("http://a.example:443/x", "a.example:443"),
        ("https://user:pw@a.example:8443/", "a.example:8443"),
        ("http://[::1]:80/", "::1"),
        *((url, "") for url in BROKEN),
    ],
)
def test_site(url: str, expected: str) -> None:
    assert site(url) == expected


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8:80", "localhost", "LOCALHOST:1", "[::1]", "me:pw@localhost"])
def test_this_machine(host: str) -> None:
    assert is_loopback(f"http://{host}/x")


@pytest.mark.parametrize("url", ["http://127.0.0.1.example/x", "http://10.0.0.1/", "http://[::2]/", *BROKEN])
def test_other_machines(url: str) -> None:
    assert not is_loopback(url)


@given(st.text() | st.from_regex(r"https?://[\[\]0-9a-z:.%@]*/", fullmatch=True))
def test_nothing_that_is_written_as_an_address_is_an_error(text: str) -> None:
    is_loopback(text)
    is_public(text)
    assert isinstance(site(text), str)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]
)
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1",
        "::", "::1", "fe80::1",
        "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::1",
        "2002:a00:1::1", "", "localhost", "1.2.3",
    ],
)  # fmt: skip
def test_other_addresses(address: str) -> None:
    assert not is_public(address)
