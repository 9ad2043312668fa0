"""Work on the event loop that nobody waits for."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, cast

from textual.dom import DOMNode
from textual.worker import Worker


def run_task(
    node: DOMNode, work: Callable[[], Coroutine[Any, Any, None]], group: str, *, exclusive: bool = False
) -> Worker[None]:
    """Run this as a worker of a screen or the application; what it raises stays in the worker.

    The coroutine is made only when the worker begins: one that is made before, in a window that closes meanwhile, would
    never be awaited, which Python warns about.

    Args:
        exclusive: cancel the others of the group first.
    """
    # Textual's type lets mypy choose between three kinds of work, and it finds none.
    worker: Worker[None] = node.run_worker(
        cast("Any", work), group=group, description=group, exclusive=exclusive, exit_on_error=False
    )
    return worker
