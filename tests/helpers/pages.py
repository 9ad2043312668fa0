"""Pages for tests of full texts."""

from __future__ import annotations

PARAGRAPHS = (
    "Nvidia lost 589 billion dollars of its value on Monday, the most that any company has lost in a day.",
    "Investors feared that the models of DeepSeek need fewer chips than those of its rivals in America do.",
    "Analysts disagreed: cheaper models, several of them wrote, will be used more, and need more chips in all.",
)


def page(*paragraphs: str, title: str = "Nvidia falls 17%", head: str = "") -> str:
    """Return a page with a menu, an article and a footer."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs or PARAGRAPHS)
    menu = "<nav><ul><li><a href='/a'>Markets today</a></li><li><a href='/b'>Subscribe now</a></li></ul></nav>"
    footer = "<footer>All rights reserved. Cookie settings.</footer>"
    meta = f"<title>{title} - News</title><meta property='og:title' content='{title}'>{head}"
    article = f"<article><h1>{title}</h1>{body}</article>"
    return f"<!doctype html><html><head>{meta}</head><body>{menu}{article}{footer}</body></html>"
