"""Which story the press made of a filing, a halt, a release: written stories, most of them traps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.feeds.sec import ITEMS
from tracker.model.sources import OriginKind
from tracker.stories.originals import (
    Origin,
    PressReport,
    find_originals,
    is_about,
    model_parts,
    names_model,
    original_keys,
    subjects,
    subjects_of,
)

CLOSE = datetime(2025, 2, 26, 21, 20, 12, tzinfo=UTC)
NVDA, TSLA = frozenset({"NVDA"}), frozenset({"TSLA"})


def filing(
    number: int, items: str, minutes: float = 0, *, symbols: frozenset[str] = NVDA, title: str = "NVIDIA CORP 8-K: x"
) -> Origin:
    text = "\n\n".join(f"Item {item}: As the form calls it" for item in items.split())
    return Origin(number, number, "sec", CLOSE + timedelta(minutes=minutes), symbols, title, text, f"1|{number}")


def press(story: int, title: str, minutes: float, symbol: str | None = "NVDA") -> PressReport:
    return PressReport(story, CLOSE + timedelta(minutes=minutes), title, symbol)


def joined(origins: list[Origin], reports: list[PressReport]) -> list[tuple[int, int]]:
    return [(origin.id, story) for origin, story in find_originals(origins, reports)]


BEAT = "Nvidia beats estimates as data center revenue doubles"


def test_results_are_the_original_of_their_story() -> None:
    reports = [
        press(50, BEAT, 4),
        press(50, "Nvidia : chiffre d'affaires en hausse de 78 %", 9),
        press(50, "英伟达财报：营收增长78%", 20),
        press(50, "Nvidia shares rise after hours", 30),
    ]
    assert joined([filing(1, "2.02 9.01")], reports) == [(1, 50)]


@pytest.mark.parametrize(
    ("items", "title"),
    [
        ("5.02", "Intel CEO Gelsinger steps down"),
        ("5.02", "Intel names Lip-Bu Tan as new chief executive"),
        ("5.02", "Le PDG d'Intel démissionne"),
        ("5.02", "インテルCEOが辞任"),
        ("1.01", "Intel signs agreement with Apollo over Irish plant"),
        ("1.01", "AMD agrees to acquire ZT Systems in $4.9 billion deal"),
        ("1.02", "Intel and Tower call off $5.4 billion merger"),
        ("2.01", "Broadcom completes VMware acquisition"),
        ("2.05", "Intel to cut 15% of its workforce"),
        ("2.06", "Intel writes down goodwill of Mobileye"),
        ("1.05", "Hackers breach Microsoft mail of executives"),
        ("1.03", "Wolfspeed files for Chapter 11 bankruptcy"),
        ("3.01", "Super Micro warned of delisting by Nasdaq"),
        ("4.01", "Super Micro's auditor resigns"),
        ("4.02", "Super Micro says 2023 accounts can no longer be relied on"),
        ("5.01", "Altera taken private by Silver Lake"),
        ("5.07", "Tesla shareholders approve Musk's pay"),
    ],
)
def test_each_item_has_its_words(items: str, title: str) -> None:
    assert joined([filing(1, items)], [press(50, title, 12)]) == [(1, 50)]


@pytest.mark.parametrize(
    ("what", "origin", "report"),
    [
        ("before it", filing(1, "2.02"), press(50, BEAT, -1)),
        ("half a day later", filing(1, "2.02"), press(50, BEAT, 12 * 60 + 1)),
        ("another company", filing(1, "2.02"), press(50, "AMD beats estimates", 4, "AMD")),
        ("no company in the title", filing(1, "2.02"), press(50, "Chip maker beats estimates", 4, None)),
        ("something else", filing(1, "2.02"), press(50, "Nvidia unveils a new card for games", 4)),
        ("what is to come", filing(1, "2.02"), press(50, "Nvidia earnings: what to expect tonight", 4)),
        ("other results", filing(1, "2.02"), press(50, "Nvidia RTX 5090 benchmark results leak", 4)),
        (
            "a part of a word",
            filing(1, "1.05", symbols=TSLA),
            press(50, "Tesla starts to build its Cybercab", 4, "TSLA"),
        ),
        ("an adjective", filing(1, "2.02"), press(50, "Is Nvidia the most profitable bet?", 4)),
        ("officers of a filing about results", filing(1, "2.02"), press(50, "Nvidia CFO resigns", 4)),
        ("the chief in the news", filing(1, "5.02"), press(50, "Nvidia CEO says AI demand is insane", 4)),
        ("sales", filing(1, "1.01"), press(50, "Best Nvidia deals of Black Friday", 4)),
        ("other events", filing(1, "8.01 9.01"), press(50, BEAT, 4)),
        ("an amendment", filing(1, "2.02", title="NVIDIA CORP 8-K (amended): results"), press(50, BEAT, 4)),
        ("an item in a text, not of the form", filing(1, ""), press(50, BEAT, 4)),
        ("a quarterly report", filing(1, "", title="NVIDIA CORP 10-Q: quarterly report"), press(50, BEAT, 4)),
        ("itself", filing(50, "2.02"), press(50, BEAT, 4)),
    ],
)
def test_a_trap_is_not_taken(what: str, origin: Origin, report: PressReport) -> None:
    assert joined([origin], [report]) == [], what


def test_a_story_that_is_mostly_about_something_else_has_no_original() -> None:
    reports = [press(50, BEAT, 4), *(press(50, "Chips rise as Fed cuts rates", n, None) for n in (5, 6))]
    assert joined([filing(1, "2.02")], reports) == []
    assert joined([filing(1, "2.02")], reports[:2]) == [(1, 50)]


def test_a_story_that_had_begun_is_not_of_the_filing() -> None:
    assert joined([filing(1, "2.02")], [press(50, "Nvidia earnings beat, sources say", -30), press(50, BEAT, 4)]) == []


def test_two_filings_of_one_day_go_to_their_own_stories() -> None:
    results, officer = filing(1, "2.02"), filing(2, "5.02", 3)
    reports = [
        press(50, BEAT, 5),
        press(60, "Nvidia CFO Kress retires", 7),
        press(60, "Nvidia finance chief leaves", 9),
    ]
    assert sorted(joined([results, officer], reports)) == [(1, 50), (2, 60)]


def test_of_two_filings_alike_the_last_before_the_story_is_meant() -> None:
    morning, evening = filing(1, "5.02", -300), filing(2, "5.02", 0)
    assert joined([morning, evening], [press(60, "Nvidia CFO Kress retires", 7)]) == [(2, 60)]
    assert joined([morning, evening], [press(60, "Nvidia CFO Kress retires", -7)]) == [(1, 60)]


def test_filings_of_two_companies_at_one_minute() -> None:
    reports = [press(50, BEAT, 5), press(60, "AMD tops estimates on revenue", 5, "AMD")]
    amd = filing(2, "2.02", symbols=frozenset({"AMD"}), title="ADVANCED MICRO DEVICES INC 8-K: results")
    assert sorted(joined([filing(1, "2.02"), amd], reports)) == [(1, 50), (2, 60)]


def test_a_filing_about_two_things_goes_to_the_story_that_more_reports_fit() -> None:
    reports = [press(50, "Nvidia CFO Kress retires", 4), press(60, BEAT, 5), press(60, "Nvidia revenue jumps", 6)]
    assert joined([filing(1, "2.02 5.02")], reports) == [(1, 60)]


def test_a_halt_is_that_of_its_share() -> None:
    halt = Origin(1, 1, "halts", CLOSE, NVDA, "NVDA halted: news pending (T1)", "", "NVDA|x")
    assert joined([halt], [press(50, "Nvidia shares halted, news pending", 2)]) == [(1, 50)]
    for title in ("Nvidia halts production of its H20 chip", "Nvidia shares rise", "Nvidia stock resumes after halt"):
        assert joined([halt], [press(50, title, 2)]) == []


def test_a_companys_own_release_is_about_what_its_title_says() -> None:
    title = "NVIDIA Announces Financial Results for Fourth Quarter and Fiscal 2025"
    release = Origin(1, 1, "company", CLOSE, NVDA, title, "", "guid")
    assert subjects_of(release) == ("results",)
    assert joined([release], [press(50, BEAT, 4)]) == [(1, 50)]
    assert joined([release], [press(50, "Nvidia CFO resigns", 4)]) == []


def model(number: int, key: str) -> Origin:
    return Origin(number, number, "models", CLOSE, frozenset(), f"{key} on Hugging Face", "", key)


def test_a_model_is_the_one_of_its_name() -> None:
    family = [
        model(n, f"deepseek-ai/DeepSeek-{name}")
        for n, name in enumerate(("R1", "R1-Zero", "R1-Distill-Qwen-32B", "V3"), 1)
    ]
    reports = [press(50, "DeepSeek releases R1, an open rival of o1", 90), press(50, "DeepSeek-R1 weights are out", 95)]
    assert joined(family, reports) == [(1, 50)]
    assert joined(family, [press(50, "DeepSeek R1-Zero learns without labels", 90)]) == [(2, 50)]
    assert joined(family, [press(50, "DeepSeek tops the App Store", 90)]) == []
    assert joined(family, [press(50, "Audi R1 concept shown", 90)]) == []


@pytest.mark.parametrize(
    ("key", "title", "expected"),
    [
        ("deepseek-ai/Janus-Pro-7B", "DeepSeek unveils Janus-Pro, a model for images", True),
        ("deepseek-ai/Janus-1.3B", "DeepSeek unveils Janus-Pro, a model for images", False),
        ("deepseek-ai/DeepSeek-V3.1", "DeepSeek V3.1 is here", True),
        ("deepseek-ai/DeepSeek-V3", "DeepSeek V3.1 is here", False),
        ("Qwen/Qwen3-235B-A22B", "Alibaba's Qwen3 models are open", True),
        ("mistralai/Mistral-Small-24B", "Mistral Small 3 runs on a laptop", True),
        ("mistralai/Mistral-Small-24B", "Small business loans grow", False),
        ("openai/gpt-oss-120b", "OpenAI opens gpt-oss", True),
        ("openai/gpt-oss-120b", "An open look at gpt-oss", False),
        ("deepseek-ai/DeepSeek-R1", "DeepSeek-R1-0528 is out", False),
        ("deepseek-ai/DeepSeek-R1-0528", "DeepSeek-R1-0528 is out", True),
        ("deepseek-ai/DeepSeek-R1", "DeepSeek R1-70B on a laptop", True),
        ("deepseek-ai/DeepSeek-V3", "DeepSeek puts V3-Base online", False),
        ("deepseek-ai/DeepSeek-R1", "Sky-R1 beats DeepSeek", False),
        ("Qwen/Qwen3-235B-A22B", "Alibaba's Qwen3-Embedding is open", False),
        ("zai-org/GLM-4.5", "Z.ai opens GLM-4.5", True),
        ("zai-org/GLM-4.5", "A glm-4.5 for everyone", False),
        ("xai-org/grok-2", "xAI opens Grok 2", True),
        ("01-ai/Yi-34B-200K", "01.AI releases Yi 200K", True),
        ("openai/o-s-1B", "OpenAI o s", False),
        ("Qwen/Qwen", "Qwen is a family of models", False),
        ("ai/1-7B", "AI 1", False),
        ("meta-llama/70B", "Llama by Meta", False),
    ],
)
def test_names_of_models(key: str, title: str, expected: bool) -> None:
    assert names_model(key, title) is expected


def test_the_parts_of_a_name() -> None:
    assert model_parts("deepseek-ai/DeepSeek-R1-Distill-Qwen-32B") == ["r1", "distill", "qwen"]
    assert model_parts("deepseek-ai/DeepSeek-LLM-7B-Chat") == ["llm", "chat"]


def test_phrases_are_folded_as_titles_are() -> None:
    assert is_about("agreement", "Intel schließt Vertrag mit Apollo")
    assert is_about("agreement", "INTEL SCHLIESST VERTRAG MIT APOLLO")


@pytest.mark.parametrize("title", ["삼성전자 구조조정 착수", "삼성전자, 정리해고 시작", "パナソニック、リストラを発表"])
def test_layoffs_are_known_in_korean_and_japanese(title: str) -> None:
    assert is_about("restructuring", title)


def test_no_subject_lists_a_phrase_twice() -> None:
    for line in files("tracker.stories").joinpath("subjects.txt").read_text(encoding="utf-8").splitlines():
        phrases = [phrase.strip() for phrase in line.partition(" | ")[2].split(",")]
        assert len(phrases) == len(set(phrases)), line


def test_moulds_are_known_by_their_address_alone() -> None:
    words = ("tabc", "w:nvidia")
    assert original_keys(None, "https://a.example/1", words) == words
    assert original_keys("company", "https://a.example/1", words) == words
    (key,) = original_keys("sec", "https://a.example/1", words)
    assert key.startswith("u")
    assert original_keys("models", None, words) == ()
    assert original_keys("halts", "https://a.example/halts", words) == ()


def test_every_subject_is_of_an_item_or_a_halt() -> None:
    of_items = {subject for item in ITEMS for subject in subjects_of(filing(1, item))}
    assert of_items | {"halt"} == set(subjects())


@given(st.text(max_size=80), st.sampled_from(sorted(subjects())))
def test_any_title_can_be_asked(title: str, subject: str) -> None:
    assert is_about(subject, title) in (True, False)


KINDS: tuple[OriginKind, ...] = ("sec", "halts", "models", "company")


@given(
    st.lists(st.tuples(st.sampled_from(KINDS), st.integers(-60, 60)), max_size=6),
    st.lists(st.tuples(st.integers(50, 54), st.integers(-60, 60), st.sampled_from([BEAT, "Nvidia stock halted"]))),
)
def test_nothing_is_joined_twice_and_all_press_comes_later(
    told: list[tuple[OriginKind, int]], reports: list[tuple[int, int, str]]
) -> None:
    origins = [
        Origin(n, n, kind, CLOSE + timedelta(minutes=at), NVDA, BEAT, "Item 2.02: Results", "a/b")
        for n, (kind, at) in enumerate(told, 1)
    ]
    known = [press(story, title, at) for story, at, title in reports]
    found = find_originals(origins, known)
    assert len({origin.id for origin, _ in found}) == len({story for _, story in found}) == len(found)
    for origin, story in found:
        assert all(one.time >= origin.time for one in known if one.story_id == story)
