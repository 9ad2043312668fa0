"""Feed names and symbols from the command line."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.cli.errors import UsageError
from tracker.config.problem import Refused, did_you_mean
from tracker.config.values import symbol
from tracker.model.config import Config
from tracker.model.feed import FeedSource


def find_feeds(config: Config, names: Sequence[str]) -> tuple[FeedSource, ...]:
    """Return the feeds with these names, ignoring case, without repeats.

    Raises:
        UsageError: with the nearest name for each unknown one.
    """
    known = {source.name.casefold(): source for source in config.feeds}
    unknown = []
    for name in names:
        if name.casefold() not in known:
            hint = did_you_mean(name, [source.name for source in config.feeds])
            unknown.append(f'no feed is named "{name}" in {config.path or "the configuration"}{hint and "; " + hint}')
    if unknown:
        raise UsageError("\n".join(unknown))
    return tuple(dict.fromkeys(known[name.casefold()] for name in names))


def check_symbol(word: str) -> str:
    """Return a symbol in capitals.

    Raises:
        UsageError: when it is none.
    """
    try:
        return str(symbol(word))
    except Refused as refused:
        raise UsageError(f"symbol: {refused.message}{refused.hint and '; ' + refused.hint}") from None
