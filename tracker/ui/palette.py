"""The palette: every command, view, tag, source and theme by a few letters of its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from msgspec import Struct
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from tracker.model.commands import COMMANDS
from tracker.ui.commands import action_of, key_text, keys_of
from tracker.ui.screens.main import MainScreen


class _Item(Struct, frozen=True):
    text: str
    help: str
    run: Callable[[], object]


class TrackerProvider(Provider):
    """What the palette finds on the main screen."""

    async def discover(self) -> Hits:
        """List the commands before anything is typed."""
        if isinstance(self.screen, MainScreen):
            for item in self._commands(self.screen):
                yield DiscoveryHit(Content(item.text), item.run, text=item.text, help=item.help)

    async def search(self, query: str) -> Hits:
        """Find by letters in order. Names from feeds and files are text, never markup."""
        if not isinstance(self.screen, MainScreen):
            return
        matcher = self.matcher(query)
        for item in (*self._commands(self.screen), *self._places(self.screen), *self._themes()):
            score = matcher.match(item.text)
            if score > 0:
                yield Hit(score, Content(item.text), item.run, text=item.text, help=item.help)

    def _commands(self, screen: MainScreen) -> Iterator[_Item]:
        for command in COMMANDS:
            if command.palette and (screen.view.replay is not None or not command.replay):
                keys = " ".join(key_text(key) for key in keys_of(command, screen.view.config.keys))
                yield _Item(command.description, keys, partial(screen.run_action, action_of(command)))

    def _places(self, screen: MainScreen) -> Iterator[_Item]:
        for place in screen.listing.all_places():
            yield _Item(
                f"{place.kind.capitalize()}: {place.name}", place.query, partial(screen.listing.show_place, place)
            )

    def _themes(self) -> Iterator[_Item]:
        for name in sorted(self.app.available_themes):
            yield _Item(f"Theme: {name}", "", partial(setattr, self.app, "theme", name))
