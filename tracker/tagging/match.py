"""Tag matching: one pass of an automaton finds candidates, then the characters and words around each decide."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cached_property

from msgspec.structs import replace

from tracker.model.tags import TAG_NAME, Match, MatchField, Mention, TagRule
from tracker.tagging.acronyms import Explanations
from tracker.tagging.aside import Asides, joined
from tracker.tagging.candidates import Candidates
from tracker.tagging.companies import (
    Company,
    aside_weights,
    given_names,
    priors,
    table_bytes,
    titles_about,
    usage_bytes,
    usages,
    weights,
    word_groups,
)
from tracker.tagging.disambiguate import Article, Model, is_likely_in_text, required, usage_odds
from tracker.tagging.found import UNSURE, Found, of_namesakes, of_one_field, without_others
from tracker.tagging.keys import Keys, check_company
from tracker.tagging.languages import languages_of
from tracker.tagging.patterns import (
    Kind,
    plain,
)
from tracker.tagging.salience import is_about
from tracker.tagging.spans import Spans

_ALGORITHM = "7"
"""Part of the fingerprint: changing it retags stored articles."""
_NEAR = 120
"""Characters on each side of a match that count as near it in a text; in a title, everything is near."""
_AMBIGUOUS, _WORD, _NEVER = Kind.AMBIGUOUS, Kind.WORD, Kind.NEVER
_SURE_ODDS = 3.0
"""What a sure name of the company elsewhere in the article adds to the log-odds of an ambiguous one."""
_ASKED = 2
"""How many places of an ambiguous name in a text are put to the model, when nothing else there names the company."""
_NEAR_ODDS = 1.5
"""What a word of the company's own field adds."""
_PRIOR = 0.05
"""Added to each name's prior, which are below 0 on the whole."""


class RuleError(ValueError):
    """An invalid tag rule: its `name`, its `line` in the configuration (None for built-in rules) and the `reason`."""

    def __init__(self, name: str, line: int | None, reason: str) -> None:
        super().__init__(f"tag {name!r}: {reason}" if line is None else f"tag {name!r} (line {line}): {reason}")
        self.name = name
        self.line = line
        self.reason = reason


def compile_rules(rules: Sequence[TagRule], companies: Sequence[Company] = ()) -> Tagger:
    """Return a `Tagger` for these rules and companies; RuleError names the first invalid one."""
    return Tagger(rules, companies)


