"""The alerts that fired lately."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tracker.store.read import Reader
from tracker.ui.parts.part import Part, Shared
from tracker.ui.parts.stories import Stories

if TYPE_CHECKING:
    from tracker.store.alerts import Fired

_SHOWN = 200


class Alerting(Part):
    """Shows which alerts fired, and goes to their articles."""

    def __init__(self, shared: Shared, *, stories: Stories) -> None:
        super().__init__(shared)
        self._stories = stories

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what each command of this part does."""
        return {"alert.list": self.show}

    def show(self) -> None:
        """List the alerts that fired last, newest first."""
        from tracker.ui.screens.alerts import AlertsScreen  # rarely needed

        has_rules = bool(self._view.config.alerts)
        nothing = "no alert has fired yet" if has_rules else "no [[alert]] rules in feeds.toml"
        screen = AlertsScreen(self._read, self._view.clock(), nothing, config=self._view.config)
        self._screen.app.push_screen(screen, self._chosen)

    def _chosen(self, article_id: int | None) -> None:
        if article_id is not None:
            self._stories.jump(article_id, is_exact=True)

    def _read(self) -> list[Fired]:
        from tracker.alerts.recent import recent_alerts

        with Reader(self._db) as reader:
            return recent_alerts(reader, _SHOWN)
