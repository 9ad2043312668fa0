"""What an address says without a lookup: its host, and whether that is this computer."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from ipaddress import ip_network as _network
from urllib.parse import SplitResult, urlsplit, urlunsplit

from tracker.model.shown import ascii_host

_PORTS = {"http": 80, "https": 443}
_NAT64 = _network("64:ff9b::/96")
_GLOBAL_IPV6 = _network("2000::/3")
"""The assigned global IPv6 addresses; the rest are local, reserved or translated."""
_NOT_PUBLIC = (
    _network("192.88.99.0/24"),  # relays of 6to4, given up (RFC 7526)
    _network("3fff::/20"),  # for documentation (RFC 9637), which Python 3.11 does not know
)


def split(url: str) -> SplitResult:
    """Return the parts of an address; those of an empty one when it cannot be read."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it is the check
    except ValueError:
        return urlsplit("")
    return parts


@lru_cache(maxsize=2_048)
def site(url: str) -> str:
    """Return the key of the server behind an address: its host, with the port unless it is the default.

    Pace and pauses are kept by it. "" when there is no host. Remembered, since a sync asks for that of every feed
    whenever one has answered.
    """
    parts = split(url)
    host = parts.hostname or ""
    return host if parts.port in (None, _PORTS.get(parts.scheme)) else f"{host}:{parts.port}"


def pair(url: str) -> tuple[str, int] | None:
    """Return (host, port) of an address, or None when it has none: what a user allows by configuring it."""
    parts = split(url)
    port = parts.port or _PORTS.get(parts.scheme)
    return None if not parts.hostname or port is None else (parts.hostname, port)


def origin(url: str) -> tuple[str, str, int | None]:
    """Return (scheme, host, port) of an address, with the usual port where it names none."""
    parts = split(url)
    return parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme)


def with_credentials_of(own: str, url: str) -> str:
    """Return `url` with the user and password in `own`, if both have one origin; else as it is.

    Args:
        own: an address that the user wrote.
        url: where its server, or a page there, points to.
    """
    userinfo, at, _ = split(own).netloc.rpartition("@")
    parts = split(url)
    if not at or "@" in parts.netloc or origin(own) != origin(url):
        return url
    return urlunsplit(parts._replace(netloc=f"{userinfo}@{parts.netloc}"))


def is_web_address(address: str) -> bool:
    """Return whether an address may be opened in a browser: http or https with a host, nothing else."""
    parts = split(address)
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def pair_key(host: str, port: int) -> str:
    """Return how a host and its port are remembered. A name has the form that is looked up (`xn--`)."""
    return f"{ascii_host(host.lower())}:{port}"


def is_loopback(url: str) -> bool:
    """Return whether an address is on this computer: the user's own server, where many requests bother nobody."""
    host = split(url).hostname or ""
    ip = literal(host)
    return host == "localhost" if ip is None else ip.is_loopback


def literal(host: str) -> IPv4Address | IPv6Address | None:
    """Return the IP address that a host is written as, or None for a name. Brackets and a zone (`%eth0`) are cut."""
    try:
        return ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None


def is_public(address: str) -> bool:
    """Return whether an IP is on the public internet, including the one in a mapped, tunnelled or translated IPv6.

    False for anything but an IP address.
    """
    ip = literal(address)
    if ip is None:
        return False
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip not in _GLOBAL_IPV6:
            return False
    if any(ip in network for network in _NOT_PUBLIC):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved
