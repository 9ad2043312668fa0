"""The tables of feeds.toml: keys, what each may be, and a sentence about it; for checks and JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.config import values

PROVIDERS = ("yahoo", "cnbc", "nasdaq", "finnhub")
"""Provider names allowed in `[market]`."""
POLL_MINUTES = (1, 10_080)
"""From a minute to a week."""
THEMES = (
    *("tracker-dark", "tracker-light", "textual-dark", "textual-light", "ansi-dark", "ansi-light"),
    *("atom-one-dark", "atom-one-light", "catppuccin-frappe", "catppuccin-latte", "catppuccin-macchiato"),
    *("catppuccin-mocha", "dracula", "flexoki", "gruvbox", "monokai", "nord", "rose-pine", "rose-pine-dawn"),
    *("rose-pine-moon", "solarized-dark", "solarized-light", "tokyo-night"),
)
"""The window's themes; listed here because only the window may load Textual."""

Shape = Mapping[str, values.Checker]
"""The keys of a table, each with what it may be."""
_poll_minutes = values.whole("minutes", *POLL_MINUTES)

SETTINGS: Shape = {
    "poll_minutes": _poll_minutes.says("How often a feed is fetched that has no poll_minutes of its own, in minutes."),
    "keep_days": values.whole("days", 0, 36_500).says(
        "Days to keep an article after its feed stopped listing it. Starred ones stay; 0 keeps all."
    ),
    "benchmark": values.symbol.says("What a share's move is compared with, such as ^GSPC, the S&P 500."),
    "theme": values.one_of("theme", THEMES).says("The colours of the window."),
    "connections": values.whole("", 1, 64).says("Connections at once, in total."),
    "host_connections": values.whole("", 1, 8).says("Connections at once to one host."),
    "host_delay_seconds": values.number("seconds", 0, 3600).says("Seconds between two requests to the same host."),
    "red_up": values.flag.says("true: red for a rise, green for a fall, as in China, Japan and Korea."),
    "morning": values.flag.says("true: the first start of a day opens on the morning page."),
}
FEED: Shape = {
    "name": values.text("a name", 100).says("A name of its own; the query source: searches it."),
    "url": values.url.says("The address of the RSS or Atom document."),
    "group": values.text("a group name", 100).says("The heading in the side bar."),
    "poll_minutes": _poll_minutes.says("How often to fetch this feed, in minutes."),
    "enabled": values.flag.says("false: keep the feed without fetching it."),
    "tags": values.texts("tag names", values.tag_name).says("Tags for every article of the feed."),
    "snoozed_until": values.day.says("The day, such as 2026-12-01, on which tracker fetches it again."),
    "own": values.flag.says(
        "true: a company's own releases. One becomes the original of the story that the press makes of it."
    ),
}
TAG: Shape = {
    "name": values.tag_name.says("Lower case letters, digits and hyphens, as in tag:humanoid-robots."),
    "label": values.text("a label", 100).says("How the tag is shown."),
    "symbol": values.symbol.says("The share whose move its headlines show."),
    "kind": values.one_of("kind of tag", ("company", "topic")).says("A company, which is the default, or a topic."),
    "match": values.texts("words or phrases").says("Names, words or phrases that mean it."),
    "ambiguous": values.texts("words or phrases").says(
        "Names that are also ordinary words; only_near and unless_near apply to them."
    ),
    "products": values.texts("words or phrases").says("Names that imply it, weaker than its own."),
    "never": values.texts("words or phrases").says("Phrases that mean something else."),
    "only_near": values.texts("words or phrases").says("An ambiguous name counts only with one of these near."),
    "unless_near": values.texts("words or phrases").says("An ambiguous name does not count with one of these near."),
    "listed": values.flag.says("false: the symbol is not its own share, but the one that its news moves."),
}
SYMBOL: Shape = {
    "symbol": values.symbol.says("As on Yahoo Finance: NVDA, ^GSPC, 7203.T, BTC-USD."),
    "name": values.text("a name", 100).says("The name to show, if not that of the company."),
    "names": values.texts("names", values.company_name).says(
        "More names that always mean this share, as headlines write them."
    ),
    "shares": values.number("shares", 0, 1e15, over=True).says(
        "All shares outstanding, for the value of a move, if tracker has none or an old number."
    ),
    "benchmark": values.symbol.says("What to compare this share with instead of settings.benchmark."),
    "held": values.number("shares", -1e15, 1e15).says(
        "How many shares you hold, to see what a move made or cost you. It stays on this machine."
    ),
}
MUTE: Shape = {
    "query": values.query.says("Such as football OR source:reddit."),
}
VIEW: Shape = {
    "name": values.view_name.says("How it is shown."),
    "query": values.query.says("Such as tag:nvidia newer:7d."),
}
ALERT: Shape = {
    "query": values.query.says("Such as about:nvidia. Each alert has a query or `results`."),
    "results": values.days.says("Alerts once for each share of the watchlist that reports in less than 1d, 3d, 2w."),
    "move": values.percent.says("Only once its share has moved this far since publication, up or down: 3%."),
    "notify": values.texts("ways to notify", values.one_of("way to notify", ("desktop", "bell"))).says(
        "A desktop notification (from the terminal if there is no desktop), or the terminal's bell."
    ),
    "command": values.texts("words of a command", values.text("a word of a command", 1000)).says(
        "A command and its arguments, run without a shell; its environment has TRACKER_TITLE and others."
    ),
    "url": values.url.says("An address that gets a POST, such as an ntfy topic."),
}
MARKET: Shape = {
    "providers": values.texts("providers", values.one_of("provider", PROVIDERS)).says("In order of trust."),
    "poll_seconds": values.whole("seconds", 1, 86_400).says("Seconds between two prices of an open window."),
}
PROVIDER: Shape = {
    "base_url": values.base_url.says("Another address of this provider."),
}
_SCOPE = ("watched", "all")
SOURCES: Mapping[str, Shape] = {
    "earnings": {
        "enabled": values.flag.says("true: ask the calendar."),
        "base_url": values.base_url.says("Another address of the calendar."),
        "sessions": values.whole("sessions", 1, 60).says("How many sessions ahead to ask for."),
        "dividends": values.flag.says("true: ask for ex-dividend days of the next ten sessions, too."),
        "splits": values.flag.says("true: ask for splits of the next ten sessions, too."),
        "finnhub": values.flag.says("true: ask Finnhub for results, too, with your FINNHUB_API_KEY."),
    },
    "sec": {
        "enabled": values.flag.says("false: keep the settings without fetching."),
        "contact": values.contact.says(
            "Your e-mail address, which the SEC asks for; it is sent with each request to it."
        ),
        "base_url": values.base_url.says("Another address of EDGAR."),
        "forms": values.texts("forms", values.form).says("The forms to fetch, such as 8-K."),
        "companies": values.one_of("choice of companies", _SCOPE).says("Those of the watchlist, or all."),
        "poll_minutes": _poll_minutes.says("How often to ask for the current filings, in minutes."),
    },
    "halts": {
        "enabled": values.flag.says("true: fetch them."),
        "base_url": values.base_url.says("Another address of the list."),
        "symbols": values.one_of("choice of symbols", _SCOPE).says("Those of the watchlist, or all."),
        "poll_minutes": _poll_minutes.says("How often to ask for them, in minutes."),
    },
    "twse": {
        "enabled": values.flag.says("true: fetch them."),
        "base_url": values.base_url.says("Another address of the exchange's open data."),
        "symbols": values.one_of("choice of symbols", _SCOPE).says("Those of the watchlist (2330.TW), or all."),
        "poll_minutes": _poll_minutes.says("How often to ask for announcements, in minutes; six hours for revenue."),
    },
    "huggingface": {
        "enabled": values.flag.says("false: keep the settings without fetching."),
        "authors": values.texts("authors", values.author).says(
            "Whose models, as in the address of their page: deepseek-ai."
        ),
        "base_url": values.base_url.says("Another address of Hugging Face."),
        "poll_minutes": _poll_minutes.says("How often to ask for new models, in minutes."),
    },
}
"""`[sources.NAME]`, by name."""

