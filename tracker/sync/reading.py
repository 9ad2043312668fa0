"""The compiled tag rules of a sync and the reader of its bodies, each made when first needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tracker.model.config import Config
from tracker.store.write import Writer
from tracker.sync.options import MANY_NEW_FEEDS

if TYPE_CHECKING:
    import subprocess

    from tracker.sync.blocking import RunBlocking
    from tracker.sync.body_reader import BodyReader
    from tracker.sync.jobs import Digested, Job
    from tracker.tagging.match import Tagger


class Reading:
    """Tags and reads the bodies of one sync after another.

    Args:
        config: its tag rules and watchlist.
        db: the database that notes which rules are in use.
        run_blocking: runs a blocking step in this process.
        is_drawing: a window is drawn by this process.
        errors: file for details of internal errors; None for no file.
    """

    def __init__(
        self, config: Config, db: Path, run_blocking: RunBlocking, *, is_drawing: bool, errors: Path | None
    ) -> None:
        self._config = config
        self._db = db
        self._run_blocking = run_blocking
        self._is_drawing = is_drawing
        self._errors = errors
        self._tagger: Tagger | None = None
        self._reader: BodyReader | None = None
        self.process: subprocess.Popen[bytes] | None = None
        """A second process that was started before it was needed; it ends with this one where no body is read in it."""

    def use(self, config: Config) -> None:
        """Read by another configuration from the next body on; not while a sync runs."""
        if _rules(config) != _rules(self._config):
            self._tagger = None
        self._config = config

    def tagger(self) -> Tagger:
        """Return the tag rules, compiled at the first call: a sync without news does not need them.

        Raises:
            ConfigError: naming file, line and tag of a rule that cannot be used.
        """
        if self._tagger is None:
            from tracker.sync.rules import note_rules, tagger

            self._tagger = tagger(self._config)
            with Writer(self._db) as writer:
                note_rules(writer, self._tagger)
        return self._tagger

    def expect(self, new_feeds: int) -> None:
        """Start the second process at once where so many feeds without stored articles are worth it."""
        # A user's own rules may be bad ones, and it is this process that says so.
        if self._reader is None and new_feeds >= MANY_NEW_FEEDS and not self._config.tags:
            self.open(is_much=True)

    def open(self, *, is_much: bool) -> None:
        """Make the reader of this sync; `is_much` starts its second process at once."""
        from tracker.sync.body_reader import BodyReader

        self._reader = BodyReader(
            self._config.tags,
            self.tagger,
            self._run_blocking,
            is_drawing=self._is_drawing,
            is_much=is_much,
            watched=self._config.symbols,
            errors=self._errors,
            process=self.process,
        )
        self.process = None

    async def read(self, job: Job) -> Digested | str:
        """Parse one body; return a text if it cannot be parsed: the reason, for the user."""
        if self._reader is None:
            self.open(is_much=False)
        assert self._reader is not None
        return await self._reader.read(job)

    async def close(self) -> None:
        """Stop the second process of this sync, if it was started."""
        reader, self._reader = self._reader, None
        if reader is not None:
            await reader.close()


def _rules(config: Config) -> tuple[object, object]:
    """Return what bodies are read by."""
    return config.tags, config.symbols
