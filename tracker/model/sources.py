"""First-hand sources, `[sources.…]` of the configuration: coming results, filings, halts, releases."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

SourceScope = Literal["watched", "all"]


class EarningsSource(Struct, frozen=True):
    """`[sources.earnings]`: Nasdaq's calendar of results."""

    enabled: bool = False
    base_url: str = "https://api.nasdaq.com"
    sessions: int = 30
    """How many sessions ahead are asked for."""
    dividends: bool = False
    """Ask for ex-dividend days, too."""
    splits: bool = False
    """Ask for splits, too."""
    finnhub: bool = False
    """Ask Finnhub for results, as a second witness."""


class SecSource(Struct, frozen=True):
    """`[sources.sec]`: filings at the SEC."""

    enabled: bool = True
    contact: str | None = None
    """The e-mail address that the SEC asks for; without it nothing is fetched."""
    base_url: str = "https://www.sec.gov"
    forms: tuple[str, ...] = ("8-K", "6-K", "10-Q", "10-K", "20-F")
    companies: SourceScope = "watched"
    poll_minutes: int = 1

    @property
    def is_on(self) -> bool:
        """True when filings are fetched."""
        return self.enabled and self.contact is not None


class HaltsSource(Struct, frozen=True):
    """`[sources.halts]`: trading halts of American shares."""

    enabled: bool = False
    base_url: str = "https://www.nasdaqtrader.com"
    symbols: SourceScope = "watched"
    poll_minutes: int = 1


class HuggingFaceSource(Struct, frozen=True):
    """`[sources.huggingface]`: new models of some makers."""

    enabled: bool = True
    authors: tuple[str, ...] = ()
    base_url: str = "https://huggingface.co"
    poll_minutes: int = 30


class TwseSource(Struct, frozen=True):
    """`[sources.twse]`: announcements and monthly revenue of companies listed in Taiwan."""

    enabled: bool = False
    base_url: str = "https://openapi.twse.com.tw"
    symbols: SourceScope = "watched"
    poll_minutes: int = 30


class Sources(Struct, frozen=True):
    """`[sources]`."""

    earnings: EarningsSource = EarningsSource()
    sec: SecSource = SecSource()
    halts: HaltsSource = HaltsSource()
    huggingface: HuggingFaceSource = HuggingFaceSource()
    twse: TwseSource = TwseSource()

    @property
    def base_urls(self) -> tuple[str, ...]:
        """The addresses of all of them."""
        every = (self.earnings, self.sec, self.halts, self.huggingface, self.twse)
        return tuple(source.base_url for source in every)


FirstHandKind = Literal["sec", "halts", "models", "twse"]
OriginKind = Literal["sec", "halts", "models", "twse", "company"]
"""Where news begins: first-hand sources, and the feed of a company's own releases."""


class FirstHand(Struct, frozen=True):
    """What distinguishes a feed of a first-hand source from one of a newspaper."""

    kind: FirstHandKind
    only: tuple[str, ...] | None = None
    """Symbols whose news is kept; None for all."""
    forms: tuple[str, ...] = ()
    """Forms of the SEC that are kept."""
    contact: str | None = None
    """Sent with each request."""
    page_of: str | None = None
    """The feed that its articles belong to: this one is another page of it."""
    floor_minutes: int = 15
    """The least wait that its owner allows."""
