"""What the list shows: a place in the side bar, read or unread, and a search, joined to one query."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from tracker.model.config import EVERYTHING
from tracker.model.query import (
    And,
    HasState,
    Moved,
    Node,
    Not,
    Or,
    Query,
    QuerySyntaxError,
    parse_query,
    quoted,
    with_watchlist,
)
from tracker.store.story_reader import Counts

PlaceKind = Literal["view", "tag", "group", "feed"]
ReadFilter = Literal["everything", "unread", "starred"]
READ_FILTERS: tuple[ReadFilter, ...] = ("everything", "unread", "starred")


class Place(Struct, frozen=True):
    """An entry of the side bar that shows articles."""

    kind: PlaceKind
    name: str
    query: str
    """Its articles, in the query language."""

    @property
    def key(self) -> str:
        """Identity across restarts."""
        return f"{self.kind}:{self.name}"


class Scope(Struct, frozen=True):
    """Everything that decides which articles the list holds."""

    place: Place
    read_filter: ReadFilter = "everything"
    search: str = ""
    watched: tuple[str, ...] = ()
    """The shares of the watchlist."""

    def query(self) -> Query:
        """Return the query of all parts together.

        Raises:
            QuerySyntaxError: if the search cannot be read; places are checked when the configuration is loaded.
        """
        place, search = parse_query(self.place.query), parse_query(self.search)
        state = None if self.read_filter == "everything" else HasState(self.read_filter)
        parts = tuple(part for part in (place.root, state, search.root) if part is not None)
        root: Node | None = parts[0] if len(parts) == 1 else And(parts) if parts else None
        sort = search.sort if search.sort != "published" else place.sort
        query = Query(root, sort, is_view=place.root is not None and not search.with_muted)
        return with_watchlist(query, self.watched)

    def text(self) -> str:
        """Return the same in the query language; "" for everything."""
        state = "" if self.read_filter == "everything" else f"is:{self.read_filter}"
        parts = [part for part in (_closed(self.place.query), state, _closed(self.search)) if part]
        return parts[0] if len(parts) == 1 else " ".join(f"({part})" if part != state else part for part in parts)

    @property
    def follows_prices(self) -> bool:
        """True where new prices decide which articles the list holds (`move>3%`)."""
        try:
            return depends_on_prices(self.query().root)
        except QuerySyntaxError:
            return False

    @property
    def is_everything(self) -> bool:
        """True when only the search leaves anything out."""
        return self.place == everything() and self.read_filter == "everything"

    def everywhere(self, search: str) -> Scope:
        """Return a scope that looks for this in all articles."""
        return replace(self, place=everything(), read_filter="everything", search=search)

    def only(self, state: str) -> Query:
        """Return the query narrowed to `unread` or `starred`."""
        query = self.query()
        mark = HasState(state)
        return replace(query, root=mark if query.root is None else And((query.root, mark)))

    @property
    def title(self) -> str:
        """The words over the list."""
        name = {"tag": f"About {self.place.name}"}.get(self.place.kind, self.place.name)
        if self.read_filter != "everything" and self.place.name.lower() != self.read_filter:
            name += f", {self.read_filter}"
        return f"{name}, “{self.search}”" if self.search else name


def everything() -> Place:
    """Return the place that holds all articles."""
    return Place("view", EVERYTHING.name, EVERYTHING.query)


def read_filter_named(name: str) -> ReadFilter:
    """Return the filter of that name; everything where there is none."""
    return next((one for one in READ_FILTERS if one == name), "everything")


def tag_place(name: str) -> Place:
    """Return the place of the articles that are about a tag."""
    return Place("tag", name, f"about:{name}")


def feed_place(name: str) -> Place:
    """Return the place of a feed's articles."""
    return Place("feed", name, f"feed:{quoted(name)}")


def group_place(name: str) -> Place:
    """Return the place of a group's articles."""
    return Place("group", name, f"group:{quoted(name)}")


def kept_count(scope: Scope, counts: Counts) -> int | None:
    """Return how many stories of a scope are unread where that is among the kept counts, else None."""
    place = scope.place
    if scope.search or scope.read_filter == "starred":
        return None
    match place.kind:
        case "tag":
            return counts.tags.get(place.name, 0)
        case "group":
            return counts.groups.get(place.name, 0)
        case "feed":
            return counts.feeds.get(place.name, 0)
        case _:
            return counts.everything if place == everything() else counts.views.get(place.name)


def _closed(text: str) -> str:
    """Return a query without spaces around it, and with the quote closed that its end closes."""
    return text.strip() + '"' * (text.count('"') % 2)


def depends_on_prices(node: Node | None) -> bool:
    """Return whether a new price can add an article to the results, or remove it."""
    match node:
        case And(parts) | Or(parts):
            return any(depends_on_prices(part) for part in parts)
        case Not(part):
            return depends_on_prices(part)
        case Moved():
            return True
        case _:
            return False


def depends_on_state(node: Node | None) -> bool:
    """Return whether marking an article as read or starred can remove it from the results."""
    match node:
        case And(parts) | Or(parts):
            return any(depends_on_state(part) for part in parts)
        case Not(part):
            return depends_on_state(part)
        case HasState():
            return True
        case _:
            return False
