"""How many random examples a test tries: a few each time, many in CI's slow run (`--hypothesis-profile thorough`)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

_NORMAL = 100
_QUICK_SHARE = 0.3


def register_profiles() -> None:
    """Make the profile `tracker`, which is used unless another is named, and `thorough`."""
    # No limit of time: on a busy machine an example takes as long as it takes.
    patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.register_profile("tracker", patient, max_examples=int(_NORMAL * _QUICK_SHARE))
    settings.register_profile("thorough", patient, max_examples=_NORMAL)
    settings.load_profile("tracker")


def examples(thorough: int, quick: int | None = None) -> settings:
    """Return settings for a test that tries so many examples in the thorough profile, and `quick` or 30 % otherwise."""
    is_thorough = settings.get_current_profile_name() == "thorough"
    return settings(max_examples=thorough if is_thorough else quick or max(4, int(thorough * _QUICK_SHARE)))


def seeds(thorough: int, quick: int) -> list[object]:
    """Return so many seeds to parametrize a test with, of which all but the first `quick` are slow tests."""
    return [pytest.param(seed, marks=() if seed < quick else pytest.mark.slow) for seed in range(thorough)]
