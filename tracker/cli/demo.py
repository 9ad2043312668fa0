"""`tracker demo`: 27 January 2025 replayed offline with the same code as live news."""

from __future__ import annotations

from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.cli.clock import fixed_start
from tracker.cli.context import CommandContext
from tracker.cli.listing import LIST, with_moves
from tracker.cli.output import write
from tracker.cli.quotes import quotes_layout, read_stored
from tracker.cli.run_async import run_async
from tracker.config.load import parse_config
from tracker.model.clock import SetClock
from tracker.model.config import Config
from tracker.model.dates import NEW_YORK
from tracker.model.launch import LaunchWindow
from tracker.model.plurals import count_noun
from tracker.model.query import parse_query
from tracker.words.signs import meaning

if TYPE_CHECKING:
    from tracker.model.clock import Clock

_ROWS = 30
_SHARES = 12


def run(context: CommandContext) -> int | LaunchWindow:
    """Return the window of the replay, or print what it would show."""
    at = fixed_start(context.environ)
    if context.is_terminal and not context.options.headless:
        return LaunchWindow(
            config=Config(),
            db=context.db,
            state_dir=context.state_dir,
            clock=context.clock,
            demo=True,
            speed=context.options.speed,
            at=at,
        )
    from tracker.demo.config import HEADLESS_NOW

    moment = at or HEADLESS_NOW
    from tracker.demo.folder import demo_folder

    with demo_folder() as folder:
        return _print(context, folder / "demo.db", lambda: moment)


def _print(context: CommandContext, db: Path, clock: Clock) -> int:
    from tracker.cli.impact import IMPACT, about_columns, rank
    from tracker.demo.config import demo_config_text
    from tracker.demo.estimates import store_estimates
    from tracker.demo.price_paths import LABEL
    from tracker.demo.server import DemoServer
    from tracker.impact.calculator import ImpactCalculator
    from tracker.store.read import Reader

    store_estimates(db)
    with DemoServer(clock) as server:
        config = parse_config(demo_config_text(server.base_url), Path("the demo's own feeds.toml"))
        run_async(_sync(config, db, clock))
    now = clock()
    screen = context.screen()
    with Reader(db) as reader:
        firsts = reader.stories.leads(parse_query(""), now)
        articles = list(with_moves(reader, config, firsts[:_ROWS], now))
        stored = reader.articles.count()
        quotes = read_stored(reader, config, now)
        impacts = rank(ImpactCalculator(reader, config, clock).impacts(reader.articles.ids(parse_query(""), now)), "t")
    out = context.stdout
    there = now.astimezone(NEW_YORK)
    headlines = count_noun(stored, "headline", "headlines")
    feeds = count_noun(len(config.feeds), "feed", "feeds")
    stories = count_noun(len(firsts), "story", "stories")
    out.write(
        f"{there:%A} {there.day} {there:%B %Y}, {there:%H:%M} in New York. {headlines} from {feeds}, {stories}."
        f" The newest {len(articles)}, with the share's move since each headline:\n\n"
    )
    write(articles, LIST, "table", out, screen)
    out.write("\n" + "".join(f"{sign}  {meaning(sign)}\n" for sign in ("*", "›NVDA")) + "\n")
    write(quotes, quotes_layout(quotes), "table", out, screen)
    # Of each share the article before its most unusual move.
    first = {item.symbol: item for item in reversed(impacts) if item.abnormal.t0 is not None}
    out.write(f"\nThe most unusual move after a headline, of each share\n{about_columns(['^GSPC'])}\n\n")
    write(rank(list(first.values()), "t")[:_SHARES], IMPACT, "table", out, screen)
    out.write(f"\nThis is a replay; its headlines were written for the demo. {LABEL}\n")
    return 0


async def _sync(config: Config, db: Path, clock: Clock) -> None:
    from tracker.sync.run import Syncer

    syncer = Syncer(config, db, SetClock(clock))
    try:
        async with aclosing(syncer.run()) as events:
            async for _ in events:
                pass
    finally:
        await syncer.close()
