"""The words of the top line and the status line; no terminal, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from rich.cells import cell_len

from tracker.market.calendar import ZONE, latest_session, next_session, session_at, session_close, session_open
from tracker.model.config import Config
from tracker.model.feed import FeedSynced
from tracker.model.market import Quote
from tracker.model.plurals import count_noun
from tracker.words.durations import ago_text
from tracker.words.moves import move_text
from tracker.words.names import benchmark_text, provider_text, session_words
from tracker.words.no_prices import by_reason, without_price
from tracker.words.progress import sync_progress
from tracker.words.times import DAYS, clock_text, time_text

if TYPE_CHECKING:
    from tracker.model.events import SyncFinished

_BENCHMARK_NAMES = {"^GSPC": "S&P", "^IXIC": "Nasdaq", "^NDX": "Nasdaq 100", "^DJI": "Dow", "^SOX": "SOX"}
_EXTRA_BENCHMARKS = ("^IXIC", "^SOX", "SMH", "QQQ")
_AFTER_HOURS = timedelta(hours=4)  # 16:00 to 20:00, and 13:00 to 17:00 on early closes

Pieces = list[tuple[str, str]]
"""(text, part): part is "" or the name of a theme variable without its `$`."""


def session_line(now: datetime) -> str:
    """Return the time in New York and what its exchange does: "Mon 27 Jan 16:16 ET · after hours, closes 20:00"."""
    session = session_at(now)
    text = f"{clock_text(now, ZONE)} · {session_words(session)}"
    today = now.astimezone(ZONE).date()
    if session == "pre":
        return f"{text}, opens {_time(session_open(today))}"
    if session == "regular":
        return f"{text}, closes {_time(session_close(today))}"
    if session == "post":
        return f"{text}, closes {_time(session_close(today) + _AFTER_HOURS)}"
    return f"{text}, opens {_opening(now)}"


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%H:%M}"


def _opening(now: datetime) -> str:
    opens = session_open(next_session(latest_session(now)))
    local = opens.astimezone(ZONE)
    day = "" if local.date() == now.astimezone(ZONE).date() else f"{DAYS[local.weekday()]} "
    return f"{day}{local:%H:%M}"


def benchmark_symbols(config: Config) -> tuple[str, ...]:
    """Return the indices and funds that the top line shows, if they have a quote."""
    own = (config.settings.benchmark, *(symbol.benchmark for symbol in config.symbols))
    return tuple(dict.fromkeys(symbol for symbol in (*own, *_EXTRA_BENCHMARKS) if symbol))


def benchmark_pieces(symbols: Iterable[str], quotes: Mapping[str, Quote]) -> Pieces:
    """Return the day's moves of the benchmarks that are known."""
    pieces: Pieces = []
    for symbol in symbols:
        quote = quotes.get(symbol)
        if quote is None or quote.change is None:
            continue
        text, direction = move_text(quote.change)
        pieces.append(
            (f"{'  ' if pieces else ''}{_BENCHMARK_NAMES.get(symbol) or benchmark_text(symbol)} ", "tracker-muted")
        )
        pieces.append((text.replace(" ", ""), f"tracker-{direction}" if direction != "none" else "tracker-flat"))
    return pieces


def prices_text(quotes: Mapping[str, Quote], failures: Mapping[str, tuple[str, datetime]], now: datetime) -> str:
    """Return where prices come from and how old the newest is: "prices: Yahoo, 4 min ago"; else why there are none.

    "" where nobody has asked yet.

    Args:
        failures: (reason, when) by symbol, of those that have no price.
    """
    told = [(quote.fetched or quote.time, quote.provider) for quote in quotes.values()]
    if not told:
        reasons = by_reason(without_price(failures, now))
        return f"no prices: {max(reasons, key=lambda reason: len(reasons[reason]))}" if reasons else ""
    newest, provider = max(told)
    return f"prices: {provider_text(provider)}, {ago_text((now - newest).total_seconds())}"


