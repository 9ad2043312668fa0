"""The article pane: wrapped for its width, never read as markup, pages to its end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widget import Widget

from tests.ui.test_article_text import ARTICLE, NOW
from tests.ui.test_share_text import MOVE
from tracker.model.attribution import Attribution
from tracker.ui import themes
from tracker.ui.widgets.article_pane import ArticlePane
from tracker.ui.widgets.article_text import Original
from tracker.ui.widgets.text_lines import TextLines

HOSTILE = "[/red] [@click=app.quit]x[/] [b]bold[/b] $text-success"


class PaneApp(App[None]):
    """The pane alone."""

    def __init__(self) -> None:
        super().__init__()
        for theme in (themes.DARK, themes.LIGHT):
            self.register_theme(themes.fitted(theme, red_up=False))
        self.theme = "tracker-dark"
        self.picked: list[str] = []
        self.gone_to: list[int] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.variable_defaults(False)

    def compose(self) -> ComposeResult:
        yield ArticlePane()

    def on_article_pane_link_picked(self, message: ArticlePane.LinkPicked) -> None:
        self.picked.append(message.url)

    def on_article_pane_article_picked(self, message: ArticlePane.ArticlePicked) -> None:
        self.gone_to.append(message.article_id)


def lines(pane: ArticlePane) -> list[str]:
    """Return the lines of the text, without the empty ones below it."""
    text = pane.query_one(TextLines)
    return "\n".join(text.render_line(y).text.rstrip() for y in range(text.size.height)).rstrip("\n").split("\n")


def color(pane: ArticlePane, words: str) -> str:
    """Return the colour in which some words are drawn."""
    text = pane.query_one(TextLines)
    for y in range(text.size.height):
        for segment in text.render_line(y):
            if segment.text.strip() == words:
                assert segment.style is not None
                assert segment.style.color is not None
                return segment.style.color.get_truecolor().hex.upper()
    raise AssertionError(f"{words!r} is not drawn by itself")


async def pane_of(pilot: Pilot[None]) -> ArticlePane:
    await pilot.pause()
    return pilot.app.query_one(ArticlePane)


async def test_help_while_empty() -> None:
    async with PaneApp().run_test(size=(70, 20)) as pilot:
        pane = await pane_of(pilot)
        assert lines(pane) == ["", *pane.empty_help]
        assert pane.article_id is None
        assert pane.links == ()
        assert not pane.page_down()
        pane.show(ARTICLE, [], NOW)
        pane.show(None, [], NOW)
        await pilot.pause()
        assert lines(pane) == ["", *pane.empty_help]


async def test_article_as_drawn_and_wrapped_anew() -> None:
    async with PaneApp().run_test(size=(80, 30)) as pilot:
        pane = await pane_of(pilot)
        pane.show(ARTICLE, [MOVE], NOW)
        await pilot.pause()
        assert pane.article_id == 7
        assert pane.links == ARTICLE.links
        assert lines(pane) == [
            "Nvidia loses $593 billion in a day",
            "CNBC · Mon 27 Jan 16:12 ET, 4 min ago",
            "nvidia (about: title, text ×2), deepseek (mention: text; shown with NVDA)",
            "",
            "NVDA  since 16:12 ET ▲ 0.80%",
            "      today ▼16.97%",
            "      118.42 USD, CNBC, after hours, just now · from 117.48, Mon 27 Jan 16:10",
            "      ET, 2 min before it",
            "",
            "Shares of Nvidia fell after DeepSeek.",
            "",
            "Nvidia did not comment [/red].",
            "",
            "https://news.example/nvidia",
            "[1] https://filing.example/",
            "[2] https://paper.example/",
        ]
        await pilot.resize_terminal(30, 30)
        await pilot.pause()
        assert lines(pane)[:4] == [
            "Nvidia loses $593 billion",
            "in a day",
            "CNBC · Mon 27 Jan 16:12 ET,",
            "4 min ago",
        ]


async def test_colours_follow_meaning_and_theme() -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 30)) as pilot:
        pane = await pane_of(pilot)
        pane.show(ARTICLE, [MOVE], NOW)
        await pilot.pause()
        for theme in (themes.DARK, themes.LIGHT):
            app.theme = theme.name
            await pilot.pause()
            await pilot.pause()
            colors = themes.theme_colors(theme, red_up=False)
            assert color(pane, "▲ 0.80%") == colors["tracker-up"]
            assert color(pane, "▼16.97%") == colors["tracker-down"]
            assert color(pane, "DeepSeek") == colors["tracker-mark"]
            for words in ("nvidia", "NVDA"):  # a tag and a share: told apart from what is around them, and legible
                assert color(pane, words) == colors["tracker-mark"]


async def test_another_article_is_drawn_without_a_layout_where_both_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    laid_out: list[bool] = []
    refresh = Widget.refresh

    def noted(widget: Widget, *regions: Region, layout: bool = False, **options: bool) -> Widget:
        laid_out.append(layout)
        return refresh(widget, *regions, layout=layout, **options)

    app = PaneApp()
    async with app.run_test(size=(80, 30)) as pilot:
        pane = await pane_of(pilot)
        pane.show(ARTICLE, [MOVE], NOW)
        await pilot.pause()
        whole = lines(pane)
        monkeypatch.setattr(Widget, "refresh", noted)
        short = replace(ARTICLE, id=8, text="", title="Short")
        pane.show(short, [], NOW)
        await pilot.pause()
        assert laid_out
        assert True not in laid_out
        assert lines(pane)[0] == "Short"
        assert len(lines(pane)) < len(whole)
        pane.show(replace(ARTICLE, id=9, text="A word. " * 900), [], NOW)
        await pilot.pause()
        assert True in laid_out
        assert pane.page_down()
        assert pane.max_scroll_y == len(lines(pane)) - pane.scrollable_content_region.height
        pane.show(short, [], NOW)
        await pilot.pause()
        assert pane.max_scroll_y == 0
        assert lines(pane)[0] == "Short"


async def test_markup_is_text() -> None:
    article = replace(ARTICLE, title=HOSTILE, text=HOSTILE, author=HOSTILE, source=HOSTILE, mentions=())
    app = PaneApp()
    async with app.run_test(size=(200, 30)) as pilot:
        pane = await pane_of(pilot)
        pane.show(article, [replace(MOVE, provider=HOSTILE)], NOW)
        await pilot.pause()
        drawn = lines(pane)
        assert drawn[0] == HOSTILE
        assert drawn[1] == f"{HOSTILE} · Mon 27 Jan 16:12 ET, 4 min ago · {HOSTILE}"
        assert f"118.42 USD, {HOSTILE}, after hours, just now" in drawn[5]
        assert drawn[7] == HOSTILE
        await pilot.click(TextLines, offset=(10, 0))  # would be the link that ends the app
        await pilot.pause()
        assert app.is_running
        assert app.picked == []


async def test_links_are_told_when_clicked() -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 30)) as pilot:
        pane = await pane_of(pilot)
        pane.show(ARTICLE, [], NOW)
        await pilot.pause()
        at = lines(pane).index("[1] https://filing.example/")
        await pilot.click(TextLines, offset=(10, at))
        await pilot.pause()
        assert app.picked == ["https://filing.example/"]


async def test_the_way_to_the_original_is_clicked() -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 30)) as pilot:
        pane = await pane_of(pilot)
        original = Original(3, "WCCFTech", NOW - timedelta(hours=2), "O")
        pane.show(replace(ARTICLE, attribution=Attribution("WCCFTech", original_id=3)), [], NOW, original=original)
        await pilot.pause()
        line = "source named: WCCFTech ▸ its article, Mon 27 Jan 14:16 ET (press O)"
        row = lines(pane).index(line)
        assert color(pane, "WCCFTech") == color(pane, "nvidia")
        await pilot.click(ArticlePane, offset=(line.index("its article") + 1, row))
        await pilot.click(ArticlePane, offset=(line.index("WCCFTech") + 1, row))
        await pilot.pause()
        assert app.gone_to == [3]
        pane.show(ARTICLE, [], NOW)
        await pilot.pause()
        assert not any("source named" in text for text in lines(pane))


async def test_pages_to_its_end_and_starts_anew_for_another() -> None:
    long = replace(ARTICLE, text="\n\n".join(f"Paragraph {number}" for number in range(30)))
    async with PaneApp().run_test(size=(60, 12)) as pilot:
        pane = await pane_of(pilot)
        pane.show(long, [MOVE], NOW)
        await pilot.pause()
        places = [pane.scroll_offset.y]
        while pane.page_down():
            await pilot.pause()
            places.append(pane.scroll_offset.y)
        assert places[:3] == [0, 11, 22]
        assert places[-1] == pane.max_scroll_y > 50
        # A new quote does not move the page under the reader's eyes.
        pane.show(long, [replace(MOVE, since=0.01)], NOW + timedelta(seconds=30))
        await pilot.pause()
        assert pane.scroll_offset.y == places[-1]
        assert "NVDA  since 16:12 ET ▲ 1.00%" in lines(pane)
        drawn = pane._drawn
        pane.show(replace(long, read=True), [replace(MOVE, since=0.01)], NOW + timedelta(seconds=30))
        assert pane._drawn is drawn  # what looks the same is not laid out again
        pane.show(replace(long, id=8), [], NOW)
        await pilot.pause()
        assert pane.scroll_offset.y == 0


@pytest.mark.slow
async def test_hosts_that_imitate_others_show_as_they_are_looked_up() -> None:
    async with PaneApp().run_test(size=(80, 30)) as pilot:
        pane = await pane_of(pilot)
        pane.show(replace(ARTICLE, url="https://раураl.com/a", links=("https://раураl.com/b",)), [], NOW)
        await pilot.pause()
        assert lines(pane)[-2:] == ["https://xn--l-7sba6dbr.com/a", "[1] https://xn--l-7sba6dbr.com/b"]
