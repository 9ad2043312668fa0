"""The schema, as a list of steps that are never edited once released; and how a new database gets it."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

_SCHEMA_1 = (
    """
    CREATE TABLE feed (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        slug TEXT NOT NULL,
        url TEXT NOT NULL,
        group_name TEXT,
        group_slug TEXT,
        is_active INTEGER NOT NULL DEFAULT 1,
        title TEXT, site_url TEXT, language TEXT,
        etag TEXT, last_modified TEXT, body_hash TEXT,
        last_checked INTEGER, last_full INTEGER, last_http INTEGER, last_reason TEXT,
        fail_count INTEGER NOT NULL DEFAULT 0,
        next_due INTEGER, next_why TEXT,
        disabled_reason TEXT, redirect_url TEXT, redirect_since INTEGER,
        ttl_minutes INTEGER, skip_hours TEXT, skip_days TEXT
    )
    """,
    "CREATE TABLE host (host TEXT PRIMARY KEY, until INTEGER NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID",
    # AUTOINCREMENT: an id is never given twice, so a stale id in a window can only miss, not hit another article.
    """
    CREATE TABLE article (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        feed_id INTEGER NOT NULL REFERENCES feed(id),
        key TEXT NOT NULL,
        title TEXT NOT NULL,
        url TEXT,
        author TEXT,
        published INTEGER,
        updated INTEGER,
        first_seen INTEGER NOT NULL,
        time INTEGER NOT NULL,
        language TEXT,
        read INTEGER NOT NULL DEFAULT 0,
        starred INTEGER NOT NULL DEFAULT 0,
        symbol TEXT,
        story_id INTEGER NOT NULL,
        content_hash TEXT NOT NULL,
        UNIQUE (feed_id, key)
    )
    """,
    "CREATE INDEX article_by_time ON article (time DESC, id DESC, story_id)",
    "CREATE INDEX article_by_seen ON article (first_seen DESC, id DESC, story_id)",
    "CREATE INDEX article_by_feed ON article (feed_id, time DESC)",
    "CREATE INDEX article_by_story ON article (story_id, time)",
    "CREATE INDEX article_unread ON article (feed_id, story_id) WHERE read = 0",
    "CREATE INDEX article_starred ON article (time DESC) WHERE starred = 1",
    "CREATE INDEX article_by_symbol ON article (symbol, published) WHERE symbol IS NOT NULL",
    # Apart from `article`, so that a scan over headlines does not drag whole texts through the cache.
    "CREATE TABLE article_text (article_id INTEGER PRIMARY KEY REFERENCES article(id), text TEXT, links TEXT)",
    "CREATE VIRTUAL TABLE article_search USING fts5(title, text, content='', tokenize='unicode61 remove_diacritics 2')",
    """
    CREATE TABLE earlier_title (
        article_id INTEGER NOT NULL REFERENCES article(id), until INTEGER NOT NULL, title TEXT NOT NULL,
        PRIMARY KEY (article_id, until)
    ) WITHOUT ROWID
    """,
    "CREATE TABLE tag (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    """
    CREATE TABLE article_tag (
        tag_id INTEGER NOT NULL REFERENCES tag(id),
        article_id INTEGER NOT NULL REFERENCES article(id),
        about INTEGER NOT NULL,
        symbol TEXT,
        place INTEGER NOT NULL,
        matches TEXT NOT NULL,
        PRIMARY KEY (tag_id, article_id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX article_tag_by_article ON article_tag (article_id)",
    """
    CREATE TABLE story_key (
        key TEXT NOT NULL, time INTEGER NOT NULL, article_id INTEGER NOT NULL REFERENCES article(id),
        PRIMARY KEY (key, time, article_id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX story_key_by_article ON story_key (article_id)",
    # What a story is known by: the sum over its articles' terms, kept so that a new article reads one row of each.
    """
    CREATE TABLE story_profile (
        story_id INTEGER PRIMARY KEY, size INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
        counts TEXT NOT NULL
    )
    """,
    "CREATE TABLE story_pin (story_id INTEGER PRIMARY KEY)",
    "CREATE TABLE story_word (word TEXT PRIMARY KEY, titles INTEGER NOT NULL) WITHOUT ROWID",
    """
    CREATE TABLE attribution (
        article_id INTEGER PRIMARY KEY REFERENCES article(id),
        name TEXT NOT NULL, slug TEXT NOT NULL, url TEXT,
        field TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
        key TEXT,
        original_id INTEGER REFERENCES article(id) ON DELETE SET NULL
    )
    """,
    "CREATE INDEX attribution_by_key ON attribution (key) WHERE key IS NOT NULL",
    "CREATE INDEX attribution_by_original ON attribution (original_id) WHERE original_id IS NOT NULL",
    """
    CREATE TABLE tombstone (
        feed_id INTEGER NOT NULL REFERENCES feed(id), key TEXT NOT NULL, deleted INTEGER NOT NULL,
        PRIMARY KEY (feed_id, key)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE quote (
        symbol TEXT PRIMARY KEY, price REAL NOT NULL, time INTEGER NOT NULL, provider TEXT NOT NULL,
        previous_close REAL, regular_price REAL, session TEXT, currency TEXT, fetched INTEGER, exchange_zone TEXT,
        failure TEXT
    ) WITHOUT ROWID
    """,
    # A symbol that never had a quote still has a reason to show.
    "CREATE TABLE quote_failure (symbol TEXT PRIMARY KEY, provider TEXT, reason TEXT NOT NULL, at INTEGER NOT NULL)",
    """
    CREATE TABLE bar (
        symbol TEXT NOT NULL, interval INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
        close REAL NOT NULL, open REAL, high REAL, low REAL, volume REAL, provider TEXT NOT NULL,
        interpolated INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (symbol, interval, start)
    ) WITHOUT ROWID
    """,
    # What was asked for and answered, so that a gap is known as a gap and not asked for again.
    """
    CREATE TABLE bar_span (
        symbol TEXT NOT NULL, interval INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
        asked INTEGER NOT NULL, PRIMARY KEY (symbol, interval)
    ) WITHOUT ROWID
    """,
    "CREATE TABLE split (symbol TEXT NOT NULL, at INTEGER NOT NULL, ratio REAL NOT NULL, PRIMARY KEY (symbol, at))",
    """
    CREATE TABLE estimate (
        symbol TEXT NOT NULL, benchmark TEXT NOT NULL, day0 TEXT NOT NULL, alpha REAL NOT NULL, beta REAL NOT NULL,
        sigma REAL NOT NULL, n INTEGER NOT NULL, market_mean REAL NOT NULL, market_squares REAL NOT NULL,
        PRIMARY KEY (symbol, benchmark, day0)
    ) WITHOUT ROWID
    """,
    "CREATE TABLE breaker (provider TEXT PRIMARY KEY, until INTEGER NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
)
"""The tables of the first release."""

_SCHEMA_2 = (
    # Since when the whole documents of its feed leave an article out; NULL while they list it, and while nobody knows.
    "ALTER TABLE article ADD COLUMN unlisted INTEGER",
    "CREATE INDEX article_by_unlisted ON article (unlisted, feed_id)",
    # The publication that a feed claims for an article, while it is still ahead of the clock.
    "ALTER TABLE article ADD COLUMN claimed INTEGER",
    "CREATE INDEX article_by_claimed ON article (claimed) WHERE claimed IS NOT NULL",
    # Seconds by which the Date of a server's last answer was ahead of our clock.
    "ALTER TABLE feed ADD COLUMN server_ahead INTEGER",
    # A wait is void for a clock that shows a time before the wait was set. That of a feed is set at `last_checked`.
    "ALTER TABLE host ADD COLUMN set_at INTEGER",
    "ALTER TABLE breaker ADD COLUMN set_at INTEGER",
    # What a feed still lists is not buried any more: what was buried may have been so by a wrong clock.
    "UPDATE feed SET etag = NULL, last_modified = NULL, body_hash = NULL WHERE id IN (SELECT feed_id FROM tombstone)",
    "DELETE FROM tombstone",
    "CREATE INDEX tombstone_by_deleted ON tombstone (deleted)",
    "DELETE FROM story_profile WHERE story_id NOT IN (SELECT story_id FROM article)",
    "DELETE FROM story_pin WHERE story_id NOT IN (SELECT story_id FROM article)",
)
"""What feeds list, what they claim, and when waits were set."""

_SCHEMA_3 = (
    # 0 where a tag's company has no share of its own and `symbol` stands for it; right for old rows after a retag.
    "ALTER TABLE article_tag ADD COLUMN own INTEGER NOT NULL DEFAULT 1",
    # Share of a session's residual variance in the night before it; NULL where too few opens told.
    "ALTER TABLE estimate ADD COLUMN night REAL",
    # A step in a share's prices that looks like a split of which nobody has told: no move across it is believed. One
    # that a provider's own previous close has shown to be real is kept with `is_real`, so that it is not doubted again.
    """
    CREATE TABLE price_doubt (
        symbol TEXT NOT NULL, at INTEGER NOT NULL, reason TEXT NOT NULL, is_real INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (symbol, at)
    ) WITHOUT ROWID
    """,
)
"""The night's share of a share's variance, and steps that look like splits."""

_SCHEMA_4 = (
    # Matches a mute: kept out of every list but a search.
    "ALTER TABLE article ADD COLUMN muted INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX article_muted ON article (id) WHERE muted = 1",
    # An alert that fired: `sent` is NULL until every way to send it has been tried, `problem` says which ones failed.
    """
    CREATE TABLE alert_fired (
        rule TEXT NOT NULL, article_id INTEGER NOT NULL REFERENCES article(id) ON DELETE CASCADE,
        fired INTEGER NOT NULL, sent INTEGER, problem TEXT, PRIMARY KEY (rule, article_id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX alert_fired_by_article ON alert_fired (article_id)",
)
"""Which articles are muted, and which alerts fired."""

_SCHEMA_5 = (
    # What a calendar said on its page of a day, as it was asked last.
    """
    CREATE TABLE coming_date (
        source TEXT NOT NULL, kind TEXT NOT NULL, day TEXT NOT NULL, symbol TEXT NOT NULL, time TEXT,
        PRIMARY KEY (source, kind, day, symbol)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX coming_date_by_symbol ON coming_date (symbol, day)",
    """
    CREATE TABLE calendar_page (
        source TEXT NOT NULL, kind TEXT NOT NULL, day TEXT NOT NULL, asked INTEGER NOT NULL,
        PRIMARY KEY (source, kind, day)
    ) WITHOUT ROWID
    """,
    # How the last request to a calendar went: `reason` is NULL where it was answered.
    "CREATE TABLE calendar_state (source TEXT PRIMARY KEY, asked INTEGER NOT NULL, reason TEXT) WITHOUT ROWID",
)
"""The coming dates of shares, and who says them."""

_SCHEMA_6 = (
    """
    CREATE TABLE full_text (
        article_id INTEGER PRIMARY KEY REFERENCES article(id) ON DELETE CASCADE,
        url TEXT, title TEXT NOT NULL, text TEXT NOT NULL, links TEXT NOT NULL, fetched INTEGER NOT NULL
    )
    """,
)
"""The full texts that were fetched from articles' pages."""


# Unread stories are kept, not counted: see `tracker.store.unread`. A trigger asks only what else its story holds.
_OTHER = (
    "SELECT 1 FROM article o{join} WHERE o.story_id = {row}.story_id AND o.id <> {row}.id"
    " AND o.read = 0 AND o.muted = 0"
)
_GROUP_OF = "(SELECT group_name FROM feed WHERE id = {row}.feed_id)"
_STEP = (
    f"UPDATE story_count SET stories = stories {{sign}} 1 WHERE name = 'all' AND NOT EXISTS ({_OTHER});"
    f" UPDATE feed SET unread = unread {{sign}} 1 WHERE id = {{row}}.feed_id"
    f" AND NOT EXISTS ({_OTHER} AND o.feed_id = {{row}}.feed_id);"
    f" UPDATE story_count SET stories = stories {{sign}} 1 WHERE name = 'group' || coalesce(':' || {_GROUP_OF}, '')"
    f" AND NOT EXISTS ({_OTHER.replace('{join}', ' JOIN feed f ON f.id = o.feed_id')} AND f.group_name IS {_GROUP_OF});"
    " UPDATE tag SET unread = unread {sign} 1"
    " WHERE id IN (SELECT tag_id FROM article_tag WHERE article_id = {row}.id AND about = 1)"
    f" AND NOT EXISTS ({_OTHER.replace('{join}', ' JOIN article_tag t ON t.article_id = o.id')}"
    " AND t.tag_id = tag.id AND t.about = 1);"
)
_TAG_STEP = (
    "UPDATE tag SET unread = unread {sign} 1 WHERE id = {row}.tag_id"
    " AND EXISTS (SELECT 1 FROM article WHERE id = {row}.article_id AND read = 0 AND muted = 0)"
    " AND NOT EXISTS (SELECT 1 FROM article a JOIN article o ON o.story_id = a.story_id"
    " JOIN article_tag t ON t.article_id = o.id WHERE a.id = {row}.article_id AND o.id <> a.id"
    " AND o.read = 0 AND o.muted = 0 AND t.tag_id = {row}.tag_id AND t.about = 1);"
)
_COUNTED = "NOT EXISTS (SELECT 1 FROM story_count WHERE name = 'paused')"
_MOVED = "old.story_id <> new.story_id OR old.feed_id <> new.feed_id"
_TO = "new.read = 0 AND new.muted = 0"
_FROM = "old.read = 0 AND old.muted = 0"


def _trigger(name: str, when: str, condition: str, step: str, row: str, sign: str) -> str:
    body = step.replace("{join}", "").replace("{row}", row).replace("{sign}", sign)
    return f"CREATE TRIGGER {name} AFTER {when} WHEN {condition} AND {_COUNTED} BEGIN {body} END"


_SCHEMA_7 = (
    "CREATE TABLE story_count (name TEXT PRIMARY KEY, stories INTEGER NOT NULL) WITHOUT ROWID",
    "INSERT INTO story_count (name, stories) VALUES ('all', 0)",
    "ALTER TABLE feed ADD COLUMN unread INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE tag ADD COLUMN unread INTEGER NOT NULL DEFAULT 0",
    _trigger("unread_stored", "INSERT ON article", _TO, _STEP, "new", "+"),
    _trigger("unread_deleted", "DELETE ON article", _FROM, _STEP, "old", "-"),
    _trigger(
        "unread_left",
        "UPDATE OF read, muted, story_id, feed_id ON article",
        f"{_FROM} AND (NOT ({_TO}) OR {_MOVED})",
        _STEP,
        "old",
        "-",
    ),
    _trigger(
        "unread_came",
        "UPDATE OF read, muted, story_id, feed_id ON article",
        f"{_TO} AND (NOT ({_FROM}) OR {_MOVED})",
        _STEP,
        "new",
        "+",
    ),
    _trigger("unread_tagged", "INSERT ON article_tag", "new.about = 1", _TAG_STEP, "new", "+"),
    _trigger("unread_untagged", "DELETE ON article_tag", "old.about = 1", _TAG_STEP, "old", "-"),
    # A new feed brings its group; `feeds.register` counts where one comes to another group.
    "CREATE TRIGGER unread_group AFTER INSERT ON feed BEGIN INSERT INTO story_count (name, stories)"
    " SELECT 'group' || coalesce(':' || new.group_name, ''), 0 WHERE NOT EXISTS (SELECT 1 FROM story_count"
    " WHERE name = 'group' || coalesce(':' || new.group_name, '')); END",
    "UPDATE story_count SET stories = (SELECT count(DISTINCT story_id) FROM article WHERE read = 0 AND muted = 0)",
    "UPDATE feed SET unread = (SELECT count(DISTINCT story_id) FROM article"
    " WHERE feed_id = feed.id AND read = 0 AND muted = 0)",
    "UPDATE tag SET unread = (SELECT count(DISTINCT a.story_id) FROM article_tag t JOIN article a"
    " ON a.id = t.article_id WHERE t.tag_id = tag.id AND t.about = 1 AND a.read = 0 AND a.muted = 0)",
    "INSERT INTO story_count (name, stories) SELECT 'group' || coalesce(':' || f.group_name, ''),"
    " count(DISTINCT CASE WHEN a.read = 0 AND a.muted = 0 THEN a.story_id END)"
    " FROM feed f LEFT JOIN article a ON a.feed_id = f.id GROUP BY f.group_name",
)
"""How many stories are unread."""

_SCHEMA_8 = (
    # Of feeds of `[sources]` their kind, "company" for a company's own releases; NULL for the press.
    "ALTER TABLE feed ADD COLUMN first_hand TEXT",
)
"""Which feeds are first-hand."""

_SCHEMA_9 = (
    # All that an article is compared by in one row; see `tracker.store.story_terms`.
    "CREATE TABLE article_terms (article_id INTEGER PRIMARY KEY REFERENCES article(id), terms TEXT NOT NULL)",
    # Without a reference to its article, which SQLite would look up for each row, and an index for that.
    """
    CREATE TABLE story_term (
        term TEXT NOT NULL, time INTEGER NOT NULL, article_id INTEGER NOT NULL, PRIMARY KEY (term, time, article_id)
    ) WITHOUT ROWID
    """,
    "INSERT INTO article_terms (article_id, terms) SELECT article_id, json_group_array(key) FROM"
    " (SELECT article_id, key FROM story_key WHERE substr(key, 2, 1) = ':' ORDER BY article_id, key)"
    " GROUP BY article_id",
    "INSERT INTO story_term (term, time, article_id) SELECT j.value, a.time, a.id FROM article_terms t"
    " JOIN article a ON a.id = t.article_id JOIN json_each(t.terms) j"
    " WHERE substr(j.value, 1, 2) IN ('w:', 'n:', 'g:') ORDER BY 1, 2, 3",
    "DELETE FROM story_key WHERE substr(key, 2, 1) = ':'",
)
"""The terms of articles apart from their keys."""

_SCHEMA_10 = (
    # `at` is when the ex-dividend day begins at the exchange, as both ends of a move are times.
    """
    CREATE TABLE dividend (
        symbol TEXT NOT NULL, day TEXT NOT NULL, at INTEGER NOT NULL, amount REAL NOT NULL, PRIMARY KEY (symbol, day)
    ) WITHOUT ROWID
    """,
    # The dividends of these days came with their bars and were not kept: the daily bars are asked for once more.
    "DELETE FROM bar_span WHERE interval = 86400",
)
"""The dividends of shares."""

STEPS = (_SCHEMA_1, _SCHEMA_2, _SCHEMA_3, _SCHEMA_4, _SCHEMA_5, _SCHEMA_6, _SCHEMA_7, _SCHEMA_8, _SCHEMA_9, _SCHEMA_10)
"""The first makes the tables of the first release, each other one brings what the one before made up to date."""

MIGRATION_SET = "tracker"
"""The name of our steps in the table in which sqlite-utils notes what it has done."""
_NOTES = (
    'CREATE TABLE "_sqlite_migrations" ('
    '"id" INTEGER PRIMARY KEY, "migration_set" TEXT, "name" TEXT, "applied_at" TEXT)',
    'CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name" ON "_sqlite_migrations" ("migration_set", "name")',
)


def step_name(number: int) -> str:
    """Return what a step is called in that table."""
    return f"schema_{number}"


def make(connection: sqlite3.Connection) -> None:
    """Make the tables of a new database, within the caller's transaction, and note the steps for later updates.

    Without sqlite-utils, which takes 120 ms and 16 MB: before the first screen of a new user, and in a first sync.
    """
    for statement in (*_NOTES, *(statement for step in STEPS for statement in step)):
        connection.execute(statement)
    now = str(datetime.now(UTC))
    connection.executemany(
        'INSERT INTO "_sqlite_migrations" (migration_set, name, applied_at) VALUES (?,?,?)',
        [(MIGRATION_SET, step_name(number), now) for number in range(1, len(STEPS) + 1)],
    )
