"""Writes feeds and their states."""

from __future__ import annotations

import json
from collections.abc import Sequence

from tracker.model.feed import FeedSource
from tracker.model.plan import FeedPlan
from tracker.model.query import slug
from tracker.store.connection import Connection
from tracker.store.rows import FEED_STATE_COLUMNS, feed_state_values
from tracker.store.unread import count_groups_again

_GROUPS = "SELECT id, group_name FROM feed"


def register(connection: Connection, sources: Sequence[FeedSource]) -> None:
    """Update the feed table to the configuration, within the caller's transaction."""
    execute = connection.execute
    names = {source.name for source in sources}
    known: dict[str, str] = dict(execute("SELECT name, url FROM feed"))
    groups = execute(_GROUPS).fetchall()
    orphans = {url: name for name, url in known.items() if name not in names}
    for source in sources:
        if source.name not in known and source.url in orphans:
            execute("UPDATE feed SET name = ? WHERE name = ?", (source.name, orphans[source.url]))
            known[source.name] = source.url
        group = (source.group, None if source.group is None else slug(source.group))
        if source.name not in known:
            execute(
                "INSERT INTO feed (name, slug, url, group_name, group_slug) VALUES (?,?,?,?,?)",
                (source.name, slug(source.name), source.url, *group),
            )
        elif known[source.name] != source.url:
            # Another address: nothing that the old one said about caching or failing holds for it.
            execute(
                "UPDATE feed SET url=?, etag=NULL, last_modified=NULL, body_hash=NULL, last_reason=NULL,"
                " fail_count=0, next_due=NULL, next_why=NULL, disabled_reason=NULL, redirect_url=NULL,"
                " redirect_since=NULL, ttl_minutes=NULL, skip_hours=NULL, skip_days=NULL WHERE name=?",
                (source.url, source.name),
            )
        execute(
            "UPDATE feed SET slug=?, group_name=?, group_slug=?, is_active=?, first_hand=? WHERE name=?",
            (slug(source.name), *group, int(source.enabled), source.origin_kind, source.name),
        )
    execute(
        "UPDATE feed SET is_active = 0 WHERE name NOT IN (SELECT value FROM json_each(?))", (json.dumps(list(names)),)
    )
    if set(groups) - set(execute(_GROUPS)):
        count_groups_again(connection)


def store_state(connection: Connection, plan: FeedPlan) -> int:
    """Write the state of a feed, including its validators, and return its id."""
    state = plan.state
    assignments = ", ".join(f"{name} = :{name}" for name in FEED_STATE_COLUMNS if name != "id")
    connection.execute(
        f"UPDATE feed SET {assignments}, title = coalesce(:title, title),"
        " site_url = coalesce(:site_url, site_url), language = coalesce(:language, language) WHERE id = :id",
        {**feed_state_values(state), "title": plan.title, "site_url": plan.site_url, "language": plan.language},
    )
    assert state.id is not None  # register_feeds gave every configured feed its row
    return state.id
