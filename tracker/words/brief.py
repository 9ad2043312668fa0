"""The words of the morning page, for a table and for the window; pure."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo

from tracker.market import calendar
from tracker.model.brief import Brief, BriefShare, LargestStep, StoryOutline, story_order
from tracker.model.impact import DayMove
from tracker.model.market import Session
from tracker.model.plurals import count_noun
from tracker.prices.splits import zone_by_quote
from tracker.words.impact import unusual_text

MAX_ABOUT = 8
"""New stories about the watchlist that are listed, the most reported ones."""
MAX_OTHERS = 5
"""New stories about none of it that are listed."""
ABOUT_TITLE = "new about your shares"
OTHERS_TITLE = "most reported, about none of your shares"
_SESSIONS: dict[Session, str] = {
    "pre": "before the open",
    "regular": "market open",
    "post": "after hours",
    "closed": "market closed",
}
_WEEK = 7


def brief_title(brief: Brief) -> str:
    """Return the line over the page: when, what the market does, and how much is new since when."""
    local = brief.now.astimezone(calendar.ZONE)
    counted = count_noun(brief.stories, "new story", "new stories")
    about = f", {brief.about:,} about your shares" if brief.stories else ""
    when = f"{local:%a} {local.day} {local:%b} {local:%H:%M} ET, {_SESSIONS[calendar.session_at(brief.now)]}"
    return f"{when} · {_since_text(brief)}: {counted}{about}"


def _since_text(brief: Brief) -> str:
    local, now = brief.since.astimezone(calendar.ZONE), brief.now.astimezone(calendar.ZONE)
    if not brief.is_since_close:
        return f"since {local:%a} {local.day} {local:%b} {local:%H:%M} ET"
    if local.date() == now.date():
        return "since today's close"
    return f"since {local:%A}'s close"  # at most a long weekend ago


def session_title(brief: Brief) -> str:
    """Return the heading of the session's moves: the weekday of the newest one; see `before_words`."""
    day = _newest_day(brief)
    return "session" if day is None or not 0 <= (brief.now.date() - day).days < _WEEK else f"{day:%A}"


def _newest_day(brief: Brief) -> date | None:
    return max((share.day for share in brief.shares if share.day is not None), default=None)


def before_words(share: BriefShare, brief: Brief) -> str:
    """Return the story before a share's largest step, after the session that its line is about if not the newest.

    Exchanges have holidays of their own, coins trade on Sundays, and a share may have been delisted weeks ago.
    """
    told, day = before_text(share.step, zone_of(share)), share.day
    if day is None or day == _newest_day(brief):
        return told
    return " · ".join(filter(None, (f"session of {day:%a} {day.day} {day:%b}", told)))


def story_sections(brief: Brief) -> tuple[tuple[str, tuple[StoryOutline, ...]], ...]:
    """Return the new stories that are listed under the shares, with their headings."""
    known = {story.story_id: story for share in brief.shares for story in share.stories}
    about = sorted(known.values(), key=story_order, reverse=True)
    return ((ABOUT_TITLE, tuple(about[:MAX_ABOUT])), (OTHERS_TITLE, brief.others[:MAX_OTHERS]))


def unusual_words(share: BriefShare) -> str:
    """Return how unusual a share's session is: "no", "yes", "very"; "" where that is not known."""
    return unusual_text(share.session)


def zone_of(share: BriefShare) -> tzinfo:
    """Return the zone of a share's exchange."""
    return ZoneInfo(zone_by_quote(share.symbol, share.quote))


def stretch_text(move: DayMove, zone: tzinfo) -> str:
    """Return when a step was: "10:05–11:05", or "gap to 09:30"."""
    start, end = move.start.astimezone(zone), move.end.astimezone(zone)
    drawn = " est." if move.interpolated else ""
    return f"gap to {end:%H:%M}{drawn}" if move.is_gap else f"{start:%H:%M}–{end:%H:%M}{drawn}"


def before_text(step: LargestStep | None, zone: tzinfo) -> str:
    """Return the story before a step, with its source and time: "Headline (TechCrunch, Mon 02:58) +9"."""
    if step is None:
        return ""
    if step.story is None:
        return "none"
    moment = step.story.time.astimezone(zone)
    others = f" +{step.story.size - 1}" if step.story.size > 1 else ""
    return f"{step.story.title} ({step.story.first_source}, {moment:%a %H:%M}){others}"


def time_words(moment: datetime) -> str:
    """Return when something was published, in New York: "Mon 23:40"."""
    return f"{moment.astimezone(calendar.ZONE):%a %H:%M}"
