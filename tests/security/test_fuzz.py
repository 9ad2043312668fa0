"""A few tries of each kind of the fuzzer, with fixed seeds; CI runs it for longer."""

from __future__ import annotations

import random

import pytest

from tests.security.fuzz import KINDS

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("kind", "tries"), [("decoders", 300), ("answers", 40), ("prices", 8)])
def test_whatever_a_provider_sends_is_a_price_or_a_reason(kind: str, tries: int) -> None:
    for number in range(tries):
        KINDS[kind](random.Random(f"1.{number}"))
