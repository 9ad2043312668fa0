"""Names in many scripts, their edges, their traps, and where they do not count."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tagging.measure import builtin_tagger
from tracker.model.tags import Mention, TagRule
from tracker.tagging.companies import Company, companies
from tracker.tagging.match import RuleError, Tagger, compile_rules
from tracker.tagging.patterns import plain
from tracker.tagging.shares import exchange_endings, shares
from tracker.tagging.skipped import boilerplate

TAGGER = builtin_tagger()


def tags(title: str, text: str = "") -> list[str]:
    return [mention.tag for mention in TAGGER.tag(title, text)]


def only(mentions: tuple[Mention, ...]) -> Mention:
    assert len(mentions) == 1
    return mentions[0]


def rule(name: str = "acme", **fields: Any) -> TagRule:
    return TagRule(name, **fields)


@pytest.mark.parametrize(
    ("title", "tag", "text"),
    [
        ("Nvidia falls 17 %", "nvidia", "Nvidia"),
        ("NVIDIA's worst day", "nvidia", "NVIDIA"),
        ("Nvidia’s worst day", "nvidia", "Nvidia"),
        ("Die Nvidias und ihre Karten", "nvidia", "Nvidia"),
        ("Nvidia显卡涨价", "nvidia", "Nvidia"),
        ("英伟达市值一日蒸发近6000亿美元", "nvidia", "英伟达"),
        ("輝達股價重挫", "nvidia", "輝達"),
        ("エヌビディア株が急落", "nvidia", "エヌビディア"),
        ("엔비디아가 급락했다", "nvidia", "엔비디아"),
        ("ＮＶＩＤＩＡ、新型ＧＰＵを発表", "nvidia", "ＮＶＩＤＩＡ"),
        ("$NVDA to the moon", "nvidia", "$NVDA"),
        ("A chip maker (NASDAQ: NVDA) reports", "nvidia", "NVDA"),
        ("A memory maker (NASDAQ:MU) reports", "micron", "MU"),
        ("The RTX 5090D is weak in 5K", "nvidia", "RTX 5090D"),
        ("RTX3090 涡轮公版的风扇", "nvidia", "RTX3090"),
        ("有没有 cuda 编程的教程", "nvidia", "cuda"),
        ("黄仁勋称量子计算还需 15 年", "nvidia", "黄仁勋"),
        ("Jensen Huang says no", "nvidia", "Jensen Huang"),
        ("Nvidia-backed start-up raises money", "nvidia", "Nvidia"),
        ("non-Nvidia hardware", "nvidia", "Nvidia"),
        ("MyDeepSeekClient 1.0", "deepseek", "DeepSeek"),
        ("Run deepseek-r1:14b at home", "deepseek", "deepseek-r1"),
        ("深度求索发布新模型", "deepseek", "深度求索"),
        ("梁文锋现身", "deepseek", "梁文锋"),
        ("Amazon.com raises its forecast", "amazon", "Amazon.com"),
        ("Open-AI signs a deal", "openai", "Open-AI"),
        ("SK하이닉스, 사상 최대 실적", "sk-hynix", "SK하이닉스"),
        ("Taiwan's TSMC lifts outlook", "tsmc", "TSMC"),
        ("Arm shares jump on licensing", "arm", "Arm"),
        ("Claude gets a new coding agent", "anthropic", "Claude"),
    ],
)
def test_names_are_found_where_they_stand(title: str, tag: str, text: str) -> None:
    mention = next(mention for mention in TAGGER.tag(title) if mention.tag == tag)
    assert mention.salience == "about"
    first = mention.matches[0]
    assert (first.field, first.text) == ("title", text)
    assert title[first.start : first.end] == text


@pytest.mark.parametrize(
    ("title", "tag"),
    [
        ("Vera C. Rubin Observatory first images", "nvidia"),
        ("Grace period needed for dual nationals", "nvidia"),
        ("Home Assistant integration fails", "nvidia"),
        ("The barracuda is a fish", "nvidia"),
        ("Age-related macular degeneration (AMD) and sight", "amd"),
        ("Open source robotic Arm for hobbyists", "arm"),
        ("The AI arms race", "arm"),
        ("An arm and a leg", "arm"),
        ("Oracle Error Leaves DeFi Lender in Debt", "oracle"),
        ("Oracle Financial net profit rises", "oracle"),
        ("A governor outside the Big Apple", "apple"),
        ("How to bake an apple pie", "apple"),
        ("Browser driver for Tesla coils", "tesla"),
        ("The meta-skill that builds skills", "meta"),
        ("A meta-analysis of trials", "meta"),
        ("Deforestation in the Amazon rainforest", "amazon"),
        ("Jean-Claude Killy et les Jeux", "anthropic"),
        ("US intel agencies warn", "intel"),
        ("Una commedia dell'arte", "dell"),
        ("L'opéra Dell'Arte", "dell"),
        ("通胀走高通过议案", "qualcomm"),
        ("三星堆考古新发现", "samsung"),
        ("We asked nvidia.com/drivers for help", "nvidia"),
        ("Mail press@nvidia.com for a copy", "nvidia"),
        ("See https://blogs.nvidia.com/blog/nvidia-ces for more", "nvidia"),
        ("The ratio: mu of the sample", "micron"),
        ("a sum of $MUSIC", "micron"),
        ("Ratio: MU is a Greek letter", "micron"),
        ("GPS and AMD64 builds", "amd"),
        ("Kimi Räikkönen returns", "moonshot"),
        ("Next-Gen servers need less power", "next-plc"),
        ("AI models can't reason", "tesla"),
    ],
)
def test_what_only_looks_like_a_name_is_not_one(title: str, tag: str) -> None:
    assert tag not in tags(title)


def test_a_text_whose_title_is_silent_mentions_in_passing() -> None:
    text = "A start-up raised money from investors. " * 5 + "Nvidia is one of them."
    mention = only(TAGGER.tag("A start-up raises money", text))
    assert (mention.tag, mention.salience, mention.matches[0].field) == ("nvidia", "mention", "text")
    assert text[mention.matches[0].start : mention.matches[0].end] == "Nvidia"


def test_about_comes_before_mentions_and_then_by_place() -> None:
    found = TAGGER.tag("OpenAI and DeepSeek compared", "Intel Corp was silent. Qualcomm too.")
    assert [(one.tag, one.salience) for one in found] == [
        ("openai", "about"),
        ("deepseek", "about"),
        ("intel", "about"),
        ("qualcomm", "mention"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Related articles: Nvidia falls again",
        "Related articles\nNvidia falls again\n\nNvidia rises again",
        "By Nvidia Jones",
        "Share this on Nvidia forums",
        "(Image credit: Nvidia)",
        "Image: Nvidia press room",
        "相关阅读：英伟达再度下跌",
        "À lire aussi : Nvidia chute encore",
        "The post Something appeared first on NVIDIA Blog.",
    ],
)
def test_boilerplate_does_not_count(line: str) -> None:
    assert tags("Something", f"First paragraph, of nothing.\n\n{line}") == []


def test_what_follows_a_line_of_boilerplate_counts_again() -> None:
    assert tags("Something", "By Jane Doe\nNvidia falls.\n(seen)\nRead more: x") == ["nvidia"]


def test_a_sure_name_vouches_for_an_ambiguous_one_of_its_tag() -> None:
    assert tags("Claude is down") == []
    found = TAGGER.tag("Claude is down", "Anthropic said so.")
    assert [match.text for match in found[0].matches] == ["Claude", "Anthropic"]


def test_tags_of_the_feed_are_about_and_vouch() -> None:
    found = TAGGER.tag("Claude is down", feed_tags=("anthropic", "hardware"))
    assert [(one.tag, one.salience, [match.field for match in one.matches]) for one in found] == [
        ("anthropic", "about", ["title", "feed"]),
        ("hardware", "about", ["feed"]),
    ]
    assert found[1].symbol is None


def test_the_longer_name_of_another_company_wins() -> None:
    assert tags("Hewlett Packard Enterprise buys Juniper") == ["hpe", "juniper-networks"]
    assert tags("SoftBank buys Ampere Computing for its CPUs") == ["softbank", "ampere"]
    both = compile_rules([rule("a", match=("Alpha",)), rule("b", match=("Alpha",))])
    assert [one.tag for one in both.tag("Alpha rises")] == ["a", "b"]


def test_a_topic_stands_beside_the_company_inside_it() -> None:
    topic = compile_rules([rule("a", match=("Alpha",)), rule("t", kind="topic", match=("Alpha chips",))])
    assert {one.tag for one in topic.tag("Alpha chips rise")} == {"a", "t"}


def test_places_of_one_tag_do_not_overlap() -> None:
    found = TAGGER.tag("GeForce RTX 5090 by Nvidia")[0].matches
    assert [match.text for match in found] == ["GeForce RTX", "RTX 5090", "Nvidia"][:: 2 if len(found) == 2 else 1]
    assert all(one.end <= two.start for one, two in pairwise(found))


@pytest.mark.parametrize(
    ("fields", "title", "hit"),
    [
        ({"match": ("Acme",)}, "acme rises", True),
        ({"match": ("ACME",)}, "acme rises", False),
        ({"match": ("ACME",)}, "ACME rises", True),
        ({"match": ("Acme",), "never": ("acme of skill",)}, "The acme of skill", False),
        ({"match": ("Acme",), "only_near": ("anvil*", "TNT")}, "Acme rises", False),
        ({"match": ("Acme",), "only_near": ("anvil*", "TNT")}, "Acme sells anvils", True),
        ({"match": ("Acme",), "only_near": ("TNT",)}, "Acme sells tnt", False),
        ({"match": ("Acme",), "only_near": ("TNT",)}, "TNT by Acme", True),
        ({"match": ("Acme",), "unless_near": ("skin",)}, "Acme and skin", False),
        ({"match": ("Acme",), "unless_near": ("skin",)}, "Acme and skinny", True),
        ({"match": ("Acme",), "unless_near": ("skin",)}, "the acme of things", False),
        ({"match": ("Acme",), "unless_near": ("皮肤",)}, "Acme 好皮肤霜", False),
        ({"products": ("Road Runner*",)}, "Roadrunners win", True),
        ({"products": ("Road Runner",)}, "A road-runner wins", True),
        ({"symbol": "ACM", "match": ("Acme Tools",)}, "(NYSE: ACM)", True),
        ({"symbol": "ACM", "match": ("Acme Tools",)}, "Time: ACM", False),
        ({"symbol": "ACM", "match": ("Acme Tools",), "listed": False}, "$ACM", False),
        ({"match": ("メタ",)}, "メタル製", False),
        ({"match": ("メタ",)}, "ヘビメタ", False),
        ({"match": ("メタ",)}, "メタが発表", True),
        ({"match": ("Acme",)}, "myAcme", False),
        ({"match": ("Acmes",)}, "myAcmes", True),
        ({"match": ("Acmes",)}, "AcmesGo", True),
        ({"match": ("Acmes",)}, "Acmesgo", False),
        ({"match": ("Acmes",)}, "Acmes2", True),
    ],
)
def test_rules_mean_what_their_keys_say(fields: dict[str, Any], title: str, hit: bool) -> None:
    assert bool(compile_rules([rule(**fields)]).tag(title)) is hit


@pytest.mark.parametrize(
    ("rules", "name", "line", "reason"),
    [
        ([rule("Bad Name", match=("x",))], "Bad Name", None, "a-z"),
        ([rule(match=("x",)), rule(match=("y",), line=7)], "acme", 7, "same name"),
        ([rule(match=("  ",))], "acme", None, "letter"),
        ([rule(match=("a*b",))], "acme", None, "end"),
        ([rule(never=("x",))], "acme", None, "matches nothing"),
        ([rule(match=("x",), only_near=("*",), line=3)], "acme", 3, "context"),
    ],
)
def test_bad_rules_are_refused_by_name_and_line(rules: list[TagRule], name: str, line: int | None, reason: str) -> None:
    with pytest.raises(RuleError, match=reason) as caught:
        compile_rules(rules)
    assert (caught.value.name, caught.value.line) == (name, line)
    assert (f"line {line}" in str(caught.value)) is (line is not None)


def test_no_rules_find_nothing() -> None:
    assert compile_rules([]).tag("Nvidia", "Nvidia") == ()


def test_the_fingerprint_changes_with_the_rules_alone() -> None:
    one = compile_rules([rule(match=("x",))]).fingerprint
    assert one == compile_rules([rule(match=("x",), line=9)]).fingerprint
    assert one != compile_rules([rule(match=("x", "y"))]).fingerprint


_FOUND = st.sampled_from(
    [name for one in companies() for name in (*one.names, *one.caps, *one.words, *one.codes, *one.brands)]
)
_GLUE = st.sampled_from(
    [" ", "", "\n", "-", "’s ", "，", "(NASDAQ: ", "$", "https://", ".com", "İ", "ß", "ﬁ", "\u3000", "#"]
)
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@given(st.lists(st.one_of(_FOUND, _GLUE, st.text(max_size=8)), max_size=12).map("".join), st.text(max_size=60))
def test_offsets_point_into_the_original_text(one: str, two: str) -> None:
    for title, text in ((one, two), (two, one)):
        for mention in TAGGER.tag(title, text):
            for match in mention.matches:
                field = title if match.field == "title" else text
                assert field[match.start : match.end] == match.text != ""


@given(st.sampled_from(["Nvidia", "DeepSeek", "TSMC", "Qualcomm", "GeForce"]), st.text("发布 新、", max_size=5))
def test_full_width_forms_are_the_same_name(name: str, around: str) -> None:
    usual = TAGGER.tag(f"{around}{name}{around}")
    wide = TAGGER.tag(f"{around}{name.translate(_WIDE)}{around}")
    assert [(one.tag, one.matches[0].start) for one in usual] == [(one.tag, one.matches[0].start) for one in wide]
    assert usual


@given(st.text(max_size=8), st.text(max_size=8))
def test_any_rule_is_compiled_or_refused(name: str, match: str) -> None:
    try:
        tagger = compile_rules([TagRule(name, match=(match,), only_near=(match,))])
    except RuleError:
        return
    assert isinstance(tagger, Tagger)
    tagger.tag(f"{match} {match}", match)


def test_half_a_surrogate_pair_matches_nothing_and_hides_nothing() -> None:
    mentions = TAGGER.tag("Nvidia \udc80 up")
    assert [mention.tag for mention in mentions] == ["nvidia"]


def test_a_company_of_the_table_is_found_by_every_kind_of_name() -> None:
    row = Company(
        "acme",
        "Acme",
        "ACM",
        names=("Acme*", "Acme-Works"),
        caps=("Home Anvil",),
        brands=("Roadrunner",),
        codes=("X1",),
        near=("anvil*",),
        never=("Acme of skill",),
        tickers=("ACM", "ACM.L"),
    )
    tagger = compile_rules((), (row, Company("bolt", "Bolt", names=("Bolt",), listed=False)))
    for title in ("Acmes", "acmeworks", "acme works", "Home Anvil", "Roadrunner", "X1 and anvils", "$ACM", "(ACM) up"):
        assert [one.tag for one in tagger.tag(title)] == ["acme"], title
    for title in ("home anvil", "HomeAnvil", "X1", "The acme of skill", "ACM up", "(ACM up", "A: ACM"):
        assert tagger.tag(title) == (), title


def test_a_word_that_is_rarely_a_company_does_not_count_in_a_text_alone() -> None:
    assert tags("Shopping news", "Next shares fall 4% after results, Next said.") == []
    assert tags("Next plc reports", "Next shares fall 4% after results.") == ["next-plc"]


TARGET = compile_rules((), (Company("shop", "Shop", words={"Target": "h1 z4 d t2"}),))


@pytest.mark.parametrize(
    ("title", "text", "count"),
    [
        # What the title has settled counts wherever it stands.
        (
            "Target raises its outlook after earnings",
            "Target said so. The Target of the arrow. A Target, the third.",
            4,
        ),
        # After a first place that is meant, the second is not asked about, and a third does not count.
        ("News", "Target shares fall 4% after earnings. An arrow at the Target in the park. Target.", 2),
        ("News", "He threw a Giant Target into the park. He threw another Giant Target into the park.", 0),
    ],
)
def test_a_name_has_one_sense_in_one_article(title: str, text: str, count: int) -> None:
    assert sum(len(mention.matches) for mention in TARGET.tag(title, text)) == count


def test_a_part_of_a_longer_name_is_not_a_name_of_its_own() -> None:
    rows = (
        Company("store", "Store", names=("Target Tower",)),
        Company("shop", "Shop", words={"Target": "h3 z4 d t3"}),
    )
    tagger = compile_rules((), rows)
    assert only(tagger.tag("Target Tower shares fall 4% after earnings")).tag == "store"
    assert only(tagger.tag("Target shares fall 4% after earnings")).tag == "shop"


@pytest.mark.parametrize(
    ("title", "tag"),
    [
        ("A plane maker (NYSE:BA) reports", "boeing-co"),  # BA is BAE Systems in London, and British Airways in words
        ("A defence company (LON: BA) reports", "bae-systems"),
        ("A holding (NYSE: BRK.B) reports", "berkshire-hathaway"),
        ("Is $BRK.B cheap", "berkshire-hathaway"),
        ("A brewer (NYSE: BUD) reports", "ab-inbev"),  # by a listing that is not its first
        ("A platform (HKG:700) reports", "tencent"),
        ("A truck maker (STO: VOLV-B) reports", "ab-volvo"),
        ("Luxury (Euronext Paris: MC) reports", "lvmh"),
        ("Shops (TSE: SHOP) report", "shopify"),
        ("Is $NVDA-A", "nvidia"),
    ],
)
def test_a_symbol_is_of_the_exchange_that_is_named(title: str, tag: str) -> None:
    assert only(TAGGER.tag(title)).tag == tag


@pytest.mark.parametrize(
    "title",
    [
        "Ceny wzrosną w 2026 roku",
        "Przyjrzał się temu i odszedł",
        "A silver lining at last",
        "Un avion pris dans des rafales de vent",
        "Il s'impose devant le peloton",
        "Ariana Grande and her costars",
        "A yelp was heard in the street",
        "A widget desktop on an HTML Canvas",
        "Micromax launches Canvas Pace",
        "PointsDalle Amoled plus lumineuse",
        "Vande Bharat sleeper to be launched in January",
    ],
)
def test_a_name_that_is_a_word_of_another_language_needs_its_capital(title: str) -> None:
    assert tags(title) == []


def test_a_name_that_is_a_word_of_another_language_is_found_with_its_capital() -> None:
    assert tags("Roku launches a box") == ["roku"]
    assert tags("Peloton's shares fall, and Tenable wins a contract") == ["peloton", "tenable"]
    assert tags("Designers leave Canva's office") == ["canva"]
    assert tags("ConEd raises prices") == ["con-edison"]
    assert tags("Bharat Electronics wins order") == ["bharat-electronics"]
    assert tags("Li-Ning opens stores") == ["li-ning"]


def test_what_is_labelled_are_the_names_that_the_model_decides_on_and_the_sure_ones() -> None:
    title = "Nvidia sues Target over Shell"
    asked, sure = TAGGER.ambiguous(title)
    assert [(title[start:end], tag) for start, end, _, tag in asked] == [
        ("Target", "target-corp"),
        ("Shell", "shell-plc"),
    ]
    assert {(title[start:end], tag) for start, end, tag in sure} == {("Nvidia", "nvidia")}
    # A name that is sure of a company answers for its ambiguous ones.
    asked, sure = TAGGER.ambiguous("Delta Air Lines: Delta adds flights")
    assert not asked
    assert {tag for _, _, tag in sure} == {"delta-air-lines"}


def test_shares_come_in_the_order_of_the_text() -> None:
    found = list(shares("(TSM) falls, NASDAQ: AMD and $NVDA and (MU) rise"))
    assert found == [("(", 1, 4, "TSM"), (":", 21, 24, "AMD"), ("$", 29, 34, "NVDA"), ("(", 40, 42, "MU")]


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        ("# CVE: CVE-2025-57642", set()),
        ("Details (TSXV: CVE) are out", {"CVE"}),
        ("A holding (NYSE: BRK-B) reports", {"BRK", "BRK-B"}),
        ("Units (TSX: REI-UN) rise", {"REI"}),
    ],
)
def test_a_number_with_letters_before_it_is_no_share(text: str, symbols: set[str]) -> None:
    assert {symbol for form, _, _, symbol in shares(text) if form.startswith(":")} == symbols


@pytest.mark.parametrize("line", ["SHARE THIS: Nvidia", "Read More: Nvidia", "İ", "Écrit par Nvidia"])
def test_boilerplate_is_found_in_any_case_and_at_its_place(line: str) -> None:
    text = f"İİ\n{line}"
    spans = [(3, len(text))] if ":" in line else []
    assert boilerplate(text) == spans
    assert boilerplate(text, text.replace("İ", "I").lower()) == spans
    assert ("nvidia" in {one.tag for one in TAGGER.tag("", text)}) is (line == "Écrit par Nvidia")
    # the same without a character that is replaced
    assert ("nvidia" in {one.tag for one in TAGGER.tag("", f"Nothing\n{line}")}) is (line == "Écrit par Nvidia")


@pytest.mark.parametrize(
    ("text", "expected"), [("！Ａ", "!A"), ("ｚ～", "z~"), ("ｱ–ﾟ", "ｱ-ﾟ"), ("“é”", "“é”"), ("\ud800Ａ", "\ud800A")]
)
def test_full_width_forms_become_plain_and_others_stay(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_a_time_is_no_exchange() -> None:
    assert exchange_endings("shares on the NYSE at 10") == ()
    assert exchange_endings("the NYSE-listed share") == ()
    assert exchange_endings("shares (NYSE") == ("",)
    assert exchange_endings("shares (NYSE American") == ("",)


@pytest.mark.slow
def test_the_fingerprint_is_the_same_in_every_process() -> None:
    code = "from tests.tagging.measure import builtin_tagger; print(builtin_tagger().fingerprint)"
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(found) == 1
    assert found != {"\n"}
