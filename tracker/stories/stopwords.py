"""Function words of ten languages: they tell which language a title is in, and nothing about its story."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

_WORDS = {
    "en": """
a an the and or but nor of to in on at by for from with without into onto over under after before as is are was were
be been being am do does did done has have had having it its this that these those he she they we you i his her their
our your my me him them us who what when where why how which whose will would can could may might must shall should
not no up down out off than then so if about more most less new now says say said saying tells told via amid just also
only still here there get gets got make makes made report reports reported update updates live video watch photos
breaking news th st nd rd u s today yesterday week year month all any some one first last next vs per""",
    "fr": """
le la les l un une des du de d et ou mais donc ni que qui quoi dont où à au aux en dans sur sous pour par avec sans ce
cet cette ces se sa son ses leur leurs il elle ils elles on nous vous je tu ne pas plus est sont était a ont été être
avoir fait selon après avant chez entre comme si y c s n j qu m t""",
    "de": """
der die das den dem des ein eine einen einem einer und oder aber von zu zum zur im am an auf für mit ohne nach vor bei
aus über unter ist sind war waren wird werden hat haben sich nicht auch als wie er sie es wir ihr so will soll""",
    "es": """
el los las un una uno del y o u con sin su sus al lo por para que en se es más como ante tras desde sobre entre le
ya""",
    "it": """
il lo gli i di da che non per una e è del della dei delle nel nella con su ai al alla dopo come più si sono ha""",
    "pt": "o os as um uma do da dos das no na nos nas em com por para que e é ao à mais não se após sobre são foi",
    "pl": """
w z na i do po się nie to jest za od już ale jak o że u przed przez pod nad ma będzie są co czy dla ze we tak""",
    "nl": "de het een en van in op te voor met zijn is niet aan om ook naar bij uit door na over wordt heeft dat die",
    "sv": "och i att en ett det som på är av för med till den har inte om från efter vid nu ska kan",
    "tr": "ve bir bu için ile da de çok en ne daha gibi sonra kadar olarak oldu var yeni",
}
STOP_WORDS = frozenset(word for words in _WORDS.values() for word in words.split())
"""Function words, and words that occur in any headline."""

_LANGUAGES: dict[str, list[str]] = {}
for _language, _text in _WORDS.items():
    for _word in _text.split():
        _LANGUAGES.setdefault(_word, []).append(_language)


def guess_language(words: Iterable[str]) -> str | None:
    """Return the language that most function words of a title belong to; None where they do not tell.

    A script of its own counts as a language: "zh" for Chinese characters, "ja" with kana, "ko", "ru" for Cyrillic.
    """
    votes: Counter[str] = Counter()
    for word in words:
        if word.isascii() or word[0] < "Ͱ":
            for language in _LANGUAGES.get(word, ()):
                votes[language] += 1
        else:
            votes[_script(word)] += 2
    if not votes:
        return None
    if votes["ja"]:
        return "ja"
    (best, most), *others = votes.most_common(2)
    return best if not others or others[0][1] < most else None


def _script(word: str) -> str:
    first = word[0]
    if "\u3040" <= first <= "\u30ff" or "\u3040" <= word[-1] <= "\u30ff":
        return "ja"
    if "\uac00" <= first <= "\ud7ff":
        return "ko"
    if first >= "\u2e80":
        return "zh"
    return "ru" if "\u0400" <= first <= "\u04ff" else "??"
