"""Heaps of a window's threads."""

from __future__ import annotations

import ctypes
from types import SimpleNamespace

import pytest

from tracker.ui.memory import share_heaps


def test_threads_share_two_heaps(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []
    library = SimpleNamespace(mallopt=lambda what, value: asked.append((what, value)))
    monkeypatch.setattr(ctypes, "CDLL", lambda name: library)
    share_heaps()
    assert asked == [(-8, 2)]


@pytest.mark.parametrize("error", [TypeError("Windows"), OSError("no library")])
def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(name: object) -> None:
        raise error

    monkeypatch.setattr(ctypes, "CDLL", fail)
    share_heaps()
    monkeypatch.setattr(ctypes, "CDLL", lambda name: SimpleNamespace())
    share_heaps()
