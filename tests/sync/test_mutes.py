"""Muted articles: read when they are stored, in no list but a search, and back when the rule goes."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.helpers.feeds import config_for, rss
from tests.helpers.http_server import Answer, LoopbackServer
from tests.helpers.store import NOW, article, fill
from tests.sync.test_run import sync, titles
from tracker.model.config import Config, View
from tracker.model.errors import ConfigError
from tracker.model.market import WatchSymbol
from tracker.model.query import parse_query
from tracker.store.read import Reader
from tracker.store.write import Writer
from tracker.sync.mutes import muting
from tracker.ui.scope import Place, Scope


async def test_what_matches_is_stored_as_read_and_only_a_search_finds_it(
    server: LoopbackServer, tmp_path: Path
) -> None:
    db = tmp_path / "t.db"
    server.routes["/a"] = Answer(rss(["Nvidia falls 17 %", "When to prune a garden"]))
    await sync(replace(config_for(server, "a"), mutes=("garden",)), db)
    assert titles(db) == ["Nvidia falls 17 %"]
    assert titles(db, "is:unread") == ["Nvidia falls 17 %"]
    assert titles(db, "is:read") == []
    assert titles(db, "prune") == titles(db, "is:muted") == titles(db, "is:muted is:read") == ["When to prune a garden"]
    assert titles(db, "-is:muted") == ["Nvidia falls 17 %"]
    with Reader(db) as reader:
        assert reader.stories.counts(
            (View("G", "garden"), View("M", "is:muted -is:read"), View("N", "nvidia")), NOW
        ).views == {
            "G": 0,
            "M": 0,
            "N": 1,
        }


async def test_changed_rules_take_effect_on_what_is_stored_and_starred_articles_stay(
    server: LoopbackServer, tmp_path: Path
) -> None:
    db = tmp_path / "t.db"
    server.routes["/a"] = Answer(rss(["Nvidia falls 17 %", "A garden party", "A garden I starred"]))
    config = config_for(server, "a")
    await sync(config, db)
    with Writer(db) as writer, Reader(db) as reader:
        writer.marks.set_starred(reader.articles.ids(parse_query("starred"), NOW), True)
    await sync(replace(config, mutes=("garden",)), db)
    assert titles(db) == ["A garden I starred", "Nvidia falls 17 %"]
    await sync(replace(config, mutes=("source:nobody",)), db)
    assert titles(db) == ["A garden I starred", "A garden party", "Nvidia falls 17 %"]
    assert titles(db, "is:unread") == ["A garden I starred", "Nvidia falls 17 %"]


def test_the_same_rules_are_applied_once(tmp_path: Path) -> None:
    config = Config(mutes=("is:watched",), symbols=(WatchSymbol("nvda"),))
    with Writer(tmp_path / "t.db") as writer:
        fill(writer, "F", [article("Nvidia falls", symbol="NVDA"), article("AMD falls", symbol="AMD")])
        assert writer.mute_stored(muting(config), config.mutes, NOW)
        assert not writer.mute_stored(muting(config), config.mutes, NOW)
        assert not any(writer.marks.mark_all_read(parse_query("symbol:NVDA"), NOW, 99))
    assert titles(tmp_path / "t.db") == ["AMD falls"]


def test_one_more_rule_is_applied_at_once_and_undone_exactly(tmp_path: Path) -> None:
    db = tmp_path / "t.db"

    def refuse() -> None:
        raise ConfigError("the file cannot be written")

    with Writer(db) as writer:
        ids = fill(writer, "F", [article("Garden one"), article("Garden two"), article("Rain"), article("Garden star")])
        writer.marks.set_read([ids[1]], True)
        writer.marks.set_starred([ids[3]], True)
        query, rain = parse_query("garden"), parse_query("rain")
        with pytest.raises(ConfigError):
            writer.mute(query, (), ("garden",), NOW, refuse)
        assert len(titles(db)) == 4
        muted = writer.mute(query, (), ("garden",), NOW, lambda: None)
        assert set(muted.ids) == {ids[0], ids[1]}
        assert muted.unread == (ids[0],)
        assert not writer.mute_stored((query,), ("garden",), NOW)  # the next sync has nothing to apply
        with pytest.raises(ConfigError):
            writer.unmute(muted, (), ("garden",), refuse)
        assert sorted(titles(db)) == ["Garden star", "Rain"]
        writer.unmute(muted, (), ("garden",), lambda: None)
        assert sorted(titles(db, "is:unread")) == ["Garden one", "Garden star", "Rain"]
        assert not writer.mute_stored((), (), NOW)
        # Rules that another program has changed meanwhile are not taken for applied.
        assert writer.mute_stored((rain,), ("rain",), NOW)
        writer.mute(query, (), ("garden",), NOW, lambda: None)
        assert writer.mute_stored((query,), ("garden",), NOW)


def test_a_place_is_no_search_but_the_field_is() -> None:
    words = Place("view", "Garden", "garden")
    assert not Scope(words).query().with_muted
    assert Scope(words, search="prune").query().with_muted
    assert not Scope(words, search="source:cnbc").query().with_muted
    assert Scope(Place("view", "Muted", "is:muted")).query().with_muted
