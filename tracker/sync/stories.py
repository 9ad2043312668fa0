"""Chooses the story of a new article from what is stored around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache

from tracker.model.plan import NewArticle, StoryChoice, StoryLookup
from tracker.model.tags import Mention
from tracker.stories.fingerprint import StoryPrint, fingerprint
from tracker.stories.group import FEW, LEAST, choose_same, choose_story, lookup_terms
from tracker.stories.weights import TermWeights


class StoryChooser:
    """Chooses stories (`tracker.model.plan.ChooseStory`).

    Args:
        learned: gives (word to stored titles with it, titles counted); asked once, when the first article comes.
    """

    def __init__(self, learned: Callable[[], tuple[dict[str, int], int]]) -> None:
        self._learned = learned
        self._weights: TermWeights | None = None

    def __call__(self, article: NewArticle, lookup: StoryLookup) -> StoryChoice | None:
        """Return where an article belongs: with the same article, with its source, or with what is like it."""
        if self._weights is None:
            self._weights = TermWeights(*self._learned())
        if known := lookup.articles():
            entry = article.entry
            new = fingerprint(entry.title, entry.url, entry.text, article.time)
            prints = [(one.story_id, _print(one.title, one.url, one.opening, one.time)) for one in known]
            if (same := choose_same(new, prints)) is not None:
                return same
        if linked := lookup.linked():
            return StoryChoice(linked[0], is_repeat=False)
        terms = [key for key in article.story_keys if key[1:2] == ":"]
        stories = lookup.stories(lookup_terms(terms, self._weights), LEAST, FEW)
        source = article.attribution
        favoured = lookup.stories_of(source.name, [story.story_id for story in stories]) if source and stories else ()
        return choose_story(terms, article.time, stories, self._weights, favoured=favoured)


def title_tags(mentions: Sequence[Mention]) -> list[str]:
    """Return the tags that occur in the title: a company under all its names, in any script."""
    return [
        mention.tag
        for mention in mentions
        if mention.salience == "about" and any(match.field == "title" for match in mention.matches)
    ]


@lru_cache(maxsize=4_096)
def _print(title: str, url: str | None, opening: str, time: datetime) -> StoryPrint:
    """Return the fingerprint of a stored article; one that is a candidate now is often one for the next article too."""
    return fingerprint(title, url, opening, time)
