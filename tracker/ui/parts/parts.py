"""The parts of the main screen, made in the order in which they need each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from tracker.prices.chart import span_named
from tracker.store.read import Reader
from tracker.ui.marks import Marks
from tracker.ui.parts.alerting import Alerting
from tracker.ui.parts.article_view import ArticleView
from tracker.ui.parts.counting import Counting
from tracker.ui.parts.editing import Editing
from tracker.ui.parts.feeds import Feeds
from tracker.ui.parts.frame import Frame
from tracker.ui.parts.full_text import FullTexts
from tracker.ui.parts.health import Health
from tracker.ui.parts.keys import Keys
from tracker.ui.parts.listing import Listing
from tracker.ui.parts.morning import Morning
from tracker.ui.parts.muting import Muting
from tracker.ui.parts.panes import Panes
from tracker.ui.parts.part import Shared
from tracker.ui.parts.pricing import Pricing
from tracker.ui.parts.ranking import Ranking
from tracker.ui.parts.reading import Reading
from tracker.ui.parts.regrouping import Regrouping
from tracker.ui.parts.reloading import Reloading
from tracker.ui.parts.remembering import Remembering
from tracker.ui.parts.searching import Searching
from tracker.ui.parts.status_line import StatusLine
from tracker.ui.parts.stories import Stories
from tracker.ui.parts.syncing import Syncing
from tracker.ui.parts.view import SafeReads, ViewState
from tracker.ui.parts.widgets import Widgets
from tracker.ui.setup import Setup
from tracker.ui.workers import Background

if TYPE_CHECKING:
    pass


class Parts:
    """Each part once; each is given the others that it needs.

    Args:
        screen: whose workers, timers and focus they use.
        setup: what the window is opened with.
    """

    def __init__(self, screen: Screen[Any], setup: Setup) -> None:
        db, clock, state = setup.db, setup.clock, setup.state
        self.view = view = ViewState(setup.config, clock, replay=setup.replay, folded=frozenset(state.folded))
        self.reads = reads = SafeReads(Reader(db), lambda text: self.status.show_warning(text))

        self.widgets = widgets = Widgets(reads, clock)
        self.panes = panes = Panes(screen, widgets)
        counting = Counting()
        self.status = status = StatusLine(
            screen,
            view,
            widgets,
            panes,
            lambda: counting.text() or self.regrouping.text() or self.full_texts.text(),
            lambda: self.article.useless(),
        )
        self.background = background = Background(screen, setup, self._speed, lambda: view.quotes.values())
        shared = Shared(screen, view, widgets, reads, status, panes, db, setup.config_file)
        self.frame = frame = Frame(shared)
        self.article = article = ArticleView(shared)
        self.listing = listing = Listing(shared, frame=frame, article=article, background=background)
        self.searching = searching = Searching(shared, listing=listing)
        self.marks = marks = Marks(db)
        self.reading = reading = Reading(shared, article=article, listing=listing, marks=marks)
        self.stories = stories = Stories(shared, article=article, listing=listing, searching=searching, reading=reading)
        self.full_texts = FullTexts(shared, article=article, transport=setup.transport)
        self.regrouping = regrouping = Regrouping(shared, listing=listing, reading=reading, marks=marks)
        self.syncing = syncing = Syncing(shared, frame=frame, listing=listing, background=background)
        self.pricing = pricing = Pricing(
            shared, frame=frame, article=article, searching=searching, stories=stories, span=span_named(state.span)
        )
        self.morning = morning = Morning(
            shared, pricing=pricing, searching=searching, stories=stories, day=state.morning
        )
        ranking = Ranking(shared, pricing=pricing, listing=listing)
        self.reloading = reloading = Reloading(
            shared, frame=frame, listing=listing, syncing=syncing, pricing=pricing, background=background
        )
        reading.read_config = reloading.look_now
        self.editing = editing = Editing(shared, reloading=reloading, marks=marks)
        self.feeds = feeds = Feeds(shared, editing=editing, transport=setup.transport)
        self.health = health = Health(shared, listing=listing, syncing=syncing, feeds=feeds)
        self.alerting = Alerting(shared, stories=stories)
        self.muting = Muting(shared, listing=listing, reading=reading, reloading=reloading, marks=marks)
        self.remembering = Remembering(
            shared, listing=listing, searching=searching, pricing=pricing, morning=morning, setup=setup
        )
        with_commands = (
            *(panes, frame, listing, searching, reading, stories, regrouping, syncing, pricing, morning, ranking),
            *(editing, self.muting, self.remembering, self.full_texts, feeds, health, self.alerting),
        )
        self.keys = Keys(
            shared,
            frame=frame,
            counting=counting,
            searching=searching,
            reading=reading,
            regrouping=regrouping,
            commands={name: do for part in with_commands for name, do in part.commands().items()},
            counted={**panes.counted(), **reading.counted(), **stories.counted()},
            label=setup.label,
        )
        article.when_shown = self._article_shown

    def _speed(self) -> float:
        return 1.0 if self.view.replay is None else self.view.replay.speed

    def _article_shown(self) -> None:
        self.pricing.article_shown()
        self.status.draw()
