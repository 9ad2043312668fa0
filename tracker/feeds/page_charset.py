"""The charset of a web page: as browsers decide, but a page that is valid UTF-8 is read as such.

And the charset of any text that says none.
"""

from __future__ import annotations

import codecs
import re

_HTTP = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]+)", re.IGNORECASE)
_META = re.compile(rb"<meta[^<>]{0,400}?charset\s*+=\s*+(?:[\"']\s*+)?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_META_BYTES = 8_192
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ALLOWED = re.compile(
    r"utf-?8|utf-?16(-?[lb]e)?|cp125\d|cp8(66|74)|cp9(32|49)|iso8859-\d+|koi8-[ru]|gb2312|gbk|gb18030|big5(hkscs)?"
    r"|euc_(jp|kr|jis_2004)|shift_jis(_2004)?|iso2022_jp|mac-(roman|cyrillic)|tis-620|ascii"
)
"""Python's names of the charsets that the web has (WHATWG Encoding), and wider forms; other codecs are no charsets."""
_OTHER_SCRIPTS = re.compile(
    r"cp125[1356]|cp8(66|74)|cp9(32|49)|iso8859-([5-8]|11)|koi8-[ru]|gb18030|big5hkscs|euc_(jp|jis_2004)"
    r"|shift_jis_2004|mac-cyrillic"
)
_WORDS = re.compile(rb"[^<>&;=\"'/\x00-\x1f]+")
_JIS = re.compile(rb"\x1b\$[@B]")
_LEAST_GUESSED = 32
"""Bytes outside ASCII: of less nobody can say the language."""
_MOST_GUESSED = 20_000
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


def guess_other_script(body: bytes) -> str | None:
    """Return Python's name of the charset of a text that is not UTF-8 and in another script than Latin, else None.

    Markup is left out: its Latin letters hide the language.
    """
    words = b"\n".join(word for word in _WORDS.findall(body) if not word.isascii())[:_MOST_GUESSED]
    if sum(byte > 127 for byte in words) < _LEAST_GUESSED:
        return None
    from charset_normalizer import from_bytes  # takes 30 ms

    best = from_bytes(words).best()
    return None if best is None else other_script(best.encoding)


def other_script(name: str) -> str | None:
    """Return Python's name of a charset of another script than Latin; None for any other name."""
    found = _charset(name)
    return found if found is not None and _OTHER_SCRIPTS.fullmatch(found) else None


def is_jis(body: bytes) -> bool:
    """Return whether a text is Japanese in seven bits: what is not allowed in XML switches its charset."""
    return body.isascii() and _JIS.search(body) is not None


def is_known(name: str) -> bool:
    """Return whether Python knows a charset by this name."""
    try:
        codecs.lookup(name)
    except (LookupError, ValueError):
        return False
    return True


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
