"""Which story the press made of a filing, a halt, a release: by company, time and what both are about; pure.

Only what is certain counts. A filing says what it is about by its items, a release by the name of what it releases, and
at least half of a story's reports must be about the same. So form 8.01 ("other events"), which may be anything, never
becomes the original of a story.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from msgspec import Struct

from tracker.model.sources import OriginKind
from tracker.stories.fingerprint import address_key, canonical_url
from tracker.stories.weights import is_ordinary
from tracker.stories.words import plain, stem

_SUBJECTS: Mapping[str, str] = {
    "1.01": "agreement",
    "1.02": "termination",
    "1.03": "bankruptcy",
    "1.05": "cyberattack",
    "2.01": "completion",
    "2.02": "results",
    "2.05": "restructuring",
    "2.06": "impairment",
    "3.01": "delisting",
    "4.01": "auditor",
    "4.02": "restatement",
    "5.01": "control",
    "5.02": "officers",
    "5.07": "vote",
}
"""The subject of each item of form 8-K that has one."""
WITHIN: Mapping[OriginKind, timedelta] = {
    "sec": timedelta(hours=12),
    "halts": timedelta(hours=6),
    "models": timedelta(hours=72),
    "twse": timedelta(hours=12),
    "company": timedelta(hours=12),
}
"""How long after it the press takes a thing up."""
LONGEST = max(WITHIN.values())
_ITEM = re.compile(r"^Item (\d\.\d\d)\b", re.MULTILINE)
_AMENDED = " (amended)"
_PART = re.compile(r"[a-z]+\d*(?:\.\d+)*[a-z]*|\d+(?:\.\d+)*[a-z]*")
_SIZE = re.compile(r"a?\d+(?:\.\d+)?[bmt]|x\d+|fp\d+|int\d+|bf16|gguf|awq|gptq|hf")
"""Parts of a model's name that headlines leave out: parameters and formats."""
_GENERIC = frozenset({"ai", "org", "inc", "lab", "labs", "research", "team", "hq", "official", "llm", "the", "project"})
_LEAST_LETTERS = 4
_LEAST_WHOLE = 3
_DOT_AI = re.compile(r"(?<=\w)\.ai\b")
_LETTER = r"[^\W\u2e80-\ua4cf\uac00-\ud7ff]"
"""A letter of a script with spaces, or a digit."""


class Origin(Struct, frozen=True):
    """A filing, a halt or a release that stands alone."""

    id: int
    story_id: int
    kind: OriginKind
    time: datetime
    symbols: frozenset[str]
    """The shares of its company, by number or symbol; of a company's own release, the share of its headline."""
    title: str
    text: str
    key: str
    """Its key within its feed: of a model `author/name`."""


class PressReport(Struct, frozen=True):
    """A report of a story."""

    story_id: int
    time: datetime
    title: str
    symbol: str | None
    """The share of the company that its title names first."""


def original_keys(kind: OriginKind | None, url: str | None, keys: Sequence[str]) -> tuple[str, ...]:
    """Return the story keys of an article from such a source, given those of its words.

    Titles of filings, halts and models are moulds: two of them are alike without being one story. So they are known by
    their address alone, and a halt, whose address is that of all halts, not even by that.
    """
    if kind in (None, "company"):
        return tuple(keys)
    return () if url is None or kind == "halts" else (address_key(canonical_url(url)),)


def find_originals(origins: Iterable[Origin], reports: Iterable[PressReport]) -> list[tuple[Origin, int]]:
    """Return (original, story that the press made of it): each at most once.

    A story's first report comes after its original, within `WITHIN`. Of several stories, one with more reports that fit
    is preferred, then the earlier one; of several originals of a story, the last before its first report.

    Args:
        reports: all of the stories that may be meant, without originals.
    """
    stories: dict[int, list[PressReport]] = {}
    for one in reports:
        stories.setdefault(one.story_id, []).append(one)
    known = [one for one in origins if _AMENDED not in one.title]
    pairs: list[tuple[tuple[object, ...], Origin, int]] = []
    for story_id, told in stories.items():
        first = min(report.time for report in told)
        for origin in known:
            if origin.story_id == story_id or not origin.time <= first <= origin.time + WITHIN[origin.kind]:
                continue
            fitting = sum(_fits(origin, report) for report in told)
            if 2 * fitting >= len(told):
                pairs.append(((-fitting, first, first - origin.time, story_id, origin.id), origin, story_id))
    found: list[tuple[Origin, int]] = []
    taken: set[int] = set()
    for _, origin, story_id in sorted(pairs, key=lambda pair: pair[0]):
        if story_id not in taken and -origin.id not in taken:
            found.append((origin, story_id))
            taken |= {story_id, -origin.id}
    return found


def subjects_of(origin: Origin) -> tuple[str, ...]:
    """Return what a filing, a halt or a company's release is about, as far as that is certain."""
    if origin.kind == "sec":
        found = (_SUBJECTS.get(item) for item in _ITEM.findall(origin.text))
        return tuple(subject for subject in found if subject is not None)
    if origin.kind == "halts":
        return ("halt",)
    return tuple(subject for subject in subjects() if is_about(subject, origin.title))


def is_about(subject: str, title: str) -> bool:
    """Return whether a headline says all that a subject takes, and nothing that excludes it."""
    known = subjects()[subject]
    text = fold(title)
    if known.never is not None and known.never.search(text):
        return False
    return all(wanted.search(text) for wanted in known.wanted)


