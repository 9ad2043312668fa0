"""Notifications of the terminal: which sequence, and that nothing in a headline ends it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.feeds.safety import is_safe
from tracker.alerts.terminal import notification


@pytest.mark.parametrize(
    ("environ", "sequence"),
    [
        ({"TERM": "xterm-256color"}, "\x1b]9;tracker: A; 1 (b)\x07"),
        ({"TERM": "rxvt-unicode"}, "\x1b]777;notify;A, 1;b\x07"),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7600"}, "\x1b]777;notify;A, 1;b\x07"),
        ({"TERM": "tmux-256color", "TMUX": "/tmp/x"}, "\x1bPtmux;\x1b\x1b]9;tracker: A; 1 (b)\x07\x1b\\"),
        ({"TERM": "linux"}, ""),
        ({}, ""),
    ],
)
def test_each_terminal_has_its_sequence(environ: dict[str, str], sequence: str) -> None:
    assert notification("A; 1", "b", environ) == sequence


@given(st.text(), st.text(), st.sampled_from(["xterm", "foot"]))
def test_no_headline_ends_the_sequence_or_begins_another(title: str, body: str, term: str) -> None:
    sequence = notification(title, body, {"TERM": term})
    assert sequence.startswith("\x1b]")
    assert sequence.endswith("\x07")
    assert is_safe(sequence[2:-1])
    assert len(sequence) < 600


def test_a_headline_is_no_command_of_the_terminal() -> None:
    evil = "4;1;50\x1b\\\x1b]52;c;ZXZpbA==\x07\x9d0;x\x9c\u202e"
    assert notification(evil, "x", {"TERM": "xterm"}) == "\x1b]9;tracker: 4;1;50\\]52;c;ZXZpbA==0;x (x)\x07"
