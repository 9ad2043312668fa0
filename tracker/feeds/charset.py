"""The charset of a feed document: as feedparser decides, except for UTF-8 declared as something narrower."""

from __future__ import annotations

import re

from feedparser.encodings import convert_to_utf8

from tracker.feeds.text import clean_line

_DECLARED = re.compile(rb"^\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z0-9._:-]+)[\"']", re.IGNORECASE)
_DECLARATION = re.compile(rb"^\s*+<\?xml[^>]*+>", re.IGNORECASE)
_UNKNOWN = "declares an unknown charset; read as utf-8"
_HTTP = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]+)", re.IGNORECASE)
_NOT_ASCII = re.compile("[^\x00-\x7f\ufffd]+")
_WHOLE_FOR_BROKEN = 4
_ONE_BYTE = re.compile(r"us-ascii|ascii|latin-?1|(?:iso-?8859|windows|cp)[-_]?\d+(?:-\d+)?", re.IGNORECASE)


def to_utf8(body: bytes, content_type: str | None) -> tuple[bytes, tuple[str, ...]]:
    """Return the document in UTF-8, its XML declaration rewritten, and warnings; unreadable bytes are replaced.

    HTTP charset, XML declaration and byte order mark are weighed as feedparser does (RFC 3023), with one exception: a
    body that is valid UTF-8 although it claims a one-byte charset is UTF-8, since text in such a charset rarely is.
    """
    headers = {"content-type": content_type} if content_type else {}
    http = _HTTP.search(content_type or "")
    declared = _DECLARED.match(body)
    names = [http[1]] if http else []
    names += [declared[1].decode("ascii")] if declared else []
    if all(_ONE_BYTE.fullmatch(name) for name in names if name.lower() not in ("utf-8", "utf8")) and _is_utf8(body):
        headers = {"content-type": "application/xml; charset=utf-8"}
    elif all(name.lower() in ("utf-8", "utf8") for name in names) and (repaired := _almost_utf8(body)) is not None:
        data, _ = to_utf8(*repaired)
        return data, ("unreadable characters were replaced",)
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
