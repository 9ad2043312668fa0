"""What a headline says, as terms: words, names, numbers with their units, actions, dates, tags and language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tracker.stories.actions import find_actions
from tracker.stories.numbers import COUNTING_WORDS, find_numbers
from tracker.stories.stopwords import guess_language
from tracker.stories.weights import is_ordinary, shipped_rarity
from tracker.stories.words import Token, telling_stems, tokens

_TAIL = re.compile(r"\s(?:[-|–—·]\s(?:[\w.&'’]++\s){0,3}[\w.&'’]++|\((?:[\w.&'’-]++\s)?[\w.&'’-]++\))[\s.…]*+$")
"""A site's suffix to its titles (" - Reuters", " | WDRB 41", " (video)"), which says nothing about the story."""
_HEAD = re.compile(r"\A\s*+(?:\[[^\[\]]{1,24}\]|【[^【】]{1,12}】|［[^［］]{1,12}］)\s*+")
"""A section or a label before a title ("[Exclusive]", "【图集】"), which unrelated titles of a site have in common."""
_SERIES = re.compile(r"\A\s*+((?:[^\W_][\w&.'’-]*+\s++){1,4}[^\W_][\w&.'’-]*+)\s?+:\s")
"""What a series has before each of its titles: "Morning bid: all eyes on jobs"."""
_LONGEST_NAME = 4
_WITHIN_NAMES = frozenset(["of", "de", "der", "von", "du", "la"])
_WHOLE = 0.5
_MAX_TERMS = 48
"""Most terms taken from one title; some titles are whole paragraphs."""
_OPENING = 400
"""Characters of a text that are read: its first sentences say what happened."""
_MOST_SUMMARY_WORDS = 16
_ADDRESS = re.compile(r"(?<!\S)\S*?://\S*+")


def story_terms(title: str, tags: Iterable[str] = ()) -> tuple[str, ...]:
    """Return what a headline says, each term once.

    `g:` tags that the title is about, `z:` the language, `a:` actions, `e:` names,
    `c:` names of several words (`c:west+bank`), `w:` words,
    `n:` numbers with their units, `l:` numbered issues (`l:day=3`), `d:` dates and days of the week,
    `h:` the words before a colon, which a series has before each title, `b:` the name that it begins with.
    """
    bare = _without(_TAIL, _without(_HEAD, title))
    found = tokens(bare)
    telling = [token for token in found if not token.is_stop and token.text not in COUNTING_WORDS]
    numbers = find_numbers(title)
    terms = [f"g:{tag}" for tag in sorted(set(tags))]
    language = guess_language(token.text for token in found)
    if language:
        terms.append(f"z:{language}")
    terms += [f"a:{action}" for action in find_actions(token.text for token in found)]
    terms += [f"n:{number}" for number in numbers.amounts]
    terms += [f"d:{date}" for date in numbers.dates]
    terms += [f"l:{label}" for label in numbers.labels]
    names = {token.stem for token in telling if is_name(token)}
    terms += [f"e:{name}" for name in sorted(names)]
    terms += [f"c:{phrase}" for phrase in name_phrases(found)]
    if subject := subject_words(found):
        terms.append(f"b:{'+'.join(subject)}")
    if series := _SERIES.match(bare):
        terms.append(f"h:{'+'.join(token.stem for token in tokens(series[1]))}")
    terms += [f"w:{stem}" for stem in dict.fromkeys(token.stem for token in telling)]
    return tuple(dict.fromkeys(terms[:_MAX_TERMS]))


def _without(end: re.Pattern[str], title: str) -> str:
    """Return a title without what a site adds at this end of it, unless that is most of it."""
    bare = end.sub("", title)
    return bare if _WHOLE * len(title) <= len(bare) else title


def summary_term(text: str, title: Iterable[str]) -> str | None:
    """Return the most telling words of a text's opening as one term, `s:maduro+caracas`; None for one without any.

    Words alone, for they would be too many rows: articles are not looked up by them, only compared.

    Args:
        title: the words of the title, which are left out.
    """
    opening = text[:_OPENING]
    if "://" in opening:
        opening = _ADDRESS.sub(" ", opening)
    told = set(telling_stems(opening)).difference(title)
    ranked = sorted([(-shipped_rarity(word), word) for word in told])[:_MOST_SUMMARY_WORDS]
    return "s:" + "+".join([word for _, word in ranked]) if ranked else None


def name_phrases(found: Sequence[Token]) -> list[str]:
    """Return the names of several words: "west bank". A title With Capitals Everywhere does not tell."""
    if not _tells_names(found):
        return []
    phrases: dict[str, None] = {}
    run: list[str] = []
    for token in [*found, None]:
        if token is not None and (token.is_capital or token.is_code) and not token.is_stop:
            run.append(token.stem)
            continue
        if 2 <= len(run) <= _LONGEST_NAME:
            phrases["+".join(run)] = None
        run = []
    return list(phrases)


def subject_words(found: Sequence[Token]) -> list[str]:
    """Return the words and initials of the name that a title begins with: "Bank of Japan", bank, bj, boj and japan.

    None for one ordinary word, which has a capital as the first of its title.
    """
    run: list[Token] = []
    for token in found if _tells_names(found) else ():
        if not (token.is_capital or token.is_code or (run and token.text in _WITHIN_NAMES)):
            break
        run.append(token)
    telling = [token for token in run if not token.is_stop]
    if not telling or len(telling) > _LONGEST_NAME or (len(telling) == 1 and not is_name(telling[0])):
        return []
    words = {token.stem for token in telling}
    if len(telling) > 1:
        words |= {"".join(token.text[0] for token in named) for named in (run, telling)}
    return sorted(words)


def _tells_names(found: Sequence[Token]) -> bool:
    """Return False for a title With Capitals Everywhere, or too short to tell."""
    return len(found) >= 4 and 10 * sum(token.is_capital for token in found) <= 7 * len(found)


def is_name(token: Token) -> bool:
    """True for a word written as a name, and no ordinary word that a headline begins with a capital."""
    return len(token.text) > 1 and (token.is_code or (token.is_capital and not is_ordinary(token.stem)))
