"""`tracker alerts list | test`: what fired, and whether the ways to send it work."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tracker.alerts.notify import Notifier
from tracker.alerts.recent import recent_alerts
from tracker.alerts.words import rule_text
from tracker.cli.context import CommandContext
from tracker.cli.layouts import layout_of
from tracker.cli.output import Cell, Column, Layout
from tracker.cli.run_async import run_async
from tracker.model.alert import AlertRule, Candidate, Firing
from tracker.model.plurals import count_noun
from tracker.store.alerts import Fired


def list_fired(context: CommandContext) -> int:
    """Write what fired last."""
    config = context.config()
    if not config.alerts:
        context.print_message("no [[alert]] rules in feeds.toml")
    if not context.db.exists():
        context.write([], _layout(config.alerts))
        return 0
    with context.reader() as reader:
        fired = recent_alerts(reader, context.options.limit or None)
    context.write(fired, _layout(config.alerts))
    return 0


def test(context: CommandContext) -> int:
    """Send a test alert for each rule; return 1 when a way to send it does not work."""
    config = context.config()
    if not config.alerts:
        context.print_message("no [[alert]] rules in feeds.toml to test")
        return 1
    failed = 0
    notifier = Notifier(context.environ, terminal=terminal_of(context))
    for rule in config.alerts:
        example = Candidate(0, 0, "A test of this alert", None, "tracker", "tracker", context.clock(), None)
        problem = run_async(notifier.send(Firing(rule, example, None, None)))
        failed += problem is not None
        context.print_message(f"alert {rule.label}: {problem or 'sent'}")
    if failed:
        context.print_message(f"{count_noun(failed, 'alert', 'alerts')} could not be sent")
    return 1 if failed else 0


def terminal_of(context: CommandContext) -> Callable[[str], object] | None:
    """Return what writes to the terminal of a command, if it has one."""

    def write(text: str) -> None:
        context.stderr.write(text)
        context.stderr.flush()

    return write if context.stderr.isatty() else None


def _layout(rules: Sequence[AlertRule]) -> Layout[Fired]:
    return layout_of(
        Fired,
        lambda fired: fired,
        {
            Column("fired (UTC)"): lambda fired: Cell(f"{fired.fired:%d %b %H:%M}", "dim"),
            Column("rule", least=12): lambda fired: Cell(rule_text(fired.rule, rules)),
            Column("headline", least=20): lambda fired: Cell(fired.title),
            Column("source", least=8): lambda fired: Cell(fired.source, "dim"),
            Column("", least=12): lambda fired: Cell(
                "not sent yet" if fired.sent is None else fired.problem or "", "bad"
            ),
        },
    )
