"""A short part of the endurance run, with fixed seeds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.security.endurance import endure


@pytest.mark.slow
@pytest.mark.parametrize("has_dates", [True, False])
@pytest.mark.parametrize("seed", [1, 2])
async def test_syncs_do_as_the_model_says(tmp_path: Path, seed: int, has_dates: bool) -> None:
    await endure(tmp_path / "t.db", seed, 60, has_dates=has_dates)
