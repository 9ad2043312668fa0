from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.growth import assert_linear
from tracker.feeds.dates import FUTURE_LIMIT, from_parts, read_date

NOW = datetime(2026, 12, 1, tzinfo=UTC)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


TEN = at(2026, 6, 22, 10)


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("2026-06-22T10:00:00Z", TEN),
        ("2026-06-22T10:00:00.123456+00:00", TEN),
        ("2026-06-22T12:00:00+02:00", TEN),
        ("2026-06-22T15:30:00+0530", TEN),
        ("2026-06-22 10:00", TEN),
        ("2026-06-22T10:00:00", TEN),
        ("2026-6-22T6:00:00-04", TEN),
        ("20260622", at(2026, 6, 22)),
        ("2026-06-22", at(2026, 6, 22)),
        ("2026/06/22 10:00:00", TEN),
        ("2026-06-22 - 10:00", TEN),
        ("2026-06-21T24:00:00Z", at(2026, 6, 22)),
        ("2026-06-22T09:59:60Z", at(2026, 6, 22, 9, 59, 59)),
        ("Mon, 22 Jun 2026 10:00:00 GMT", TEN),
        ("Mon, 22 Jun 2026 10:00:00", TEN),
        ("Mon, 22 Jun 2026 06:00:00 -0400", TEN),
        ("Mon, 22 Jun 2026 06:00:00 EDT", TEN),
        ("Mon, 22 Jun 2026 03:00:00 PST8PDT", TEN),
        ("Thu, 22 Jan 2026 02:00:00 PST8PDT", at(2026, 1, 22, 10)),
        ("Mon, 22 Jun 2026 06:00:00 ET", TEN),
        ("Mon, 22 Jun 2026 12:00:00 CEST", TEN),
        ("Mon, 22 Jun 2026 12:00:00 GMT+0200", TEN),
        ("Mon, 22 Jun 2026 12:00:00 UTC+2", TEN),
        ("Mon, 22 Jun 2026 03:00:00 -0700 (PDT)", TEN),
        ("Mon, 22 Jun 2026 18:00:00 +08", TEN),
        ("Mon, 22 Jun 26 10:00 UT", TEN),
        ("May 1, 10", at(2010, 5, 1)),
        ("Mon, 22 Jun 98 10:00 UT", at(1998, 6, 22, 10)),
        ("Mon, 22 Jun 2026 10.00.00 GMT", TEN),
        ("Mon, 22 Jun 2026 10:00:00 America/Nowhere", TEN),
        ("Mon Jun 22 06:00:00 EDT 2026", TEN),
        ("Monday, June 22, 2026 - 10:00am", TEN),
        ("June 22nd, 2026 at 10:00 p.m. UTC", at(2026, 6, 22, 22)),
        ("Jun 22, 2026 10pm", at(2026, 6, 22, 22)),
        ("Jun 22, 2026 12 am", at(2026, 6, 22)),
        ("Mon, 21 Jan 2008 8:56 am PST", at(2008, 1, 21, 16, 56)),
        ("22-Jun-2026 10:00", TEN),
        ("22 juin 2026 10h00", TEN),
        ("22 de junio de 2026", at(2026, 6, 22)),
        ("Seg, 24 Set 2018 19:32:00 -0300", at(2018, 9, 24, 22, 32)),
        ("Dienstag, 22. Dezember 2020 10:00 Uhr", at(2020, 12, 22, 10)),
        ("2026-június-22T12:00+02:00", TEN),
        ("22/06/2026 10:00", TEN),
        ("06/22/2026 10:00", TEN),
        ("22.06.2026 10:00", TEN),
        ("06/07/2026", at(2026, 7, 6)),
        ("12/11/2026", at(2026, 11, 12)),
        ("Fri, 05/03/2019 - 15:21", at(2019, 5, 3, 15, 21)),
        ("2026年6月22日 10:00", TEN),
        ("2026年6月22日 下午 3时05", at(2026, 6, 22, 15, 5)),
        ("2026년 6월 22일 오후 3:05", at(2026, 6, 22, 15, 5)),
        ("1782122400", TEN),
        ("1782122400000", TEN),
        ("/Date(1782122400000)/", TEN),
        (" 2026-06-22\n10:00 ", TEN),
        ("20260622T100000Z", TEN),
        ("20260622T1200+0200", TEN),
        ("20260622 100000", TEN),
        ("2026-06-22 06:00:00 EDT", TEN),
        ("2026-06-22 12:00 UTC+2", TEN),
        ("2026-06-22T12:00:00 UTC+02:00", TEN),
        ("2026-06-22T05:00:00\u221205:00", TEN),
        ("Mon, 22 Jun 2026 06:00:00 America/New_York", TEN),
        ("2026-06-22T12:00:00[Europe/Paris]", TEN),
        ("Mon, 22 Jun 2026 10:00:00 Etc/../passwd", TEN),
        ("Пн, 22 июня 2026 13:00:00 +0300", TEN),
        ("22 травня 2026", at(2026, 5, 22)),
        ("27. marraskuuta 2025", at(2025, 11, 27)),
        ("22 Haz 2026 13:00 +0300", TEN),
        ("22 Ιουνίου 2026 10:00", TEN),
        ("٢٢ يونيو ٢٠٢٦ 10:00", TEN),
        ("۲۲ ژوئن ۲۰۲۶ ۱۰:۰۰", TEN),
        ("22 जून 2026 10:00", TEN),
        ("22 nóvember 2025", at(2025, 11, 22)),
        ("22 fevr. 2026", at(2026, 2, 22)),
        ("22 Mrz 2026", at(2026, 3, 22)),
        ("22 listopada 2025", at(2025, 11, 22)),
        ("mar., 24 nov. 2025 11:00:00 +0100", at(2025, 11, 24, 10)),
        ("mar 24 feb 2026", at(2026, 2, 24)),
    ],
)
def test_dates_are_read(raw: str, moment: datetime) -> None:
    assert read_date(raw, NOW) == moment


