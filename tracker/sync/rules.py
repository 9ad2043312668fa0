"""Compiles the tag rules and applies them to stored articles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from tracker.feeds.firsthand import known_symbols
from tracker.model.config import Config
from tracker.model.errors import ConfigError
from tracker.model.market import WatchSymbol
from tracker.model.plan import Retagged
from tracker.model.tags import Mention, TagRule
from tracker.store.read import RETAG_CURSOR, Reader
from tracker.store.write import Writer
from tracker.tagging.catalog import builtin_rules, merge_companies, merge_rules
from tracker.tagging.companies import Company, companies, other_shares
from tracker.tagging.match import RuleError, Tagger, compile_rules
from tracker.tagging.salience import lead_symbol
from tracker.tagging.watch import unknown_symbols, watch

_BATCH = 200
_RULES = "tag_rules"


def tagger(config: Config) -> Tagger:
    """Return the tagger of a configuration.

    Raises:
        ConfigError: naming file, line and tag of a rule that cannot be used.
    """
    try:
        return _tagger(config.tags, config.symbols)
    except RuleError as error:
        where = f"{config.path}:{error.line}" if error.line is not None else str(config.path or "built-in rules")
        raise ConfigError(f"{where}: tag {error.name}: {error.reason}") from error


def company_rows(config: Config) -> tuple[Company, ...]:
    """Return the companies that a configuration tags, with those of its watchlist and its own rules."""
    return tuple(_merged(config.tags, config.symbols)[0])


@lru_cache(maxsize=1)  # compiling 4,000 companies takes 0.2 s of processor time
def _tagger(tags: tuple[TagRule, ...], symbols: tuple[WatchSymbol, ...]) -> Tagger:
    rows, rules = _merged(tags, symbols)
    return compile_rules(merge_rules(builtin_rules(), rules), rows)


def _merged(tags: tuple[TagRule, ...], symbols: tuple[WatchSymbol, ...]) -> tuple[Sequence[Company], Sequence[TagRule]]:
    rows, rules = merge_companies(companies(), tags)
    return (watch(rows, symbols, other_shares()) if symbols else rows), rules


def untagged_symbols(config: Config) -> tuple[str, ...]:
    """Return the symbols of the watchlist that nothing is known of but the symbol: no name to find headlines by."""
    return unknown_symbols(companies(), config.symbols, other_shares())


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
        writer.note_retagged({_RULES: rules.fingerprint, RETAG_CURSOR: ""})


def tag_known(
    rules: Tagger, title: str, text: str, feed_tags: Sequence[str], symbols: Sequence[str] | None
) -> tuple[Mention, ...]:
    """Return the mentions of an article.

    Args:
        symbols: the shares that its source says it is about, which then decide instead of its words; None where the
            words decide.
    """
    if symbols is None:
        return rules.tag(title, text, feed_tags=feed_tags)
    return rules.tag("", feed_tags=(*feed_tags, *rules.tags_of(symbols)))


def _cursor(reader: Reader, rules: Tagger) -> int:
    """Return the last article that an interrupted retag with these rules has tagged; 0 where there was none."""
    fingerprint, _, article_id = (reader.meta(RETAG_CURSOR) or "").partition(" ")
    return int(article_id) if fingerprint == rules.fingerprint and article_id.isdigit() else 0


def retagged_before(config: Config, db: Path) -> int:
    """Return how many articles an interrupted retag with the current rules has tagged."""
    with Reader(db) as reader:
        cursor = _cursor(reader, tagger(config))
        return reader.articles.count_up_to(cursor) if cursor else 0


def has_changed_rules(config: Config, reader: Reader) -> bool:
    """Return whether stored articles were tagged by other rules than the current ones."""
    known = reader.meta(_RULES)
    return known is not None and known != tagger(config).fingerprint


def note_rules(writer: Writer, rules: Tagger) -> None:
    """Store which rules tag new articles, in a database without them."""
    writer.set_default_meta(_RULES, rules.fingerprint)
