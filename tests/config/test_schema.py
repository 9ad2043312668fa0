"""feeds.toml as values, and every mistake in it with its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.config.problem import Problem, did_you_mean, shown
from tracker.config.schema import MAX_CHARACTERS, check
from tracker.config.tables import PROVIDERS
from tracker.market.providers import BASE_URLS
from tracker.model.config import Config, MarketSettings, Settings, View
from tracker.model.feed import FeedSource
from tracker.model.market import WatchSymbol
from tracker.model.sources import EarningsSource, HaltsSource, HuggingFaceSource, SecSource, Sources
from tracker.model.tags import TagRule

FULL = """\
[settings]
poll_minutes = 15
keep_days = 0
benchmark = "^ndx"
theme = "nord"
connections = 4
host_connections = 2
host_delay_seconds = 0
red_up = true
morning = true

[[feed]]
name = " WCCFTech "
url = "https://wccftech.com/feed/"
group = "Hardware"
poll_minutes = 60
enabled = false
tags = ["chips", "chips"]

[[tag]]
name = "deepseek"
label = "DeepSeek"
symbol = "NVDA"
kind = "topic"
match = ["DeepSeek", "深度求索"]
ambiguous = ["R1"]
products = ["R1 model"]
never = ["deep seek dive"]
only_near = ["AI"]
unless_near = ["sea"]
listed = false

[[symbol]]
symbol = "nvda"
name = "Nvidia"
names = ["Team Green", "Jensen*"]
shares = 24_490_000_000
held = 120
benchmark = "SMH"

[[view]]
name = "Both"
query = "tag:deepseek tag:nvidia newer:7d"

[market]
providers = ["cnbc", "yahoo"]
poll_seconds = 60
[market.yahoo]
base_url = "http://127.0.0.1:8000/"

[sources.earnings]
enabled = true
base_url = "http://127.0.0.1:8000/"
sessions = 5
[sources.sec]
contact = "Jane Doe jane@example.org"
base_url = "http://127.0.0.1:8000"
forms = ["8-k", "10-Q"]
companies = "all"
poll_minutes = 2
[sources.halts]
enabled = true
symbols = "all"
[sources.huggingface]
authors = ["deepseek-ai"]