ARRAYS: Mapping[str, tuple[Shape, tuple[str, ...]]] = {
    "feed": (FEED, ("name", "url")),
    "tag": (TAG, ("name",)),
    "symbol": (SYMBOL, ("symbol",)),
    "view": (VIEW, ("name", "query")),
    "mute": (MUTE, ("query",)),
    "alert": (ALERT, ()),
}
TABLES = ("settings", "market", "sources", "keys")
ABOUT: Mapping[str, str] = {
    "settings": "How feeds are fetched and how the window looks.",
    "feed": "A feed.",
    "tag": "A tag of your own, or a change of a built-in one with the same name.",
    "symbol": "A share of the watchlist.",
    "view": "A saved query in the side bar.",
    "mute": "What matches is stored as read and kept out of every list but a search and is:muted.",
    "alert": "Tells you of new stories that match, once a story, or that a company of yours reports soon.",
    "market": "Where prices come from.",
    "sources": "First-hand sources: coming results, filings, halts, releases.",
    "sources.earnings": "When the companies of the watchlist report, from Nasdaq's calendar.",
    "sources.sec": "Filings at the SEC; off without a contact.",
    "sources.halts": "Trading halts of American shares, from Nasdaq.",
    "sources.twse": "Announcements and monthly revenue of companies listed in Taiwan.",
    "sources.huggingface": "New models on Hugging Face.",
    "keys": "Other keys for the commands of the window, separated by commas.",
}
"""A sentence about each table."""
