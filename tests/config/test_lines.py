"""Changes of a TOML text, line by line."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.config.lines import NotATable, add_tables, move_table, remove_table, set_key, string

TEXT = """\
# mine

# the good one
[[feed]]
name = "A" # first
tags = [
  "x", # why
] # all

# German
[[feed]]
name = "B"

[[feed]]
name = "C"
# under C

[[tag]]
name = "t"
"""


def test_a_key_is_changed_in_its_place_and_comments_stay() -> None:
    assert set_key(TEXT, "feed", 0, "name", '"Z"') == TEXT.replace('"A" #', '"Z" #')
    assert set_key(TEXT, "feed", 0, "tags", "[]") == TEXT.replace('[\n  "x", # why\n] #', "[] #")
    assert set_key(TEXT, "feed", 1, "enabled", "false") == TEXT.replace('"B"\n', '"B"\nenabled = false\n')
    assert set_key('[[feed]]\nname = "A"', "feed", 0, "x", "1") == '[[feed]]\nname = "A"\nx = 1\n'


def test_a_key_is_removed_and_its_comment_stays() -> None:
    assert set_key(TEXT, "feed", 0, "name", None) == TEXT.replace('name = "A" # first', "# first")
    assert set_key(TEXT, "feed", 1, "name", None) == TEXT.replace('name = "B"\n', "")
    assert set_key(TEXT, "feed", 1, "group", None) == TEXT
    assert set_key('[[feed]]\nname = "A"', "feed", 0, "name", None) == "[[feed]]\n"
    assert set_key('[[feed]]\nname = "A" # why', "feed", 0, "name", None) == "[[feed]]\n# why"


def test_a_table_moves_with_the_comments_above_it() -> None:
    first = move_table(TEXT, "feed", 1, 0)
    assert first.startswith(
        '# mine\n\n# German\n[[feed]]\nname = "B"\n\n# the good one\n[[feed]]\nname = "A" # first\n'
    )
    assert move_table(first, "feed", 0, 1) == TEXT
    last = move_table(TEXT, "feed", 0, 2)
    assert last.startswith('# mine\n\n# German\n[[feed]]\nname = "B"\n\n[[feed]]\nname = "C"\n\n# the good one\n')
    end = move_table('[[feed]]\nname = "A"\n\n[[feed]]\nname = "B"', "feed", 1, 0)
    assert end == '[[feed]]\nname = "B"\n\n[[feed]]\nname = "A"\n'
    tight = move_table('[[feed]]\nname = "A"\n[[feed]]\nname = "B"\n', "feed", 1, 0)
    assert [feed["name"] for feed in tomllib.loads(tight)["feed"]] == ["B", "A"]


def test_the_comment_that_opens_the_file_stays_there() -> None:
    moved = move_table('# all mine\n[[feed]]\nname = "A"\n\n[[feed]]\nname = "B"\n', "feed", 0, 1)
    assert moved.startswith('# all mine\n\n[[feed]]\nname = "B"\n')


def test_only_a_line_feed_ends_a_line() -> None:
    text = '# a\u2028[[feed]]\x0b\n[[feed]]\nname = "A"\n'
    assert add_tables(text, "feed", ['[[feed]]\nname = "B"\n']).startswith(text)
    assert remove_table(text, "feed", 0) == "# a\u2028[[feed]]\x0b\n"


def test_what_has_no_header_is_refused_with_its_line() -> None:
    with pytest.raises(NotATable) as error:
        remove_table('\nfeed = [{name = "A"}]\n', "feed", 0)
    assert (error.value.name, error.value.line) == ("feed", 2)


_gaps = st.sampled_from(["", "\n", "# a comment\n", "\n# a comment\n\n"])


@given(st.lists(st.tuples(_gaps, st.text(max_size=5)), min_size=1, max_size=5), _gaps, st.data())
def test_any_change_says_what_it_has_to(tables: list[tuple[str, str]], end: str, data: st.DataObject) -> None:
    text = "".join(f"{gap}[[feed]]\nname = {string(name)}\n" for gap, name in tables) + end + "[[tag]]\nname = 't'\n"
    before = tomllib.loads(text)["feed"]
    place = st.integers(0, len(tables) - 1)
    number, to = data.draw(place), data.draw(place)
    moved = list(before)
    moved.insert(to, moved.pop(number))
    if number != to:
        assert tomllib.loads(move_table(text, "feed", number, to))["feed"] == moved
    assert tomllib.loads(set_key(text, "feed", number, "name", string("\n\x7f")))["feed"][number] == {"name": "\n\x7f"}
    left = tomllib.loads(remove_table(text, "feed", number)).get("feed", [])
    assert left == before[:number] + before[number + 1 :]
    added = tomllib.loads(add_tables(text, "feed", ["[[feed]]\nname = 'new'\n"]))["feed"]
    assert added == [*before, {"name": "new"}]
