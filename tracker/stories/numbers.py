"""The numbers of a title: amounts with their units, dates, and numbers of issues."""

from __future__ import annotations

import re

from msgspec import Struct

from tracker.stories.stopwords import STOP_WORDS
from tracker.stories.weights import is_ordinary
from tracker.stories.words import plain, stem

_UNITS = {
    "%": "% percent pct prozent procent por pour per",
    "e3": "k thousand tys",
    "e4": "万 萬 만",
    "e6": "m mn mln mio million millions millionen millones milioni milhões milion miliony milionów",
    "e8": "億 亿 억",
    "e9": (
        "b bn bln billion billions milliard milliards milliarde milliarden mrd md mds miliardi "
        "miliard miliardy miliarda miliardów"
    ),
    "e12": "t tn trn trillion trillions 万亿 兆 조",
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_MONTHS = (
    "jan january janvier januar enero gennaio stycznia styczeń janeiro januari",
    "feb february février februar febrero febbraio lutego luty fevereiro",
    "mar march mars märz marzo marca março maart",
    "apr april avril abril aprile kwietnia",
    "may mai mayo maggio maja maio mei",
    "jun june juin juni junio giugno czerwca junho",
    "jul july juillet juli julio luglio lipca julho",
    "aug august août agosto sierpnia augustus",
    "sep sept september septembre septiembre settembre września setembro",
    "oct october octobre oktober octubre ottobre października outubro",
    "nov november novembre noviembre listopada novembro",
    "dec december décembre dezember diciembre dicembre grudnia dezembro",
)
_MONTH_OF = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
_DAYS = (
    "monday lundi montag lunes lunedì poniedziałek",
    "tuesday mardi dienstag martes martedì wtorek",
    "wednesday mercredi mittwoch miércoles mercoledì środa",
    "thursday jeudi donnerstag jueves giovedì czwartek",
    "friday vendredi freitag viernes venerdì piątek",
    "saturday samedi samstag sábado sabato sobota",
    "sunday dimanche sonntag domingo domenica niedziela",
)
_DAY_OF = {word: number for number, words in enumerate(_DAYS, 1) for word in words.split()}
COUNTING_WORDS = frozenset((*_UNIT_OF, *_MONTH_OF, *_DAY_OF))
"""Units, months and days of the week: no words of a story."""
_PIECE = re.compile(
    r"(?P<money>[$€£¥₹]\s?+)?(?P<number>\d{1,3}(?: \d{3}){0,3}? \d00(?![\d.,:])|\d++(?:[.,:]\d++)*+)\s?+"
    r"(?P<unit>%|万亿|[万萬億亿兆만억조]|[^\W\d_]{1,12}+)?"
    r"|(?P<word>[^\W\d_]+)"
)
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:([., ])\d{3})(?:\1\d{3})*")
_GROUPS = re.compile(r"[., ]")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]+")


class Numbers(Struct, frozen=True):
    """What numbers a title has."""

    amounts: tuple[str, ...]
    """"17%", "5.93e+11" (593 billion of anything), "5090", "y2026" for a year."""
    dates: tuple[str, ...]
    """"1-27" for 27 January in any language, "w1" for a Monday."""
    labels: tuple[str, ...]
    """"day=3", "q=2", "rtx=5090": the number of an issue, a quarter, a model."""


def find_numbers(title: str) -> Numbers:
    """Return the numbers of a title by what they stand for; pure, linear."""
    folded = plain(title).casefold()
    if not _DIGIT.search(folded):
        return Numbers(
            (), tuple(dict.fromkeys(f"w{_DAY_OF[word]}" for word in _WORD.findall(folded) if word in _DAY_OF)), ()
        )
    amounts: dict[str, None] = {}
    dates: dict[str, None] = {}
    labels: dict[str, None] = {}
    before, month, day = "", 0, ""
    for piece in _PIECE.finditer(folded):
        if piece["word"] is not None:
            before = piece["word"]
            if before in _MONTH_OF and day:
                dates[f"{_MONTH_OF[before]}-{day}"] = None
                amounts.pop(day, None)
            if before in _DAY_OF:
                dates[f"w{_DAY_OF[before]}"] = None
            month, day = _MONTH_OF.get(before, 0), ""
            continue
        written, follows = piece["number"], piece["unit"] or ""
        unit = _UNIT_OF.get(follows, "")
        value = _value(written)
        day = ""
        if piece["money"] or unit:
            amounts[f"{value:.4g}%" if unit == "%" else f"{value * float('1' + (unit or 'e0')):.3g}"] = None
        elif month and value <= 31:
            dates[f"{month}-{value:.0f}"] = None
        elif follows in _MONTH_OF and value <= 31:
            dates[f"{_MONTH_OF[follows]}-{value:.0f}"] = None
        elif len(written) == 4 and written[:2] in ("19", "20") and written.isdigit():
            amounts[f"y{written}"] = None
        elif (count := _count(written)) is not None:
            amounts[f"{count:.3g}"] = None
        else:
            amounts[f"{value:g}"] = None
            if before and before not in STOP_WORDS and (len(before) <= 2 or not is_ordinary(stem(before))):
                labels[f"{before}={value:g}"] = None
            day = f"{value:.0f}" if value <= 31 else ""
        before, month = ("" if unit else follows), 0
        if before:
            if before in _DAY_OF:
                dates[f"w{_DAY_OF[before]}"] = None
            month = _MONTH_OF.get(before, 0) if not day else 0
    return Numbers(tuple(amounts), tuple(dates), tuple(labels))


def _count(written: str) -> float | None:
    """Return a number of things from a thousand on, as any country groups its digits; None for any other number.

    Four digits in a row are a model or a year.
    """
    digits = _GROUPS.sub("", written)
    is_grouped = digits != written and _GROUPED.fullmatch(written) is not None
    return float(digits) if is_grouped or (written.isdecimal() and len(written) > 4) else None


def _value(written: str) -> float:
    """Return the value of a number as written in English or on the continent; 1:30 is 1.3."""
    written = written.replace(":", ".").replace(" ", "")
    comma, dot = written.rfind(","), written.rfind(".")
    mark = "," if comma > dot else "."
    whole, _, part = written.rpartition(mark)
    is_grouped = (mark == "," and len(part) == 3 and dot < 0) or written.count(mark) > 1
    digits = re.sub(r"[.,]", "", whole)
    return float(digits + part if is_grouped or not whole else f"{digits}.{part}")
