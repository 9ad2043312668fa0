"""Work that nobody waits for."""

from __future__ import annotations

import gc

import pytest
from textual.app import App

from tracker.ui.tasks import run_task


@pytest.mark.filterwarnings("error")
async def test_a_task_that_is_cancelled_before_it_begins_leaves_nothing_behind() -> None:
    done: list[str] = []

    async def work() -> None:
        done.append("done")

    app: App[None] = App()
    async with app.run_test() as pilot:
        run_task(app, work, "test").cancel()
        await pilot.pause()
        gc.collect()  # a coroutine that was never awaited would be reported here, as an error
        assert done == []
        await run_task(app, work, "test").wait()
        assert done == ["done"]
