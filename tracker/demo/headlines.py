"""The headlines of the replay, written for it, and their feeds."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

Dialect = Literal["rss2", "rss1", "atom", "json"]

NOTES: Mapping[str, str] = {
    "en": "Written for the demo of tracker; not this site's text.",
    "fr": "Écrit pour la démonstration de tracker ; ce texte n'est pas de ce site.",
    "de": "Für die Demo von tracker geschrieben; kein Text dieser Seite.",
    "zh": "为 tracker 演示而写，并非该网站的文字。",
    "ja": "tracker のデモのために書いたもので、このサイトの文章ではありません。",
}
"""The last paragraph of every entry, by language."""

SOURCE_WORDS: Mapping[str, str] = {
    "en": "Source: ",
    "fr": "Source : ",
    "de": "Quelle: ",
    "zh": "来源：",
    "ja": "出典：",
}
"""The words before the name of the site that a report is based on, by language."""

NEWEST = 30
"""How many entries a feed shows at a time."""


class DemoSource(Struct, frozen=True):
    """The report of another site that this one is based on."""

    name: str
    url: str


class DemoEntry(Struct, frozen=True):
    """One headline of the replay."""

    published: datetime
    title: str
    text: str
    """Two to four sentences."""
    url: str
    """On a reserved domain, so that it leads nowhere."""
    source: DemoSource | None = None
    """Named and linked in a line under the text."""


class DemoFeed(Struct, frozen=True):
    """One feed of the replay."""

    slug: str
    name: str
    group: str
    language: str
    dialect: Dialect
    entries: tuple[DemoEntry, ...]
    """Newest first."""

    @property
    def note(self) -> str:
        """The sentence that names the author of the text."""
        return NOTES[self.language]

    @property
    def site(self) -> str:
        """Address of the stand-in for the site."""
        return f"http://{self.slug}.demo.invalid/"

    def published_by(self, moment: datetime) -> tuple[DemoEntry, ...]:
        """Return what the feed shows at `moment`: the newest `NEWEST` entries out by then, newest first."""
        return tuple(entry for entry in self.entries if entry.published <= moment)[:NEWEST]


@cache
def feeds() -> tuple[DemoFeed, ...]:
    """Return the feeds of the replay in the order of the data file."""
    data = tomllib.loads(Path(__file__).with_name("headlines.toml").read_text(encoding="utf-8"))
    entries: dict[str, list[DemoEntry]] = {feed["slug"]: [] for feed in data["feed"]}
    names = {feed["slug"]: feed["name"] for feed in data["feed"]}
    for story in data["story"]:
        urls = {row["feed"]: _url(row, story["id"]) for row in story["on"]}
        for row in story["on"]:
            text, taken = row.get("text", story.get("text")), row.get("from")
            source = None if taken is None else DemoSource(names[taken], urls[taken])
            entry = DemoEntry(row["at"].astimezone(UTC), row["title"], text, urls[row["feed"]], source)
            entries[row["feed"]].append(entry)
    return tuple(
        DemoFeed(**feed, entries=tuple(sorted(entries[feed["slug"]], key=lambda entry: entry.published, reverse=True)))
        for feed in data["feed"]
    )


def _url(row: Mapping[str, Any], story: str) -> str:
    return f"http://{row['feed']}.demo.invalid/{row['at'].astimezone(UTC):%Y/%m/%d}/{story}"
