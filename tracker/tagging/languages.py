"""The language of an article, as far as it decides whether a name is an ordinary word there; pure."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+")
_READ = 600
"""Characters of an article that are read."""
_LEAST = 2
"""Marks of a language that are needed."""
_COMMON = {
    "en": "the of to and in for is on with that a at by from as it after over his her new says",
    "fr": "le la les des du une est dans pour sur avec qui que et au aux par pas plus ce ses sont",
    "de": "der die das und ist für mit von ein eine nicht auf im zu den dem sich bei nach wird",
    "es": "el los las una por para con del que en y se más su al como sobre es un la",
    "pt": "o os as um uma do da dos das para com não em e no na que por mais se ao",
    "it": "il di che per gli con una del della e non è nel alla dei le la un si più",
    "pl": "w na z do nie się i jest dla po od o że za przez jak to są oraz ma",
    "nl": "de het een van en in op voor met is niet dat te aan door zijn bij ook naar",
    "sv": "och att det som en på är av för med den till inte om ett har från men de vid",
    "da": "og at det som en på er af for med den til ikke om et har fra men de ved",
    "nb": "og at det som en på er av for med den til ikke om et har fra men de ved",
    "fi": "ja on ei se että oli hän mutta myös kun ovat joka niin kuin tai sen jos vain mukaan nyt",
    "cs": "a v na je se že s z do o pro po jako ale za by od při podle jsou",
    "tr": "ve bir bu için ile de da olarak daha çok gibi sonra kadar olan en ne ya mi göre",
    "hu": "a az és hogy nem is egy ez volt de van csak meg már mint még el ki lesz után",
    "ro": "și în de la cu pe din nu o un a care este pentru mai să au fost se ce",
}
_LETTERS = {
    "ąćęłńśźż": ("pl",),
    "ß": ("de",),
    "ãõ": ("pt",),
    "ñ¿": ("es",),
    "œ": ("fr",),
    "åø": ("sv", "da", "nb"),
    "ěřů": ("cs",),
    "ğış": ("tr",),
    "őű": ("hu",),
    "ășț": ("ro",),
}
_LANGUAGES: dict[str, list[str]] = {}
_MARKS = {letter: codes for letters, codes in _LETTERS.items() for letter in letters}
for _code, _text in _COMMON.items():
    for _one in _text.split(" "):
        _LANGUAGES.setdefault(_one, []).append(_code)


def languages_of(title: str, text: str = "") -> frozenset[str]:
    """Return the codes of the languages that an article may be in, by its most common words and letters, or none."""
    counts: dict[str, int] = {}
    read = f"{title} {text[:_READ]}".lower()
    for codes in (
        *(_LANGUAGES.get(word, ()) for word in _WORD.findall(read)),
        *(_MARKS.get(letter, ()) for letter in read),
    ):
        for code in codes:
            counts[code] = counts.get(code, 0) + 1
    most = max(counts.values(), default=0)
    return frozenset(code for code, count in counts.items() if count == most) if most >= _LEAST else frozenset()
