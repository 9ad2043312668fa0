"""The entry point: the command line decides, and only a window brings Textual in."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run `tracker` and return its exit code."""
    try:
        from tracker.cli import signals

        signals.install()
        try:
            return _main(sys.argv[1:] if argv is None else argv)
        finally:
            signals.end_work()
    except KeyboardInterrupt:
        return 130


def _main(arguments: Sequence[str]) -> int:
    from tracker.cli.main import fail, run

    outcome = run(arguments, os.environ, sys.stdout, sys.stderr, sys.stdin)
    if isinstance(outcome, int):
        return outcome
    # Nothing made while modules are imported is garbage: without its collector a window opens 50 ms sooner. The app
    # switches it on again.
    gc.disable()
    from tracker.model.errors import TrackerError
    from tracker.ui.launch import open_window

    try:
        return open_window(outcome)
    except TrackerError as error:
        return fail(sys.stderr, error)


if __name__ == "__main__":
    sys.exit(main())
