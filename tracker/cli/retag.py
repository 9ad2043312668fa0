"""`tracker retag`: applies changed rules to what is stored."""

from __future__ import annotations

from tracker.cli.context import Context
from tracker.sync.rules import retag


def run(context: Context) -> int:
    """Tag everything anew; stopping and starting again goes on where it stopped."""
    config = context.config()
    if not context.db.exists():
        context.say(f"nothing is stored yet in {context.db}")
        return 0
    has_bar = context.stderr.isatty()
    done = 0
    for done, total in retag(config, context.db):
        if has_bar:
            context.stderr.write(f"\r\x1b[Kretag {done:,}/{total:,}")
            context.stderr.flush()
    if has_bar:
        context.stderr.write("\r\x1b[K")
    context.say(f"{done:,} articles tagged by the rules in force")
    return 0
