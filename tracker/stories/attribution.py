"""Attribution: finds "Source : WCCFTech", "via", "as reported by", "(Reuters)", "据…报道" in title and text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal
from urllib.parse import urlsplit

from ahocorasick_rs import AhoCorasick, Implementation
from msgspec import Struct

from tracker.model.attribution import Attribution
from tracker.stories.fingerprint import address_key, canonical_url

_WORD = r"[A-Z0-9](?:[\w&+-]|\.(?=\w)|['’](?!s\b))*"
_NAME = rf"(?P<name>{_WORD}(?:\s(?:(?:of|the|de|du|la|le|&|and)\s)?{_WORD}){{0,4}})"
"""A name in a script with case: capitalised words, with lower-case words only between them."""
_TITLED = r"[《「『“\"]?(?P<name>[^\s《》「」『』“”\",，。、:：;；()（）!?]{2,24}?)[》」』”\"]?"
"""A name in a script without case, up to punctuation or the word that ends the phrase."""


class _Phrase(Struct, frozen=True):
    """A pattern that names a source, and strings of which the text must contain one; testing for them is cheap."""

    pattern: re.Pattern[str]
    signs: tuple[str, ...]


# A line with nothing but the source is the most reliable sign.
_LINE = (
    r"[ \t\u3000*•>\[(【（]*+(?:sources?|via|original(?: source| article| story)?|"
    r"originally (?:published|posted|reported) (?:at|by|on|in)|read more at|h/t|hat tip(?: to)?|"
    r"première source|quellen?|fuentes?|fontes?|źródło|bron|källa|"
    r"来源|來源|稿源|消息来源|原文|出处|出處|转自|轉自|出典|引用元|情報源|ソース|출처)"
    # White space and brackets have fixed bounds: unbounded repeats next to each other would backtrack.
    r"(?:\s{0,4}[:：–—]\s{0,4}|\s{1,4}-\s{1,4}|(?:(?<=via)|(?<=at)|(?<=by)|(?<=on)|(?<=in)|(?<=to)|(?<=h/t))\s{1,4})"
    r"(?P<name>[^\n,;|。，；()]{2,60}?)\s{0,2}[\])】）]{0,4}\s{0,2}(?:[,;|。，；(].*)?$"
)
_FIRST_LINE = re.compile(_LINE, re.IGNORECASE | re.MULTILINE)
_OTHER_LINES = re.compile(rf"\n(?P<line>{_LINE})", re.IGNORECASE | re.MULTILINE)
"""With the line break before, which is found ten times as fast as the beginning of a line."""
_PHRASES = tuple(
    _Phrase(re.compile(pattern), signs)
    for pattern, signs in (
        (
            rf"[(\[](?:[Vv]ia|[Ss]ource ?:?)\s+{_NAME}[)\]]",
            ("(via ", "(Via ", "(source", "(Source", "[via ", "[Via ", "[source", "[Source"),
        ),
        (
            r"\b(?:[Ff]irst reported by|[Rr]eported by|[Rr]eports? (?:from|by)|[Ss]potted by|[Tt]ranslated from|"
            r"[Oo]riginally (?:published|reported) (?:by|in|on|at)|"
            r"[Aa]ccording to(?: a (?:new |recent )?report (?:from|by|in))?)"
            rf"\s+(?:the\s+)?{_NAME}",
            (
                *("ccording to", "eported by", "eport by", "eport from", "eports by", "eports from"),
                *("potted by", "ranslated from", "riginally "),
            ),
        ),
        (
            r"\b(?:[Ss]elon|[Dd][’']après|[Rr]apporté par|[Rr]epéré par|[Rr]elayé par)\s+"
            r"(?:le site |le média |le journal |"
            rf"l[’']agence |les informations (?:de |du )|le |la )?{_NAME}",
            ("selon ", "Selon ", "après", "apporté par", "epéré par", "elayé par"),
        ),
        (
            r"\b(?:[Ll]aut|[Ww]ie)\s+(?:einem Bericht (?:von|der|des)\s+|der Nachrichtenagentur\s+|der\s+)?" + _NAME,
            ("laut ", "Laut ", "wie ", "Wie "),
        ),
        (
            r"\b(?:[Ss]egún|[Ss]econdo|[Ss]egundo|[Ww]edług|[Vv]olgens|[Ee]nligt)\s+"
            rf"(?:(?:la|el|il|o|a|portalu|serwisu|agencji|agencia)\s+)?{_NAME}",
            ("egún", "econdo", "egundo", "edług", "olgens", "nligt"),
        ),
        (
            rf"(?:据|據|根据|根據)\s{{0,2}}(?:外媒|媒体|媒體)?\s{{0,2}}{_TITLED}\s{{0,2}}(?:网站|記者|记者)?(?:的|最新)*(?:报道|報道|報導|消息|爆料)",
            ("据", "據"),
        ),
        (rf"{_TITLED}(?:の報道)?(?:によると|によれば|が報じた|が伝えた)", ("によ", "が報じた", "が伝えた")),
        (rf"{_TITLED}(?:에 따르면|[가이] 보도했다)", ("에 따르면", "보도했다")),
    )
)
_SIGNS = AhoCorasick([sign for phrase in _PHRASES for sign in phrase.signs], implementation=Implementation.DFA)
_PHRASE_OF = [number for number, phrase in enumerate(_PHRASES) for _ in phrase.signs]
_AGENCIES = "Reuters|AP|AFP|Bloomberg|dpa|DPA|PAP|EFE|ANSA|Xinhua|Kyodo|Yonhap|UPI|TASS|PTI|ANI|IANS|ATS|APA|Belga"
_DATELINE = re.compile(rf"(?:^|[A-Za-z.,]\s?)[(（](?P<name>{_AGENCIES})(?:[\s/,-][^)）\n]{{0,30}})?[)）]")
_TITLES = (
    re.compile(rf"[(\[](?:via |[Ss]ource ?: ?)?{_NAME}[)\]]\s*$"),
    re.compile(rf"[,–—:-]\s(?:according to|reports?|says|selon|laut|según|via)\s+{_NAME}\s*$"),
    re.compile(rf"\s[–—-]\s(?P<name>{_AGENCIES})\s*$"),
)
_DATELINE_WITHIN = 200
_LOOKED_AT = 4_000
"""Attributions are in the opening and the last lines; the middle of a long text quotes many others."""
_NOBODY = re.compile(
    r"(?:the|an?|his|her|its|their|this|that|these|those|it|he|she|they|we|i|unsplash|getty(?: images)?|shutterstock|"
    r"pixabay|adobe stock|istock|images?|photos?|credit|screenshots?|youtube|twitter|x|facebook|instagram|reddit|"
    r"https?:\S*|\d[\d.,%]*|analysts?|experts?|police|officials?|ceo|government|research|studies|own)",
    re.IGNORECASE,
)
_PICTURE = re.compile(
    r"(?:images?|photos?|crédits?|credits?|pictures?|bild(?:er)?|fotos?|图片?|圖片?|画像)[^\n]{0,20}$", re.IGNORECASE
)
_OUTLET = re.compile(
    r"(?:reuters|bloomberg|\bAP\b|associated press|\bafp\b|cnbc|\bcnn\b|\bbbc\b|nikkei|\bft\b|\bwsj\b|guardian|"
    r"the information|the verge|\bwired\b|axios|politico|forbes|\bfortune\b|semafor|techcrunch|wccftech|videocardz|"
    r"tom['’]s hardware|anandtech|ars technica|digitimes|trendforce|the register|engadget|9to5|macrumors|gizmodo|zdnet|"
    r"the elec|\budn\b|caixin|36kr|it之家|财联社|路透|彭博|日经|日経|新华|新華|界面|澎湃|共同社|时事|"
    r"ロイター|ブルームバーグ|"
    r"로이터|블룸버그|연합뉴스|les ?echos|le monde|le figaro|numerama|frandroid|heise|golem|handelsblatt|spiegel|"
    r"yonhap|xinhua|kyodo|seeking alpha|benzinga|marketwatch|barron['’]?s|\b\w*(?:times|post|journal|tribune|herald|"
    r"insider|gazette|zeitung|news)\b|\.(?:com|net|org|io|fr|de|cn|jp)\b|报$|報$|网$|網$|新聞|新闻|日报|日報|뉴스|신문|일보)",
    re.IGNORECASE,
)


def find_attribution(title: str, text: str, links: Sequence[str] = (), site: str = "") -> Attribution | None:
    """Return the source that an article names, the most reliable sign first; None when it names none, or itself.

    A separate line ("Source : X") and an agency credit always count. A phrase ("according to X") counts only when X
    is a known publication or looks like one, because analysts and ministers are quoted in the same words.

    Args:
        links: addresses in the text; one on the named site becomes the attribution's.
        site: names and host of the article's own site.
    """
    own = _letters(site)
    for field, start, end in _places(title, text):
        name = (title if field == "title" else text)[start:end]
        if own and _letters(name) in own:
            continue
        url = _address(name, links)
        return Attribution(name, url, field, start, end, key=None if url is None else address_key(canonical_url(url)))
    return None


def _places(title: str, text: str) -> Iterator[tuple[Literal["title", "text"], int, int]]:
    for start, match in _lines(text):
        if not _PICTURE.search(text, max(0, start - 30), start):
            yield from _trimmed("text", match)
    if text.find("(", 0, _DATELINE_WITHIN) >= 0 or text.find("（", 0, _DATELINE_WITHIN) >= 0:
        for match in _DATELINE.finditer(text, 0, _DATELINE_WITHIN):
            yield from _trimmed("text", match)
    for pattern in _TITLES:
        in_title = pattern.search(title)
        if in_title is not None and _OUTLET.search(in_title["name"]):
            yield from _trimmed("title", in_title)
    opening = text[:_LOOKED_AT]
    signs = _SIGNS.find_matches_as_indexes(opening, overlapping=True)
    for number in sorted({_PHRASE_OF[sign] for sign, _, _ in signs}):
        for match in _PHRASES[number].pattern.finditer(opening):
            if _OUTLET.search(match["name"]):
                yield from _trimmed("text", match)


def _lines(text: str) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield the lines near either end of a text that hold nothing but its source, with where they begin."""
    last, end = 0, len(text)
    if end > 2 * _LOOKED_AT:
        last = text.rfind("\n", 0, end - _LOOKED_AT) + 1
    if last:
        head = text.find("\n", _LOOKED_AT, last)
        end = last if head < 0 else head
    place = 0
    if first := _FIRST_LINE.match(text, 0, end):
        yield 0, first
        place = first.end()
    for match in _OTHER_LINES.finditer(text, place, end):
        yield match.start("line"), match
    if last:
        for match in _OTHER_LINES.finditer(text, last - 1):
            yield match.start("line"), match


