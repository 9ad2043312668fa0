"""An alert as the escape sequence with which a terminal shows a notification; pure.

OSC 9 is iTerm2's, and of most other terminals; OSC 777 is urxvt's, and of foot and those that use VTE. One that knows
neither ignores them.
"""

from __future__ import annotations

from collections.abc import Mapping

from tracker.words.cells import plain

_LIMIT = 250
"""Characters; terminals cut longer notifications, or drop them."""
_NEITHER = ("", "dumb", "linux")
_OSC_777 = ("rxvt", "foot")


def notification(title: str, body: str, environ: Mapping[str, str]) -> str:
    """Return the sequence for the terminal that `environ` describes; "" for one that has none.

    Nothing in the texts ends it or begins another: they hold no control characters.
    """
    term = environ.get("TERM", "")
    if term in _NEITHER:
        return ""
    head, rest = _clean(title), _clean(body)
    if term.startswith(_OSC_777) or environ.get("VTE_VERSION"):
        # A semicolon parts title and body.
        sequence = f"\x1b]777;notify;{head.replace(';', ',')};{rest}\x07"
    else:
        # ConEmu and Windows Terminal take a number and a semicolon at the start for another command.
        sequence = f"\x1b]9;tracker: {head} ({rest})\x07"
    if environ.get("TMUX"):  # it passes on what is wrapped, where its option allow-passthrough is on
        return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    return sequence


def _clean(text: str) -> str:
    return " ".join(plain(text).split())[:_LIMIT]
