"""What may stand in text that goes to a terminal."""

from __future__ import annotations

import re
import unicodedata

_JOINERS = "\u200c\u200d"
_STRAY_JOINER = re.compile(f"(?:^|[\\s\x00-\u02ff{_JOINERS}])[{_JOINERS}]|\u200c(?:[\\s\x00-\u02ff]|$)")
"""A joiner at the beginning, after or between what is joined in no script; a non-joiner at the end of a word."""


def is_safe(text: str, allowed: str = "") -> bool:
    """Whether a text holds no control, format (bidi, zero width), private or surrogate character but `allowed`.

    Joiners are safe inside words and emoji.
    """
    if _STRAY_JOINER.search(text) is not None:
        return False
    return all(c in allowed or c in _JOINERS or unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs") for c in text)
