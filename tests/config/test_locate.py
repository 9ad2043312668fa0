"""Lines of keys and tables in TOML texts."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.config.locate import LineRange, Path, locate

TEXT = '''\
# a comment with [[feed]] and name = "x" in it
title = "[feed]"   # = not a key
long = """
[[feed]]
name = "inside a text"
""" # after
raw = \'\'\'
x = 1\'\'\'

[settings]
poll_minutes = 30 # url = "no"

[[feed]]
name = "A"
tags = [ # a comment ]
  "one", # "two"
  """
  three""",
  'four',
]
[[feed]] # the second
"quoted \\u0041 key" = { url = "u", list = [1, { deep = 2 }] }
'literal.key' = 1
dotted . "key" = 1979-05-27 07:32:00

[market.yahoo]
base_url = "x"
[ market . "cnbc" ]
base_url = "y"
[[feed]]
[[feed.part]]
a = 1
[[feed.part]]
a = 2
[keys]
"list.next" = "j"
list.prev = "k"
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("long",), 3),
        (("raw",), 7),
        (("settings",), 10),
        (("settings", "poll_minutes"), 11),
        (("feed", 0), 13),
        (("feed", 0, "name"), 14),
        (("feed", 0, "tags"), 15),
        (("feed", 0, "tags", 0), 16),
        (("feed", 0, "tags", 1), 17),
        (("feed", 0, "tags", 2), 19),
        (("feed", 1), 21),
        (("feed", 1, "quoted A key"), 22),
        (("feed", 1, "quoted A key", "list", 1, "deep"), 22),
        (("feed", 1, "literal.key"), 23),
        (("feed", 1, "dotted", "key"), 24),
        (("market", "yahoo", "base_url"), 27),
        (("market", "cnbc"), 28),
        (("feed", 2, "part", 1, "a"), 34),
        (("keys", "list.next"), 36),
        (("keys", "list", "prev"), 37),
        (("feed", 0, "absent"), 13),
        (("feed",), 13),
    ],
)
def test_every_place_is_found(path: Path, line: int) -> None:
    assert locate(TEXT).line(*path) == line


def test_the_text_is_toml_and_all_of_it_was_placed() -> None:
    lines = locate(TEXT).lines
    for path in _leaves(tomllib.loads(TEXT)):
        assert path in lines


def test_an_unknown_place_has_no_line() -> None:
    assert locate("a = 1\n").line("b") is None
    assert locate("").line("b", 0) is None


def test_tables_reach_to_the_end_of_their_last_value() -> None:
    tables = locate(TEXT).tables
    assert tables["feed", 0] == LineRange(13, 20)
    assert tables["feed", 1] == LineRange(21, 24)
    assert tables["feed", 2] == LineRange(30, 30)
    assert tables["keys",] == LineRange(35, 37)


def test_windows_line_ends_count_once() -> None:
    assert locate("a = 1\r\n\r\nb = 2\r\n").line("b") == 3


@pytest.mark.parametrize(
    "broken",
    ["[", "[[", "[a", "[[a]", "a", "a =", 'a = "', 'a = """', "a = [", "a = {", "a = [1 2", "a = {b = 1 c = 2}", "= 1"],
)
def test_what_stands_around_broken_lines_is_found(broken: str) -> None:
    places = locate(f"first = 1\n{broken}")
    assert places.line("first") == 1
    if broken.count("{") == broken.count("}") and "[" not in broken and '"""' not in broken:
        assert locate(f"{broken}\nlast = 1").line("last") == 2


def test_values_too_deep_to_follow_are_passed_over() -> None:
    text = "a = " + "[" * 100 + "]" * 100 + "\nb = 1\n"
    assert locate(text).line("b") == 2


def test_escapes_of_keys_follow_toml() -> None:
    text = r'"tab\t quote\" \u00e9 \U0001F600 back\\" = 1'
    assert locate(text).line(*tomllib.loads(text)) == 1
    assert locate(r'"\UFFFFFFFF" = 1').lines != {}  # no character, and no error either
    assert locate(r'"\q" = 1').line("\\q") == 1


@given(st.text(alphabet=st.one_of(st.sampled_from("[]{}=\"'#,.\\\n\r\t ab01-"), st.characters())))
def test_no_text_raises(text: str) -> None:
    for line in locate(text).lines.values():
        assert 1 <= line <= text.count("\n") + 1


