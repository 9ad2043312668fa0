"""Changing feeds in a file that a person wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.config.edit import (
    RenamedFeed,
    add_feeds,
    add_view,
    feed_table,
    own_copy,
    remove_feed,
    set_feed,
    set_feed_name,
)
from tracker.config.load import load_config, parse_config
from tracker.model.config import View
from tracker.model.errors import ConfigError
from tracker.model.feed import FeedSource

TEXT = """\
# my feeds

[settings]   # here
poll_minutes = 7

# the good ones
[[feed]]
name = "A" # first
url = "http://a/"
tags = [
  "x", # why
]

# German
[[feed]]
name = "B"
url = "http://b/"
# group = "later"

# tags from here on
[[tag]]
name = "t"
match = ["T"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a configuration that a person wrote."""
    path = tmp_path / "feeds.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_a_feed_comes_after_the_last_and_nothing_else_moves(file: Path) -> None:
    add_feeds(file, FeedSource('C "é"', "http://c/", "G", 5, False, ("x", "y")))
    added = (
        '\n[[feed]]\nname = "C \\"é\\""\nurl = "http://c/"\ngroup = "G"\npoll_minutes = 5\nenabled = false\n'
        'tags = ["x", "y"]\n'
    )
    before, mark, after = TEXT.partition('# group = "later"\n')
    assert file.read_text(encoding="utf-8") == before + mark + added + after
    assert load_config(file).feeds[-1].name == 'C "é"'


def test_a_feed_taken_out_leaves_the_comments_of_others(file: Path) -> None:
    remove_feed(file, "A")
    text = file.read_text(encoding="utf-8")
    assert "# German\n[[feed]]" in text
    assert "# the good ones\n" in text
    assert [feed.name for feed in load_config(file).feeds] == ["B"]
    remove_feed(file, "B")
    assert load_config(file).feeds == ()
    assert "# tags from here on\n[[tag]]" in file.read_text(encoding="utf-8")


def test_adding_and_taking_out_again_leaves_the_file_as_it_was(file: Path) -> None:
    add_feeds(file, FeedSource("C", "http://c/"))
    remove_feed(file, "C")
    assert file.read_text(encoding="utf-8") == TEXT


@pytest.mark.parametrize("text", ["", "# nothing yet", "[settings]\npoll_minutes = 3", "[[tag]]\nname='t'\n\n"])
def test_a_first_feed_is_added(text: str, tmp_path: Path) -> None:
    path = tmp_path / "feeds.toml"
    path.write_text(text)
    add_feeds(path, FeedSource("C", "http://c/"))
    assert path.read_text().startswith(text)
    assert [feed.name for feed in load_config(path).feeds] == ["C"]


def test_a_comment_that_belongs_to_the_next_table_stays_with_it(tmp_path: Path) -> None:
    path = tmp_path / "feeds.toml"
    path.write_text("[[feed]]\nname='A'\nurl='http://a'\n# tags\n[[tag]]\nname='t'\n")
    add_feeds(path, FeedSource("C", "http://c/"))
    assert "\n\n# tags\n[[tag]]" in path.read_text()


def test_names_and_addresses_are_not_taken_twice(file: Path) -> None:
    with pytest.raises(ConfigError, match=r'feeds\.toml:7: there is already a feed named "A"'):
        add_feeds(file, FeedSource("a", "http://c/"))
    with pytest.raises(ConfigError, match=r'feeds\.toml:15: the feed "B" already has this address'):
        add_feeds(file, FeedSource("C", "http://b/"))
    with pytest.raises(ConfigError, match=r'feeds\.toml:24: feed\.name: "C" occurs twice; .*\nnothing was changed'):
        add_feeds(file, FeedSource("C", "http://c/"), FeedSource("C", "http://d/"))
    with pytest.raises(ConfigError, match='no feed is named "Z"'):
        remove_feed(file, "Z")
    assert file.read_text(encoding="utf-8") == TEXT


def test_what_cannot_be_written_into_the_file_changes_nothing(file: Path) -> None:
    with pytest.raises(ConfigError, match="contains a control or invisible character"):
        add_feeds(file, FeedSource("a\x1b", "http://c/"))
    with pytest.raises(ConfigError, match="contains a control or invisible character"):
        add_feeds(file, FeedSource("a\u200cb", "http://c/"))
    with pytest.raises(ConfigError, match="must be an http or https address"):
        add_feeds(file, FeedSource("C", "file:///x"))
    assert file.read_text(encoding="utf-8") == TEXT
    assert [path.name for path in file.parent.iterdir()] == ["feeds.toml"]


def test_a_name_may_be_a_persian_word(file: Path) -> None:
    add_feeds(file, FeedSource("می\u200cخواهم", "http://c/"))
    assert '"می\u200cخواهم"' in file.read_text(encoding="utf-8")


def test_a_renamed_feed_is_renamed_where_queries_name_it(file: Path) -> None:
    rules = (
        '[[view]]\nname = "A"\nquery = "feed:a"  # mine\n[[view]]\nname = "Other"\nquery = "feed:b"\n'
        '[[alert]]\nquery = \'source:"A" chips\'\nnotify = ["bell"]\n[[alert]]\nresults = "1d"\nnotify = ["bell"]\n'
        '[[mute]]\nquery = "feed:a football"\n'
    )
    file.write_text(TEXT + rules, encoding="utf-8")
    keys = {'source:"A" chips': 'source:"The é" chips'}
    seen: list[object] = []

    @contextmanager
    def around(rules: Mapping[str, str]) -> Iterator[None]:
        seen.append((dict(rules), "The é" in file.read_text(encoding="utf-8")))
        yield
        seen.append("The é" in file.read_text(encoding="utf-8"))

    assert set_feed_name(file, "A", "The é", around)[1] == RenamedFeed(3, rules=keys)
    assert seen == [(keys, False), True]  # what belongs to it is there before the file is
    config = load_config(file)
    assert [feed.name for feed in config.feeds] == ["The é", "B"]
    assert [view.query for view in config.views] == ['feed:"The é"', "feed:b"]
    assert [rule.query for rule in config.alerts] == ['source:"The é" chips', ""]
    assert config.mutes == ('feed:"The é" football',)
    assert "  # mine\n" in file.read_text(encoding="utf-8")
    set_feed(file, "B", {"group": "G"})
    assert [view.query for view in load_config(file).views] == [view.query for view in config.views]


def test_queries_in_inline_tables_keep_the_old_name_of_a_feed(tmp_path: Path) -> None:
    path = tmp_path / "feeds.toml"
    rules = "view = [{name = 'V', query = 'feed:a'}, {name = 'W', query = 'x'}]\nmute = [{query = 'source:a'}]\n"
    path.write_text(rules + TEXT, encoding="utf-8")
    assert set_feed_name(path, "A", "New")[1] == RenamedFeed(0, {"view": 1, "mute": 1})
    assert path.read_text(encoding="utf-8") == rules + TEXT.replace('"A"', '"New"')


@pytest.mark.parametrize(
    ("new", "query", "left"), [("Wire", 'source:b feed:"Wire"', 1), ("B wire", 'source:b feed:"B wire"', 0)]
)
def test_a_source_that_is_part_of_another_name_keeps_the_old_name(file: Path, new: str, query: str, left: int) -> None:
    add_feeds(file, FeedSource("B two", "http://c/"))
    add_view(file, View("V", "source:b feed:b"))
    add_view(file, View("W", "source:btwo"))
    assert set_feed_name(file, "B", new)[1] == RenamedFeed(1, {"view": left} if left else {})
    assert [view.query for view in load_config(file).views] == [query, "source:btwo"]


def test_a_rule_with_a_move_changes_its_key_when_its_feed_is_renamed(file: Path) -> None:
    rule = '[[alert]]\nquery = "feed:a"\nmove = "3%"\nnotify = ["bell"]\n'
    file.write_text(TEXT + rule, encoding="utf-8")
    (before,) = load_config(file).alerts
    _, renamed = set_feed_name(file, "A", "New")
    (after,) = load_config(file).alerts
    assert renamed.rules == {before.key: after.key}


def test_inline_feeds_are_left_to_their_author(tmp_path: Path) -> None:
    path = tmp_path / "feeds.toml"
    text = "feed = [{name = 'A', url = 'http://a'}]\n"
    path.write_text(text)
    with pytest.raises(ConfigError, match=r"feeds\.toml:1: .*make the change by hand"):
        remove_feed(path, "A")
    with pytest.raises(ConfigError, match=r"feeds\.toml: .*\nnothing was changed"):
        add_feeds(path, FeedSource("C", "http://c/"))
    assert path.read_text() == text


def test_line_ends_and_mode_stay(file: Path) -> None:
    file.write_bytes(TEXT.replace("\n", "\r\n").encode())
    file.chmod(0o600)
    add_feeds(file, FeedSource("C", "http://c/"))
    raw = file.read_bytes()
    assert raw.count(b"\n") == raw.count(b"\r\n") == TEXT.count("\n") + 4
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_link_stays_a_link(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.toml"
    link.symlink_to(file)
    add_feeds(link, FeedSource("C", "http://c/"))
    assert link.is_symlink()
    assert len(load_config(file).feeds) == 3


def test_the_shipped_file_is_copied_once(file: Path, tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path)}
    copy = own_copy(file, file, environ)
    assert copy == tmp_path / ".config" / "tracker" / "feeds.toml"
    assert copy.read_text(encoding="utf-8") == TEXT
    add_feeds(copy, FeedSource("C", "http://c/"))
    assert own_copy(file, file, environ) == copy
    assert len(load_config(copy).feeds) == 3
    assert own_copy(copy, file, environ) == copy


def test_a_copy_that_cannot_be_made_says_why(file: Path, tmp_path: Path) -> None:
    (tmp_path / ".config").write_text("in the way")
    with pytest.raises(ConfigError, match="cannot be written"):
        own_copy(file, file, {"HOME": str(tmp_path)})


_names = st.text(
    st.characters(exclude_categories=["Cc", "Cf", "Co", "Cs", "Zl", "Zp"]), min_size=1, max_size=20
).filter(lambda name: name == name.strip() and name.casefold() not in ("a", "b"))


@given(name=_names, group=st.none() | _names)
def test_any_name_is_written_so_that_it_is_read_back(name: str, group: str | None) -> None:
    source = FeedSource(name, "http://c/?q=%22\\", group)
    read = parse_config(feed_table(source), Path("f")).feeds[0]
    assert (read.name, read.url, read.group) == (name, source.url, group)
