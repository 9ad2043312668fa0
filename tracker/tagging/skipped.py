"""Where names do not count: in addresses, and in what sites write around their texts."""

from __future__ import annotations

import re

_ADDRESS = re.compile(
    # Match only from the start of a name: retrying from its middle would take quadratic time.
    r"(?:https?://|www\.).+"
    r"|(?<![a-z0-9._%+-])[a-z0-9._%+-]++@[a-z0-9-]++\.[a-z0-9.-]+"
    r"|(?<![a-z0-9-])(?<![a-z0-9-]\.)(?:[a-z0-9-]++\.)+(?:com|org|net|io|ai|cn|co|dev|fr|de|jp|kr|tw|hk|uk|eu|edu|gov|app|tv|me|info|xyz)"
    r"(?![a-z0-9-])(?:/.*)?",
    re.IGNORECASE,
)
_STOP = frozenset(' \n\t<>()[]{}"“”«»|,;，。、：')
_REACH = 300


def _ends_token(char: str) -> bool:
    return char in _STOP or char >= "\u2e80"


def is_in_address(text: str, start: int, end: int) -> bool:
    """Return True when the match is part of a web or mail address, but not all of it ("Amazon.com")."""
    size = len(text)
    if (not start or _ends_token(text[start - 1])) and (end == size or _ends_token(text[end])):
        return False
    low, high = start, end
    floor, ceiling = max(0, start - _REACH), min(size, end + _REACH)
    while low > floor and not _ends_token(text[low - 1]):
        low -= 1
    while high < ceiling and not _ends_token(text[high]):
        high += 1
    token = text[low:high]
    if "." not in token and "://" not in token:
        return False
    found = _ADDRESS.search(token)
    if found is None:
        return False
    first, last = low + found.start(), low + found.end()
    return first <= start and end <= last and (first, last) != (start, end)


_HEADING = (
    r"related (?:articles?|stories|posts|reading|news|coverage|content|links)|more (?:stories|from|on this)|"
    r"read more|read next|"
    r"see also|also read|you (?:may|might) also like|recommended(?: stories| reading| for you)?|"
    r"further reading|most popular|"
    r"trending(?: now)?|articles? (?:liés|similaires|connexes)|à lire (?:aussi|également|ensuite)|"
    r"lire aussi|voir aussi|"
    r"sur le même sujet|mehr zum thema|lesen sie auch|weitere artikel|auch interessant|相关阅读|相关文章|"
    r"推荐阅读|延伸阅读|相關閱讀|相關文章|延伸閱讀|推薦閱讀|関連記事|あわせて読みたい|관련 기사|관련기사"
)
_LINE = (
    rf"(?:{_HEADING})[ \t]*+[:：][^\n]*"
    r"|(?:share (?:this|on|via)|follow us|subscribe to|sign up for|filed under|tags?|topics|categories|"
    r"partager (?:sur|cet)|suivez-nous|teilen|分享到|标签|標籤|タグ|태그)\b[^\n]{0,300}"
    r"|(?:by|par|von|de la rédaction de|written by|posted by|作者|编辑|記者|文)[ :：|/／][^\n.。]{2,60}(?=\n|$)"
    r"|(?:image|photo|picture|featured image|crédits?|credits?|bild|"
    r"图源|图片来源|圖片來源)[ \w]{0,12}[:：|][^\n)]{0,80}"
)
_SKIPPED = re.compile(rf"\n[ \t]*+(?:(?P<rest>{_HEADING})[ \t]*+[:：]?+[ \t]*+(?=\n)|{_LINE})")
"""For text in lower case: with IGNORECASE, each line would be tried with each of these words.

It begins with the end of the line before, which is found faster than the beginning of a line.
"""
_CREDIT = re.compile(r"\((?:image|photo|picture)[ \w]{0,12}:[^)\n]{0,80}\)", re.IGNORECASE)
_POSTED = re.compile(r"the post [^\n]{1,300} appeared first on [^\n]{1,80}", re.IGNORECASE)


def boilerplate(text: str, low: str | None = None) -> list[tuple[int, int]]:
    """Return the spans to ignore: author, share and credit lines, and all after a "related" heading.

    Args:
        text: of an article.
        low: the same in lower case, as long as the text, where that is known.
    """
    spans = [found.span() for found in _CREDIT.finditer(text)] if "(" in text else []
    if "appeared first on" in text:
        spans += [found.span() for found in _POSTED.finditer(text)]
    if low is None:
        low = text.replace("\u0130", "I").lower()
    for found in _SKIPPED.finditer(f"\n{low}"):
        start, end = found.start(), found.end() - 1
        if found["rest"]:
            spans.append((start, len(text)))
            break
        spans.append((start, end))
    return spans
