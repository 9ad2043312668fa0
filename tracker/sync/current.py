"""The current configuration, including a check of its tag rules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tracker.config.current import ConfigFile
from tracker.model.config import Config


def config_file(find: Callable[[], Path], config: Config, own: Callable[[], Path] | None = None) -> ConfigFile:
    """Return the file that `config` was read from.

    Args:
        find: returns which one to use now.
        own: returns the one to edit; None for the one in use.
    """
    return ConfigFile(find, config, _check_rules, own)


def _check_rules(config: Config) -> None:
    if config.tags:
        from tracker.sync.rules import tagger  # loads the catalogue (100 ms), only for users with custom tags

        tagger(config)