def progress_text(done: int, due: int, last: FeedSynced | None) -> str:
    """Return "sync 17/23 ▰▰▰▰▰▰▱▱ WCCFTech +2"."""
    text = sync_progress(done, due)
    if last is None:
        return text
    if last.status == "failed":
        return f"{text} {last.name}: {last.reason}"
    return f"{text} {last.name} +{last.new}" if last.new else f"{text} {last.name}"


def problem_text(problems: str, config: Config) -> str:
    """Return the first problem of a configuration, without the folder, and how many follow."""
    first, *more = _without_folder(problems, config).split("\n")
    return f"{first} (and {len(more)} more)" if more else first


def refusal_text(problems: str, config: Config) -> str:
    """Return why a change of the configuration was refused in one line, without the folder."""
    return "; ".join(_without_folder(problems, config).split("\n"))


def _without_folder(problems: str, config: Config) -> str:
    return problems if config.path is None else problems.replace(str(config.path), config.path.name)


def finished_text(event: SyncFinished, now: datetime) -> str:
    """Summarise a finished sync: what arrived and when."""
    asked = [feed for feed in event.feeds if feed.status != "skipped"]
    if not asked:
        return "nothing was due"
    failed = sorted((feed for feed in asked if feed.status == "failed"), key=lambda feed: feed.name)
    feeds = count_noun(len(asked), "feed", "feeds")
    text = f"synced {len(asked) - len(failed)} of {feeds}" if failed else f"synced {feeds}"
    text += f" {time_text(now, ZONE)}"
    text += f", {count_noun(event.new, 'new article', 'new articles')}" if event.new else ", nothing new"
    if event.updated:
        text += f", {event.updated:,} changed"
    if failed:
        text += f" · {failed[0].name}: {failed[0].reason}"
        if len(failed) > 1:
            text += f" and {len(failed) - 1} more ⚠"
    return text


def answered_text(event: SyncFinished) -> str:
    """Summarise a finished sync for the page of the feeds; name the feed if it was only one."""
    if len(event.feeds) != 1:
        asked = [feed for feed in event.feeds if feed.status != "skipped"]
        failed = sum(feed.status == "failed" for feed in asked)
        feeds, new = count_noun(len(asked), "feed", "feeds"), count_noun(event.new, "new article", "new articles")
        return f"{len(asked) - failed} of {feeds} responded, {new}" if asked else ""
    feed = event.feeds[0]
    if feed.status == "skipped":
        return f"{feed.name} was not fetched: {feed.reason or 'not due yet'}"
    if feed.status == "failed":
        return f"{feed.name}: {feed.reason or 'failed'}"
    new = count_noun(feed.new, "new article", "new articles") if feed.new else "nothing new"
    return f"{feed.name} responded, {new}"


def fit_parts(text: str, room: int, between: Sequence[str] = (" · ", ", ")) -> str:
    """Return a text of parts ("a · b, c") without the last ones that do not fit; the first one always stays."""
    while cell_len(text) > room and (end := max(map(text.rfind, between))) > 0:
        text = text[:end]
    return text


def fit_hints(hints: Sequence[str], back: str, room: int) -> str:
    """Return the hints of a page without the last ones that do not fit; `back`, which closes it, always stays."""
    shown = list(hints)
    while len(shown) > 1 and cell_len(" · ".join(shown)) > room:
        del shown[-2 if shown[-1] == back else -1]
    return " · ".join(shown)


_SORT_WORDS = {
    "seen": "last fetched first",
    "sources": "most sources first",
    "move": "largest move first",
    "abnormal": "largest move beyond the market first",
    "dollars": "most dollars first",
    "yours": "largest gain or loss first",
    "session": "largest session first",
    "t": "most unusual first",
}


def list_title(title: str, sort: str, unread: int, total: int, moves: str, reading: str = "") -> str:
    """Return "About Nvidia · newest first · 58 unread of 1,284 stories · since publication".

    `reading` is shown in place of the numbers while the list is read.
    """
    order = _SORT_WORDS.get(sort, "newest first")
    if reading:
        return f"{title} · {order} · {reading}"
    return f"{title} · {order} · {unread:,} unread of {count_noun(total, 'story', 'stories')} · {moves}"