_names = st.one_of(
    st.text("abc_-1", min_size=1, max_size=4),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6),
)
_scalars = st.one_of(
    st.integers(-99, 99),
    st.booleans(),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.sampled_from(["[[feed]]\nname = 1", "# no comment", 'a """ b', "a ''' b", '"', "\\", "x\n]\ny"]),
)
_values = st.recursive(
    _scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_names, inner, max_size=3)),
    max_leaves=6,
)
_comments = st.sampled_from(["", "  # x", " # [y] = 'z'", "#"])


@st.composite
def _documents(draw: st.DrawFn) -> tuple[str, dict[Path, int]]:
    """Return a TOML text and the line of every key and table of it."""
    lines: list[str] = []
    expected: dict[Path, int] = {}
    counts: dict[str, int] = {}

    def pairs(base: Path) -> None:
        for name, value in draw(st.dictionaries(_names, _values, max_size=4)).items():
            if draw(st.booleans()):
                lines.append(draw(st.sampled_from(["", "# a comment", "   "])))
            expected[(*base, name)] = len(lines) + 1
            blank = draw(st.sampled_from(["", " ", "\t"]))
            text = f"{blank}{_key(name, draw)} {blank}={blank} {_value(value, draw, is_inline=False)}{draw(_comments)}"
            lines.extend(text.split("\n"))

    pairs(())
    taken = {path[0] for path in expected}
    for name, is_array in draw(st.lists(st.tuples(_names, st.booleans()), max_size=5)):
        if name in taken and counts.get(name) is None:
            continue
        if name in counts or is_array:
            number = counts[name] = counts.get(name, -1) + 1
            path: Path = (name, number)
            header = f"[[ {_key(name, draw)} ]]"
        else:
            path, header = (name,), f"[{_key(name, draw)}]"
        taken.add(name)
        expected[path] = len(lines) + 1
        lines.append(header + draw(_comments))
        pairs(path)
    return "\n".join(lines) + draw(st.sampled_from(["", "\n"])), expected


@pytest.mark.slow
@given(_documents())
def test_generated_documents_are_placed_right(document: tuple[str, dict[Path, int]]) -> None:
    text, expected = document
    data = tomllib.loads(text)
    places = locate(text)
    for path, line in expected.items():
        assert places.line(*path) == line
    for path in _leaves(data):
        assert path in places.lines


def _leaves(value: Any, path: Path = ()) -> list[Path]:
    if isinstance(value, dict):
        return [found for name, inner in value.items() for found in _leaves(inner, (*path, name))]
    if isinstance(value, list):
        return [found for number, inner in enumerate(value) for found in _leaves(inner, (*path, number))]
    return [path]


def _escaped(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return "".join(char if char >= " " and char != "\x7f" else f"\\u{ord(char):04x}" for char in plain)


def _key(name: str, draw: st.DrawFn) -> str:
    forms = [f'"{_escaped(name)}"']
    if name and all(char in "abc_-1" for char in name):
        forms.append(name)
    if not any(char == "'" or char < " " or char == "\x7f" for char in name):
        forms.append(f"'{name}'")
    return draw(st.sampled_from(forms))


def _value(value: Any, draw: st.DrawFn, *, is_inline: bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        forms = [f'"{_escaped(value)}"']
        safe = all(char >= " " or char in "\n\t" for char in value) and "\x7f" not in value
        if safe and "'''" not in value and not value.endswith("'"):
            forms.append(f"'''\n{value}'''")
        if safe:
            quoted = value.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
            forms.append(f'"""\n{quoted}"""' if not quoted.endswith('"') else f'"""\n{quoted[:-1]}\\""""')
        return draw(st.sampled_from(forms))
    if isinstance(value, list):
        gap = "" if is_inline else draw(st.sampled_from(["", "\n", "\n# [ # comment\n  "]))
        inner = ",".join(gap + _value(item, draw, is_inline=is_inline) for item in value)
        return f"[{inner}{gap}]"
    return "{" + ", ".join(f"{_key(k, draw)} = {_value(v, draw, is_inline=True)}" for k, v in value.items()) + "}"
