"""Which tags, shares, feeds and groups there are: a query for another one is a slip of the pen, and finds nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import zip_longest

from tracker.model.config import Config
from tracker.model.errors import StoreError
from tracker.model.query import QuerySyntaxError, named_terms, quoted, slug
from tracker.store.read import Reader

_LOOK_SECONDS = 0.05
"""Of processor time: no index leads from a share to all articles that are about it."""


def unknown_name(text: str, config: Config, reader: Reader | None) -> QuerySyntaxError | None:
    """Return the error of the first tag, share, feed or group of a query that is neither stored nor configured.

    A tag may also be a built-in topic or a company, a share that of a company.

    Args:
        text: a query that can be read.
        reader: None where there is no database yet.
    """
    for field, name, position in named_terms(text):
        expected = _CHECKS.get(field, _unknown_feed)
        if (problem := expected(field, name, config, reader)) is not None:
            return QuerySyntaxError(position, problem)
    return None


def unknown_names(config: Config, reader: Reader | None) -> list[str]:
    """Return a warning for each view, alert and mute rule of feeds.toml that asks for an unknown name.

    Nothing would ever match it: an alert would stay silent, and a mute rule would hide nothing.
    """
    warnings = []
    for key, line, query in _queries(config):
        if named_terms(query) and (error := unknown_name(query, config, reader)) is not None:
            place = config.path if line is None else f"{config.path}:{line}"
            warnings.append(f'{place}: {key}: "{query}" at character {error.position}: expected {error.expected}')
    return warnings


def _queries(config: Config) -> Iterator[tuple[str, int | None, str]]:
    """Yield the key, line and text of each query in feeds.toml."""
    for view in config.views:
        yield "view.query", view.line, view.query
    for rule in config.alerts:
        yield "alert.query", rule.line, rule.query
    for query, line in zip_longest(config.mutes, config.mute_lines[: len(config.mutes)]):
        yield "mute.query", line, query


def _unknown_feed(field: str, name: str, config: Config, reader: Reader | None) -> str | None:
    """Return what is expected in place of a feed's or group's name; None for one that there is.

    What is no longer configured keeps its articles for a while, and is found with them.
    """
    stored = [] if reader is None else reader.feeds.names()
    pairs = [*((feed.name, feed.group) for feed in config.feeds), *stored]
    is_group = field == "group"
    names = dict.fromkeys(group if is_group else feed for feed, group in pairs if not is_group or group is not None)
    by_slug = {slug(one): one for one in names if one is not None}
    wanted = slug(name)
    if wanted in by_slug or (field == "source" and any(wanted in one for one in by_slug)):
        return None
    kind = "group" if is_group else "feed"
    near = _nearest(wanted, by_slug)
    if near is None:
        return f"a known {kind}; no {kind} is called {name}"
    meant = by_slug[near].lower()
    return f"a known {kind}; did you mean {field}:{meant if meant.isalnum() else quoted(meant)}?"


def _unknown_tag(field: str, tag: str, config: Config, reader: Reader | None) -> str | None:
    """Return what is expected in place of a tag; None for one that there is."""
    if reader is not None and reader.articles.has_tag(tag):
        return None
    configured = _configured(config)
    if tag in configured:
        return None
    builtin = _builtin(config)  # 20 ms, so last
    if tag in builtin:
        return None
    # What has articles comes first: of 4,000 companies, some name is always close.
    stored = [] if reader is None else reader.articles.tag_names()
    near = _nearest(tag, (*stored, *configured), builtin)
    return f"a known tag; no tag is called {tag}" if near is None else f"a known tag; did you mean {field}:{near}?"


def _unknown_symbol(field: str, symbol: str, config: Config, reader: Reader | None) -> str | None:
    """Return what is expected in place of a share's symbol; None for one that an article may be about."""
    from tracker.tagging.companies import companies  # 20 ms

    wanted = symbol.upper()
    configured = dict.fromkeys((*config.watched, *(rule.symbol for rule in config.tags if rule.symbol is not None)))
    known = dict.fromkeys(one for row in companies() for one in (row.symbol, *row.also) if one is not None)
    if wanted in configured or wanted in known or (reader is not None and _may_be_stored(wanted, reader)):
        return None
    near = _nearest(wanted, configured, known)
    if near is None:
        return f"a known share; no share is called {wanted}"
    return f"a known share; did you mean {field}:{near}?"


def _may_be_stored(symbol: str, reader: Reader) -> bool:
    """Return whether an article is about a share; True where that takes too long to find out between two keys."""
    try:
        with reader.at_most(_LOOK_SECONDS):
            return reader.articles.has_symbol(symbol)
    except StoreError as error:
        if error.kind != "stopped":
            raise
        return True


_CHECKS = {"tag": _unknown_tag, "about": _unknown_tag, "symbol": _unknown_symbol}


def _configured(config: Config) -> dict[str, None]:
    """Return the tags that feeds.toml names, in its order."""
    names = [rule.name for rule in config.tags]
    names.extend(name for feed in config.feeds for name in feed.tags)
    return dict.fromkeys(name.lower() for name in names)


def _builtin(config: Config) -> dict[str, None]:
    """Return the tags of the built-in topics, of all companies and of the watchlist."""
    from tracker.tagging.catalog import builtin_rules
    from tracker.tagging.companies import companies, other_shares
    from tracker.tagging.watch import watch

    rows = watch(companies(), config.symbols, other_shares()) if config.symbols else companies()
    return dict.fromkeys((*(rule.name for rule in builtin_rules()), *(row.tag for row in rows)))


def _nearest(name: str, *groups: Collection[str]) -> str | None:
    """Return the name that is meant, of the first group that has one: what is typed so far may be a part of it."""
    from difflib import get_close_matches  # for a mistake only

    begun = next((one for group in groups for one in group if name and one.startswith(name)), None)
    close = (found[0] for group in groups if (found := get_close_matches(name, group, 1, 0.7)))
    return begun or next(close, None)
