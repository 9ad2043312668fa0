"""Host names of the user's addresses that were once public: later they may not point to the local network."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from tracker.model.config import Config
from tracker.net.address import pair, pair_key
from tracker.store.read import Reader
from tracker.store.write import Writer

_KEY = "public_names"


def read_known(reader: Reader) -> set[str]:
    """Return the stored names (`pair_key`); unreadable data counts as none."""
    return reader.meta_json(_KEY, set[str]) or set()


def note_known(writer: Writer, config: Config, known: Iterable[str]) -> None:
    """Add names, and remove those that are no longer in the configuration."""
    with Reader(writer.path) as reader:
        before = read_known(reader)
    after = (before | set(known)) & _named(config)
    if after != before:
        writer.set_meta({_KEY: msgspec.json.encode(sorted(after)).decode()})


def _named(config: Config) -> set[str]:
    addresses = [*(source.url for source in config.feeds), *config.market.base_urls.values(), *config.sources.base_urls]
    return {pair_key(*found) for found in map(pair, addresses) if found is not None}
