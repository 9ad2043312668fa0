"""The charset of a web page: as browsers decide, but a page that is valid UTF-8 is read as such."""

from __future__ import annotations

import codecs
import re

_HTTP = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]+)", re.IGNORECASE)
_META = re.compile(rb"<meta[^<>]{0,400}?charset\s*+=\s*+(?:[\"']\s*+)?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_META_BYTES = 8_192
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ALLOWED = re.compile(
    r"utf-?8|utf-?16(-?[lb]e)?|cp125\d|cp8(66|74)|cp9(32|49)|iso8859-\d+|koi8-[ru]|gb2312|gbk|gb18030|big5(hkscs)?"
    r"|euc_(jp|kr)|shift_jis|iso2022_jp|mac-(roman|cyrillic)|tis-620|ascii"
)
"""Python's names of the charsets that the web has (WHATWG Encoding); other codecs are no charsets."""
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "tis-620": "cp874",
}
"""What browsers read instead: the larger charset that its maker meant."""


def page_to_text(body: bytes, content_type: str | None) -> str:
    """Decode a page. What cannot be decoded becomes U+FFFD.

    Args:
        body: the page.
        content_type: as the server sent it; its charset comes before that of a `<meta>`.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        cut = error.start
    declared = [found[1] for found in (_HTTP.search(content_type or ""),) if found]
    declared += [found[1].decode("ascii") for found in (_META.search(body[:_META_BYTES]),) if found]
    for name in declared:
        charset = _charset(name)
        # A page that says it is UTF-8 and has one broken character is no other charset.
        if charset is not None:
            return body.decode(charset, "replace")
    # Nothing is declared, or it is unknown. A page of which the end was cut within a character is UTF-8.
    return body.decode("utf-8" if cut > len(body) - 4 else _guess(body), "replace")


def _charset(name: str) -> str | None:
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return _WIDER.get(known, known) if _ALLOWED.fullmatch(known) else None


def _guess(body: bytes) -> str:
    from charset_normalizer import from_bytes  # takes 30 ms

    best = from_bytes(body[:100_000]).best()
    return (None if best is None else _charset(best.encoding)) or "cp1252"
