"""The words around the list: scopes, side bar lines, top and status line, replay, remembered state."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from tests.helpers.store import NOW
from tests.helpers.ui import until
from tests.helpers.window import numbered, open_window, store, title
from tracker.demo.clock import ReplayClock
from tracker.model.config import Config, Settings, View
from tracker.model.events import SyncFinished
from tracker.model.feed import FeedSource, FeedState, FeedSynced
from tracker.model.market import Quote, WatchSymbol
from tracker.model.query import HasState, Query, QuerySyntaxError, parse_query
from tracker.store.story_reader import Counts
from tracker.ui import status
from tracker.ui.replay import SPEEDS, next_speed, replay_text
from tracker.ui.scope import Place, Scope, depends_on_state, everything, feed_place, group_place, tag_place
from tracker.ui.state import FILE, WindowState, load_state, save_state
from tracker.ui.widgets.side_rows import MORE_TAGS, SideRow, draw_side_row, failing, reason_text, side_rows


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# -- scopes -----------------------------------------------------------------------------------
def test_a_scope_joins_place_reading_and_search() -> None:
    scope = Scope(Place("view", "V", "about:nvidia OR about:amd"), "unread", "fall -rise")
    assert scope.query() == parse_query("(about:nvidia OR about:amd) is:unread (fall -rise)")
    assert Scope(everything()).query() == Query()
    assert Scope(everything(), "starred").query() == parse_query("is:starred")
    assert Scope(everything()).only("unread") == parse_query("is:unread")
    assert Scope(tag_place("amd")).only("unread").root == parse_query("about:amd is:unread").root
    assert Scope(everything(), search="chips sort:seen").query().sort == "seen"
    assert Scope(Place("view", "V", "sort:seen")).query().sort == "seen"
    with pytest.raises(QuerySyntaxError):
        Scope(everything(), search="(").query()


def test_places_of_feeds_and_groups_survive_quotes_in_names() -> None:
    assert parse_query(feed_place('The "Verge"').query) == parse_query('feed:"The  Verge"')
    assert parse_query(group_place("A (B) OR").query) == parse_query('group:"A (B) OR"')


def test_titles_name_what_is_shown() -> None:
    assert Scope(tag_place("nvidia")).title == "About nvidia"
    assert Scope(everything(), "unread").title == "Everything, unread"
    assert Scope(Place("view", "Starred", "is:starred"), "starred").title == "Starred"
    assert Scope(everything(), search="a").title == "Everything, “a”"


def test_queries_that_marks_change() -> None:
    assert depends_on_state(HasState("unread"))
    assert depends_on_state(parse_query("a (b OR -is:starred)").root)
    assert not depends_on_state(parse_query("a OR -b").root)


# -- side bar -----------------------------------------------------------------------------------
CONFIG = Config(
    feeds=(
        FeedSource("Loose", "http://x/1"),
        FeedSource("CNBC", "http://x/2", "Markets"),
        FeedSource("Off", "http://x/3", "Markets", enabled=False),
    ),
    views=(View("About Nvidia", "about:nvidia"),),
)
COUNTS = Counts(
    312, 7, {"CNBC": 4, "Loose": 1}, {"nvidia": 58, "amd": 0}, {"About Nvidia": 58}, {"Markets": 4, None: 1}
)


def test_the_lines_of_the_side_bar() -> None:
    rows = [(row.name, row.count) for row in side_rows(CONFIG, COUNTS, {}, (), NOW)]
    assert rows == [
        ("Views", None), ("Everything", 312), ("About Nvidia", 58), ("Starred", 7),
        ("Tags", None), ("nvidia", 58), ("amd", 0),
        ("Markets", 4), ("CNBC", 4), ("Feeds", 1), ("Loose", 1),
    ]  # fmt: skip
    folded = [row.name for row in side_rows(CONFIG, COUNTS, {}, ("tags", "group:Markets", "views"), NOW)]
    assert folded == ["Views", "Tags", "Markets", "Feeds", "Loose"]


def test_my_shares_come_first_where_there_is_a_watchlist_and_no_view_of_that_name() -> None:
    watched = replace(CONFIG, symbols=(WatchSymbol("NVDA"),))
    counts = replace(COUNTS, views={**COUNTS.views, "My shares": 3})
    assert [(row.name, row.count) for row in side_rows(watched, counts, {}, (), NOW)][1:3] == [
        ("My shares", 3),
        ("Everything", 312),
    ]
    own = replace(watched, views=(View("My shares", "about:amd"),))
    assert [row.name for row in side_rows(own, counts, {}, (), NOW)].count("My shares") == 1


def test_tags_of_the_watchlist_come_first_and_the_rare_ones_are_behind_one_line() -> None:
    names = [f"tag-{number:02}" for number in range(20)]
    counts = replace(
        COUNTS, tags={name: 100 - number for number, name in enumerate(names)}, watched_tags=frozenset({"tag-19"})
    )
    rows = side_rows(CONFIG, counts, {}, ("views", MORE_TAGS), NOW)
    assert [row.name for row in rows if row.section in ("tags", MORE_TAGS)] == [
        "Tags",
        "tag-19",
        *names[:11],
        "8 more",
        *names[11:19],
    ]
    folded = [row.name for row in side_rows(CONFIG, counts, {}, ("views",), NOW) if row.section in ("tags", MORE_TAGS)]
    assert folded == ["Tags", "tag-19", *names[:11], "8 more"]


def test_a_feed_that_does_not_answer_says_why_and_when_it_is_asked_again() -> None:
    state = FeedState("CNBC", "http://x", fail_count=3, last_reason="503", next_due=NOW + timedelta(minutes=24))
    row = next(row for row in side_rows(CONFIG, COUNTS, {"CNBC": state}, (), NOW) if row.name == "CNBC")
    assert "⚠ 4" in "".join(text for text, _ in draw_side_row(row, 24))
    assert reason_text(row, {"CNBC": state}, NOW) == "CNBC: 503 (3 times in a row), next try in 24 min"
    assert reason_text(row, {}, NOW) is None
    late = FeedState("CNBC", "http://x", fail_count=1, next_due=NOW)
    assert reason_text(row, {"CNBC": late}, NOW) == "CNBC: failed, retrying now"
    far = FeedState("CNBC", "http://x", fail_count=1, next_due=NOW + timedelta(hours=5))
    assert reason_text(row, {"CNBC": far}, NOW) == "CNBC: failed, next try in 5 h"
    gone = FeedState("CNBC", "http://x", disabled_reason="410 Gone", next_due=NOW)
    assert reason_text(row, {"CNBC": gone}, NOW) == "CNBC: 410 Gone"
    assert failing(FeedState("CNBC", "http://x", last_reason="skipped")) is None


def test_a_snoozed_feed_has_its_sign_instead_of_a_warning() -> None:
    feeds = tuple(replace(one, snoozed_until=date(2025, 2, 3)) for one in CONFIG.feeds)
    state = FeedState("CNBC", "http://x", fail_count=3, last_reason="503")
    for moment, sign, said in ((NOW, " z 4", "snoozed until 2025-02-03"), (NOW + timedelta(days=9), " ⚠ 4", None)):
        rows = side_rows(replace(CONFIG, feeds=feeds), COUNTS, {"CNBC": state}, (), moment)
        row = next(row for row in rows if row.name == "CNBC")
        assert "".join(text for text, _ in draw_side_row(row, 24)).endswith(sign)
        assert row.snoozed == said


@given(
    st.text(max_size=60), st.integers(0, 60), st.none() | st.integers(0, 10**9), st.booleans(), st.none() | st.text()
)
def test_every_line_fills_exactly_its_width(
    name: str, width: int, count: int | None, is_heading: bool, reason: str | None
) -> None:
    pieces = draw_side_row(SideRow("k", name, None, count, is_heading, reason=reason), width)
    assert sum(cell_len(text) for text, _ in pieces) == width


# -- top and status line --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("moment", "text"),
    [
        ("2025-01-27T21:16", "Mon 27 Jan 16:16 ET · after hours, closes 20:00"),
        ("2025-01-27T15:00", "Mon 27 Jan 10:00 ET · regular session, closes 16:00"),
        ("2025-01-27T13:00", "Mon 27 Jan 08:00 ET · pre-market, opens 09:30"),
        ("2025-01-26T13:00", "Sun 26 Jan 08:00 ET · market closed, opens Mon 09:30"),
        ("2025-01-27T08:00", "Mon 27 Jan 03:00 ET · market closed, opens 09:30"),
        ("2024-11-29T20:00", "Fri 29 Nov 15:00 ET · after hours, closes 17:00"),
    ],
)
def test_the_session_is_named_with_when_it_ends(moment: str, text: str) -> None:
    assert status.session_line(at(moment)) == text


def test_benchmarks_and_whose_prices() -> None:
    config = Config(Settings(benchmark="^GSPC"), symbols=(WatchSymbol("NVDA", benchmark="SMH"),))
    symbols = status.benchmark_symbols(config)
    assert symbols[:2] == ("^GSPC", "SMH")
    assert len(symbols) == len(set(symbols))
    quotes = {
        "^GSPC": Quote("^GSPC", 98.54, NOW, "yahoo", 100.0, fetched=NOW - timedelta(seconds=12)),
        "SMH": Quote("SMH", 1.0, NOW - timedelta(days=1), "cnbc"),
    }
    assert status.benchmark_pieces(symbols, quotes) == [("S&P ", "tracker-muted"), ("▼1.46%", "tracker-down")]
    assert status.prices_text(quotes, {"AMD": ("timeout", NOW)}, NOW) == "prices: Yahoo, just now"
    assert status.prices_text({}, {}, NOW) == ""
    failures = {"NVDA": ("no connection", NOW), "XXX": ("no such symbol", NOW), "AMD": ("no connection", NOW)}
    assert status.prices_text({}, failures, NOW) == "no prices: no connection"


def test_progress_and_what_a_sync_brought() -> None:
    assert status.progress_text(17, 23, FeedSynced("WCCFTech", "new", new=2)) == "sync 17/23 ▰▰▰▰▰▱▱▱ WCCFTech +2"
    assert status.progress_text(0, 0, None) == "sync 0/0 ▰▰▰▰▰▰▰▰"
    failed = FeedSynced("EE Times", "failed", reason="503")
    assert status.progress_text(1, 2, failed) == "sync 1/2 ▰▰▰▰▱▱▱▱ EE Times: 503"
    assert status.progress_text(2, 2, FeedSynced("A", "unchanged")).endswith(" A")
    good = FeedSynced("A", "new", new=2, updated=1)

    def text(*feeds: FeedSynced) -> str:
        return status.finished_text(SyncFinished(NOW, NOW, feeds, None), NOW)

    assert text(good) == "synced 1 feed 16:16 ET, 2 new articles, 1 changed"
    assert text(FeedSynced("A", "unchanged"), FeedSynced("B", "unchanged")) == "synced 2 feeds 16:16 ET, nothing new"
    assert text(good, failed, failed) == (
        "synced 1 of 3 feeds 16:16 ET, 2 new articles, 1 changed · EE Times: 503 and 1 more ⚠"
    )
    assert text(FeedSynced("A", "skipped")) == "nothing was due"
    titles = [status.list_title("T", sort, 58, 1284, "moves of day 0") for sort in ("seen", "move", "published")]
    assert titles[0] == "T · last fetched first · 58 unread of 1,284 stories · moves of day 0"
    assert [title.split(" · ")[1] for title in titles[1:]] == ["largest move first", "newest first"]


def test_what_waits_for_nobody_gives_way_part_by_part() -> None:
    text = "synced 12 feeds 09:41 ET, 44 new articles · replay paused"
    assert status.fit_parts(text, 80) == text
    assert status.fit_parts("Everything · since, what you lost", 20, (" · ",)) == "Everything"
    assert status.fit_parts(text, 45) == "synced 12 feeds 09:41 ET, 44 new articles"
    hints = ("r retries", "Enter reads", "Esc closes", "F adds")
    assert status.fit_hints(hints, "Esc closes", 80) == "r retries · Enter reads · Esc closes · F adds"
    assert status.fit_hints(hints, "Esc closes", 40) == "r retries · Enter reads · Esc closes"
    assert status.fit_hints(hints, "Esc closes", 34) == "r retries · Esc closes"
    assert status.fit_hints(hints, "Esc closes", 5) == "Esc closes"
    assert status.fit_parts(text, 30) == status.fit_parts(text, 0) == "synced 12 feeds 09:41 ET"


# -- replay -----------------------------------------------------------------------------------------
def test_the_replay_goes_through_its_speeds_and_can_be_held() -> None:
    assert [next_speed(speed, True) for speed in SPEEDS] == [*SPEEDS[1:], SPEEDS[-1]]
    assert [next_speed(speed, False) for speed in SPEEDS] == [SPEEDS[0], *SPEEDS[:-1]]
    clock = ReplayClock(NOW, 60, lambda: 0.0)
    assert replay_text(clock, {}) == "replay × 60, + - change speed"
    clock.pause()
    assert replay_text(clock, {}) == "replay paused at × 60, P resumes"
    assert replay_text(clock, {"replay.pause": "f4"}) == "replay paused at × 60, F4 resumes"


# -- state --------------------------------------------------------------------------------------------
def test_state_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    state = WindowState("tag:nvidia", "unread", "“x”", 17, "nord", ("tags",), 30, "abnormal", "5 days")
    save_state(tmp_path / "new" / "folder", state)
    assert load_state(tmp_path / "new" / "folder") == state
    assert [path.name for path in (tmp_path / "new" / "folder").iterdir()] == [FILE]


async def test_the_cursor_is_put_on_an_article_of_its_own_database_only(tmp_path: Path) -> None:
    store(tmp_path, numbered(5))
    other = tmp_path / "other"
    other.mkdir()
    store(other, numbered(5))
    async with open_window(tmp_path, rows=5) as (app, pilot):
        await pilot.press("j", "j", "j")
        await until(pilot, lambda: title(app) == "Headline number 3", "the cursor")
        await pilot.press("q")
    (other / "state").mkdir()
    (other / "state" / "ui.json").write_bytes((tmp_path / "state" / "ui.json").read_bytes())
    async with open_window(other, rows=5) as (app, _):
        assert title(app) == "Headline number 0"
    async with open_window(tmp_path, rows=5) as (app, _):
        assert title(app) == "Headline number 3"


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"version": 99, "search": "x"}', "\xff", json.dumps({"version": 1, "article_id": "x"}),
     json.dumps({"version": 1, "folded": 3, "side_width": True, "theme": 4, "reading": "all", "moves": 1})],
)  # fmt: skip
def test_what_cannot_be_read_is_the_default(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="latin-1")
    assert load_state(tmp_path) == WindowState()


def test_widths_stay_within_reason_and_a_folder_that_is_none_is_no_complaint(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(json.dumps({"version": 1, "side_width": 4000}), encoding="utf-8")
    assert load_state(tmp_path).side_width == 60
    (tmp_path / "file").write_text("")
    save_state(tmp_path / "file", WindowState())
