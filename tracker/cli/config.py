"""`tracker config path | check | init | schema`: which feeds.toml is read, its problems, and one of your own."""

from __future__ import annotations

from contextlib import ExitStack

from tracker.cli.context import CommandContext
from tracker.cli.errors import UsageError
from tracker.config.edit import own_copy
from tracker.config.paths import shipped_config, user_config


def path(context: CommandContext) -> int:
    """Write the path of the file that is read."""
    context.stdout.write(f"{context.find_config().absolute()}\n")
    return 0


def check(context: CommandContext) -> int:
    """Check the file and its tag rules; return 1 when it is valid but has warnings."""
    from tracker.sync.known_names import unknown_names
    from tracker.sync.rules import labelled_indices, tagger, untagged_symbols

    config = context.config()
    tagger(config)
    with ExitStack() as stack:
        reader = stack.enter_context(context.reader()) if context.db.exists() else None
        warnings = [*config.warnings, *unknown_names(config, reader)]
    warnings += [
        f"{config.path}: symbol {symbol}: unknown company; add a name so that its headlines are found"
        for symbol in untagged_symbols(config)
    ]
    for symbol in labelled_indices(config):  # no warning: the name of an index may be meant as its label only
        context.print_message(
            f'{config.path}: symbol {symbol}: its name is only shown; to find headlines about it, add names = ["..."]'
        )
    for warning in warnings:
        context.print_message(warning)
    if not warnings:
        context.print_message(f"{config.path}: ok")
    return 1 if warnings else 0


def init(context: CommandContext) -> int:
    """Copy the shipped file to the user's folder.

    Raises:
        UsageError: when there is one.
    """
    own = user_config(context.environ)
    if own.exists():
        raise UsageError(f"{own}: already exists; edit it, or move it away first")
    own_copy(shipped_config(), shipped_config(), context.environ)
    context.print_message(f"wrote {own}")
    if context.find_config() != own:
        context.print_message(f"{context.find_config()} is read instead of it")
    return 0


def schema(context: CommandContext) -> int:
    """Write the JSON Schema of feeds.toml."""
    from tracker.config.json_schema import schema_text

    context.stdout.write(schema_text())
    return 0
