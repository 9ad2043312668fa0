"""The configured sources of prices, in order of trust."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tracker.market import cnbc, finnhub, nasdaq, yahoo, yahoo_shapes
from tracker.market.http import JsonGetter
from tracker.market.provider import QuoteProvider
from tracker.model.clock import Clock
from tracker.net.client import Client

BASE_URLS: Mapping[str, str] = {
    yahoo_shapes.NAME: yahoo.BASE_URL,
    cnbc.NAME: cnbc.BASE_URL,
    nasdaq.NAME: nasdaq.BASE_URL,
    finnhub.NAME: finnhub.BASE_URL,
}
"""The default address of each provider; the keys are all provider names."""


def build_providers(
    names: Sequence[str],
    base_urls: Mapping[str, str],
    client: Client,
    clock: Clock,
    finnhub_key: str | None = None,
) -> tuple[QuoteProvider, ...]:
    """Return the named providers in order, without repeats.

    `base_urls` holds what the user changed.

    Raises:
        ValueError: if a name is not known.
    """
    getter = JsonGetter(client, clock, base_urls)
    built: list[QuoteProvider] = []
    for name in dict.fromkeys(names):
        if name not in BASE_URLS:
            raise ValueError(f"no provider of prices is called {name!r}; there are {', '.join(BASE_URLS)}")
        base = base_urls.get(name, BASE_URLS[name])
        if name == yahoo_shapes.NAME:
            built.append(yahoo.Yahoo(getter, base))
        elif name == cnbc.NAME:
            built.append(cnbc.Cnbc(getter, base))
        elif name == nasdaq.NAME:
            built.append(nasdaq.Nasdaq(getter, base))
        else:
            built.append(finnhub.Finnhub(getter, finnhub_key, base))
    return tuple(built)
