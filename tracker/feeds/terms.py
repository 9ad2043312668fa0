"""Elements of feeds by the names that feedparser gives them, and what it makes of each."""

from __future__ import annotations

PLAIN, HTML = "text/plain", "text/html"
TYPES = {"text": PLAIN, "plain": PLAIN, PLAIN: PLAIN, "html": HTML, HTML: HTML}

TITLES = frozenset(("title", "dc_title", "media_title"))
CONTENTS = {
    "description": HTML,
    "dc_description": HTML,
    "media_description": HTML,
    "summary": PLAIN,
    "itunes_summary": PLAIN,
    "content": PLAIN,
    "content_encoded": HTML,
}
"""Elements with text, and of what type it is where they do not say."""
VALUES = {
    "guid": "id",
    "id": "id",
    "pubdate": "published",
    "published": "published",
    "issued": "published",
    "dcterms_issued": "published",
    "updated": "updated",
    "modified": "updated",
    "lastbuilddate": "updated",
    "dc_date": "updated",
    "dcterms_modified": "updated",
    "created": "created",
    "dcterms_created": "created",
    "language": "language",
    "dc_language": "language",
}
AUTHORS = frozenset(("author", "managingeditor", "dc_author", "dc_creator", "itunes_author"))
_HARMLESS_NAMES = (
    "category keywords cloud rights copyright generator expirationdate subtitle tagline webmaster width height url "
    "homepage uri name email tags comments enclosure"
)
HARMLESS = frozenset(_HARMLESS_NAMES.split())
"""Elements of an item that feedparser knows and that nothing here looks at."""
_USED_NAMES = (
    "id link links title title_detail summary summary_detail content published published_parsed updated updated_parsed "
    "created created_parsed author author_detail authors language guid date date_parsed description description_detail "
    "modified modified_parsed issued issued_parsed channel items feed entries item entry rss source image textinput "
    "abstract info body fullitem contributor newlocation xhtml_body psc_chapters psc_chapter math svg"
)
USED = frozenset(_USED_NAMES.split())
"""Names that a feed may use for anything, but that have a meaning in feedparser's terms."""
_HTML_NAMES = (
    "a abbr acronym address area article aside audio b big blockquote br button canvas caption center cite code col "
    "colgroup command datagrid datalist dd del details dfn dialog dir div dl dt em event-source fieldset figcaption "
    "figure font footer form h1 h2 h3 h4 h5 h6 header hr i img input ins kbd keygen label legend li m map menu meter "
    "multicol nav nextid noscript ol optgroup option output p pre progress q s samp section select small sound source "
    "spacer span strike strong sub sup table tbody td textarea tfoot th thead time tr tt u ul var video"
)
HTML_ELEMENTS = frozenset(_HTML_NAMES.split())
"""Plain text of RSS that holds no other tags is HTML to feedparser."""
LINK_PARTS = frozenset(("rel", "type", "href", "url", "uri"))
IMAGE_PARTS = frozenset(("title", "url", "link", "width", "height", "description", "name"))


COUNTING = frozenset((*TITLES, *CONTENTS, *VALUES, *AUTHORS, *USED)) - {"name"}
"""Names that have a meaning at any level."""
