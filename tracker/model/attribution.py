"""Who had it first, as an article itself says."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Attribution(Struct, frozen=True):
    """The source that an article names for its news."""

    name: str
    """As the article writes it ("Reuters", "WCCFTech"), without what surrounds it."""
    url: str | None = None
    """Where it says that can be read, if the text gives an address beside the name."""
    field: Literal["title", "text"] = "text"
    start: int = 0
    end: int = 0
    """Place of the name: `field_text[start:end] == name`."""
    original_id: int | None = None
    """The stored article that it is taken from, where that is known."""
    key: str | None = None
    """Story key of `url`, by which the original is found."""
