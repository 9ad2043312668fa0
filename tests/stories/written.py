"""Stories written for the tests, with traps: never used to train the model.

One line each: story, hours after the start, headline. Stories of one trap share a letter: "a1" and "a2" are two events
that a careless grouper takes for one.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

KINDS = {
    "a": "same company, other events",
    "b": "other companies, same words",
    "c": "numbers that differ",
    "d": "a series",
    "e": "same topic on other days",
    "f": "translations",
    "g": "up and down",
    "h": "plain stories",
}


class Written(NamedTuple):
    """A headline and the story that it belongs to."""

    story: str
    hours: float
    title: str


_TEXT = """
a1 0 Nvidia to build a second research centre in Taipei
a1 1.5 Nvidia picks Taipei for its second research centre
a1 3 Taipei lands second Nvidia research centre after months of talks
a1 5 Why Nvidia chose Taipei for another research centre
a2 1 Nvidia recalls laptop adapters after reports of overheating
a2 2 Nvidia laptop adapters recalled over overheating risk
a2 6 Overheating laptop adapters: Nvidia recalls 40,000 units
a3 4 Nvidia hires former Intel executive to run its networking business
a3 5 Former Intel executive joins Nvidia to lead networking
a3 9 Nvidia names ex-Intel executive as head of networking unit
a4 2 Apple loses appeal over App Store fees in the Netherlands
a4 3 Dutch court rejects Apple appeal in App Store fees case
a4 7 App Store fees: Apple appeal fails in Dutch court
a5 3 Apple opens first store in Vietnam
a5 4 Crowds queue as Apple opens its first store in Vietnam
a6 8 Apple in talks to buy satellite firm Globalstar, sources say
a6 9 Apple explores takeover of Globalstar
a6 11 Globalstar shares jump 38% on report of Apple takeover talks
b1 0 Oracle beats estimates and raises its forecast on cloud demand
b1 1 Oracle raises forecast after cloud revenue beats estimates
b1 2 Cloud demand lifts Oracle: results beat estimates, outlook raised
b2 0.5 Cisco beats estimates and raises its forecast on AI demand
b2 1.5 Cisco raises forecast after quarterly revenue beats estimates
b2 3 Cisco lifts outlook as AI orders push results above estimates
b3 1 Salesforce beats estimates but cuts its forecast
b3 2 Salesforce cuts forecast despite results above estimates
b4 5 Micron to cut 1,200 jobs in restructuring
b4 6 Chipmaker Micron plans 1,200 job cuts
b4 8 Micron restructuring will cost 1,200 jobs
b5 5.5 Qualcomm to cut 900 jobs in restructuring
b5 7 Qualcomm plans to cut 900 jobs as phone market slows
b6 2 Samsung chairman steps down after shareholder revolt
b6 3 Shareholder revolt forces out Samsung chairman
b6 6 Samsung's chairman resigns under pressure from shareholders
b7 2.5 Toshiba chairman steps down after accounting inquiry
b7 4 Accounting inquiry costs Toshiba chairman his job
b8 10 Judge approves Broadcom settlement with shareholders
b8 11 Broadcom settlement with shareholders wins approval of judge
b9 10 Judge blocks Adobe settlement with subscribers
b9 12 Adobe settlement with subscribers blocked by judge
c1 0 GeForce RTX 6090 review: the fastest card by far
c1 2 Nvidia RTX 6090 reviewed: fast, hot and expensive
c1 4 RTX 6090 tested in 20 games
c2 1 GeForce RTX 6070 review: the one to buy
c2 3 RTX 6070 tested: best value of its generation
c3 2 DeepSeek V5 released with open weights
c3 3 DeepSeek releases V5, its largest open-weight model
c3 5 DeepSeek's V5 model is out, and the weights are open
c4 40 DeepSeek V5.2 released with longer context
c4 41 DeepSeek updates its model: V5.2 brings longer context
c5 4 Intel Q1 revenue falls 4%, shares slip
c5 5 Intel shares slip after Q1 revenue drops 4%
c6 6 Intel to invest $28 billion in Ohio plant
c6 7 Intel plans $28 billion investment in Ohio
c6 9 Ohio to get $28bn Intel plant
c7 8 Firefox 160 released with tab groups in the cloud
c7 9 Mozilla releases Firefox 160
c8 50 Firefox 161 released with fixes for 12 flaws
c8 52 Mozilla patches 12 flaws in Firefox 161
d1 0 Your horoscope for Tuesday: a day for bold decisions
d2 24 Your horoscope for Wednesday: a day for patience
d3 48 Your horoscope for Thursday: a day for old friends
d4 1 Chip stocks today: what moved before the bell
d5 25 Chip stocks today: what moved before the bell
d6 49 Chip stocks today: what moved before the bell
d7 2 Evening briefing: five things to know
d8 26 Evening briefing: five things to know
d9 3 Wordle hints and answer, puzzle 1712
d10 27 Wordle hints and answer, puzzle 1713
e1 0 Bitcoin slides below $80,000 as funds see outflows
e1 1 Bitcoin falls under $80,000 on fund outflows
e1 3 Outflows from funds push bitcoin below $80,000
e2 50 Bitcoin climbs back above $86,000 after Fed minutes
e2 51 Fed minutes lift bitcoin above $86,000
e3 5 Magnitude 6.1 earthquake shakes Hualien, TSMC evacuates fabs
e3 6 TSMC evacuates fabs after Hualien earthquake of magnitude 6.1
e3 8 Hualien quake: TSMC says staff are safe and fabs restart
e4 60 Magnitude 5.2 earthquake off Japan's Noto coast, no tsunami warning
e4 61 Noto coast shaken by magnitude 5.2 quake
e5 3 EU fines Meta €410 million over tracking of teenagers
e5 4 Meta fined €410 million by EU over tracking of teens
e5 7 Tracking of teenagers costs Meta €410m in EU
e6 30 EU opens inquiry into X over deepfakes
e6 32 Deepfakes on X: EU opens formal inquiry
f1 0 TSMC raises capital spending to $58 billion
f1 2 TSMC relève ses investissements à 58 milliards de dollars
f1 3 TSMC erhöht Investitionen auf 58 Milliarden Dollar
f1 4 台积电上调资本支出至580亿美元
f2 1 Nvidia shares fall 9% after export ban to Malaysia
f2 2 L'action Nvidia chute de 9 % après l'interdiction d'exporter vers la Malaisie
f2 3 Nvidia-Aktie fällt nach Exportverbot für Malaysia um 9 Prozent
f3 4 Microsoft buys Mistral stake for $3.4 billion
f3 5 Microsoft achète une part de Mistral pour 3,4 milliards de dollars
f3 6 Microsoft kupuje udziały w Mistral za 3,4 miliarda dolarów
f4 7 Intel-Chef tritt zurück
f4 8 Intel chief resigns
f4 9 Le patron d'Intel démissionne
f5 7 Tesla rappelle 310 000 voitures en Chine
f5 8 Tesla recalls 310,000 cars in China
g1 0 AMD shares jump 12% on Meta order
g1 1 AMD stock surges 12% after Meta orders chips
g1 2 Meta order sends AMD up 12%
g2 44 AMD shares slump 8% as Meta trims order
g2 45 AMD falls 8% after Meta cuts chip order
g3 6 Arm raises royalty rates for phone makers
g3 7 Phone makers face higher Arm royalties
g4 30 Arm cuts royalty rates for phone makers in India
h1 0 Google DeepMind shows robot that folds laundry
h1 2 DeepMind robot folds shirts by watching people
h1 4 Watch: this robot from Google DeepMind folds laundry
h2 5 Fire at Foxconn plant in Zhengzhou halts iPhone lines
h2 6 Foxconn halts iPhone lines in Zhengzhou after fire
h2 9 Blaze stops iPhone production at Foxconn's Zhengzhou plant
h3 10 OpenAI delays its browser to the autumn
h3 11 OpenAI's browser is delayed until autumn
h3 14 No OpenAI browser before autumn, Altman says
h4 12 ASML wins export licence for older machines to China
h4 13 Dutch government grants ASML licence to ship older machines to China
h4 15 ASML may ship older machines to China again
h5 20 Hackers steal customer data from Dell
h5 21 Dell says hackers stole customer data
h5 23 Customer data stolen in Dell breach
"""


def written() -> list[Written]:
    """The headlines, in the order of the list."""
    return _read(_TEXT.strip())


def company_news(part: int) -> list[Written]:
    """Other events of one company, other companies with the same words, translations.

    The first part showed what to change. The second was written after that, and showed what small percentages do.
    """
    return _read(Path(__file__).with_name(f"company_news_{part}.txt").read_text(encoding="utf-8"))


def _read(text: str) -> list[Written]:
    found = []
    for line in text.splitlines():
        story, hours, title = line.split(" ", 2)
        found.append(Written(story, float(hours), title))
    return found
