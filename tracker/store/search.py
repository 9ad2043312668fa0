"""How text is written into the full-text index and asked for there."""

from __future__ import annotations

import re
import unicodedata

# Han, kana and the rare-ideograph planes are written without spaces: FTS5's tokenizer would take a whole clause as one
# word. With a space around each character a phrase query finds any word of any length in it.
_IDEOGRAPH = re.compile(
    r"([\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff])"
)
_TOKEN = re.compile(r"[^\W_]+")
_PREFIX_FROM = 3


def index_text(text: str) -> str:
    """Return text as it goes into the index: compatibility-normalised, ideographs apart."""
    return _IDEOGRAPH.sub(r" \1 ", unicodedata.normalize("NFKC", text))


def match_expression(words: str, *, title_only: bool = False, exact: bool = False) -> str | None:
    """Return an FTS5 expression for a word or phrase, or None when nothing in it can be looked up.

    The last word also matches longer words that begin with it, unless `exact`, it is short or an ideograph.
    """
    tokens: list[str] = _TOKEN.findall(index_text(words))
    if not tokens:
        return None
    last = tokens[-1]
    is_prefix = not exact and len(last) >= _PREFIX_FROM and _IDEOGRAPH.match(last) is None
    phrase = '"' + " ".join(tokens) + '"' + ("*" if is_prefix else "")
    return f"title : {phrase}" if title_only else phrase
