"""What is made once for each key, and thrown away before it is too much."""

from __future__ import annotations

from tracker.model.remembered import Remembered


def test_a_key_is_asked_once_until_there_is_too_much() -> None:
    asked: list[str] = []

    def make(key: str) -> tuple[str, ...]:
        asked.append(key)
        return (key.upper(),)

    known = Remembered(make, 2)
    assert [known[key] for key in "abab"] == [("A",), ("B",), ("A",), ("B",)]
    assert asked == ["a", "b"]
    assert [known[key] for key in "cac"] == [("C",), ("A",), ("C",)]
    assert asked == ["a", "b", "c", "a"]
    assert len(known) == 2
    without_end = Remembered(str)
    assert [without_end[number] for number in range(5)] == ["0", "1", "2", "3", "4"]
    assert len(without_end) == 5
