"""How text is written into the full-text index and asked for there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

# Han, kana and the rare-ideograph planes are written without spaces: FTS5's tokenizer would take a whole clause as one
# word. With a space around each character a phrase query finds any word of any length in it.
_IDEOGRAPHS = (
    r"\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    r"\U00020000-\U0003ffff"
)
_TOKEN = re.compile(r"[^\W_]+")
_PREFIX_FROM = 3


@cache
def _ideograph() -> re.Pattern[str]:
    return re.compile(f"([{_IDEOGRAPHS}])")  # 3 ms that a start does not need


@cache
def _hides_ascii() -> re.Pattern[str]:
    # Accents, and what compatibility makes of signs: of these alone come letters of ASCII that a text does not show.
    return re.compile(
        r"[\u00aa\u00b2-\u00be\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff\u2070-\u209c\u2100-\u218b\u2460-\u24ff"
        r"\u3200-\u33ff\ufb00-\ufb06\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff"
        r"\U0001f100-\U0001f1ff]"
    )


def single_beginning(words: str) -> str | None:
    """Return the letters that one word has to begin with, or None for whatever else the index is asked for."""
    return words.lower() if words.isascii() and words.isalnum() and len(words) >= _PREFIX_FROM else None


def has_word_beginning(beginning: str) -> Callable[[str], bool]:
    """Return what tells whether a word of a text begins so, as the index would."""
    # The letters first: they are found five times as fast as the end of a word.
    search = re.compile(rf"{beginning}(?<![^\W_{_IDEOGRAPHS}]{beginning})").search
    hides_ascii = _hides_ascii().search

    def has(text: str) -> bool:
        if not text.isascii() and hides_ascii(text):
            text = unicodedata.normalize("NFD", index_text(text))
            text = "".join(one for one in text if not unicodedata.combining(one))
        return search(text.lower()) is not None

    return has


def index_text(text: str) -> str:
    """Return text as it goes into the index: compatibility-normalised, ideographs apart."""
    if text.isascii():
        return text
    return _ideograph().sub(r" \1 ", unicodedata.normalize("NFKC", text))


def match_expression(words: str, *, title_only: bool = False, exact: bool = False) -> str | None:
    """Return an FTS5 expression for a word or phrase, or None when nothing in it can be looked up.

    The last word also matches longer words that begin with it, unless `exact`, it is short or an ideograph.
    """
    tokens: list[str] = _TOKEN.findall(index_text(words))
    if not tokens:
        return None
    last = tokens[-1]
    is_prefix = not exact and len(last) >= _PREFIX_FROM and _ideograph().match(last) is None
    phrase = '"' + " ".join(tokens) + '"' + ("*" if is_prefix else "")
    return f"title : {phrase}" if title_only else phrase
