"""New articles of one feed, whose rows are written together, against the same ones stored one by one."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.helpers.examples import seeds
from tests.helpers.store import about, article, fill, raw, tells_more
from tracker.model.attribution import Attribution
from tracker.model.plan import NewArticle
from tracker.store.connection import Connection
from tracker.store.write import Writer

TABLES = ("article", "article_text", "article_tag", "tag", "story_key", "article_terms", "attribution", "story_count")


def _articles(rnd: random.Random) -> list[NewArticle]:
    """Some that share addresses, titles and tags, name each other as their source, or come twice."""
    made = []
    for number in range(60):
        title = f"Nvidia and DeepSeek {number}"
        tags = [about(tag, title, "NVDA") for tag in ("nvidia", "deepseek") if rnd.random() < 0.5]
        keys = [f"u{rnd.randint(0, 80)}", f"t{rnd.randint(0, 80)}", f"w:{rnd.randint(0, 9)}", "w:same", "w:same"]
        one = article(
            title,
            key=str(rnd.randint(0, 90)),
            minutes_ago=rnd.randint(0, 4_000),
            text=f"About {number}",
            mentions=tags,
            story_keys=rnd.sample(keys, rnd.randint(0, 5)),
        )
        if rnd.random() < 0.4:
            source = Attribution(
                "Feed One", f"https://example.org/{number}", "text", 0, 5, key=f"u{rnd.randint(0, 80)}"
            )
            one = replace(one, attribution=source)
        made.append(one)
    return made


def _content(connection: Connection) -> list[list[str]]:
    return [sorted(map(repr, connection.execute(f"SELECT * FROM {table}").fetchall())) for table in TABLES]


@pytest.mark.parametrize("seed", seeds(8, quick=1))
@pytest.mark.parametrize("tells_news", [False, True])
def test_rows_written_together_are_those_written_one_by_one(tmp_path: Path, seed: int, tells_news: bool) -> None:
    content, found = [], []
    for step in (60, 1):
        rnd = random.Random(seed)
        with Writer(tmp_path / f"{step}.db") as writer:
            for feed in ("Feed One", "Feed Two", "Feed One"):
                new = _articles(rnd)
                for start in range(0, len(new), step):
                    choose = tells_more if tells_news else None
                    fill(writer, feed, new[start : start + step], choose_story=choose, group=feed[-3:])
                writer.marks.set_read([number for number in range(1, 200) if rnd.random() < 0.4], True)
            content.append(_content(raw(writer)))
            sql = "SELECT rowid FROM article_search WHERE article_search MATCH ?"
            found.append([raw(writer).execute(sql, (word,)).fetchall() for word in ("nvidia", "about", "17")])
    assert content[0] == content[1]
    assert found[0] == found[1]
    assert len(content[0][0]) < 180
    assert all(content[0])


def test_an_article_takes_less_than_one_call_of_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new = [
        article(f"Title {number}", story_keys=[f"u{number}", f"t{number}", f"w:{number}", "w:title"])
        for number in range(1_600)
    ]
    calls: list[str] = []
    for name in ("execute", "executemany"):
        method = getattr(Connection, name)

        def call(self: Connection, *arguments: Any, method: Callable[..., Any] = method) -> Any:
            calls.append(arguments[0])
            return method(self, *arguments)

        monkeypatch.setattr(Connection, name, call)
    with Writer(tmp_path / "tracker.db") as writer:
        fill(writer, "Feed", [article("First")])
        calls.clear()
        fill(writer, "Feed", new)
    assert len(calls) < len(new)
