"""`tracker completion`: a script with which a shell completes commands, options and file names."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from tracker.cli.context import CommandContext


def run(context: CommandContext) -> int:
    """Write the script to stdout."""
    import shtab

    from tracker.cli.main import build_parser, file_path

    parser = build_parser()
    for action in _actions(parser):
        if action.type is file_path:
            action.complete = shtab.FILE  # type: ignore[attr-defined] # where shtab looks for it
    context.stdout.write(shtab.complete(parser, shell=context.options.shell).rstrip("\n") + "\n")
    return 0


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:  # argparse has no public way to them; shtab reads the same
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from _actions(below)
