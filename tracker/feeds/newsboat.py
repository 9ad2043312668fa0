"""newsboat's `urls` file: feeds with tags and titles, and query feeds; pure.

A line is an address or a query and its tags, separated by spaces and tabs; double quotes keep spaces together, with
backslashes as in C; `#` at the start of a word begins a comment (newsboat's manual, "Tagging" and "Query Feeds").
"""

from __future__ import annotations

from msgspec import Struct

from tracker.feeds.text import clean_line, clean_url, without_feed_scheme

_BLANK = " \t\r"
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_PROGRAMS = ("exec:", "filter:")


class NewsboatFeed(Struct, frozen=True):
    """One feed of the file."""

    line: int
    url: str
    title: str | None = None
    """What `~Title` or `!Title` says."""
    tags: tuple[str, ...] = ()
    is_hidden: bool = False
    """True where newsboat shows its articles in query feeds only."""


class NewsboatQuery(Struct, frozen=True):
    """A query feed: a name and an expression of newsboat's filter language."""

    line: int
    name: str
    expression: str


class NewsboatList(Struct, frozen=True):
    """What a file says, in its order; each address once."""

    feeds: tuple[NewsboatFeed, ...]
    queries: tuple[NewsboatQuery, ...]
    skipped: tuple[tuple[int, str], ...]
    """Lines that cannot be used, with the reason."""


def read_urls(text: str) -> NewsboatList:
    """Return the feeds and queries of a `urls` file; never raises."""
    feeds: dict[str, NewsboatFeed] = {}
    queries: list[NewsboatQuery] = []
    skipped: list[tuple[int, str]] = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        words = split_line(line)
        if not words:
            continue
        read = _query(number, words[0]) if words[0].startswith("query:") else _feed(number, words)
        if isinstance(read, str):
            skipped.append((number, read))
        elif isinstance(read, NewsboatQuery):
            queries.append(read)
        else:
            feeds.setdefault(read.url, read)
    return NewsboatList(tuple(feeds.values()), tuple(queries), tuple(skipped))


def split_line(line: str) -> list[str]:
    """Return the words of a line, without quotes, up to a comment."""
    words: list[str] = []
    at = 0
    while True:
        while at < len(line) and line[at] in _BLANK:
            at += 1
        if at >= len(line) or line[at] == "#":
            return words
        if line[at] == '"':
            word, at = _quoted(line, at + 1)
        else:
            end = at
            while end < len(line) and line[end] not in _BLANK:
                end += 1
            word, at = line[at:end], end
        words.append(word)


def _quoted(line: str, at: int) -> tuple[str, int]:
    """Return the text up to the closing quote, and where the line goes on; an open quote ends with the line."""
    letters = []
    while at < len(line) and line[at] != '"':
        if line[at] == "\\" and at + 1 < len(line):
            at += 1
            letters.append(_ESCAPES.get(line[at], line[at]))
        else:
            letters.append(line[at])
        at += 1
    return "".join(letters), at + 1


def _query(number: int, word: str) -> NewsboatQuery | str:
    parts = word.split(":", 2)
    name = clean_line(parts[1])
    if len(parts) < 3 or not name or not parts[2].strip():
        return 'a query feed needs a name and an expression: "query:Name:unread = \\"yes\\""'
    return NewsboatQuery(number, name, parts[2])


def listed_address(word: str) -> tuple[str, str] | tuple[None, str]:
    """Return an address from the list of another reader with an empty reason, or None and why it cannot be fetched."""
    if word.startswith(_PROGRAMS):
        kind = word.partition(":")[0]
        return None, f"{kind}: runs a program; tracker fetches only http and https addresses"
    if word.startswith("file:"):
        return None, "file: is not supported; tracker fetches only http and https addresses"
    url = clean_url(without_feed_scheme(word), keep_credentials=True)
    return (None, f"not an http or https address: {clean_line(word, 60)}") if url is None else (url, "")


def _feed(number: int, words: list[str]) -> NewsboatFeed | str:
    url, reason = listed_address(words[0])
    if url is None:
        return reason
    titles = [word[1:] for word in words[1:] if word[:1] in ("~", "!")]
    titles = [title for title in map(clean_line, titles) if title]
    tags = [clean_line(word) for word in words[1:] if word[:1] not in ("~", "!")]
    return NewsboatFeed(
        number,
        url,
        titles[0] if titles else None,
        tuple(dict.fromkeys(tag for tag in tags if tag)),
        any(word.startswith("!") for word in words[1:]),
    )
