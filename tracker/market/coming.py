"""The calendars of coming dates, a page for each day: Nasdaq's three, and Finnhub's as a second witness of results.

Shapes: results, see `tracker.market.earnings`; dividends `{"data": {"calendar": {"asOf", "rows": [{"symbol",
"dividend_Ex_Date": "1/27/2025"}]}}}`; splits `{"data": {"rows": [{"symbol", "executionDate": "1/28/2025"}]}}`; Finnhub
`{"earningsCalendar": [{"symbol", "date": "2025-01-29", "hour": "bmo" | "amc" | "dmh"}]}`
(https://finnhub.io/docs/api/earnings-calendar). A row counts on the page of its own day only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from msgspec import Struct

from tracker.market import finnhub, nasdaq
from tracker.market.clean import error_text, mapping, words
from tracker.market.earnings import CalendarPage, decode_page, failed, page_body, page_day, read_rows
from tracker.market.http import Json, JsonGetter
from tracker.model.dates import DateKind, DateTimeOfDay
from tracker.model.market import PriceFailure
from tracker.model.sources import EarningsSource

NEAR_SESSIONS = 10
"""How far ahead ex-dividend days and splits are asked for: they are told a few weeks before."""
_HOURS: Mapping[object, DateTimeOfDay] = {"bmo": "before-open", "amc": "after-close"}
Decode = Callable[[object, date, datetime], CalendarPage | PriceFailure]


class Calendar(Struct, frozen=True):
    """A calendar that is asked day by day."""

    source: str
    """Who says the dates."""
    kind: DateKind
    url: str
    decode: Decode
    sessions: int
    """How many sessions ahead are asked for."""
    day_params: tuple[str, ...] = ("date",)
    """The parameters that take the day."""
    key: str | None = None
    """Sent in a header, and cut out of every reason."""
    needs_key: bool = False

    @property
    def name(self) -> str:
        """Its name among the calendars: "nasdaq", "nasdaq dividends", "finnhub"."""
        return self.source if self.kind == "results" else f"{self.source} {self.kind}s"

    async def page(self, getter: JsonGetter, day: date) -> CalendarPage | PriceFailure:
        """Return the page of a day, or why there is none."""
        if self.needs_key and not self.key:
            return PriceFailure(self.source, "no key: set FINNHUB_API_KEY")
        headers = {"X-Finnhub-Token": self.key} if self.key else nasdaq.HEADERS
        params = dict.fromkeys(self.day_params, day.isoformat())
        answer = await getter.get(self.source, self.url, params, headers, secret=self.key)
        return self.decode(answer.data, day, getter.clock()) if isinstance(answer, Json) else answer


def calendars(source: EarningsSource, finnhub_url: str, finnhub_key: str | None) -> tuple[Calendar, ...]:
    """Return the calendars that are on, the one of results first."""
    base = f"{source.base_url.rstrip('/')}/api/calendar"
    near = min(NEAR_SESSIONS, source.sessions)
    found = [Calendar(nasdaq.NAME, "results", f"{base}/earnings", decode_page, source.sessions)]
    if source.dividends:
        found.append(Calendar(nasdaq.NAME, "dividend", f"{base}/dividends", decode_dividends, near))
    if source.splits:
        found.append(Calendar(nasdaq.NAME, "split", f"{base}/splits", decode_splits, near))
    if source.finnhub:
        url = f"{finnhub_url.rstrip('/')}/api/v1/calendar/earnings"
        found.append(
            Calendar(finnhub.NAME, "results", url, decode_finnhub, source.sessions, ("from", "to"), finnhub_key, True)
        )
    return tuple(found)


def decode_dividends(data: object, day: date, now: datetime) -> CalendarPage | PriceFailure:
    """Return the ex-dividend days of an answer for `day`."""
    body = page_body(data, mapping(mapping(data).get("data")).get("calendar"), day)
    if isinstance(body, PriceFailure):
        return body
    return read_rows(
        body.get("rows"), "dividend", day, now, nasdaq.NAME, lambda row: nasdaq.us_date(row["dividend_Ex_Date"])
    )


def decode_splits(data: object, day: date, now: datetime) -> CalendarPage | PriceFailure:
    """Return the splits of an answer for `day`, the first day with the new price."""
    body = mapping(data).get("data")
    if not isinstance(body, dict):
        return failed(nasdaq.NAME, error_text(data) or "an answer without a calendar")
    return read_rows(body.get("rows"), "split", day, now, nasdaq.NAME, lambda row: nasdaq.us_date(row["executionDate"]))


def decode_finnhub(data: object, day: date, now: datetime) -> CalendarPage | PriceFailure:
    """Return the results of an answer for `day`; "dmh" is during the session, which is neither before nor after it."""
    body = mapping(data)
    if "earningsCalendar" not in body:
        return failed(finnhub.NAME, error_text(data) or "an answer without a calendar")

    def time_of(row: Mapping[str, object]) -> DateTimeOfDay | None:
        return _HOURS.get(words(row.get("hour"), 40).lower())

    return read_rows(
        body["earningsCalendar"], "results", day, now, finnhub.NAME, lambda row: page_day(row["date"]), time_of
    )
