"""What providers, indices and sessions are called; pure."""

from __future__ import annotations

from tracker.model.market import Session

_SESSIONS: dict[Session, tuple[str, str]] = {
    "pre": ("PRE", "pre-market"),
    "regular": ("", "regular session"),
    "post": ("POST", "after hours"),
    "closed": ("SHUT", "market closed"),
}
_PROVIDERS = {"cnbc": "CNBC", "finnhub": "Finnhub", "nasdaq": "Nasdaq", "yahoo": "Yahoo"}
_INDICES = {
    "^AEX": "AEX",
    "^DJI": "Dow Jones",
    "^FCHI": "CAC 40",
    "^FTSE": "FTSE 100",
    "^GDAXI": "DAX",
    "^GSPC": "S&P 500",
    "^HSI": "Hang Seng",
    "^IXIC": "Nasdaq Composite",
    "^KS11": "KOSPI",
    "^N225": "Nikkei 225",
    "^NDX": "Nasdaq 100",
    "^RUT": "Russell 2000",
    "^SOX": "PHLX Semiconductor",
    "^SPX": "S&P 500",
    "^STOXX50E": "Euro Stoxx 50",
    "^TWII": "TAIEX",
}


def benchmark_text(symbol: str) -> str:
    """Return an index by its name, "S&P 500" for ^GSPC; a symbol without one as it is."""
    return _INDICES.get(symbol, symbol)


def session_text(session: Session | None) -> str:
    """Return a session in at most 4 cells: PRE, POST, SHUT; "" for the regular one and when unknown."""
    return "" if session is None else _SESSIONS[session][0]


def session_words(session: Session | None) -> str:
    """Return a session in words: "pre-market", "regular session", "after hours", "market closed"; "" when unknown."""
    return "" if session is None else _SESSIONS[session][1]


def provider_text(provider: str | None) -> str:
    """Return a provider as it writes itself: "CNBC", "Yahoo"; an unknown one as it is, "" for None."""
    return "" if provider is None else _PROVIDERS.get(provider, provider)
