"""Passwords and tokens in addresses: what is shown of an address, and what may be given away of it."""

from __future__ import annotations

import re

_USERINFO = re.compile(r"(?<=://)[^/?#\n]*@")
_PARAMETER = re.compile(r"(?<=[?&;])([\w.\-\[\]%]+)=([^&;#\s]*)")
_SECRET_NAME = re.compile(
    r"token|secret|passw|pwd|apikey|signature|credential|(?:^|[_.-])(?:key|auth|sig|pass)$", re.IGNORECASE
)
_HIDDEN = "***"


def hide_secrets(text: str) -> str:
    """Return an address, or a text that may quote some, without the passwords and tokens in it.

    User and password before the host, and the values of parameters whose name says that they are secret (`token`,
    `api_key`, `auth` ...), become `***`.
    """
    if "://" not in text:
        return text
    return _PARAMETER.sub(_hidden, _USERINFO.sub(f"{_HIDDEN}@", text))


def has_secret(address: str) -> bool:
    """Return whether something in an address is hidden when it is shown."""
    return hide_secrets(address) != address


def without_secrets(address: str) -> str:
    """Return an address as it may be given to others: without user, password and the parameters that are secret."""
    place, hash_mark, fragment = _USERINFO.sub("", address, count=1).partition("#")
    path, question_mark, query = place.partition("?")
    kept = "&".join(part for part in query.split("&") if not _SECRET_NAME.search(part.partition("=")[0]))
    return path + (question_mark if kept or not query else "") + kept + hash_mark + fragment


def _hidden(found: re.Match[str]) -> str:
    name, value = found.groups()
    return f"{name}={_HIDDEN if value and _SECRET_NAME.search(name) else value}"
