"""`tracker` and `tracker ui`: the window on a terminal, the table of `list` elsewhere."""

from __future__ import annotations

from tracker.cli.context import CommandContext
from tracker.cli.queries import read_query
from tracker.model.launch import LaunchWindow

_ROWS = 50


def run(context: CommandContext) -> int | LaunchWindow:
    """Return the window to open, or write the table."""
    config = context.config()
    text, query = read_query(context, context.options.query, config)
    if not context.is_terminal:
        from tracker.cli.listing import show

        return show(context, config, query, _ROWS, form="table")
    if context.db.exists():
        with context.reader() as reader:  # report an unusable database here, before the screen is drawn
            if reader.is_fixed:  # no sync and no mark could be stored, nor would another user's show
                from tracker.store.faults import not_writable

                raise not_writable(context.db)
    folder = context.folder
    return LaunchWindow(
        config=config,
        db=context.db if folder is None else folder / context.db,  # the folder may be deleted while the window is open
        state_dir=context.state_dir,
        clock=context.clock,
        query=text,
        find_config=context.find_config,
        own_config=context.own_config,
    )
