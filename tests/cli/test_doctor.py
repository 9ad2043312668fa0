"""`tracker doctor`: finds what is wrong, says what to do, asks nobody."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

import pytest

from tests.cli.conftest import NOW, Desk
from tests.cli.feeds import config, rss, serve
from tests.helpers.http_server import Answer, LoopbackServer
from tests.helpers.store import article, fill, raw
from tracker.cli.clock import make_clock
from tracker.config.load import load_config
from tracker.model.dates import CalendarState, ComingDate
from tracker.model.feed import FeedSource
from tracker.model.market import Breaker, PriceFailure, Quote
from tracker.store.db import SCHEMA_VERSION
from tracker.store.write import Writer
from tracker.sync.lock import sync_lock
from tracker.sync.retagging import retag

MOMENT = datetime.fromisoformat(NOW)


def test_a_fresh_machine_is_told_to_sync(desk: Desk) -> None:
    done = desk.run("doctor")
    assert done.code == 0
    assert f"ok    config    {desk.config}: 0 feeds, 0 symbols, 0 custom tags" in done.out
    assert f"warn  database  {desk.db}: does not exist yet\n                → run `tracker sync`\n" in done.out
    assert not desk.db.exists()


def test_a_bad_configuration_is_bad(desk: Desk) -> None:
    desk.write("[settings]\nx = 1\ny = 2\n")
    done = desk.run("doctor")
    assert done.code == 1
    assert f"bad   config    {desk.config}:2: settings.x: unknown key; there are " in done.out
    assert f"                {desk.config}:3: settings.y: unknown key; there are " in done.out
    desk.write("[[tag]]\nname = 'empty'\n")
    assert "tag empty" in desk.run("doctor").out


@pytest.mark.slow
def test_feeds_are_looked_at_without_asking_them(desk: Desk, server: LoopbackServer) -> None:
    server.routes["/A"] = serve(rss("one"))
    desk.write(config(server, "A", "gone", more="[[alert]]\nquery = 'x'\n"))
    desk.run("sync")
    desk.write(config(server, "A", "gone", "new", more="[[alert]]\nquery = 'x'\n"))
    asked = len(server.requests)
    done = desk.run("doctor")
    assert len(server.requests) == asked
    assert done.code == 0
    assert "warn  feeds     gone: failed once: " in done.out
    assert '`tracker feeds check "gone"`' in done.out
    assert "warn  feeds     not fetched yet: new\n" in done.out
    assert "ok    feeds     1 of 3 feeds is fine" in done.out
    assert "this alert notifies nobody; add notify, command or url" in done.out
    assert f"1 article, schema {SCHEMA_VERSION}, WAL" in done.out


def test_a_snoozed_feed_is_named_with_its_day_and_how_to_wake_it(desk: Desk, server: LoopbackServer) -> None:
    server.routes["/A"] = serve(rss("one"))
    desk.write(config(server, "A"))
    desk.run("sync")
    desk.write(config(server, "A").replace('name = "A"', 'name = "A"\nsnoozed_until = 2999-01-01'))
    done = desk.run("doctor")
    assert done.code == 0
    assert "ok    feeds     A: snoozed until 2999-01-01\n" in done.out
    assert "→ to wake it earlier, remove its snoozed_until from feeds.toml" in done.out
    assert "0 of 0 feeds are fine" in done.out
    listed = desk.run("feeds", "list", is_terminal=True)
    assert "snoozed until 2999-01-01" in listed.out
    assert "remove its snoozed_until from feeds.toml" in listed.err


def test_many_failures_and_silence_are_told_apart(desk: Desk, server: LoopbackServer) -> None:
    server.routes["/A"] = serve(rss("one"))
    desk.write(config(server, "A", "gone", "dead"))
    desk.run("sync")
    with sqlite3.connect(desk.db) as connection:
        connection.execute("UPDATE feed SET fail_count = 6 WHERE name = 'gone'")
        connection.execute("UPDATE feed SET disabled_reason = '410 Gone' WHERE name = 'dead'")
    connection.close()
    done = desk.run("doctor", environ={"TRACKER_NOW": "2025-04-01T00:00:00Z"})
    assert done.code == 1
    assert "bad   feeds     gone: failed 6 times in a row" in done.out
    assert "bad   feeds     dead: no longer fetched: 410 Gone" in done.out
    assert "warn  feeds     A: responds, but has had nothing new for 30 days" in done.out


def test_what_all_say_is_said_once(desk: Desk) -> None:
    feeds = "".join(f'[[feed]]\nname = "{name}"\nurl = "http://{name}.invalid/"\n' for name in "abcdef")
    symbols = "".join(f'[[symbol]]\nsymbol = "{symbol}"\n' for symbol in ("A", "B", "C", "D"))
    desk.write(f"{feeds}{symbols}")
    with Writer(desk.db) as writer:
        writer.register_feeds([FeedSource(name, f"http://{name}.invalid/") for name in "abcdef"])
        checked = int(MOMENT.timestamp())
        raw(writer).execute("UPDATE feed SET last_checked = ?, last_reason = 'no network'", (checked,))
        failures = [PriceFailure("yahoo", "no connection", symbol) for symbol in "ABCD"]
        writer.prices.store_quotes([], [], failures, [], MOMENT)
    done = desk.run("doctor")
    assert "warn  feeds     6 feeds: no network: a, b, c, d, e and 1 more\n" in done.out
    assert "→ are you offline?\n" in done.out
    assert "warn  prices    4 symbols (A, B, C, D): no price: no connection\n" in done.out
    assert "bad   feeds     0 of 6 feeds are fine" in done.out
    assert "bad   prices    0 of 4 symbols have a current price" in done.out
    assert done.code == 1


def test_what_servers_answered_is_not_called_offline(desk: Desk) -> None:
    feeds = "".join(f'[[feed]]\nname = "{name}"\nurl = "http://{name}.invalid/"\n' for name in "abcdef")
    symbols = "".join(f'[[symbol]]\nsymbol = "{symbol}"\n' for symbol in "ABCD")
    desk.write(f"{feeds}{symbols}")
    with Writer(desk.db) as writer:
        writer.register_feeds([FeedSource(name, f"http://{name}.invalid/") for name in "abcdef"])
        checked = int(MOMENT.timestamp())
        raw(writer).execute("UPDATE feed SET last_checked = ?, last_reason = '403 Forbidden'", (checked,))
        writer.prices.store_quotes([], [], [PriceFailure("yahoo", "no price", one) for one in "ABCD"], [], MOMENT)
    done = desk.run("doctor")
    assert "→ to see more, run `tracker feeds check`\n" in done.out
    assert "→ run `tracker quotes` later\n" in done.out
    assert "offline" not in done.out


def test_a_query_for_a_tag_that_there_is_not_is_named(desk: Desk, server: LoopbackServer) -> None:
    server.routes["/A"] = serve(rss("one"))
    desk.write(config(server, "A") + '[[alert]]\nquery = "tag:nvidai"\nnotify = ["bell"]\n')
    said = 'alert.query: "tag:nvidai" at character 5: expected a known tag; did you mean tag:nvidia?\n'
    assert desk.run("doctor").out.count(said) == 1
    desk.run("sync")
    assert desk.run("doctor").out.count(said) == 1


def test_prices_are_looked_at(desk: Desk) -> None:
    symbols = "".join(f'[[symbol]]\nsymbol = "{symbol}"\n' for symbol in ("NVDA", "AMD", "XXX", "NEW"))
    desk.write(f'[market]\nproviders = ["yahoo", "finnhub"]\n{symbols}')
    with Writer(desk.db) as writer:
        fresh = Quote("NVDA", 118.42, MOMENT - timedelta(minutes=16), "yahoo", 142.62, None, "regular", "USD", MOMENT)
        old = Quote("AMD", 115.0, MOMENT - timedelta(days=9), "yahoo", None, None, None, "USD", None)
        failure = PriceFailure("yahoo", "no such symbol in the answer", "XXX")
        breaker = Breaker("cnbc", MOMENT + timedelta(minutes=9), "HTTP 429")
        writer.prices.store_quotes([fresh, old], [], [failure], [breaker], MOMENT)
    done = desk.run("doctor")
    assert done.code == 1
    assert "bad   prices    finnhub needs FINNHUB_API_KEY" in done.out
    assert "→ set it, or remove finnhub from market.providers\n" in done.out
    assert "warn  prices    cnbc is paused until 2025-01-27T21:25:00Z: HTTP 429" in done.out
    assert "warn  prices    XXX: no price: no such symbol in the answer\n" in done.out
    assert "→ use the symbol that Yahoo Finance uses\n" in done.out
    assert "warn  prices    not fetched yet: NEW" in done.out
    assert "warn  prices    out of date: AMD" in done.out
    assert "ok    prices    1 of 4 symbols has a current price" in done.out
    assert desk.run("doctor", environ={"FINNHUB_API_KEY": "k"}).code == 0


def test_a_calendar_without_its_key_is_named_once_with_what_to_do(desk: Desk) -> None:
    desk.write('[sources.earnings]\nenabled = true\nfinnhub = true\n[[symbol]]\nsymbol = "NVDA"\n')
    with Writer(desk.db) as writer:
        writer.dates.store_state(CalendarState("finnhub", MOMENT, "no key: set FINNHUB_API_KEY"))
        writer.dates.store_state(CalendarState("nasdaq", MOMENT, "HTTP 500"))
    said = desk.run("doctor").out
    assert said.count("FINNHUB_API_KEY") == 1
    assert "→ set it, or remove finnhub = true from [sources.earnings]\n" in said
    assert "nasdaq: failed" in said
    assert "finnhub: failed" in desk.run("doctor", environ={"FINNHUB_API_KEY": "k"}).out


def test_every_symbol_without_a_new_price_is_named_with_its_reason(desk: Desk) -> None:
    desk.write('[[symbol]]\nsymbol = "NVDA"\n')
    news = [f"{number}.TW" for number in range(2330, 2340)]
    with Writer(desk.db) as writer:
        quote = Quote("NVDA", 118.42, MOMENT - timedelta(minutes=16), "yahoo", 142.62, None, "regular", "USD", MOMENT)
        failures = [PriceFailure("yahoo", "yahoo: no such symbol in the answer", symbol) for symbol in news]
        failures.append(PriceFailure("yahoo", "yahoo: HTTP 500", "NVDA"))
        writer.prices.store_quotes([quote], [], failures, [], MOMENT)
    said = desk.run("doctor").out
    everyone = ", ".join(news)
    assert f"no price for shares in the news: {everyone}: yahoo: no such symbol in the answer\n" in said
    assert "warn  prices    no new price for NVDA: yahoo: HTTP 500\n" in said


@pytest.mark.slow
def test_changed_rules_ask_for_retag(desk: Desk, server: LoopbackServer) -> None:
    server.routes["/A"] = serve(rss("one"))
    desk.write(config(server, "A"))
    desk.run("sync")
    assert "retag" not in desk.run("doctor").out
    desk.write(config(server, "A", more='[[tag]]\nname = "mine"\nmatch = ["one"]\n'))
    assert "→ run `tracker retag`" in desk.run("doctor").out
    desk.run("retag")
    assert "retag" not in desk.run("doctor").out


def test_work_on_tags_that_was_interrupted_is_reported_whatever_the_rules_are_now(desk: Desk) -> None:
    with Writer(desk.db) as writer:
        fill(writer, "A", [article(f"Zyxwv number {n}", minutes_ago=n + 1) for n in range(250)])
    plain = "[market]\nproviders = []\n"
    desk.run("retag")
    assert "`tracker retag`" not in desk.run("doctor").out
    desk.write(f'[[tag]]\nname = "mine"\nmatch = ["Zyxwv"]\n{plain}')
    assert next(retag(load_config(desk.config), desk.db)) == (200, 250)
    desk.write(plain)  # the rules of before, but 200 articles have the tag of the others
    assert "a retag has not finished: it was interrupted, or is running\n" in desk.run("doctor").out
    assert desk.run("retag").err == "retagged 250 articles\n"
    assert desk.run("list", "tag:mine", "--limit", "0").out == ""
    assert "`tracker retag`" not in desk.run("doctor").out


def test_a_running_sync_is_named(desk: Desk) -> None:
    with Writer(desk.db), sync_lock(desk.db, make_clock(desk.environ)):
        assert "ok    sync      running now (pid " in desk.run("doctor").out
    assert "running now" not in desk.run("doctor").out


def test_a_damaged_database_is_bad(desk: Desk) -> None:
    with Writer(desk.db) as writer:
        writer.set_meta({f"key {n}": "x" * 2000 for n in range(200)})
    with sqlite3.connect(desk.db) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    raw = bytearray(desk.db.read_bytes())
    page = raw.index(b"x" * 900) // 4096 * 4096  # one with values that nothing asks for
    raw[page : page + 4096] = b"\xaa" * 4096
    desk.db.write_bytes(raw)
    done = desk.run("doctor")
    assert done.code == 1
    assert "bad   database  " in done.out
    assert "not in WAL mode" in done.out
    desk.db.write_bytes(b"no database at all" * 100)
    done = desk.run("doctor")
    assert done.code == 1
    assert "is not a tracker database" in done.out


def test_the_terminal_is_described(desk: Desk) -> None:
    assert "warn  terminal  TERM is not set" in desk.run("doctor").out
    good = desk.run("doctor", environ={"TERM": "xterm-256color", "COLORTERM": "truecolor"})
    assert "ok    terminal  xterm-256color, utf-8, 24-bit colour" in good.out
    assert "no colour, as NO_COLOR is set" in desk.run("doctor", environ={"NO_COLOR": "1"}).out
    assert "\x1b[32mok  \x1b[0m  config" in desk.run("doctor", is_terminal=True).out


def test_a_clock_that_servers_contradict_is_named(desk: Desk, server: LoopbackServer) -> None:
    server.routes["/A"] = Answer(rss("one"), headers={"Date": "Sat, 27 Jan 2024 21:16:00 GMT"})
    desk.write(config(server, "A"))
    desk.run("sync")
    done = desk.run("doctor")
    assert "warn  clock     this computer's clock is 366 d ahead of the server of the last sync" in done.out
    assert done.code == 0
    server.routes["/A"] = Answer(rss("one"), headers={"Date": "Mon, 27 Jan 2025 21:16:00 GMT"})
    desk.run("sync", "--force")
    assert "  clock  " not in desk.run("doctor").out


def test_a_damaged_search_index_is_told_and_repaired(desk: Desk, server: LoopbackServer) -> None:
    server.routes["/A"] = serve(rss("one", "two"))
    desk.write(config(server, "A"))
    desk.run("sync")
    with sqlite3.connect(desk.db) as connection:
        connection.execute("DELETE FROM article_search_data WHERE id = 10")
    connection.close()
    done = desk.run("doctor")
    assert done.code == 1
    assert "bad   database  the search index is damaged" in done.out
    assert "-> `tracker doctor --repair`" in done.out.replace("→", "->")
    with sync_lock(desk.db, make_clock(desk.environ)):
        assert desk.run("doctor", "--repair").code == 4
    done = desk.run("doctor", "--repair")
    assert done.code == 0
    assert "ok    repair    rebuilt the search index for 2 articles\n" in done.out
    assert len(desk.run("list", "two").records) == 1
    assert "intact: nothing to repair" in desk.run("doctor", "--repair").out


def test_a_repair_says_what_was_lost_table_by_table(desk: Desk, server: LoopbackServer) -> None:
    server.routes["/A"] = serve(rss("one", "two"))
    desk.write(config(server, "A"))
    desk.run("sync")
    with sqlite3.connect(desk.db) as connection:
        connection.execute("UPDATE article SET time = 'never' WHERE title = 'two'")
    connection.close()
    assert "bad   database  damaged: " in desk.run("doctor").out
    done = desk.run("doctor", "--repair")
    assert done.code == 0
    kept = desk.db.with_name("tracker.db.damaged-20250127T211600Z")
    assert kept.exists()
    assert f"warn  repair    recovered what is readable into a new file; the damaged one is now {kept}\n" in done.out
    assert "warn  repair    article: 1 lost, 1 recovered\n" in done.out
    # What the feed still lists comes back.
    desk.run("sync", "--force")
    assert sorted(record["title"] for record in desk.run("list").records) == ["one", "two"]


def test_coming_dates_are_looked_at(desk: Desk) -> None:
    desk.write('[market]\nproviders = []\n[[symbol]]\nsymbol = "NVDA"\n[sources.earnings]\nenabled = true\n')
    Writer(desk.db).close()
    assert "warn  dates     the calendar of results has not been asked yet" in desk.run("doctor").out
    with Writer(desk.db) as writer:
        day = MOMENT.date() + timedelta(days=2)
        one = ComingDate("NVDA", "results", day, None, "nasdaq", MOMENT)
        writer.dates.store_page("nasdaq", "results", day, [one], MOMENT)
        writer.dates.store_state(CalendarState("nasdaq", MOMENT, "HTTP 500"))
    out = desk.run("doctor").out
    assert "warn  dates     nasdaq: failed 0m ago: HTTP 500\n" in out
    assert "ok    dates     1 of 1 symbol has a known date" in out
    desk.write("[market]\nproviders = []\n")
    assert "ok    dates     off (sources.earnings is not enabled)" in desk.run("doctor").out


@pytest.mark.parametrize(
    ("reason", "advice"),
    [
        ("yahoo, cnbc: no connection: no such host; cnbc: asked for New York listings only", "are you offline?"),
        ("yahoo: HTTP 500", "run `tracker quotes` later"),
        ("yahoo: HTTP 404: No data found, symbol may be delisted", "use the symbol that Yahoo Finance uses"),
        ("yahoo: no such symbol in the answer", "use the symbol that Yahoo Finance uses"),
    ],
)
def test_a_symbol_is_called_wrong_only_where_a_provider_does_not_know_it(desk: Desk, reason: str, advice: str) -> None:
    desk.write('[[symbol]]\nsymbol = "RHM.DE"\n')
    with Writer(desk.db) as writer:
        writer.prices.store_quotes([], [], [PriceFailure("yahoo", reason, "RHM.DE")], [], MOMENT)
    done = desk.run("doctor")
    assert f"warn  prices    RHM.DE: no price: {reason}\n" in done.out
    assert f"→ {advice}\n" in done.out


def test_feeds_that_are_new_or_silent_are_no_failure(desk: Desk) -> None:
    desk.write('[market]\nproviders = []\n[[feed]]\nname = "a"\nurl = "http://a.invalid/"\n')
    with Writer(desk.db) as writer:
        writer.register_feeds([FeedSource("a", "http://a.invalid/")])
    done = desk.run("doctor")
    assert "warn  feeds     0 of 1 feed are fine\n" in done.out
    assert done.code == 0