@pytest.mark.parametrize(
    "raw",
    [
        "", "hello", "10:00", "2026", "2026-06", "June 2026", "June 22", "32/06/2026", "Mon, 32 Jun 2026 10:00 GMT",
        "Mon, 22 Jun 2026 25:00:00 GMT", "2026-06-22T10:61:00Z", "2026-13-01", "22.13.2026",
        "2026-06-22T10:00:00+99:00:00" * 9,
        "0000-00-00 00:00:00", "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT", "0", "0000000001",
        "0001-01-01T00:00:00+05:00", "Mon, 01 Jan 0001 00:00:00 +0000", "2999-01-01", "9999999999",
        "tomorrow 5pm", "Jun x 2026", "22 jui 2026", "22 ju 2026", "Mon, 22 Jun 2026 10:00:00 +2500",
        "2026-06-22T10:00:00+15:00", "2026-06-22 10:00 UTC+20",
        "2026-12-31T24:00:00Z", "9999-12-31T24:00:00Z",
    ],
)  # fmt: skip
def test_what_is_no_date_is_none(raw: str) -> None:
    assert read_date(raw, NOW) is None


def test_a_quarter_of_an_hour_ahead_is_the_limit() -> None:
    assert read_date((NOW + FUTURE_LIMIT).isoformat(), NOW) == NOW + FUTURE_LIMIT
    assert read_date((NOW + FUTURE_LIMIT + timedelta(seconds=1)).isoformat(), NOW) is None


@given(
    st.datetimes(min_value=at(1971, 1, 1).replace(tzinfo=None), max_value=at(2026, 11, 1).replace(tzinfo=None)),
    st.integers(-12, 14),
)
def test_written_dates_come_back(naive: datetime, hours: int) -> None:
    moment = naive.replace(microsecond=0, tzinfo=UTC)
    local = moment + timedelta(hours=hours)
    zone = f"{'-' if hours < 0 else '+'}{abs(hours):02}00"
    assert read_date(local.strftime("%Y-%m-%dT%H:%M:%S") + zone, NOW) == moment
    assert read_date(local.strftime("%a, %d %b %Y %H:%M:%S ") + zone, NOW) == moment


@given(st.text(st.sampled_from("0123456789:-/.,+ TZapmJunMar年月日時午下()GMTDate"), max_size=60))
def test_nothing_raises_and_nothing_is_in_the_future(raw: str) -> None:
    moment = read_date(raw, NOW)
    assert moment is None or at(1970, 1, 2) <= moment <= NOW + FUTURE_LIMIT


@pytest.mark.parametrize("piece", ["1", "10:", "a1 ", "jun ", "1年"])
def test_hostile_dates_take_linear_time(piece: str) -> None:
    assert_linear(lambda size: piece * (size // len(piece)), lambda text: read_date(text, NOW), 96)
    assert_linear(lambda size: piece * size, lambda text: read_date(text, NOW), 100_000)


def test_feedparsers_parts() -> None:
    assert from_parts((2026, 6, 22, 10, 0, 0, 0, 173, 0), NOW) == TEN
    assert from_parts((2026, 6, 22, 10, 0, 61, 0, 173, 0), NOW) == at(2026, 6, 22, 10, 0, 59)
    assert from_parts((-1, 11, 30, 0, 0, 0, 0, 0, 0), NOW) is None
    assert from_parts((2026,), NOW) is None
    assert from_parts((2999, 6, 22, 10, 0, 0), NOW) is None


@given(
    st.integers(31_536_000, 2_051_222_400).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    st.sampled_from(("GMT", "UTC", "Z", "+0000", "-0500", "+0530", "+1400", "-1200", "+0975")),
    st.booleans(),
)
def test_the_short_way_reads_what_the_long_one_does(moment: datetime, zone: str, iso: bool) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    if iso:
        zone = "Z" if zone[0] not in "+-" else f"{zone[:3]}:{zone[3:]}"
        text = f"{moment:%Y-%m-%dT%H:%M:%S}{zone}"
    else:
        text = f"{moment:%a, %d %b %Y %H:%M:%S} {zone}"
    short = read_date(text, now)
    assert read_date(f"{text} ", now) == short
    words = text.replace("T", " ", 1) if iso else text.replace(",", ", on")
    assert read_date(words, now) == short  # a form that only the long way knows


@pytest.mark.parametrize(
    "text", ["Mon, 32 Jan 2025 10:00:00 GMT", "Mon, 27 Foo 2025 10:00:00 GMT", "2025-02-30T10:00:00Z"]
)
def test_what_only_looks_usual_is_none(text: str) -> None:
    assert read_date(text, datetime(2026, 1, 1, tzinfo=UTC)) is None
