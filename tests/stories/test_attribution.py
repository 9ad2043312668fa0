"""Who had it first, in the words of many languages; and who is only quoted."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.stories import attribution
from tracker.stories.attribution import find_attribution
from tracker.stories.fingerprint import fingerprint


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nvidia prépare une puce.\n\nSource : WCCFTech", "WCCFTech"),
        ("Text.\n\nvia VideoCardz", "VideoCardz"),
        ("Text.\n\nVia: Tom's Hardware", "Tom's Hardware"),
        ("Text.\n\n[Source: DigiTimes]", "DigiTimes"),
        ("Text.\n\nOriginally published at Fieldnotes", "Fieldnotes"),
        ("Text.\n\nQuelle: dpa", "dpa"),
        ("Text.\n\nFuente: Europa Press", "Europa Press"),
        ("Tekst.\n\nŹródło: PAP", "PAP"),
        ("正文。\n\n来源：IT之家", "IT之家"),
        ("本文。\n\n出典：日経新聞", "日経新聞"),
        ("본문.\n\n출처: 연합뉴스", "연합뉴스"),
        ("SANTA CLARA, Calif. (Reuters) - Nvidia said on Monday", "Reuters"),
        ("(AFP) Le fabricant de puces", "AFP"),
        ("The chip is late, as first reported by The Information on Monday.", "Information"),
        ("According to a report from Bloomberg, the chip is late.", "Bloomberg"),
        ("The chip is late (via TechCrunch), it seems.", "TechCrunch"),
        ("Selon Les Echos, la puce aura du retard.", "Les Echos"),
        ("D’après le site Numerama, la puce aura du retard.", "Numerama"),
        ("Der Chip kommt später, laut Handelsblatt schon im Mai.", "Handelsblatt"),
        ("Według serwisu Business Insider układ się spóźni.", "Business Insider"),
        ("据路透社报道，芯片将推迟。", "路透社"),
        ("根據《日經新聞》報導，晶片將延後。", "日經新聞"),
        ("ロイターによると、チップは遅れる。", "ロイター"),
        ("로이터에 따르면 칩이 늦어진다.", "로이터"),
    ],
)
def test_sources_in_the_text(text: str, name: str) -> None:
    found = find_attribution("A title", text)
    assert found is not None
    assert found.name.removeprefix("The ") == name
    assert text[found.start : found.end] == found.name
    assert found.field == "text"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("RTX 5090 is late (via VideoCardz)", "VideoCardz"),
        ("Nvidia to open a plant in Texas - Reuters", "Reuters"),
        ("Nvidia will open a plant, according to Bloomberg", "Bloomberg"),
    ],
)
def test_sources_in_the_title(title: str, name: str) -> None:
    found = find_attribution(title, "")
    assert found is not None
    assert (found.name, found.field) == (name, "title")
    assert title[found.start : found.end] == name


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("T", "Sales will double, according to analysts at Citi."),
        ("T", "According to Jensen Huang, sales will double."),
        ("T", "Selon le ministre, la puce aura du retard."),
        ("T", "Photo: Nvidia\nvia Getty Images"),
        ("T", "Image credit:\nSource: Shutterstock"),
        ("T", "The source code is open."),
        ("T", "Source: the company"),
        ("T", "We flew via Frankfurt to Taipei."),
        ("T", "Wie Nvidia mitteilt, kommt der Chip."),
        ("Open source (MIT)", ""),
        ("Reuters names a new editor", ""),
        ("", ""),
    ],
)
def test_who_is_quoted_or_pictured_is_no_source(title: str, text: str) -> None:
    assert find_attribution(title, text) is None


def test_a_page_of_the_named_site_is_its_address() -> None:
    links = ["https://ads.example/x", "https://wccftech.com/", "https://wccftech.com/nvidia-chip/?utm_source=x"]
    found = find_attribution("T", "Text.\n\nSource : WCCFTech", links)
    assert found is not None
    assert found.url == links[2]
    assert found.key in fingerprint("Nvidia chip", "https://www.wccftech.com/nvidia-chip").exact
    assert find_attribution("T", "Text.\n\nSource : WCCFTech", links[:2]) is not None
    known = find_attribution("T", "As first reported by The Financial Times.", ["https://www.ft.com/content/1"])
    assert known is not None
    assert (known.url, known.key) == (None, None)
    assert find_attribution("T", "Text.\n\nSource : WCCFTech", ["https://[broken"]) is not None
    longer = find_attribution("T", "Text.\n\nSource : Bloomberg News", ["https://www.bloomberg.com/news/1"])
    assert longer is not None
    assert longer.url == "https://www.bloomberg.com/news/1"


def test_nobody_is_a_source_of_himself() -> None:
    assert find_attribution("Security updates [LWN.net]", "", site="lwn.net") is None
    text = "Source: LWN.net\n\nText (via TechCrunch)."
    found = find_attribution("T", text, site="lwn.net")
    assert found is not None
    assert found.name == "TechCrunch"


def test_the_middle_of_a_long_text_is_not_read() -> None:
    long = "word " * 2_000
    assert find_attribution("T", f"{long}\n\nSource: WCCFTech\n\n{long}") is None
    assert find_attribution("T", f"{long}\n\nSource: WCCFTech") is not None
    assert find_attribution("T", f"Source: WCCFTech\n\n{long}") is not None
    assert find_attribution("T", f"{long}\n\n{'word ' * 100}\nSource: WCCFTech\n{'word ' * 700}") is not None


@given(st.text(max_size=200), st.text(max_size=400), st.text(max_size=30))
def test_any_text_can_be_read(title: str, text: str, site: str) -> None:
    found = find_attribution(title, text, [f"https://{site}/x"], site)
    if found is not None:
        assert (title if found.field == "title" else text)[found.start : found.end] == found.name


@pytest.mark.parametrize(
    ("name", "link"),
    [
        ("The Verge", "https://www.theverge.com/2025/1/27/x"),
        ("The Register", "https://www.theregister.com/2025/01/27/x"),
        ("Theregister", "https://www.theregister.com/2025/01/27/x"),
        ("WCCFTech", "https://wccftech.com/x"),
    ],
)
def test_the_article_before_a_name_does_not_hide_its_link(name: str, link: str) -> None:
    found = find_attribution("A title", f"Text.\n\nSource: {name}", ["https://unrelated.example/x", link])
    assert found is not None
    assert found.url == link


_PARTS = [
    "Source: WCCFTech",
    "via VideoCardz",
    "• Quelle: dpa, Berlin",
    "Photo credit",
    "x" * 700,
    "y" * 9_000,
    "word",
    " ",
    "",
]


@given(st.lists(st.sampled_from(_PARTS), max_size=30).map("\n".join))
def test_lines_of_a_source_are_those_that_an_expression_for_whole_lines_finds(text: str) -> None:
    whole = re.compile(f"^{attribution._LINE}", re.IGNORECASE | re.MULTILINE)
    size = attribution._LOOKED_AT
    if len(text) <= 2 * size:
        found = list(whole.finditer(text))
    else:
        last = text.rfind("\n", 0, len(text) - size) + 1
        head = text.find("\n", size, last)
        found = [*whole.finditer(text, 0, last if head < 0 else head), *whole.finditer(text, last)]
    expected = [(match.start(), match["name"]) for match in found]
    assert [(start, match["name"]) for start, match in attribution._lines(text)] == expected
