"""Applies the tag rules to stored articles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tracker.feeds.firsthand import known_symbols
from tracker.model.config import Config
from tracker.model.plan import Retagged
from tracker.store.read import RETAG_CURSOR, Reader
from tracker.store.write import Writer
from tracker.sync.rules import RULES_KEY, tag_known, tagger
from tracker.tagging.match import Tagger
from tracker.tagging.salience import lead_symbol

_BATCH = 200


def retag(config: Config, db: Path) -> Iterator[tuple[int, int]]:
    """Apply the current rules to every stored article; yields (done, total) after each batch.

    Stopping anywhere is safe: the next call with the same rules goes on where this one stopped.
    """
    rules = tagger(config)
    feed_tags = {source.name: source.tags for source in config.feeds}
    kinds = {source.name: source.first_hand.kind for source in config.feeds if source.first_hand is not None}
    with Reader(db) as reader, Writer(db) as writer:
        cursor = _cursor(reader, rules)
        total = reader.articles.count()
        done = reader.articles.count_up_to(cursor)
        while ids := reader.articles.ids_after(cursor, _BATCH):
            batch = []
            for article in reader.articles.get_many(ids):
                kind = kinds.get(article.source)
                known = None if kind is None else known_symbols(kind, article.key)
                own = feed_tags.get(article.source, ())
                mentions = tag_known(rules, article.title, article.text, own, known)
                batch.append(Retagged(article.id, mentions, lead_symbol(mentions)))
            writer.retag(batch)
            cursor = ids[-1]
            writer.set_meta({RETAG_CURSOR: f"{rules.fingerprint} {cursor}"})
            done += len(ids)
            yield done, total
        writer.note_retagged({RULES_KEY: rules.fingerprint, RETAG_CURSOR: ""})


def _cursor(reader: Reader, rules: Tagger) -> int:
    """Return the last article that an interrupted retag with these rules has tagged; 0 where there was none."""
    fingerprint, _, article_id = (reader.meta(RETAG_CURSOR) or "").partition(" ")
    return int(article_id) if fingerprint == rules.fingerprint and article_id.isdigit() else 0


def retagged_before(config: Config, db: Path) -> int:
    """Return how many articles an interrupted retag with the current rules has tagged."""
    with Reader(db) as reader:
        cursor = _cursor(reader, tagger(config))
        return reader.articles.count_up_to(cursor) if cursor else 0
