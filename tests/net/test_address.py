from __future__ import annotations

from ipaddress import IPv4Network, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.net.address import is_loopback, is_public, is_web_address, site

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


@pytest.mark.parametrize("url", ["http://a.example", "HTTPS://a.example:1/x", "https://[::1]/"])
def test_addresses_of_the_web(url: str) -> None:
    assert is_web_address(url)


@pytest.mark.parametrize("url", ["ftp://a.example/", "file:///x", "javascript:x", "http:///x", "https:a", *BROKEN])
def test_addresses_that_no_browser_gets(url: str) -> None:
    assert not is_web_address(url)


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


_SPECIAL = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/29",
    "192.0.0.170/31",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "255.255.255.255/32",
    "::/128",
    "::1/128",
    "64:ff9b:1::/48",
    "100::/64",
    "2001:2::/48",
    "2001:db8::/32",
    "3fff::/20",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
    "4000::/3",
    "8000::/2",
]
"""The special-purpose registries of IANA, typed in by hand, with multicast and what has not been given out."""


@pytest.mark.parametrize("special", _SPECIAL)
def test_no_special_range_is_public(special: str) -> None:
    network = ip_network(special)
    some = {network[0], network[-1], network[network.num_addresses // 2]}
    for ip in some:
        assert not is_public(str(ip)), ip
        if isinstance(network, IPv4Network):
            number = int(ip)
            for wrapped in (
                f"::ffff:{ip}",
                f"64:ff9b::{ip}",
                f"2002:{number >> 16:x}:{number & 0xFFFF:x}::1",
                f"2001:0:808:808:0:0:{(number ^ 0xFFFFFFFF) >> 16:x}:{(number ^ 0xFFFFFFFF) & 0xFFFF:x}",
            ):
                assert not is_public(wrapped), wrapped


def test_the_site_of_a_feed_is_worked_out_once_however_often_it_is_asked_for() -> None:
    site.cache_clear()
    for _ in range(3):
        assert [site(f"https://h{number}.example/feed") for number in range(200)][-1] == "h199.example"
    assert site.cache_info().misses == 200
