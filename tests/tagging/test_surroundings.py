"""Names that are part of another name: of a person, a place, a school, a number or a compound."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tagging.measure import builtin_tagger
from tracker.model.market import WatchSymbol
from tracker.model.tags import TagRule
from tracker.tagging.catalog import builtin_rules
from tracker.tagging.companies import companies, given_names, other_shares
from tracker.tagging.match import compile_rules
from tracker.tagging.surroundings import is_in_compound, is_part_of_another, is_plural_abbreviation
from tracker.tagging.watch import watch

TAGGER = builtin_tagger()


def tags(title: str, text: str = "") -> set[str]:
    return {mention.tag for mention in TAGGER.tag(title, text)}


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("the German Lena Dürr wins", "Dürr", True),
        ("the German “Lena Dürr” wins", "Dürr", True),
        ("PHILIPPE RENAULT signs", "RENAULT", True),
        ("lena Dürr wins", "Dürr", False),
        ("Lena dürr wins", "dürr", False),
        ("Lena, Dürr wins", "Dürr", False),
        ("Shares of Dürr rise", "Dürr", False),
        ("Dürr rises", "Dürr", False),
        ("Lena Rio Tinto wins", "Rio Tinto", False),
        ("Startup raises $3M in seed round", "3M", True),
        ("Shares of 3M rise", "3M", False),
        ("a town called Cadillac-sur-Garonne", "Cadillac", True),
        ("l'université Cheikh-Anta-Diop", "Anta", True),
        ("the 3-Anta-Diop", "Anta", False),
        ("the Nike-Anta-2 deal", "Anta", False),
        ("a Cadillac-based firm", "Cadillac", False),
        ("he went to Kellogg School of Management", "Kellogg", True),
        ("he went to Kellogg Business School", "Kellogg", True),
        ("a Kellogg Scandal", "Kellogg", False),
        ("a Kellogg school bus", "Kellogg", False),
    ],
)
def test_a_longer_name_is_another(text: str, name: str, expected: bool) -> None:
    start = text.index(name)
    assert is_part_of_another(text, start, start + len(name), given_names()) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ASICs", True),
        ("IOs", True),
        ("ASICS", False),
        ("Asics", False),
        ("SOMETHINGs", False),
        ("M&M's", False),
    ],
)
def test_several_of_an_abbreviation_are_no_company(name: str, expected: bool) -> None:
    assert is_plural_abbreviation(f"the {name} run", 4, 4 + len(name)) is expected


def test_an_abbreviation_in_the_plural_is_no_company_unless_the_user_says_so() -> None:
    assert tags("Miners unplug their ASICs") == set()
    assert tags("Asics opens stores") == {"asics"}
    assert tags("ASICS opens stores") == {"asics"}
    own = compile_rules([TagRule("chips", match=("ASICs",))], companies())
    assert {mention.tag for mention in own.tag("Miners unplug their ASICs")} == {"chips"}


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("an XML-RPC call", "RPC", True),
        ("train a GPT-2 model", "GPT", True),
        ("jar tf META-INF", "META", True),
        ("Multi-Pixel sensor", "Pixel", True),
        ("ex-Meta engineer", "Meta", False),
        ("Ex-Meta Engineer", "Meta", False),
        ("Anti-Uber protests", "Uber", False),
        ("an Arm-based chip", "Arm", False),
        ("Stripe-Owned bridge", "Stripe", False),
        ("the Paramount-Warner deal", "Paramount", False),  # the other is a name, too
        ("the Paramount-Warner deal", "Warner", False),
        ("Meta- and AI", "Meta", False),
        ("- Meta rises", "Meta", False),
        ("Meta rises", "Meta", False),
    ],
)
def test_a_hyphen_joins_an_ambiguous_name_to_another_word(text: str, name: str, expected: bool) -> None:
    known = {(text.find(one), text.find(one) + len(one)) for one in ("Paramount", "Warner") if one in text}

    def others(end: int, start: int) -> bool:
        return any(place[1] == end or place[0] == start for place in known)

    start = text.index(name)
    assert is_in_compound(text, start, start + len(name), others) is expected


@given(st.text(max_size=40), st.integers(0, 40), st.integers(1, 10))
def test_any_text_is_read(text: str, start: int, length: int) -> None:
    if start + length <= len(text):
        assert is_part_of_another(text, start, start + length, given_names()) in (True, False)
        assert is_in_compound(text, start, start + length, lambda end, place: False) in (True, False)


@pytest.mark.parametrize(
    ("title", "text", "tag"),
    [
        ("Skier wins slalom", "Behind the German Lena Dürr she had the best time.", "durr"),
        ("Trace raises $3M to solve the agent problem in enterprise", "", "3m-co"),
        ("Floods", "Les habitants de Cadillac-sur-Garonne craignent le pire.", "general-motors"),
        ("Watykan podsumował okres", "W Watykanie podano liczby podczas obchodów Roku Jubileuszowego.", "roku"),
        ("L'IA et nous", "Une étude dit que la machine peut cerner votre personnalité mieux que vous.", "oracle"),
        ("How to upload a file", "Send an XML-RPC message to the server on the port that you like.", "rpc"),
        ("ipAddressType is what you need", "", "apple"),
        ("RedMine for Rake", "", "xiaomi"),
        ("All MySQL servers are slow", "", "microsoft"),
        ("Stock market today: Nasdaq, Dow, S&P 500 waver", "", "dow-chemical"),
        ("Incheon sets Guinness World Record with new bridge", "", "diageo"),
        ("Rolls-Royce Phantom gets a laser engraving", "", "rolls-royce-holdings"),
        ("Crisis is fuelling Indian oil stocks", "", "indian-oil-corp"),
        ("U.S. bank regulators meet", "", "us-bancorp"),
        ("Steve Jobs' eldest daughter writes a memoir", "", "apple"),
    ],
)
def test_what_is_of_somebody_or_something_else_is_not_tagged(title: str, text: str, tag: str) -> None:
    assert tag not in tags(title, text)


@pytest.mark.parametrize(
    ("title", "text", "tag"),
    [
        ("Dürr raises its forecast", "", "durr"),
        ("3M raises its forecast", "", "3m-co"),
        ("Cadillac recalls 4,000 cars", "", "general-motors"),
        ("Roku unveils a new stick", "", "roku"),
        ("Akcje Roku spadają na giełdzie, a spółka nie podaje prognozy", "", "roku"),
        ("iPads and iPadOS", "", "apple"),
        ("Nowy Redmi Note", "", "xiaomi"),
        ("Microsoft SQL Server 2025 is here", "", "microsoft"),
        ("Dow to cut 1,500 jobs at chemical plants", "", "dow-chemical"),
        ("Diageo sells Guinness stake", "", "diageo"),
        ("Rolls-Royce shares hit record high", "", "rolls-royce-holdings"),
        ("Indian Oil shares rise", "", "indian-oil-corp"),
        ("U.S. Bank raises its dividend", "", "us-bancorp"),
    ],
)
def test_the_company_itself_is_still_tagged(title: str, text: str, tag: str) -> None:
    assert tag in tags(title, text)


@pytest.mark.parametrize(
    "text",
    [
        "Put this somewhere in your $PATH, or make it live here: /engineyard/bin",
        "It decrypts it by XORing every byte with $DE. lda #$EB eor #$35 sta",
        'range("a1").address gives "$C$3" here',
        "the squared $L^2$ norm of the target function",
        "var pars = { complete:$F(checkbox) }",
    ],
)
def test_a_variable_in_a_text_is_no_cashtag(text: str) -> None:
    assert not {mention.tag for mention in TAGGER.tag("Notes on a program", text)}


def test_a_cashtag_in_a_text_counts_beside_words_of_shares() -> None:
    assert "nvidia" in tags("Chips", "Shares of $NVDA rose 4% after earnings beat estimates.")
    assert "nvidia" in tags("$NVDA")
    assert "john-deere" in tags("John Deere beats estimates", "The maker of tractors ($DE) sold more.")
    watched = compile_rules(builtin_rules(), watch(companies(), [WatchSymbol("PATH")], other_shares()))
    assert "uipath" in {mention.tag for mention in watched.tag("Notes", "Put this in your $PATH or not")}
    own = compile_rules([TagRule("mine", symbol="PATH", match=("Mine Inc",))], companies())
    assert "mine" in {mention.tag for mention in own.tag("Notes", "Put this in your $PATH or not")}


def test_an_ambiguous_name_in_a_text_needs_more_than_one_in_a_title() -> None:
    title = "Reviews of the week"
    text = "Alexandra at the desk said that NMI interrupts are handled with care on this old machine."
    assert "nmi" not in tags(title, text)
    assert "nmi" in tags("NMI Holdings beats estimates", text)


def test_a_town_in_an_address_is_no_company() -> None:
    text = "Write to Bethesda, MD 20892 or to Bethesda, MD by 2030"
    assert is_part_of_another(text, 9, 17, frozenset())
    assert not is_part_of_another(text, text.rindex("Bethesda"), text.rindex("Bethesda") + 8, frozenset())