def fold(text: str) -> str:
    """Return a text as headlines and the phrases of subjects are compared: "schließt" is "schliesst"."""
    return plain(text).casefold()


class _Subject(Struct):
    wanted: list[re.Pattern[str]]
    never: re.Pattern[str] | None = None


@cache
def subjects() -> Mapping[str, _Subject]:
    """Return the shipped subjects: `subjects.txt` beside this file."""
    found: dict[str, _Subject] = {}
    for line in files("tracker.stories").joinpath("subjects.txt").read_text(encoding="utf-8").splitlines():
        head, _, listed = line.partition(" | ")
        if line.startswith("#") or not listed:
            continue
        name, _, never = head.partition(" ")
        subject = found.setdefault(name, _Subject([]))
        pattern = _any_of([fold(phrase.strip()) for phrase in listed.split(",")])
        if never:
            subject.never = pattern
        else:
            subject.wanted.append(pattern)
    return found


def _any_of(phrases: Sequence[str]) -> re.Pattern[str]:
    """Return what finds any of these phrases, of which those with `*` may go on as a longer word."""
    whole: list[str] = []
    begun: list[str] = []
    unspaced: list[str] = []
    for phrase in phrases:
        words = r"\s+".join(map(re.escape, phrase.rstrip("*").split()))
        # A word ends where a script without spaces begins: "CEOが辞任".
        (unspaced if phrase[0] >= "\u2e80" else begun if phrase.endswith("*") else whole).append(words)
    # The bounds of words once, not for each phrase: a second to compile all of them.
    bounded = "|".join((*begun, *([rf"(?:{'|'.join(whole)})(?!{_LETTER})"] if whole else ())))
    return re.compile("|".join((*([rf"(?<!{_LETTER})(?:{bounded})"] if bounded else ()), *unspaced)))


def _fits(origin: Origin, report: PressReport) -> bool:
    if origin.kind == "models":
        return names_model(origin.key, report.title)
    return report.symbol in origin.symbols and any(is_about(one, report.title) for one in subjects_of(origin))


def names_model(key: str, title: str) -> bool:
    """Return whether a headline names a model, `deepseek-ai/DeepSeek-R1`, and its maker.

    All of its name but the number of parameters, in one piece: "R1" is none of R1-Zero, nor the other way round. What a
    hyphen ties to it belongs to the name: "R1-0528" is another model.
    """
    maker, name = makers(key), model_parts(key)
    text = _DOT_AI.sub("ai", fold(title))
    found = list(_PART.finditer(text))
    words = [match.group() for match in found]
    if not name or not any(_is_maker(word, maker) for word in words):
        return False
    return any(
        words[place : place + len(name)] == name
        and not _goes_on(text, found, place + len(name))
        and not _is_tied(text, found, place, maker)
        for place in range(len(words))
    )


def _is_maker(word: str, maker: Iterable[str]) -> bool:
    """Return whether a word is a maker's, or begins with it: a short one only as it is."""
    return any(word == one or (len(one) >= _LEAST_LETTERS and word.startswith(one)) for one in maker)


def _goes_on(text: str, found: Sequence[re.Match[str]], place: int) -> bool:
    """Return whether a name has another part behind it: tied by a hyphen, or one that only names of variants have."""
    if place >= len(found):
        return False
    word = found[place].group()
    is_tied = text[found[place - 1].end() : found[place].start()] == "-"
    return word in _VARIANTS or (is_tied and not _SIZE.fullmatch(word))


def _is_tied(text: str, found: Sequence[re.Match[str]], place: int, maker: Iterable[str]) -> bool:
    """Return whether a hyphen ties a name to what stands before it, and that is not its maker: "Sky-R1"."""
    if not place or text[found[place - 1].end() : found[place].start()] != "-":
        return False
    return not _is_maker(found[place - 1].group(), maker)


_VARIANTS = frozenset(
    {"zero", "distill", "lite", "mini", "nano", "pro", "max", "plus", "flash", "turbo", "coder", "vl", "math", "omni"}
)


def model_parts(key: str) -> list[str]:
    """Return the parts of a model's name that headlines have: `["janus", "pro"]` of `deepseek-ai/Janus-Pro-7B`."""
    maker = makers(key)
    parts = [part for part in _parts(key.partition("/")[2]) if not _SIZE.fullmatch(part)]
    while len(parts) > 1 and parts[0] in maker:
        parts = parts[1:]
    whole = "".join(parts)
    is_telling = len(whole) >= _LEAST_LETTERS or any(char.isdigit() for char in whole)
    return parts if is_telling and parts[0] not in maker else []


def makers(key: str) -> frozenset[str]:
    """Return the words by which headlines know the maker of a model: `{"deepseek"}` of `deepseek-ai/...`."""
    return frozenset(_makers(key.partition("/")[0]))


def _makers(author: str) -> Iterator[str]:
    parts = _parts(author)
    # "zai-org" is Z.ai, "01-ai" is 01.AI.
    whole = "".join(part for part in parts if part == "ai" or part not in _GENERIC)
    if len(whole) >= _LEAST_WHOLE:
        yield whole
    for part in parts:
        short = part.removesuffix("ai")
        if short != part and is_ordinary(stem(short)):
            short = part  # "open" is not OpenAI
        yield from (one for one in (part, short) if len(one) >= _LEAST_LETTERS and one not in _GENERIC)


def _parts(text: str) -> list[str]:
    return _PART.findall(fold(text))
