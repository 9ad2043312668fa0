"""Zero-width joiner and non-joiner: some scripts and emoji need them, elsewhere they only hide something; pure.

Persian writes the non-joiner inside words, Hindi and its neighbours write both after a virama, and emoji are joined
into one sign (RFC 5892, appendix A; Unicode 16, chapters 9, 12 and 23.2).
"""

from __future__ import annotations

import re
from functools import cache

NON_JOINER, JOINER = "\u200c", "\u200d"

_JOINING = (
    "\u0620-\u065f\u066e-\u06d3\u06d5-\u06dc\u06df-\u06e8\u06ea-\u06ef\u06fa-\u06ff\u0710-\u074a\u074d-\u077f\u07ca-\u07f5"
    "\u0840-\u085b\u0860-\u086a\u0870-\u0887\u0889-\u088e\u0897-\u08e1\u08e3-\u08ff\u1807\u180a\u1820-\u1878\u1880-\u18aa"
    "\ua840-\ua871\U0001e900-\U0001e94b"
)
"""Letters and vowel signs of scripts whose letters join: Arabic, Syriac, N'Ko, Mandaic, Mongolian, Phags-pa, Adlam."""
_VIRAMA = (
    "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d3b\u0d3c\u0d4d\u0dca\u0e3a\u0eba\u0f84\u1039\u103a\u1714\u1715"
    "\u1734\u17d2\u1a60\u1b44\u1baa\u1bab\u1bf2\u1bf3\u2d7f\ua806\ua82c\ua8c4\ua953\ua9c0\uaaf6\uabed"
)
"""The signs of the Basic Multilingual Plane that take a consonant's vowel away (canonical combining class 9)."""
_EMOJI = "\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff"
"""Arrows, signs and pictures that sequences are made of, and the skin tones between them."""


def without_stray_joiners(text: str) -> str:
    """Return a text without the joiners and non-joiners that are not part of how its words or emoji are written.

    Of several in a row the first counts.
    """
    if NON_JOINER not in text and JOINER not in text:
        return text
    return _stray().sub("", _repeated().sub(r"\1", text))


def with_emoji_apart(text: str) -> str:
    """Return a text of the same length and look in which joined emoji are not joined.

    Terminals disagree on the width of a family: two cells, or two for each of its members.
    """
    return _in_emoji().sub(NON_JOINER, text) if JOINER in text else text


@cache
def _repeated() -> re.Pattern[str]:
    return re.compile(f"([{NON_JOINER}{JOINER}])[{NON_JOINER}{JOINER}]+")


@cache
def _stray() -> re.Pattern[str]:
    return re.compile(
        f"{NON_JOINER}(?!(?<=[{_JOINING}].)(?=\\w)[{_JOINING}]|(?<=[{_VIRAMA}].)[^\\W\\d_a-zA-Z])"
        f"|{JOINER}(?!(?<=[{_JOINING}{_VIRAMA}].)|(?<=[^\\W\\d_a-zA-Z].)[{_VIRAMA}]|(?<=[{_EMOJI}].)[{_EMOJI}])"
    )


@cache
def _in_emoji() -> re.Pattern[str]:
    return re.compile(f"(?<=[{_EMOJI}\ufe0f]){JOINER}(?=[{_EMOJI}])")
