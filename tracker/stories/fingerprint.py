"""What makes two articles one: the address under its spellings, the words and numbers of the title."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from tracker.stories.stopwords import STOP_WORDS

_TRACKING = re.compile(
    r"utm_\w*|at_\w*|ns_\w*|mc_\w*|pk_\w*|hsa_\w*|_hs\w*|wt_\w*|ito|xtor|fb\w*clid|fbclid|gclid|dclid|msclkid|yclid|igshid|"
    r"ftag|cmp|cmpid|ncid|icid|cid|smid|smtyp|siteid|yptr|guccounter|guce_\w*|ref|ref_src|referrer|source|src|via|sh|taid|"
    r"rss|feed|from|share|spm|scm|output|amp|outputtype|partner|mod|ocid|sr_share|_ga|__twitter_impression|cvid|ei|soc_\w*|"
    r"s_campaign|campaign|medium|trk|trkcampaign|leadsource|intcmp|wprss|mbid|bxid|esrc|tblci|ftcamp|syn-\w*|isfreemail",
    re.IGNORECASE,
)
_MIRROR = re.compile(r"^(?:(?:www|m|mobile|amp|touch|wap)\.)+(?=[^.]+\.)")
_AMP_CACHE = re.compile(
    r"^(?:(?:www\.)?google\.[a-z.]+/amp/(?:s/)?|[^/]+\.cdn\.ampproject\.org/[a-z]/(?:s/)?)+(?=[^/]+\.)"
)
_TAIL = re.compile(r"(?:/amp|/index\.(?:html?|php)|\.amp|/)*$")


def canonical_url(url: str) -> str:
    """One spelling for all addresses of an article: https, no www, mobile or amp host, no tracking, no fragment.

    Parameters that may name the article (`item?id=`, `?p=`) stay, in a fixed order. What is no web address comes back
    as it is.
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").rstrip(".")
        port = parts.port
    except ValueError:
        return url
    if parts.scheme.lower() not in ("http", "https") or not host:
        return url
    cached = _AMP_CACHE.match(host + parts.path)
    if cached is not None:
        rest = (host + parts.path)[cached.end() :]
        return canonical_url(f"https://{rest}?{parts.query}")
    host = _MIRROR.sub("", host)
    path = _TAIL.sub("", re.sub(r"/{2,}", "/", parts.path))
    path = re.sub(r"^(?:/amp)+(?=/)", "", re.sub(r"(?:\.amp)+\.html$", ".html", path))
    query = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.fullmatch(name.removeprefix("amp;"))
    )
    # A hash-bang fragment is a page of its own.
    page = "#" + parts.fragment if parts.fragment.startswith("!") else ""
    where = host if port in (None, 80, 443) else f"{host}:{port}"
    return f"https://{where}{path}" + (f"?{urlencode(query, errors='surrogatepass')}" if query else "") + page


_TOKEN = re.compile(
    r"(?P<number>\d+(?:[.,:]\d+)*)|(?P<unspaced>[\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff]+)|"
    r"(?P<word>[^\W\d_]+(?:'[^\W\d_]+)?)"
)


_WORDS = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)?")


@dataclass(frozen=True, slots=True)
class TitleWords:
    """The words of a title that tell it from others."""

    words: frozenset[str]
    """Stems without stop words; pairs of characters for scripts without blanks."""
    numbers: frozenset[str]
    """As written, thousands separators aside."""
    labelled: frozenset[tuple[str, str]]
    """(word, number) where the number follows that word: `("q", "2")`, `("day", "3")`."""


def title_words(title: str) -> TitleWords:
    """The telling words and all numbers of a title, in any script."""
    text = _folded(title)
    words: set[str] = set()
    numbers: set[str] = set()
    labelled: set[tuple[str, str]] = set()
    before = ""
    for found in _TOKEN.finditer(text):
        token = found.group()
        if found.lastgroup == "number":
            number = re.sub(r"[,:](?=\d{3}\b)", "", token)
            numbers.add(number)
            if before and before not in STOP_WORDS:
                labelled.add((before, number))
            before = ""
        elif found.lastgroup == "unspaced":
            words.update(token[place : place + 2] for place in range(max(1, len(token) - 1)))
            before = token[-2:]
        else:
            bare = token.split("'")[-1] if len(token.split("'")[0]) <= 2 else token.split("'")[0]
            if bare not in STOP_WORDS:
                words.add(_stem(bare))
            before = bare
    return TitleWords(frozenset(words), frozenset(numbers), frozenset(labelled))


def title_key(title: str) -> str:
    """A title without case, accents of typography, punctuation and blanks: equal keys are one title."""
    return " ".join(_WORDS.findall(_folded(title)))


def digest(text: str) -> str:
    """BLAKE2b-64 hex: short enough for an index; a clash costs one comparison more, no wrong merge."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class StoryPrint:
    """What grouping knows of an article; made again from its stored title, address, text and time."""

    url: str | None
    key: str
    title: TitleWords
    lead: str | None
    """Digest of the opening of the text; None for texts too short to tell."""
    time: datetime | None
    keys: tuple[str, ...]
    """What to look candidates up by; articles that share none are different stories."""


_LEAD = 240
_SHORTEST_LEAD = 120
_PAIRED = 6
"""Words whose pairs are keys: 15 an article at most. Five lost 1.7 points of recall on a day, twelve gained 0.2."""


def fingerprint(title: str, url: str | None, text: str = "", published: datetime | None = None) -> StoryPrint:
    """The print of one article; nothing here depends on any other."""
    words = title_words(title)
    key = title_key(title)
    address = canonical_url(url) if url else None
    opening = title_key(text[: _LEAD + 60])[:_LEAD]
    lead = digest(opening) if len(opening) >= _SHORTEST_LEAD else None
    keys = [f"t{digest(key)}"]
    if address is not None:
        keys.append(f"u{digest(address)}")
    if lead is not None:
        keys.append(f"x{lead}")
    telling = sorted(sorted(words.words, key=lambda word: (-_weight(word), word))[:_PAIRED])
    keys += [f"w{digest(f'{one} {two}')}" for place, one in enumerate(telling) for two in telling[place + 1 :]]
    return StoryPrint(address, key, words, lead, published, tuple(keys))


def _weight(word: str) -> float:
    """How much a word tells without knowing any other title: its length, up to nine letters."""
    return 6.0 if len(word) <= 2 and not word.isascii() else float(min(len(word), 9))


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text)
    for odd in "‘’ʼ´":
        text = text.replace(odd, "'")
    return text.casefold()


def _stem(word: str) -> str:
    """Plural and tense endings off: enough for headlines, where `tumbles` and `tumbled` are one."""
    for ending in ("ings", "ing", "ies", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
