"""Addresses as they are shown: without passwords and tokens, and with hosts that cannot look like others."""

from __future__ import annotations

import re
import unicodedata
from typing import overload

from tracker.model.secrets import hide_secrets

_HOST = re.compile(r"(?<=://)[^\s/?#]*[^\x00-\x7f\s/?#][^\s/?#]*")
_DOTS = re.compile(r"[.\u3002\uff0e\uff61]")


def show_address(text: str) -> str:
    """Return an address, or a text that may quote some, as a person may see it.

    Secrets become `***`. A host in another script than ASCII is written as it is looked up: a Cyrillic letter that
    looks like a Latin one shows as `xn--`.
    """
    if "://" not in text:
        return text
    return show_host(hide_secrets(text))


@overload
def show_host(text: str) -> str: ...
@overload
def show_host(text: str | None) -> str | None: ...
def show_host(text: str | None) -> str | None:
    """Return an address, or a text that quotes some, with hosts as they are looked up; it still works."""
    return text if text is None or text.isascii() else _HOST.sub(_with_ascii_host, text)


def ascii_host(host: str) -> str:
    """Return a host in the form that is looked up (RFC 3492): `münchen.example` is `xn--mnchen-3ya.example`."""
    if host.isascii():
        return host
    return ".".join(_ascii_label(label) for label in _DOTS.split(unicodedata.normalize("NFC", host.lower())))


def _ascii_label(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")


def _with_ascii_host(found: re.Match[str]) -> str:
    user, at, host = found.group().rpartition("@")
    return f"{user}{at}{ascii_host(host)}"
