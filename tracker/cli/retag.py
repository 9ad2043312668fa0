"""`tracker retag`: applies changed tag rules to stored articles."""

from __future__ import annotations

from tracker.cli.context import CommandContext
from tracker.model.plurals import count_noun

UNFINISHED_RETAG = "a retag has not finished: it was interrupted, or is running"


def run(context: CommandContext) -> int:
    """Tag every article again; a second run resumes where the first was stopped."""
    from tracker.sync.retagging import retag, retagged_before  # `tracker sync` needs only the text above

    config = context.config()
    if not context.db.exists():
        context.print_message(f"{context.db}: no articles yet; run `tracker sync`")
        return 0
    context.update_database()
    has_bar = context.stderr.isatty()
    done = before = retagged_before(config, context.db)
    if before:
        context.print_message(
            f"resuming an interrupted retag: {count_noun(before, 'article is', 'articles are')} done already"
        )
    for done, total in retag(config, context.db):
        if has_bar:
            context.stderr.write(f"\r\x1b[Kretag {done:,}/{total:,}")
            context.stderr.flush()
    if has_bar:
        context.stderr.write("\r\x1b[K")
    context.print_message(f"retagged {count_noun(done - before, 'article', 'articles')}")
    return 0
