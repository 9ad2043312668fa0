"""`tracker alerts list | test`: what fired, and whether the ways to send it work."""

from __future__ import annotations

from datetime import datetime

from tracker.alerts.notify import Notifier
from tracker.cli.context import CommandContext
from tracker.cli.layouts import layout_of
from tracker.cli.output import Cell, Column
from tracker.cli.run_async import run_async
from tracker.model.alert import Candidate, Firing
from tracker.model.clock import from_epoch
from tracker.model.plurals import count_noun
from tracker.store.alerts import Fired
from tracker.store.read import Reader


def list_fired(context: CommandContext) -> int:
    """Write what fired last."""
    config = context.config()
    if not config.alerts:
        context.print_message("no [[alert]] rules in feeds.toml")
    if not context.db.exists():
        context.write([], FIRED)
        return 0
    with Reader(context.db) as reader:
        fired = recent_alerts(reader, context.options.limit)
    context.write(fired, FIRED)
    return 0


def recent_alerts(reader: Reader, limit: int) -> list[Fired]:
    """Return the alerts of stories and of coming dates that fired last, newest first."""
    dates = [
        Fired(one.rule, None, one.title, None, one.source, from_epoch(one.fired), _time(one.sent), one.problem)
        for one in reader.date_alerts.all()
    ]
    return sorted([*dates, *reader.alerts.recent(limit)], key=lambda one: one.fired, reverse=True)[:limit]


def _time(epoch: int | None) -> datetime | None:
    return None if epoch is None else from_epoch(epoch)


def test(context: CommandContext) -> int:
    """Send a test alert for each rule; return 1 when a way to send it does not work."""
    config = context.config()
    if not config.alerts:
        context.print_message("no [[alert]] rules in feeds.toml to test")
        return 1
    failed = 0
    notifier = Notifier(context.environ, ring=lambda: context.stderr.write("\a"))
    for rule in config.alerts:
        example = Candidate(0, 0, "A test of this alert", None, "tracker", "tracker", context.clock(), None)
        problem = run_async(notifier.send(Firing(rule, example, None, None)))
        failed += problem is not None
        context.print_message(f"alert {rule.key}: {problem or 'sent'}")
    if failed:
        context.print_message(f"{count_noun(failed, 'alert', 'alerts')} could not be sent")
    return 1 if failed else 0


def _cells(fired: Fired) -> list[Cell]:
    state = "not sent yet" if fired.sent is None else fired.problem or ""
    return [
        Cell(f"{fired.fired:%d %b %H:%M}", "dim"),
        Cell(fired.rule),
        Cell(fired.title),
        Cell(fired.source, "dim"),
        Cell(state, "bad"),
    ]


FIRED = layout_of(
    Fired,
    lambda fired: fired,
    (
        Column("fired (UTC)"),
        Column("rule", least=12),
        Column("headline", least=20),
        Column("source", least=8),
        Column("", least=12),
    ),
    _cells,
)
