"""The charset of a feed document: as feedparser decides, except for UTF-8 declared as something narrower, and for
documents that declare nothing or are not what they declare.
"""

from __future__ import annotations

import re

from feedparser.encodings import convert_to_utf8

from tracker.feeds.page_charset import guess_other_script, is_jis, is_known, other_script
from tracker.feeds.text import clean_line

_DECLARED = re.compile(rb"^\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z0-9._:-]+)[\"']", re.IGNORECASE)
_DECLARATION = re.compile(rb"^\s*+<\?xml[^>]*+>", re.IGNORECASE)
_UNKNOWN = "declares an unknown charset; read as utf-8"
_HTTP = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]+)", re.IGNORECASE)
_NOT_ASCII = re.compile("[^\x00-\x7f\ufffd]+")
_WHOLE_FOR_BROKEN = 4
_UTF8 = ("utf-8", "utf8")
_DEFAULTS = ("iso-8859-1", "latin1", "latin-1", "us-ascii")
"""What servers claim of every document when nobody has told them."""
_ONE_BYTE = re.compile(
    r"us-ascii|ascii|latin-?1|(?:iso-?8859|windows|cp)[-_]?\d+(?:-\d+)?|koi8-?[ru]|tis-?620|(?:x-)?mac-?\w+",
    re.IGNORECASE,
)


def to_utf8(body: bytes, content_type: str | None) -> tuple[bytes, tuple[str, ...]]:
    """Return the document in UTF-8, its XML declaration rewritten, and warnings; unreadable bytes are replaced.

    HTTP charset, XML declaration and byte order mark are weighed as feedparser does (RFC 3023), with three exceptions:
    a body that is valid UTF-8 although it claims a one-byte charset is UTF-8, since text in such a charset rarely is;
    a declared charset of another script than Latin counts for more than what servers claim of every document; and
    where nothing else is claimed, or UTF-8 falsely, text in another script is known by its letters.
    """
    headers = {"content-type": content_type} if content_type else {}
    http = _HTTP.search(content_type or "")
    declared = _DECLARED.match(body)
    names = [http[1]] if http else []
    names += [declared[1].decode("ascii")] if declared else []
    if all(_ONE_BYTE.fullmatch(name) for name in names if name.lower() not in _UTF8) and _is_utf8(body):
        headers = {"content-type": "application/xml; charset=utf-8"}
    elif all(name.lower() in _UTF8 for name in names) and (repaired := _almost_utf8(body)) is not None:
        data, _ = to_utf8(*repaired)
        return data, ("unreadable characters were replaced",)
    elif (guessed := _of_other_script(body, http and http[1], declared and declared[1].decode("ascii"))) is not None:
        data = _DECLARATION.sub(b'<?xml version="1.0"?>', body.decode(guessed, "replace").encode(), count=1)
        return data, (
            f"declared as {names[0].lower()}, read as {guessed}"
            if names
            else f"declares no charset; read as {guessed}",
        )
    verdict: dict[str, object] = {}
    try:
        data = convert_to_utf8(headers, body, verdict)
    except (LookupError, ValueError):  # "punycode" and other codecs that are not charsets, or a name that is not text
        plain = body.decode("utf-8", "replace").encode()
        return _DECLARATION.sub(b'<?xml version="1.0" encoding="utf-8"?>', plain, count=1), (_UNKNOWN,)
    chosen, claimed = clean_line(str(verdict.get("encoding")).lower(), 40), names[0].lower() if names else ""
    if claimed and not body.isascii() and claimed.replace("gb2312", "gb18030") != chosen:
        return data, (f"declared as {claimed}, read as {chosen}",)
    return data, ()


def _of_other_script(body: bytes, http: str | None, declared: str | None) -> str | None:
    """Return the charset of a body in another script than Latin, where nothing or the wrong one is claimed."""
    http, declared = (name.lower() if name is not None and is_known(name) else None for name in (http, declared))
    if http in _DEFAULTS:
        if declared is not None and (charset := other_script(declared)) is not None:
            return charset
        http = None
    if is_jis(body):
        return "iso2022_jp"
    if not {http, declared} <= {None, *_UTF8} or b"\x00" in body[:4] or _is_utf8(body):
        return None
    return guess_other_script(body)


def _almost_utf8(body: bytes) -> tuple[bytes, str] | None:
    """Return a body that is UTF-8 except for a few bytes (a summary cut inside a character) with these replaced.

    feedparser takes the whole document for windows-1252 then, and every other letter in it is wrong.
    """
    if body.isascii() or _is_utf8(body) or b"\x00" in body[:4]:
        return None
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(map(len, _NOT_ASCII.findall(text)))
    return (text.encode(), "application/xml; charset=utf-8") if whole >= _WHOLE_FOR_BROKEN * broken else None


def _is_utf8(body: bytes) -> bool:
    if body.isascii():
        return False
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
