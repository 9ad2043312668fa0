"""The entry point: the command line decides, and only a window brings Textual in."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

_DUMB = ("dumb", "unknown")
"""Values of TERM with which Rich, and so Textual, never moves the cursor."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run `tracker` and return its exit code."""
    try:
        from tracker.cli import signals, streams

        signals.install()
        streams.install()
        arguments = sys.argv[1:] if argv is None else argv
        try:
            return _main(arguments)
        except Exception as error:
            from tracker.cli.crash import report

            return report(error, arguments, os.environ, sys.stderr)
        finally:
            signals.end_work()
    except KeyboardInterrupt:
        return 130


def _main(arguments: Sequence[str]) -> int:
    from tracker.cli.main import fail, run

    # Nothing made while modules are imported is garbage: without its collector a window opens 50 ms sooner. The app
    # switches it on again, and so does every other command.
    gc.disable()
    outcome = run(arguments, os.environ, sys.stdout, sys.stderr, sys.stdin)
    if isinstance(outcome, int):
        gc.enable()
        return outcome
    from tracker.cli.errors import UsageError
    from tracker.model.errors import TrackerError

    try:
        for name, stream in (("stdin", sys.stdin), ("stderr", sys.stderr)):
            if not stream.isatty():
                raise UsageError(f"the window needs a terminal, but {name} is not one; `tracker list` writes a table")
        if os.environ.get("TERM", "").lower() in _DUMB:
            raise UsageError(
                f"the window needs a terminal that can place text, but TERM is {os.environ['TERM']};"
                " `tracker list` writes a table"
            )
        # Read by Textual when it is imported. A key that comes just after a repaint waits up to two frames for its own.
        os.environ.setdefault("TEXTUAL_FPS", "120")
        from tracker.ui.launch import open_window

        return open_window(outcome)
    except TrackerError as error:
        return fail(sys.stderr, error)


if __name__ == "__main__":
    sys.exit(main())
