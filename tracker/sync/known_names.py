"""Which tags there are: a query for another one is a slip of the pen, and finds nothing without saying why."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.model.config import Config
from tracker.model.query import QuerySyntaxError, tag_terms
from tracker.store.read import Reader


def unknown_tag(text: str, config: Config, reader: Reader | None) -> QuerySyntaxError | None:
    """Return the error of the first tag of a query that is not stored, not configured, and no topic or company.

    Args:
        text: a query that can be read.
        reader: None where there is no database yet.
    """
    for field, tag, position in tag_terms(text):
        if reader is not None and reader.articles.has_tag(tag):
            continue
        configured = _configured(config)
        if tag in configured:
            continue
        builtin = _builtin(config)  # 20 ms, so last
        if tag not in builtin:
            stored = [] if reader is None else reader.articles.tag_names()
            return QuerySyntaxError(position, _expected(field, tag, (*stored, *configured), builtin))
    return None


def unknown_tags(config: Config, reader: Reader | None) -> list[str]:
    """Return a warning for each view, alert and mute rule of feeds.toml that asks for an unknown tag.

    Nothing would ever match it: an alert would stay silent, and a mute rule would hide nothing.
    """
    warnings = []
    for key, line, query in _queries(config):
        if tag_terms(query) and (error := unknown_tag(query, config, reader)) is not None:
            place = config.path if line is None else f"{config.path}:{line}"
            warnings.append(f'{place}: {key}: "{query}" at character {error.position}: expected {error.expected}')
    return warnings


def _queries(config: Config) -> Iterator[tuple[str, int | None, str]]:
    """Yield the key, line and text of each query in feeds.toml."""
    for view in config.views:
        yield "view.query", view.line, view.query
    for rule in config.alerts:
        yield "alert.query", rule.line, rule.query
    for query in config.mutes:
        yield "mute.query", None, query


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


def _expected(field: str, tag: str, near: tuple[str, ...], all_names: dict[str, None]) -> str:
    from difflib import get_close_matches  # for a mistake only

    # What has articles comes first: of 4,000 companies, some name is always close. What is typed so far may be a part.
    begun = [name for name in (*near, *all_names) if tag and name.startswith(tag)]
    found = begun or get_close_matches(tag, near, 1, 0.7) or get_close_matches(tag, all_names, 1, 0.7)
    return f"a known tag; did you mean {field}:{found[0]}?" if found else f"a known tag; no tag is called {tag}"
