"""A time limit in which the program's own work does not count."""

from __future__ import annotations

import asyncio
import time

import pytest

from tracker.net.deadline import deadline


async def test_time_in_which_the_loop_was_blocked_does_not_count() -> None:
    answer = asyncio.Event()

    async def work() -> None:
        for _ in range(3):
            time.sleep(0.2)  # noqa: ASYNC251 - the blocking is what is tested
            await asyncio.sleep(0)
        answer.set()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(work())
        async with deadline(0.2):
            await answer.wait()


@pytest.mark.parametrize("seconds", [0.0, 0.001, 0.3])
async def test_an_answer_that_does_not_come_is_given_up(seconds: float) -> None:
    with pytest.raises(TimeoutError):
        async with deadline(seconds):
            await asyncio.Event().wait()


async def test_without_a_limit_only_the_block_ends_it() -> None:
    async with deadline(None):
        await asyncio.sleep(0)
    with pytest.raises(KeyError):
        async with deadline(0.2):
            raise KeyError
