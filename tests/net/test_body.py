from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.net.body import BoundedBody, TooLarge, Undecodable


@given(st.binary(max_size=200), st.sampled_from(["", "gzip", "deflate"]), st.integers(1, 100), st.integers(0, 300))
def test_any_body_is_bounded(data: bytes, encoding: str, size: int, limit: int) -> None:
    body = BoundedBody(encoding, limit)
    outcome: bytes | None = None
    try:
        for start in range(0, len(data), size):
            body.feed(data[start : start + size])
        outcome = body.finish()[0]
    except (TooLarge, Undecodable):
        pass
    assert outcome is None or len(outcome) <= limit
    if not encoding:
        assert outcome == (data if len(data) <= limit else None)


def test_one_byte_is_a_body() -> None:
    body = BoundedBody("gzip", 10)
    body.feed(b"x")
    assert body.finish() == (b"x", True)


@pytest.mark.parametrize("encoding", ["", "identity", "UTF-8", "none", "gzip, utf-8", " GZIP "])
def test_what_is_no_compression_is_none(encoding: str) -> None:
    body = BoundedBody(encoding, 100)
    body.feed(gzip.compress(b"text") if "gzip" in encoding.lower() else b"text")
    assert body.finish() == (b"text", True)


@pytest.mark.parametrize(("encoding", "told"), [("br", "'br'"), ("gzip, gzip", "'gzip, gzip'"), ("zstd,x", "'zstd'")])
def test_other_compressions_are_refused(encoding: str, told: str) -> None:
    with pytest.raises(Undecodable, match=f"compressed with {told}, which"):
        BoundedBody(encoding, 100)


@pytest.mark.parametrize("left", [9, 15, 30, 200])
def test_a_body_whose_packing_is_cut_gives_its_beginning(left: int) -> None:
    whole = bytes(range(256)) * 40
    body = BoundedBody("gzip", 100_000)
    body.feed(gzip.compress(whole)[:-left])
    came, is_whole = body.finish()
    assert not is_whole
    assert whole.startswith(came)