[keys]
"list.next" = "j,down"
list.previous = "ctrl+y"
"""


def problems(text: str) -> list[str]:
    """Return the problems of a text as lines."""
    found = check(text, "feeds.toml")
    assert isinstance(found, list)
    return [str(problem) for problem in found]


def config(text: str) -> Config:
    """Return the configuration of a text that has no problem."""
    found = check(text, "feeds.toml")
    assert isinstance(found, Config), [str(problem) for problem in found]
    return found


def test_everything_that_can_be_said_arrives() -> None:
    assert config(FULL) == Config(
        settings=Settings(15, 0, "^NDX", "nord", 4, 2, 0.0, red_up=True, morning=True),
        feeds=(FeedSource("WCCFTech", "https://wccftech.com/feed/", "Hardware", 60, False, ("chips",), 12),),
        tags=(
            TagRule(
                "deepseek",
                "DeepSeek",
                "NVDA",
                "topic",
                ("DeepSeek", "深度求索"),
                ("R1 model",),
                ("deep seek dive",),
                ("AI",),
                ("sea",),
                20,
                ("R1",),
                listed=False,
            ),
        ),
        symbols=(WatchSymbol("NVDA", "Nvidia", 24.49e9, "SMH", 33, 120.0, ("Team Green", "Jensen*")),),
        views=(View("Both", "tag:deepseek tag:nvidia newer:7d", 41),),
        market=MarketSettings(("cnbc", "yahoo"), 60, {"yahoo": "http://127.0.0.1:8000"}),
        sources=Sources(
            EarningsSource(True, "http://127.0.0.1:8000", 5),
            SecSource(True, "Jane Doe jane@example.org", "http://127.0.0.1:8000", ("8-K", "10-Q"), "all", 2),
            HaltsSource(True, symbols="all"),
            HuggingFaceSource(authors=("deepseek-ai",)),
        ),
        keys={"list.next": "j,down", "list.previous": "ctrl+y"},
    )


def test_nothing_said_is_the_defaults() -> None:
    assert config("") == Config()
    assert config("\ufeff# a comment\n") == Config()


def test_no_providers_means_no_prices() -> None:
    assert config("[market]\nproviders = []\n").market.providers == ()


def test_the_providers_are_those_there_are() -> None:
    assert set(PROVIDERS) == set(BASE_URLS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[[feed]]\nname="a"\nulr="http://x"', ['feeds.toml:3: feed.ulr: unknown key; did you mean "url"?']),
        ("[setings]\n", ['feeds.toml:1: setings: unknown table or key; did you mean "settings"?']),
        ("[settings]\npoll_seconds=3", ["feeds.toml:2: settings.poll_seconds: unknown key; move it to [market]"]),
        ("poll_minutes=3", ["feeds.toml:1: poll_minutes: unknown table or key; move it to [settings]"]),
        (
            "[[view]]\nname='v'\nquery='a'\nqwxz=3",
            ["feeds.toml:4: view.qwxz: unknown key; there are name and query"],
        ),
        (
            "[[feed]]\nname='a'\nurl='http://x'\nminutes=3",
            ['feeds.toml:4: feed.minutes: unknown key; did you mean "poll_minutes"?'],
        ),
        (
            "[market.yahoo]\nurl='http://x'",
            ['feeds.toml:2: market.yahoo.url: unknown key; did you mean "base_url"?'],
        ),
        (
            "[market.yahoo]\nqwxz=3",
            ["feeds.toml:2: market.yahoo.qwxz: unknown key; there is base_url"],
        ),
        ("[market]\nyahoo=3", ["feeds.toml:2: market.yahoo: must be one table; write [market.yahoo]"]),
        (
            '[settings]\npoll_minutes="soon"',
            ['feeds.toml:2: settings.poll_minutes: must be a whole number of minutes from 1 to 10080, not "soon"'],
        ),
        (
            "[settings]\npoll_minutes=true",
            ["feeds.toml:2: settings.poll_minutes: must be a whole number of minutes from 1 to 10080, not true"],
        ),
        (
            "[settings]\nconnections=0",
            ["feeds.toml:2: settings.connections: must be a whole number from 1 to 64, not 0"],
        ),
        (
            "[settings]\nhost_delay_seconds=nan",
            ["feeds.toml:2: settings.host_delay_seconds: must be a number of seconds from 0 to 3,600, not nan"],
        ),
        (
            "[settings]\nred_up='yes'",
            ['feeds.toml:2: settings.red_up: must be true or false, not "yes"; without quotes'],
        ),
        ("[[settings]]\n", ["feeds.toml:1: settings: must be one table; write [settings]"]),
        ("settings=1", ["feeds.toml:1: settings: must be one table; write [settings] and its keys below"]),
        (
            "[feed]\nname='a'",
            ["feeds.toml:1: feed: must be a list of tables; use double brackets: [[feed]]"],
        ),
        ("feed=[1]", ["feeds.toml:1: feed: must be a table, not 1; write [[feed]]"]),
        ("[[feed]]\nname='a'", ["feeds.toml:1: feed.url: is missing; every [[feed]] needs name and url"]),
        (
            "[[feed]]\nname='A'\nurl='http://x'\n[[feed]]\nname='a'\nurl='http://y'",
            ['feeds.toml:4: feed.name: "a" occurs twice; it is already on line 1'],
        ),
        (
            "[[symbol]]\nsymbol='A'\n[[symbol]]\nsymbol='a'",
            ['feeds.toml:3: symbol.symbol: "A" occurs twice; it is already on line 1'],
        ),
        (
            "[[view]]\nname='v'\nquery='a'\n[[tag]]\nname='t'\n[[tag]]\nname='t'\n[[view]]\nname='v'\nquery='b'",
            [
                'feeds.toml:6: tag.name: "t" occurs twice; it is already on line 4',
                'feeds.toml:8: view.name: "v" occurs twice; it is already on line 1',
            ],
        ),
        (
            "[[view]]\nname='My shares'\nquery='a'\n[[view]]\nname='starred'\nquery='b'",
            ['feeds.toml:5: view.name: "starred" is the name of a view that tracker always shows; choose another name'],
        ),
        (
            "[[tag]]\nname='Open AI'",
            [
                'feeds.toml:2: tag.name: "Open AI" is not a tag name; use only a-z, 0-9 and single hyphens,'
                ' such as "open-ai"'
            ],
        ),
        (
            "[[tag]]\nname='深度'",
            ['feeds.toml:2: tag.name: "深度" is not a tag name; use only a-z, 0-9 and single hyphens'],
        ),
        (
            "[[tag]]\nname='a'\nmatch='AMD'",
            ['feeds.toml:3: tag.match: must be a list of words or phrases; write ["AMD"]'],
        ),
        ("[[tag]]\nname='a'\nmatch=3", ["feeds.toml:3: tag.match: must be a list of words or phrases, not 3"]),
        (
            "[[tag]]\nname='a'\nmatch=[\n'x',\n3]",
            ["feeds.toml:5: tag.match: element 2 must be a word or phrase in quotes, not 3"],
        ),
        (
            "[[tag]]\nname='a'\nkind='thing'",
            ['feeds.toml:3: tag.kind: "thing" is not a kind of tag; there are company and topic'],
        ),
        (
            "[[symbol]]\nsymbol='N V'",
            [
                'feeds.toml:2: symbol.symbol: "N V" is not a symbol; write symbols as on Yahoo, such as "NVDA" or'
                ' "005930.KS"'
            ],
        ),
        (
            "[[symbol]]\nsymbol='A'\nshares=0",
            ["feeds.toml:3: symbol.shares: must be a number of shares above 0 and up to 1,000,000,000,000,000, not 0"],
        ),
        (
            "[[symbol]]\nsymbol='A'\nnames='Acme'",
            ['feeds.toml:3: symbol.names: must be a list of names; write ["Acme"]'],
        ),
        (
            "[[symbol]]\nsymbol='A'\nnames=['Acme',\n'  ',\n]",
            ["feeds.toml:4: symbol.names: element 2 must be a name, not empty"],
        ),
        (
            "[[symbol]]\nsymbol='A'\nnames=[7]",
            ["feeds.toml:3: symbol.names: element 1 must be a name in quotes, not 7"],
        ),
        (
            "[[symbol]]\nsymbol='A'\nnames=['&*']",
            ['feeds.toml:3: symbol.names: element 1 "&*" has no letter or digit; write the name as headlines do'],
        ),
        (
            "[[symbol]]\nsymbol='A'\nnames=['Ac*me']",
            [
                'feeds.toml:3: symbol.names: element 1 "Ac*me" has a "*" inside; write "*" only at the end, for any'
                " letters that follow"
            ],
        ),
        (
            "[[symbol]]\nsymbol='A'\nname=['Acme']",
            ["feeds.toml:3: symbol.name: must be a name in quotes, not a list"],
        ),
        (
            "[[view]]\nname='v'\nquery='a is:nothing'",
            [
                'feeds.toml:3: view.query: "a is:nothing" at character 6:'
                " expected unread, read, starred, watched or muted",
            ],
        ),
        (
            "[market]\nproviders=['yaho']",
            ['feeds.toml:2: market.providers: element 1 "yaho" is not a provider; did you mean "yahoo"?'],
        ),
        (
            "[market]\nproviders=['bloomberg']",
            [
                'feeds.toml:2: market.providers: element 1 "bloomberg" is not a provider; there are yahoo, cnbc, nasdaq'
                " and finnhub"
            ],
        ),
        (
            "[market.nasdac]\nbase_url='http://x'",
            ['feeds.toml:1: market.nasdac: unknown provider; did you mean "nasdaq"?'],
        ),
        (
            "[market.yahoo]\nbase_ulr='http://x'",
            ['feeds.toml:2: market.yahoo.base_ulr: unknown key; did you mean "base_url"?'],
        ),
        ("[sources]\nsec=3", ["feeds.toml:2: sources.sec: must be one table; write [sources.sec]"]),
        ("[[sources]]\n", ["feeds.toml:1: sources: must be one table; write [sources]"]),
        ("[sources.earning]\n", ['feeds.toml:1: sources.earning: unknown source; did you mean "earnings"?']),
        (
            "[sources.sec]\ncontakt='a@b.c'",
            ['feeds.toml:2: sources.sec.contakt: unknown key; did you mean "contact"?'],
        ),
        (
            "[sources.sec]\ncontact='me'",
            [
                'feeds.toml:2: sources.sec.contact: "me" is not an e-mail address; write "you@example.org" or'
                ' "Your Name you@example.org"'
            ],
        ),
        (
            "[sources.sec]\nforms=['8-K', '8 K!']",
            [
                'feeds.toml:2: sources.sec.forms: element 2 "8 K!" is not a form of the SEC; write forms as "8-K" or'
                ' "10-Q"'
            ],
        ),
        (
            "[sources.sec]\ncompanies='mine'",
            ['feeds.toml:2: sources.sec.companies: "mine" is not a choice of companies; there are watched and all'],
        ),
        (
            "[sources.huggingface]\nauthors=['https://huggingface.co/x']",
            [
                'feeds.toml:2: sources.huggingface.authors: element 1 "https://huggingface.co/x" is not an author on'
                ' Hugging Face; write "deepseek-ai", not an address'
            ],
        ),
        (
            "[sources.earnings]\nsessions=0",
            ["feeds.toml:2: sources.earnings.sessions: must be a whole number of sessions from 1 to 60, not 0"],
        ),
        (
            "[keys]\n'a.b'=3",
            ['feeds.toml:2: keys.a.b: must be keys such as "j,down" in quotes, not 3; write "a.b" = "j,down"'],
        ),
        (
            "[[alert]]\nmove='3%'",
            ['feeds.toml:1: alert.query: is missing; every [[alert]] needs query, or results = "1d"'],
        ),
        ("[[alert]]\nqery='a'", ['feeds.toml:2: alert.qery: unknown key; did you mean "query"?']),
        ("alert = 3\n", ["feeds.toml:1: alert: must be a list of tables; use double brackets: [[alert]]"]),
        (
            "[[alert]]\nresults='1d'\nquery='a'",
            ["feeds.toml:2: alert.results: cannot be combined with query; leave one of them out"],
        ),
        (
            "[[alert]]\nresults='soon'",
            ['feeds.toml:2: alert.results: must be days such as "3d" or weeks such as "2w", not "soon"'],
        ),
        (
            "[[alert]]\nquery='a'\nmove='x'\nnotify=['sms']",
            [
                'feeds.toml:3: alert.move: must be a percentage such as "3%", not "x"',
                'feeds.toml:4: alert.notify: element 1 "sms" is not a way to notify; there are desktop and bell',
            ],
        ),
    ],
)
def test_a_mistake_is_named_with_its_place_and_a_hint(text: str, expected: list[str]) -> None:
    assert problems(text) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("ftp://x/feed", 'must be an http or https address, not "ftp://x/feed" (ftp: is not supported)'),
        (
            "wccftech.com/feed",
            'must be an http or https address, not "wccftech.com/feed" (it has no http:// or https://); did you mean'
            ' "https://wccftech.com/feed"?',
        ),
        ("http://", '"http://" has no host'),
        ("http://a b/c", '"http://a b/c" has a space in it; write %20'),
        ("exa mple", '"exa mple" has a space in it; write %20'),
        ("  ", "must be an http or https address, not empty"),
        ("http://x:port/", '"http://x:port/" has an invalid host or port'),
        ("http://[x/", '"http://[x/" has an invalid host or port'),
        ("exec:ls", 'must be an http or https address, not "exec:ls" (it has no http:// or https://)'),
        ("r/nvidia", 'must be an http or https address, not "r/nvidia" (it has no http:// or https://)'),
        (
            "//localhost:8000/x",
            'must be an http or https address, not "//localhost:8000/x" (it has no http:// or https://); did you mean'
            ' "https://localhost:8000/x"?',
        ),
        ("file:///etc/passwd", 'must be an http or https address, not "file:///etc/passwd" (file: is not supported)'),
    ],
)
def test_only_addresses_of_web_servers_are_taken(url: str, expected: str) -> None:
    assert problems(f"[[feed]]\nname='a'\nurl='{url}'") == [f"feeds.toml:3: feed.url: {expected}"]


@pytest.mark.parametrize("unsafe", ["\\u0000", "\\u001b", "\\u202e", "\\u200b", "\\u2028", "\\ue000"])
def test_no_name_holds_what_a_terminal_obeys(unsafe: str) -> None:
    text = f'[[feed]]\nname = "a{unsafe}b"\nurl = "http://x"\ngroup = "a{unsafe}b"'
    found = problems(text)
    assert [line.partition(" contains")[0] for line in found] == [
        "feeds.toml:2: feed.name:",
        "feeds.toml:4: feed.group:",
    ]
    assert unsafe in found[0]


def test_all_problems_come_in_the_order_of_the_file() -> None:
    text = "[[view]]\nname=1\nquery='('\n[settings]\npoll_minutes=0\nx=1\n[[feed]]\nurl=3"
    assert [int(line.split(":")[1]) for line in problems(text)] == [2, 3, 5, 6, 7, 8]


def test_hostile_sizes_are_refused() -> None:
    assert problems("#" * (MAX_CHARACTERS + 1)) == [
        f"feeds.toml: has {MAX_CHARACTERS + 1:,} characters, but at most {MAX_CHARACTERS:,} are allowed"
    ]
    assert "at most 100 characters, not 5,000" in problems(f"[[feed]]\nname='{'a' * 5000}'\nurl='http://x'")[0]
    assert "at most 2000" in problems(f"[[tag]]\nname='a'\nmatch=[{'1,' * 2001}]")[0]
    assert "nested too deeply" in problems("a = " + "[" * 5000)[0]
    assert "not valid TOML" in problems("a = " + "1" * 5000)[0]
    assert problems("[[symbol]]\nsymbol='A'\nshares=" + "1" * 400) != []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[settings]\npoll_minutes 3", "feeds.toml:2: column 14: not valid TOML: Expected '=' after a key"),
        ("a = b", "feeds.toml:1: column 5: not valid TOML: Invalid value; put text in quotes"),
        (
            "[settings\n",
            "feeds.toml:1: column 10: not valid TOML: Expected ']' at the end of a table declaration; write [name]",
        ),
        (
            "[[feed]",
            "feeds.toml:1: column 7: not valid TOML: Expected ']]' at the end of an array declaration; write [[name]]",
        ),
        (
            "a = 2026-02-30",
            "feeds.toml:1: column 5: not valid TOML: Invalid date or datetime; write a day that there is",
        ),
        ("a = [1,\n2", "feeds.toml:2: not valid TOML: Unclosed array; add the closing ] of the list"),
        ("a = 1\na = 2\n", "feeds.toml:2: column 6: not valid TOML: Cannot overwrite a value; the key occurs twice"),
        ("[settings]\n[settings]", "feeds.toml:2: column 10: not valid TOML: Cannot declare"),
        ('a = "x\nb = 1', "feeds.toml:1: column 7: not valid TOML: Illegal character"),
    ],
)
def test_what_is_no_toml_names_line_and_column(text: str, expected: str) -> None:
    found = problems(text)
    assert len(found) == 1
    assert found[0].startswith(expected)


def test_what_has_no_effect_is_a_warning() -> None:
    found = config(
        "[[alert]]\nquery='about:nvidia'\nmove='3%'\n"
        "[[feed]]\nname='a'\nurl='http://x'\n[[feed]]\nname='b'\nurl='http://x'\n"
    )
    assert found.warnings == (
        "feeds.toml:1: this alert notifies nobody; add notify, command or url",
        "feeds.toml:7: same address as the feed on line 4; remove one of them",
    )


def test_an_alert_that_asks_for_the_same_as_another_is_a_warning() -> None:
    rules = ("query='nvidia'", "query='nvidia'\nmove='3%'", "query='nvidia'")
    found = config("".join(f"[[alert]]\n{rule}\nnotify=['bell']\n" for rule in rules))
    assert found.warnings == (
        "feeds.toml:8: this alert asks for the same as the alert on line 1, which alone fires;"
        " put notify, command and url into one",
    )


@pytest.mark.parametrize("rule", ["results='1d'", "query='is:watched (a OR -results<2d)'"])
def test_an_alert_about_dates_that_nobody_is_asked_for_is_a_warning(rule: str) -> None:
    text = f"[[alert]]\n{rule}\nnotify=['bell']\n"
    assert config(text).warnings == (
        "feeds.toml:1: this alert is about dates of results; none is known without [sources.earnings]",
    )
    assert config(f"{text}[sources.earnings]\nenabled=true\n").warnings == ()


def test_a_source_that_lacks_what_its_owner_asks_for_stays_off_and_says_so() -> None:
    found = config("[sources.sec]\nenabled = true\n[sources.huggingface]\nenabled = true\n")
    assert not found.sources.sec.is_on
    assert found.warnings == (
        "feeds.toml:1: sources.sec stays off without contact: the SEC asks for an e-mail address of whoever fetches",
        "feeds.toml:3: sources.huggingface stays off without authors: it lists the models of the authors you name",
    )
    assert config("[sources.sec]\ncontact='a@example.org'").sources.sec.is_on
    assert not config("[sources.sec]\nenabled=false\ncontact='a@example.org'").sources.sec.is_on


def test_a_problem_reads_as_one_line() -> None:
    assert str(Problem(12, "feed.ulr", "unknown key", 'did you mean "url"?')) == (
        'feeds.toml:12: feed.ulr: unknown key; did you mean "url"?'
    )
    assert str(Problem(None, "", "is empty", source="x")) == "x: is empty"
    assert str(Problem(1, "a\x1b[31m\n", "m")) == "feeds.toml:1: a\\u001b[31m\\u000a: m"


def test_values_are_shown_short_and_safe() -> None:
    assert shown({"a": 1}) == "a table"
    assert shown([1]) == "a list"
    assert shown("x" * 100) == "x" * 59 + "…"
    assert shown(False) == "false"
    assert did_you_mean("zzz", ["feed"]) == ""


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    for problem in found if isinstance(found := check(text, "f"), list) else []:
        assert "\n" not in str(problem)


_any_value = st.sampled_from(
    [
        "1",
        "-1",
        "1.5",
        "nan",
        "true",
        '""',
        '"x"',
        '"a\\u0000"',
        "[]",
        "[1]",
        '["x"]',
        "[[]]",
        "{}",
        "{a = 1}",
        "1979-05-27",
    ]
)
_any_key = st.sampled_from(
    [
        "sec",
        "enabled",
        "contact",
        "forms",
        "name",
        "url",
        "symbol",
        "match",
        "query",
        "tags",
        "poll_minutes",
        "providers",
        "yahoo",
        "benchmark",
        "x",
        '"a.b"',
    ]
)
_any_table = st.sampled_from(
    [
        "[sources]",
        "[sources.sec]",
        "[settings]",
        "[[feed]]",
        "[[tag]]",
        "[[symbol]]",
        "[[view]]",
        "[[alert]]",
        "[market]",
        "[keys]",
    ]
)


@given(st.lists(st.tuples(_any_table, st.dictionaries(_any_key, _any_value, max_size=4)), max_size=6))
def test_no_shape_raises(tables: list[tuple[str, dict[str, str]]]) -> None:
    text = "\n".join(f"{name}\n" + "\n".join(f"{k} = {v}" for k, v in keys.items()) for name, keys in tables)
    found = check(text, "f")
    if isinstance(found, list):
        assert found
        for problem in found:
            assert problem.line is not None
            assert "\n" not in str(problem)


def test_an_address_that_differs_in_the_host_s_case_or_a_fragment_is_the_same() -> None:
    feeds = "".join(
        f"[[feed]]\nname = '{name}'\nurl = '{url}'\n"
        for name, url in (
            ("a", "http://x.example/F"),
            ("b", "HTTP://X.example/F#top"),
            ("c", "http://x.example/f"),
            ("d", "http://x.example/F?a"),
        )
    )
    config = check(feeds, "feeds.toml")
    assert isinstance(config, Config)
    assert config.warnings == ("feeds.toml:4: same address as the feed on line 1; remove one of them",)
