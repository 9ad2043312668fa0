"""Filings at the SEC: EDGAR's Atom documents of current filings and of one company.

A company is known by its number (CIK), never by its name: in a list of current filings it stands in the title
(`8-K - NVIDIA CORP (0001045810) (Filer)`), on a company's page in `company-info`. `updated` is when the SEC accepted
the filing. https://www.sec.gov/os/accessing-edgar-data; items: https://www.sec.gov/files/form8-k.pdf
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from tracker.config.filers import symbols_by_cik
from tracker.feeds.entry import make_entries
from tracker.feeds.errors import FeedError
from tracker.feeds.text import clean_line
from tracker.feeds.xml import child_texts, elements, local_name, parse_xml
from tracker.model.feed import ParsedFeed
from tracker.model.sources import FirstHand

PAGE_AGE = timedelta(days=30)
"""Older filings of a company's page are left out: what was deleted would come back."""

ITEMS: Mapping[str, tuple[str, str]] = {
    "1.01": ("material agreement", "Entry into a Material Definitive Agreement"),
    "1.02": ("agreement terminated", "Termination of a Material Definitive Agreement"),
    "1.03": ("bankruptcy", "Bankruptcy or Receivership"),
    "1.04": ("mine safety", "Mine Safety"),
    "1.05": ("cybersecurity incident", "Material Cybersecurity Incidents"),
    "2.01": ("acquisition or sale completed", "Completion of Acquisition or Disposition of Assets"),
    "2.02": ("results", "Results of Operations and Financial Condition"),
    "2.03": ("new debt", "Creation of a Direct Financial Obligation"),
    "2.04": ("debt due early", "Triggering Events That Accelerate or Increase a Direct Financial Obligation"),
    "2.05": ("restructuring costs", "Costs Associated with Exit or Disposal Activities"),
    "2.06": ("impairment", "Material Impairments"),
    "3.01": ("delisting notice", "Notice of Delisting or Failure to Satisfy a Continued Listing Rule or Standard"),
    "3.02": ("unregistered sale of shares", "Unregistered Sales of Equity Securities"),
    "3.03": ("rights of shareholders changed", "Material Modification to Rights of Security Holders"),
    "4.01": ("new auditor", "Changes in Registrant's Certifying Accountant"),
    "4.02": ("earlier statements withdrawn", "Non-Reliance on Previously Issued Financial Statements"),
    "5.01": ("change of control", "Changes in Control of Registrant"),
    "5.02": ("officers or directors", "Departure or Election of Directors or Certain Officers"),
    "5.03": ("bylaws or fiscal year", "Amendments to Articles of Incorporation or Bylaws; Change in Fiscal Year"),
    "5.04": ("benefit plan suspended", "Temporary Suspension of Trading Under Employee Benefit Plans"),
    "5.05": ("code of ethics", "Amendments to the Registrant's Code of Ethics"),
    "5.06": ("shell company", "Change in Shell Company Status"),
    "5.07": ("shareholder vote", "Submission of Matters to a Vote of Security Holders"),
    "5.08": ("director nominations", "Shareholder Director Nominations"),
    "6.01": ("asset-backed securities", "ABS Informational and Computational Material"),
    "6.02": ("change of servicer", "Change of Servicer or Trustee"),
    "6.03": ("credit enhancement", "Change in Credit Enhancement or Other External Support"),
    "6.04": ("missed distribution", "Failure to Make a Required Distribution"),
    "6.05": ("securities act updates", "Securities Act Updating Disclosure"),
    "7.01": ("Regulation FD disclosure", "Regulation FD Disclosure"),
    "8.01": ("other events", "Other Events"),
    "9.01": ("exhibits", "Financial Statements and Exhibits"),
}
"""The items of form 8-K: in short words, and as the form calls them."""
FORMS: Mapping[str, str] = {
    "8-K": "current report",
    "6-K": "report of a foreign issuer",
    "10-Q": "quarterly report",
    "10-K": "annual report",
    "20-F": "annual report",
    "40-F": "annual report",
    "11-K": "report of an employee plan",
    "S-1": "registration of shares",
    "F-1": "registration of shares",
    "DEF 14A": "proxy statement",
    "SC 13D": "large holding",
    "SC 13G": "large holding",
    "4": "trade by an insider",
    "144": "sale planned by an insider",
    "NT 10-Q": "late quarterly report",
    "NT 10-K": "late annual report",
}
_EXHIBITS = "9.01"
_TITLE = re.compile(r"([^\n]{1,40}?) +- +([^\n]{1,200}) \((\d{1,10})\) \((Filer|Subject|Issuer)\)")
_OWN_TITLE = re.compile(r"(.{1,40}?) +- ")
_ACCESSION = re.compile(r"\b\d{10}-\d{2}-\d{6}\b")
_ITEM = re.compile(r"\b\d\.\d{2}\b")
_ITEM_IN_SUMMARY = re.compile(r"\bitem (\d\.\d{2})\b", re.IGNORECASE)
_LIMIT = 2_000


