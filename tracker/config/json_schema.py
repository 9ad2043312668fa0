"""feeds.toml as JSON Schema, so that an editor completes and checks it; pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tracker.config.schema import ARRAYS, MARKET, PROVIDER, PROVIDERS, SETTINGS, SOURCES
from tracker.config.values import Checker
from tracker.model.commands import COMMANDS

FILE = "feeds.schema.json"
"""The name it is written under, beside a feeds.toml that names it."""

DESCRIPTIONS: Mapping[str, str] = {
    "settings": "How feeds are fetched and how the window looks.",
    "settings.poll_minutes": "How often a feed is fetched that has no poll_minutes of its own, in minutes.",
    "settings.keep_days": "Days to keep an article after its feed stopped listing it. Starred ones stay; 0 keeps all.",
    "settings.benchmark": "What a share's move is compared with, such as ^GSPC, the S&P 500.",
    "settings.theme": "The colours of the window.",
    "settings.connections": "Connections at once, in total.",
    "settings.host_connections": "Connections at once to one host.",
    "settings.host_delay_seconds": "Seconds between two requests to the same host.",
    "settings.red_up": "true: red for a rise, green for a fall, as in China, Japan and Korea.",
    "settings.morning": "true: the first start of a day opens on the morning page.",
    "feed": "A feed.",
    "feed.name": "A name of its own; the query source: searches it.",
    "feed.url": "The address of the RSS or Atom document.",
    "feed.group": "The heading in the side bar.",
    "feed.poll_minutes": "How often to fetch this feed, in minutes.",
    "feed.enabled": "false: keep the feed without fetching it.",
    "feed.tags": "Tags for every article of the feed.",
    "feed.snoozed_until": "The day, such as 2026-12-01, on which tracker fetches it again.",
    "feed.own": "true: a company's own releases. One becomes the original of the story that the press makes of it.",
    "tag": "A tag of your own, or a change of a built-in one with the same name.",
    "tag.name": "Lower case letters, digits and hyphens, as in tag:humanoid-robots.",
    "tag.label": "How the tag is shown.",
    "tag.symbol": "The share whose move its headlines show.",
    "tag.kind": "A company, which is the default, or a topic.",
    "tag.match": "Names, words or phrases that mean it.",
    "tag.ambiguous": "Names that are also ordinary words; only_near and unless_near apply to them.",
    "tag.products": "Names that imply it, weaker than its own.",
    "tag.never": "Phrases that mean something else.",
    "tag.only_near": "An ambiguous name counts only with one of these near.",
    "tag.unless_near": "An ambiguous name does not count with one of these near.",
    "tag.listed": "false: the symbol is not its own share, but the one that its news moves.",
    "symbol": "A share of the watchlist.",
    "symbol.symbol": "As on Yahoo Finance: NVDA, ^GSPC, 7203.T, BTC-USD.",
    "symbol.name": "The name to show, if not that of the company.",
    "symbol.names": "More names that always mean this share, as headlines write them.",
    "symbol.shares": "All shares outstanding, for the value of a move, if tracker has none or an old number.",
    "symbol.benchmark": "What to compare this share with instead of settings.benchmark.",
    "symbol.held": "How many shares you hold, to see what a move made or cost you. It stays on this machine.",
    "view": "A saved query in the side bar.",
    "view.name": "How it is shown.",
    "view.query": "Such as tag:nvidia newer:7d.",
    "mute": "What matches is stored as read and kept out of every list but a search and is:muted.",
    "mute.query": "Such as football OR source:reddit.",
    "alert": "A message when a new story matches, at most once a story.",
    "alert.query": "Such as about:nvidia. Each alert has a query or `results`.",
    "alert.results": "Once for each share of the watchlist and date: when its results are less than 1d, 3d, 2w away.",
    "alert.move": "Only once its share has moved this far since publication, up or down: 3%.",
    "alert.notify": "On the desktop, or the bell of an open window.",
    "alert.command": "A command and its arguments, run without a shell; its environment has TRACKER_TITLE and others.",
    "alert.url": "An address that gets a POST, such as an ntfy topic.",
    "market": "Where prices come from.",
    "market.providers": "In order of trust.",
    "market.poll_seconds": "Seconds between two prices of an open window.",
    "market.base_url": "Another address of this provider.",
    "sources": "First-hand sources: coming results, filings, halts, releases.",
    "sources.earnings": "When the companies of the watchlist report, from Nasdaq's calendar.",
    "sources.earnings.enabled": "true: ask the calendar.",
    "sources.earnings.base_url": "Another address of the calendar.",
    "sources.earnings.sessions": "How many sessions ahead to ask for.",
    "sources.sec": "Filings at the SEC; off without a contact.",
    "sources.sec.enabled": "false: keep the settings without fetching.",
    "sources.sec.contact": "Your e-mail address, which the SEC asks for; it is sent with each request to it.",
    "sources.sec.base_url": "Another address of EDGAR.",
    "sources.sec.forms": "The forms to fetch, such as 8-K.",
    "sources.sec.companies": "Those of the watchlist, or all.",
    "sources.sec.poll_minutes": "How often to ask for the current filings, in minutes.",
    "sources.halts": "Trading halts of American shares, from Nasdaq.",
    "sources.halts.enabled": "true: fetch them.",
    "sources.halts.base_url": "Another address of the list.",
    "sources.halts.symbols": "Those of the watchlist, or all.",
    "sources.halts.poll_minutes": "How often to ask for them, in minutes.",
    "sources.huggingface": "New models on Hugging Face.",
    "sources.huggingface.enabled": "false: keep the settings without fetching.",
    "sources.huggingface.authors": "Whose models, as in the address of their page: deepseek-ai.",
    "sources.huggingface.base_url": "Another address of Hugging Face.",
    "sources.huggingface.poll_minutes": "How often to ask for new models, in minutes.",
    "keys": "Other keys for the commands of the window, separated by commas.",
}
"""A sentence for each table and key, by "table.key"."""


def json_schema() -> dict[str, Any]:
    """Return the schema of the whole file (JSON Schema draft 7, which editors of TOML support)."""
    tables: dict[str, Any] = {"settings": _table("settings", SETTINGS)}
    for name, (shape, required) in ARRAYS.items():
        row = _table(name, shape) | {"required": list(required)}
        tables[name] = {"type": "array", "items": row, "description": DESCRIPTIONS[name]}
    market = _table("market", MARKET)
    market["properties"] |= {name: _table("market", PROVIDER, name) for name in PROVIDERS}
    tables["market"] = market
    sources = {name: _table(f"sources.{name}", shape) for name, shape in SOURCES.items()}
    tables["sources"] = {
        "type": "object",
        "description": DESCRIPTIONS["sources"],
        "properties": sources,
        "additionalProperties": False,
    }
    commands = {one.id: {"type": "string", "description": f"{one.description} ({one.keys})"} for one in COMMANDS}
    # `list.next = "j"` without quotes is a table in a table, so other names are allowed; `config check` knows them all.
    tables["keys"] = {"type": "object", "description": DESCRIPTIONS["keys"], "properties": commands}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "feeds.toml of tracker",
        "type": "object",
        "properties": tables,
        "additionalProperties": False,
    }


def schema_text() -> str:
    """Return the schema as the text of a file."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _table(name: str, shape: Mapping[str, Checker], part: str = "") -> dict[str, Any]:
    properties = {
        key: dict(checker.schema) | {"description": DESCRIPTIONS[f"{name}.{key}"]} for key, checker in shape.items()
    }
    description = f"{DESCRIPTIONS[name]} ({part})" if part else DESCRIPTIONS[name]
    return {"type": "object", "description": description, "properties": properties, "additionalProperties": False}
