"""Makes the morning page from what is stored, without network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from tracker.impact.calculator import ImpactCalculator
from tracker.impact.coming import coming_dates
from tracker.market.calendar import latest_close
from tracker.market.exchanges import newest_session, session_hours, session_of
from tracker.model.brief import Brief, BriefShare, LargestStep, StoryOutline
from tracker.model.config import Config
from tracker.model.dates import AgreedDate
from tracker.model.dividends import Dividend, dividends_between, total_return
from tracker.model.impact import MovedDay, Window
from tracker.model.market import Quote, WatchSymbol
from tracker.model.query import Between, Query
from tracker.prices.moves import day_value
from tracker.store.read import Reader
from tracker.stories.newest import about_none, most_reported, new_stories, stories_about


def read_brief(
    reader: Reader,
    calculator: ImpactCalculator,
    config: Config,
    now: datetime,
    *,
    since: datetime | None = None,
    names: Mapping[str, str] | None = None,
) -> Brief:
    """Return the morning page at `now`.

    Args:
        reader: of the database.
        calculator: on the same reader.
        config: its watchlist gives the shares and their order.
        since: what is new was first reported after it; the last close in New York where it is None.
        names: of companies by symbol, for shares that the user did not name.
    """
    begin = latest_close(now) if since is None else since
    ids = reader.articles.ids(Query(Between(begin, now + timedelta(seconds=1))), now)
    stories = new_stories(reader.stories.outlines(ids), begin)
    quotes = reader.prices.quotes(config.watched)
    days = {item.symbol: calculator.newest_day(item.symbol) for item in config.symbols}
    steps = _steps(reader, days)
    dates = coming_dates(reader, config.watched, now)
    shares = tuple(
        _share(
            item,
            (names or {}).get(item.symbol),
            quotes.get(item.symbol),
            days[item.symbol],
            steps,
            stories,
            dates,
            reader.prices.dividends(item.symbol),
        )
        for item in config.symbols
    )
    watched = frozenset(config.watched)
    return Brief(
        now=now,
        since=begin,
        is_since_close=since is None,
        shares=shares,
        stories=len(stories),
        about=sum(1 for one in stories if one.symbols & watched),
        others=about_none(stories, watched),
    )


def _steps(reader: Reader, days: Mapping[str, MovedDay | None]) -> dict[str, LargestStep]:
    """Return the largest step of each share, with the most reported story before it."""
    largest = {symbol: day.moves[0] for symbol, day in days.items() if day is not None and day.moves}
    return {
        symbol: LargestStep(move, ids, most_reported(reader.stories.outlines(ids)))
        for symbol, (move, ids) in largest.items()
    }


def _share(
    item: WatchSymbol,
    name: str | None,
    quote: Quote | None,
    day: MovedDay | None,
    steps: Mapping[str, LargestStep],
    stories: list[StoryOutline],
    dates: Mapping[str, tuple[AgreedDate, ...]],
    dividends: Sequence[Dividend],
) -> BriefShare:
    last = None if day is None else day.last
    return BriefShare(
        symbol=item.symbol,
        name=item.name or name,
        quote=quote,
        price=last if quote is None else quote.price,
        day=None if day is None else day.day,
        session=_session(day, quote),
        outside=_outside(day, quote, dividends),
        held=item.held,
        made=_made(item.held, day, quote),
        step=steps.get(item.symbol),
        stories=stories_about(stories, item.symbol),
        dates=dates.get(item.symbol, ()),
    )


def _made(held: float | None, day: MovedDay | None, quote: Quote | None) -> float | None:
    """Return what shares made or cost in a session, in their currency."""
    before = None if day is None else day.previous_close
    if before is None and quote is not None and _is_of_day(quote, day):
        before = quote.previous_close
    return day_value(_session(day, quote).move, before, held)


def _session(day: MovedDay | None, quote: Quote | None) -> Window:
    """Return the newest session; what the quote says of it where its bars or the close before it are not stored."""
    if day is not None and day.session.move is not None:
        return day.session
    if quote is not None and _is_of_day(quote, day):
        return Window(move=quote.change)
    return Window()


def _is_of_day(quote: Quote, day: MovedDay | None) -> bool:
    """Whether the change of a quote is that of the session of `day`; of its newest session where no bars are stored."""
    if day is None:
        return True
    symbol, time, zone = quote.symbol, quote.time, quote.exchange_zone
    return session_of(symbol, time, zone) != "pre" and newest_session(symbol, time, zone) == session_hours(
        symbol, day.day, zone
    )


def _outside(day: MovedDay | None, quote: Quote | None, dividends: Sequence[Dividend]) -> float | None:
    """Return the return from the close of a session to a later trade; None where there was none."""
    if day is None or day.last is None or quote is None or quote.price == day.last:
        return None
    hours = session_hours(quote.symbol, day.day, quote.exchange_zone)
    if hours is None or quote.time <= hours[1]:
        return None
    return total_return(day.last, quote.price, dividends_between(dividends, hours[1], quote.time))