def _trimmed(
    field: Literal["title", "text"], match: re.Match[str]
) -> Iterator[tuple[Literal["title", "text"], int, int]]:
    name = match["name"]
    bare = name.strip(" \t.'’\"“”-*_")
    is_name = not (bare.isascii() and bare.islower()) or "." in bare or bare in _AGENCIES.split("|")
    if len(bare) >= 2 and is_name and not _NOBODY.fullmatch(bare):
        start = match.start("name") + name.index(bare)
        yield field, start, start + len(bare)


def _letters(name: str) -> str:
    return re.sub(r"\W|_", "", name.casefold().removeprefix("the "))


def _address(name: str, links: Sequence[str]) -> str | None:
    """Return the link that leads to the named site: its host contains the name."""
    wanted = _letters(name)
    for link in links:
        try:
            parts = urlsplit(link)
        except ValueError:
            continue
        host = (parts.hostname or "").removeprefix("www.")
        named = host.split(".")[:-1]
        labels = {*named, *(label.removeprefix("the") for label in named)} - {""}
        if len(parts.path) > 1 and any(
            wanted in (label, _letters(host))
            or (len(wanted) >= 5 and label.startswith(wanted))
            or (len(label) >= 5 and wanted.startswith(label))
            for label in labels
        ):
            return link
    return None