def parse_filings(body: bytes, first_hand: FirstHand, *, url: str, now: datetime) -> ParsedFeed:
    """Return the filings that are kept; their keys are `CIK|accession number`.

    Raises:
        FeedError: if the document is not EDGAR's.
    """
    root = parse_xml(body, "EDGAR's list of filings")
    if local_name(root) != "feed":
        raise FeedError(f"not EDGAR's list of filings: XML with <{clean_line(local_name(root), 40)}> at its root")
    company = _company(root)
    raws = [raw for entry in elements(root, "entry") if (raw := _filing(entry, company, first_hand)) is not None]
    made = make_entries(raws[:_LIMIT], base=url, language="en", now=now)
    is_page = first_hand.page_of is not None
    entries = tuple(
        entry for entry in made.entries if not is_page or entry.published is None or entry.published >= now - PAGE_AGE
    )
    return ParsedFeed("SEC filings", None, "en", entries, is_whole=not is_page, warnings=made.warnings)


def filer_symbols(key: str) -> tuple[str, ...]:
    """Return the symbols of the company of a filing, by its key."""
    cik = key.partition("|")[0]
    return symbols_by_cik().get(int(cik), ()) if cik.isascii() and cik.isdigit() else ()


def _company(root: Any) -> tuple[int, str] | None:
    """Return the number and name of the company whose page this is; None for a list of current filings."""
    for info in elements(root, "company-info"):
        texts = child_texts(info)
        cik = texts.get("cik", "")
        if cik.isascii() and cik.isdigit() and len(cik) <= 10:
            return int(cik), texts.get("conformed-name", "")
    return None


def _filing(entry: Any, company: tuple[int, str] | None, first_hand: FirstHand) -> Mapping[str, Any] | None:
    texts = child_texts(entry)
    titled = _TITLE.match(" ".join(texts.get("title", "")[:400].split(" ")).strip())
    if titled is not None:
        form, name, cik = titled[1], titled[2], int(titled[3])
    elif company is not None:
        own = _OWN_TITLE.match(texts.get("title", "") + " ")
        cik, name = company
        form = own[1] if own is not None else ""
    else:
        return None
    form = _detail(entry, "filing-type") or _term(entry) or form
    accession = _ACCESSION.search(" ".join((texts.get("id", ""), _detail(entry, "accession-number"))))
    if accession is None or not _is_kept(form, cik, first_hand):
        return None
    items = _items(_detail(entry, "items-desc"), texts.get("summary", ""))
    return {
        "id": f"{cik}|{accession[0]}",
        "title": _title(name or f"CIK {cik}", form, items),
        "link": _link(entry),
        "summary": _text(form, items, accession[0]),
        "summary_detail": {"type": "text/plain"},
        "published": texts.get("updated", ""),
    }


def _is_kept(form: str, cik: int, first_hand: FirstHand) -> bool:
    if first_hand.forms and form.removesuffix("/A") not in first_hand.forms:
        return False
    return first_hand.only is None or any(one in first_hand.only for one in symbols_by_cik().get(cik, ()))


def _items(description: str, summary: str) -> tuple[str, ...]:
    found = [*_ITEM.findall(description[:2_000]), *_ITEM_IN_SUMMARY.findall(summary[:10_000])]
    return tuple(dict.fromkeys(found))


def _title(name: str, form: str, items: tuple[str, ...]) -> str:
    telling = [item for item in items if item != _EXHIBITS] or list(items)
    base = form.removesuffix("/A")
    what = ", ".join(ITEMS[item][0] if item in ITEMS else f"item {item}" for item in telling) or FORMS.get(base, "")
    changed = " (amended)" if form != base else ""
    return f"{name} {base}{changed}{': ' if what else ''}{what}"


def _text(form: str, items: tuple[str, ...], accession: str) -> str:
    lines = [f"Item {item}: {ITEMS[item][1]}" if item in ITEMS else f"Item {item}" for item in items]
    base = form.removesuffix("/A")
    kind = f"Form {form}, {FORMS[base]}" if base in FORMS else f"Form {form}"
    return "\n\n".join([*lines, f"{kind}. Accession number {accession}."])


def _detail(entry: Any, name: str) -> str:
    return next((found for one in elements(entry, name) if (found := "".join(one.itertext()).strip())), "")


def _term(entry: Any) -> str:
    return next((one.get("term", "").strip() for one in elements(entry, "category") if one.get("term")), "")


def _link(entry: Any) -> str:
    found: Iterator[str] = (one.get("href", "") for one in elements(entry, "link") if one.get("href"))
    return next(found, "")