class Tagger:
    """Rules and companies; immutable after construction, so threads may share it.

    The automaton is made when the first text is tagged: a sync without news never needs it.
    """

    def __init__(self, rules: Sequence[TagRule], companies: Sequence[Company] = ()) -> None:
        """Take rules and companies; RuleError names the first invalid rule."""
        self._explicit = tuple(rules)
        self._companies = companies
        names: set[str] = set()
        for number, rule in enumerate(rules):
            if not TAG_NAME.fullmatch(rule.name):
                raise RuleError(rule.name, rule.line, "use only a-z, 0-9 and single hyphens in a name")
            if rule.name in names:
                raise RuleError(rule.name, rule.line, "another rule has the same name; rename one of them")
            names.add(rule.name)
            try:
                Keys().add_rule(number, rule)
            except ValueError as error:
                raise RuleError(rule.name, rule.line, str(error)) from None
        for row in companies:
            if row.line is not None:
                try:
                    check_company(row)
                except ValueError as error:
                    raise RuleError(row.tag, row.line, str(error)) from None
        facts = repr([(rule.name, rule.symbol, rule.kind, rule.listed, _names(rule)) for rule in rules])
        changed = [row for row in companies if row.line is not None or row.tickers]
        own = (
            (table_bytes(), weights(), aside_weights(), repr((priors(), titles_about())).encode(), usage_bytes())
            if companies
            else ()
        )
        digest = hashlib.blake2b(
            f"{_ALGORITHM}{facts}{[replace(row, line=None) for row in changed]}".encode(), digest_size=16
        )
        for part in own:
            digest.update(part)
        self._candidates = Candidates(self._explicit, companies)
        self.fingerprint: str = digest.hexdigest()
        """Changes exactly when a rule, a company or the algorithm changes."""

    @cached_property
    def _model(self) -> Model:
        return Model(weights(), word_groups())

    @cached_property
    def _aside_model(self) -> Asides:
        return Asides(aside_weights(), word_groups())

    def tag(self, title: str, text: str = "", *, feed_tags: Sequence[str] = ()) -> tuple[Mention, ...]:
        """Return an article's mentions, what it is about first, then by position; `text == field_text[start:end]`."""
        find = self._candidates.find
        flat_title, flat_text = plain(title), plain(text)
        in_title = find(title, flat_title, True)
        in_text = find(text, flat_text, False) if text else []
        if not in_title and not in_text and not feed_tags:
            return ()
        rules, given = self._candidates.rules, given_names()

        def languages() -> frozenset[str]:
            return languages_of(flat_title, flat_text)

        firsts: dict[tuple[int, str], bool] = {}
        if in_title:
            in_title = without_others(in_title, flat_title, rules, given, languages, firsts)
        if in_text:
            in_text = without_others(in_text, flat_text, rules, given, languages, firsts)
        if "(" in flat_title or "(" in flat_text:
            in_title, in_text = self._as_explained(in_title, in_text, flat_title, flat_text)
        index = self._candidates.numbers
        sure = {found.rule for found in in_title if found.kind not in UNSURE}
        if in_text:
            sure.update([found.rule for found in in_text if found.kind not in UNSURE])
        if feed_tags:
            sure.update([index[tag] for tag in feed_tags if tag in index])
        is_one = len(in_title) + len(in_text) == 1
        if sure and not is_one and (namesakes := of_namesakes(((in_title, flat_title), (in_text, flat_text)), sure)):
            in_title = [one for one in in_title if one.rule not in namesakes]
            in_text = [one for one in in_text if one.rule not in namesakes]
        places: dict[str, list[Match]] = {}
        if in_title:
            self._settle("title", title, flat_title, in_title, sure, set(), places)
        asides = self._asides(flat_title, places) if places else set()
        settled = {index[tag] for tag in places if tag not in asides}
        if in_text:
            self._settle("text", text, flat_text, in_text, sure, settled, places)
        for tag in feed_tags:
            places.setdefault(tag, []).append(Match("feed", 0, 0, ""))
        mentions = [self._mention(tag, matches, len(text), tag in asides) for tag, matches in places.items()]
        if len(mentions) > 1:
            mentions.sort(key=lambda mention: mention.salience != "about")
        return tuple(mentions)

    def tags_of(self, symbols: Sequence[str]) -> tuple[str, ...]:
        """Return the tags of the companies that have one of these shares, other listings included."""
        places = {place for symbol in symbols for place in self._by_share.get(symbol, ())}
        return tuple(self._companies[place].tag for place in sorted(places))

    @cached_property
    def _by_share(self) -> Mapping[str | None, Sequence[int]]:
        """Places of the listed companies by share: a list of filings asks for 2,000 of them."""
        found: dict[str | None, list[int]] = {}
        for place, row in enumerate(self._companies):
            for share in (row.symbol, *row.also, *row.tickers) if row.listed else ():
                found.setdefault(share, []).append(place)
        return found

    def ambiguous(self, title: str) -> tuple[list[tuple[int, int, str, str]], list[tuple[int, int, str]]]:
        """Return what the model is asked about: (start, end, traits, tag); and the sure names: (start, end, tag)."""
        flat = plain(title)
        found = self._candidates.find(title, flat, True)
        rules = self._candidates.rules
        sure = [one for one in found if one.is_sure and not rules[one.rule].is_topic]
        covers = Spans([one[:2] for one in sure])
        named = {one.rule for one in sure}
        unsure = [
            (one.start, one.end, one.traits, rules[one.rule].name)
            for one in found
            if one.kind is _WORD and one.rule not in named and not covers.has_longer(one.start, one.end)
        ]
        return unsure, [(one.start, one.end, rules[one.rule].name) for one in sure]

    def _as_explained(
        self, in_title: list[Found], in_text: list[Found], title: str, text: str
    ) -> tuple[list[Found], list[Found]]:
        """Drop the abbreviations that the article says stand for something else: "Kolkata Knight Riders (KKR)"."""
        explanations = Explanations(title, text)

        def is_other(one: Found, flat: str) -> bool:
            if one.kind is not _WORD and not (one.kind is Kind.TICKER and flat[one.start - 1 : one.start] == "("):
                return False
            if one.rule < len(self._explicit):
                return False
            row = self._companies[one.rule - len(self._explicit)]
            names = (row.label, *row.names, *row.caps, *row.brands, *row.words)
            return explanations.are_of_another(flat[one.start : one.end], names)

        return (
            [one for one in in_title if not is_other(one, title)],
            [one for one in in_text if not is_other(one, text)],
        )

    def _settle(
        self,
        field: MatchField,
        text: str,
        flat: str,
        found: list[Found],
        sure: set[int],
        settled: set[int],
        places: dict[str, list[Match]],
    ) -> None:
        """Resolve ambiguous names by context, keep the longest of overlapping matches, and record their positions."""
        rules = self._candidates.rules
        unsure = [one for one in found if one.kind is _WORD or one.kind is _AMBIGUOUS]
        counted = self._decided(field, flat, found, unsure, sure, settled) if unsure else found
        if len(counted) > 1:
            counted = sorted(counted, key=lambda one: (one.start, -one.end))
        cover: Found | None = None
        ends: dict[int, int] = {}
        for one in counted:
            rule = rules[one.rule]
            if one.start < ends.get(one.rule, 0):
                continue
            if not rule.is_topic:
                if cover is not None and one.end <= cover.end and one[:2] != cover[:2]:
                    continue
                if cover is None or one.end > cover.end:
                    cover = one
            ends[one.rule] = one.end
            match = Match(field, one.start, one.end, text[one.start : one.end])
            places.setdefault(rule.name, []).append(match)

    def _decided(
        self, field: MatchField, flat: str, found: list[Found], unsure: list[Found], sure: set[int], settled: set[int]
    ) -> list[Found]:
        """Return the names that are sure, and those of the unsure ones that are meant."""
        rules = self._candidates.rules
        counted = [one for one in found if one.is_sure]
        companies = [one for one in counted if not rules[one.rule].is_topic] if counted else counted
        others = len({one.rule for one in companies}) if companies else 0
        if companies:
            covers = Spans([one[:2] for one in companies])
            tickers = {one[:2] for one in counted if one.kind is Kind.TICKER}
            unsure = [
                one
                for one in unsure
                if one.kind is not _WORD or not (one[:2] in tickers or covers.has_longer(one.start, one.end))
            ]
        if field == "title":
            counted += [one for one in unsure if self._is_meant(one, flat, None, one.rule in sure, others)]
        else:
            counted += self._meant_in_text(unsure, flat, sure, settled, others)
        return of_one_field(counted, rules, sure) if len(counted) > 1 else counted

    def _meant_in_text(
        self, unsure: list[Found], flat: str, sure: set[int], settled: set[int], others: int
    ) -> list[Found]:
        """Return the ambiguous names of a text that are meant.

        The model takes 30 us for each place, and a text has many words that are rarely a company: no more than _ASKED
        places of a name count where nothing else names the company. In one article a name has one sense, so what the
        title has settled is not asked again.
        """
        seen: dict[int, int] = {}
        meant: set[int] = set()
        counted = []
        rules = self._candidates.rules
        article = Article(len(flat.split()), sum(not rules[number].is_topic for number in sure))
        for one in unsure:
            if one.kind is _WORD and one.rule not in sure and one.rule not in settled:
                seen[one.rule] = seen.get(one.rule, 0) + 1
                if seen[one.rule] > _ASKED or one.traits.startswith("h0"):
                    continue
            is_settled = one.kind is _WORD and (one.rule in settled or one.rule in meant)
            if is_settled or self._is_meant(one, flat, article, one.rule in sure, others):
                meant.add(one.rule)
                counted.append(one)
        return counted

    def _is_meant(self, one: Found, flat: str, article: Article | None, is_sure: bool, others: int) -> bool:
        """Return whether an ambiguous name is the company: in a title, or in the text of an `article`."""
        rule = self._candidates.rules[one.rule]
        is_title = article is None
        low = 0 if is_title else max(0, one.start - _NEAR)
        high = len(flat) if is_title else one.end + _NEAR
        if rule.unless and rule.unless.is_in(flat[low:high]):
            return False
        if one.kind is not _WORD and (is_sure or not rule.only):
            return True

        def is_near() -> bool:
            return rule.only.is_in(flat[low : one.start]) or rule.only.is_in(flat[one.end : high])

        if one.kind is not _WORD:
            return is_near()
        odds = self._model.log_odds(flat, one.start, one.end, one.traits, others) + _PRIOR
        name = flat[one.start : one.end].lower()
        prior = priors().get((rule.name, name), 0.0)
        # Whoever watches a share reads about it, whatever its name mostly means in the news.
        odds += max(0.0, prior) if rule.is_watched else prior
        if (usage := usages().get(name)) is not None:
            odds += usage_odds(flat, one.start, one.end, usage, rule.is_watched)
        if is_sure:
            odds += _SURE_ODDS
        if abs(odds) < _NEAR_ODDS and rule.only and is_near():
            odds += _NEAR_ODDS
        if odds <= required(one.traits, rule.is_watched, is_title):
            return False
        if article is None or is_sure or rule.is_watched:
            return True
        return is_likely_in_text(odds, one.traits, titles_about().get(rule.name, 0), article)

    def _asides(self, flat: str, places: Mapping[str, list[Match]]) -> set[str]:
        """Return the tags that a title (as `plain` returns it) names by the way only."""
        rules, index, is_aside = self._candidates.rules, self._candidates.numbers, self._aside_model.is_aside
        found, firsts = [], []
        for tag, matches in places.items():
            rule = rules[index[tag]]
            if not rule.is_topic:
                spans = joined(matches, flat)
                found.append((tag, spans, rule.role))
                firsts.append(spans[0])
        asides = set()
        for tag, spans, role in found:
            for start, end in spans:
                if not is_aside(flat, start, end, firsts, role):
                    break
            else:
                asides.add(tag)
        return asides

    def _mention(self, tag: str, matches: list[Match], length: int, is_by_the_way: bool) -> Mention:
        is_lead = (matches[0].field == "title" and not is_by_the_way) or matches[-1].field == "feed"
        about = is_about(is_lead, [match.start for match in matches if match.field == "text"], length)
        number = self._candidates.numbers.get(tag)
        rule = self._candidates.rules[number] if number is not None else None
        return Mention(
            tag,
            "about" if about else "mention",
            rule.symbol if rule else None,
            tuple(matches),
            rule.is_listed if rule else True,
            rule.is_topic if rule else False,
        )


def _names(rule: TagRule) -> tuple[tuple[str, ...], ...]:
    return (rule.match, rule.ambiguous, rule.products, rule.never, rule.only_near, rule.unless_near)
