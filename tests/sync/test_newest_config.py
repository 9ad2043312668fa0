"""A sync never uses an older state of feeds.toml than the last one did."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.helpers.feeds import conditional, config_text, rss, write_config
from tests.helpers.http_server import Answer, LoopbackServer
from tests.helpers.store import NOW, raw
from tracker.config.load import load_config
from tracker.model.config import Config
from tracker.store.read import Reader
from tracker.sync.current import config_file
from tracker.sync.options import SyncOptions
from tracker.sync.run import Syncer

FORCED = SyncOptions(force=True, prices=False)


class Process:
    """What a window or a cron job is to the database: a configuration read at some time, and syncs."""

    def __init__(self, path: Path, db: Path) -> None:
        self._config = load_config(path)
        self._syncer = Syncer(self._config, db, lambda: NOW, config_file=config_file(lambda: path, self._config))

    async def sync(self) -> set[str]:
        return {feed.name for feed in [event async for event in self._syncer.run(FORCED)][-1].feeds}  # type: ignore[union-attr]


@pytest.fixture
def path(server: LoopbackServer, tmp_path: Path) -> Path:
    for name in ("a", "b", "moved"):
        server.routes[f"/{name}"] = conditional(rss([f"News of {name}"]), f'"{name}"')
    return write_config(tmp_path, config_text(server, "a"))


def active(db: Path) -> dict[str, tuple[str, str | None]]:
    """Return address and ETag of each feed that is switched on."""
    with Reader(db) as reader:
        return {
            name: (url.rpartition("/")[2], etag)
            for name, url, etag in raw(reader).execute("SELECT name, url, etag FROM feed WHERE is_active = 1")
        }


async def test_an_open_window_does_not_write_its_old_feeds_back(
    server: LoopbackServer, tmp_path: Path, path: Path
) -> None:
    db = tmp_path / "t.db"
    window = Process(path, db)
    await window.sync()
    write_config(tmp_path, config_text(server, "a", "b").replace("/a", "/moved"))
    assert await Process(path, db).sync() == {"a", "b"}
    both = {"a": ("moved", '"moved"'), "b": ("b", '"b"')}
    assert active(db) == both
    assert await window.sync() == {"a", "b"}
    assert active(db) == both
    assert server.requests[-1].headers["if-none-match"] in ('"moved"', '"b"')
    assert not server.asked("/a")[1:]


async def test_while_the_file_has_a_mistake_an_older_configuration_registers_nothing(
    server: LoopbackServer, tmp_path: Path, path: Path
) -> None:
    db = tmp_path / "t.db"
    window = Process(path, db)
    await window.sync()
    write_config(tmp_path, config_text(server, "b").replace("/b", "/moved"))
    await Process(path, db).sync()
    only_b = active(db)
    write_config(tmp_path, "[[feed]\n")
    assert await window.sync() == set()  # its feed has been taken out since
    assert active(db) == only_b == {"b": ("moved", '"moved"')}
    write_config(tmp_path, config_text(server, "a", "b").replace("/b", "/moved"))
    assert await window.sync() == {"a", "b"}


async def test_the_newest_configuration_goes_on_while_the_file_has_a_mistake(
    server: LoopbackServer, tmp_path: Path, path: Path
) -> None:
    db = tmp_path / "t.db"
    window = Process(path, db)
    await window.sync()
    write_config(tmp_path, "[[feed]\n")
    assert await window.sync() == {"a"}


async def test_another_file_on_the_same_database_is_used_as_it_is(
    server: LoopbackServer, tmp_path: Path, path: Path
) -> None:
    db = tmp_path / "t.db"
    other = tmp_path / "other"
    other.mkdir()
    await Process(path, db).sync()
    assert await Process(write_config(other, config_text(server, "b")), db).sync() == {"b"}
    assert set(active(db)) == {"b"}
    assert await Process(path, db).sync() == {"a"}


@pytest.mark.slow
async def test_other_tags_take_effect_in_a_running_window(server: LoopbackServer, tmp_path: Path, path: Path) -> None:
    db = tmp_path / "t.db"
    server.routes["/a"] = Answer(rss(["Acme one"]))
    window = Process(path, db)
    await window.sync()
    write_config(tmp_path, config_text(server, "a") + '\n[[tag]]\nname = "acme"\nmatch = ["Acme"]\n')
    server.routes["/a"] = Answer(rss(["Acme one", "Acme two"]))
    await window.sync()
    with Reader(db) as reader:
        tagged = {row.title: list(row.tags) for row in reader.articles.headlines(reader.articles.ids_after(0, 9))}
    assert tagged == {"Acme one": [], "Acme two": ["acme"]}


@pytest.mark.slow
async def test_a_new_symbol_is_tagged_in_a_running_window(server: LoopbackServer, tmp_path: Path, path: Path) -> None:
    db = tmp_path / "t.db"
    server.routes["/a"] = Answer(rss(["Zorblat Motors falls 4%"]))
    window = Process(path, db)
    await window.sync()
    symbol = '[[symbol]]\nsymbol = "ZRBL"\nname = "Zorblat Motors"\n'
    write_config(tmp_path, config_text(server, "a") + "\n" + symbol)
    server.routes["/a"] = Answer(rss(["Zorblat Motors falls 4%", "Zorblat Motors rises 5%"]))
    await window.sync()
    with Reader(db) as reader:
        tagged = {row.title: bool(row.tags) for row in reader.articles.headlines(reader.articles.ids_after(0, 9))}
    assert tagged["Zorblat Motors rises 5%"]


async def test_a_configuration_without_a_file_is_used_as_it_is(tmp_path: Path) -> None:
    syncer = Syncer(replace(Config(), feeds=()), tmp_path / "t.db", lambda: NOW)
    events = [event async for event in syncer.run(FORCED)]
    assert events
