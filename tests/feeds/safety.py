"""What may stand in text that goes to a terminal."""

from __future__ import annotations

import unicodedata


def is_safe(text: str, allowed: str = "") -> bool:
    """Whether a text holds no control, format (bidi, zero width), private or surrogate character but `allowed`."""
    return all(c in allowed or unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs") for c in text)
