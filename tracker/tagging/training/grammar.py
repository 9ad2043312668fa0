"""Sentences made of parts: what companies do and suffer, and what words, people and places do, by kind of event."""

from __future__ import annotations

_DO = """cuts lifts halves doubles triples trims ends scraps delays pauses resumes poaches taps idles closes opens wins loses seeks orders
renews approaches sues settles recalls forecasts sees posts books burns reports explores weighs mulls considers plans eyes nears signs inks lands
secures unveils launches debuts tests expands enters exits quits leaves buys acquires sells offloads divests splits raises prices files hires
names appoints promotes fires ousts sacks sheds axes slashes offers pledges invests spends borrows repays defends denies rejects accepts confirms
reveals faces fights beats misses tops meets narrows widens reaffirms withdraws suspends restores boosts hikes freezes extends scales streamlines
overhauls restructures outsources licenses partners bets doubles challenges appeals probes reviews refreshes revamps shutters relocates
upgrades discontinues reopens builds makes ships supplies adds drops blocks bans removes restricts limits allows requires wants gets hits reaches
crosses surpasses tumbles agrees joins backs funds leads cancels grounds resells bundles""".split()
_OBJECT = """buyback|its dividend|outlook|full-year guidance|profit forecast|estimates|1,200 jobs|staff|300 stores|Ohio plant|production line
|prices|fees|a stake in rival|takeover bid|debt offering|bond sale|cloud unit|consumer division|European business|defence contract|order for 40 jets
|supply deal|licensing pact|antitrust probe|patent lawsuit|pilot strike|union contract|research centre|loyalty scheme|membership fee|ad tier
|finance chief|new chairman|top lawyer|head of design|return-to-office rule|diversity goals|climate target|battery project|chip order|robotaxi service
|subscription plan|new model|cheaper version|AI assistant|smart glasses|flagship phone|budget airline|credit card|savings account|weight-loss drug
|cancer trial|vaccine plant|supplier|warehouse|data centre|headquarters|flights|routes|seats|menu|recipe|bottles|cars|trucks|engines|turbines
|record profit|quarterly loss|revenue target|cash flow|margins|market share|$2 billion charge|tax bill|refund|bonus pool|pay deal|NFL rights
|streaming rights|film studio|game studio|startup|bank licence|oil field|copper mine|gas project|wind farm|hydrogen plan|rate increase
|pipeline|power plant|nuclear deal|grid upgrade|land deal|office tower|hotel chain|cruise ship|toy line|shoe brand|luxury label|beer brand""".replace(
    "\n", ""
).split("|")
_NOUN = """deliveries|sales|shipments|profit|revenue|margins|premiums|bookings|orders|output|production|subscribers|users|traffic|stores|pilots
|drivers|workers|engineers|executives|shareholders|investors|customers|suppliers|dealers|board|deal|merger|bid|offer|lawsuit|recall|strike|outage|shares
|stock|bonds|debt|earnings|results|forecast|outlook|dividend|spinoff|IPO|plant|factory|chip|phone|app|service|plan|ads|cloud|jet|drug|trial|pay|staff""".replace(
    "\n", ""
).split("|")
_MOVE = """rise|fall|drop|slip|jump|climb|surge|slump|tumble|beat forecasts|miss forecasts|top estimates|fall short|hit record|dip 3%|climb 8%|stall
|slow|recover|rebound|double|shrink|walk out|vote to strike|reject offer|approve deal|back pay plan|sue|protest|face scrutiny|delayed again|gets approval|is blocked
|raises questions|disappoints|collapses|draws regulators|goes live|weighs on shares|lifts sector|sinks|soars|pops""".replace(
    "\n", ""
).split("|")
_AGENT = """EU|DOJ|FTC|SEC|FDA|FAA|NTSB|NLRB|Fed|Treasury|Brussels|Italy|France|Germany|Nigeria|India|Japan|Texas|California|New York|Court|Judge|Jury
|Regulator|Watchdog|Union|Senators|Lawmakers|Activist|Investor|Elliott|Starboard|Analysts|Hackers|Authors|Publishers|Consumers|Suppliers|Farmers|Startup
|Pentagon|NASA|Army|Saudi fund|Rival|Insurer|Pension fund|Short seller|Whistleblower|Former employee|Customers|Apple supplier|Washington|Beijing|UK""".replace(
    "\n", ""
).split("|")
_AGAINST = """sues|fines|probes|investigates|blames|accuses|orders|blocks|clears|backs|urges|presses|warns|raids|charges|targets|approves|rejects|taps|picks
|hires|upgrades|downgrades|buys stake in|exits|dumps|boycotts|bans|penalises|pays|quizzes|questions|questions|rules against|sides with|cuts ties with
|signs with|drops suit against|wins against|loses to|settles with|demands answers from|takes aim at|asks court to break up""".replace(
    "\n", ""
).split("|")
_OVER = """|| over monopoly claims| over data breach| over privacy| over ads| over fees| over safety| in antitrust case| for price fixing| after crash| over tracking staff
| over chatbot| on emissions| after outage| over recall| for second time| in patent case| over pay| over pollution| with $40 million penalty""".replace(
    "\n", ""
).split("|")
_TOLD = """ordered to|told to|forced to|urged to|set to|expected to|agrees to|plans to|aims to|vows to|refuses to|to|to|to|looks to|said to|moves to|prepares to
|threatens to|in talks to|considering plan to|wins approval to|wins right to|loses bid to|struggles to|promises to|offers to|begins to""".replace(
    "\n", ""
).split("|")
_INFINITIVE = """pay back taxes|sell ad unit|halt sales|cut thousands of jobs|close factories|raise prices|spend $10 billion|build plant in Indiana
|launch glasses|make its own chips|merge utilities|buy rival|split in two|go private|list in New York|list shares|move production|open stores|drop fees
|share data|stop ads|refund customers|recall cars|lay off staff|hire engineers|end program|sell stake|invest in startup|borrow $5 billion|bring back workers
|enter India|leave Russia|exit China|slash costs|skip dividend|resume flights|expand network|add jobs|test robotaxis|release update|delay model|shut service
|charge for AI|use local chips|pay writers|face trial|appeal ruling|defend deal|replace chief|name successor|cut emissions|double output""".replace(
    "\n", ""
).split("|")
_TAIL = """|||||| in China| in Europe| next year| this quarter| amid tariffs| after ruling| after review| as demand cools| on strong demand| by 10%| by a third
| for third time| to $3 billion| on AI boom| over costs| despite protests| ahead of earnings| since 2001| for second month| in UK| to 2030| on ad strength
| for 500 workers| with rival| from rival| in key market| after backlash| , sources say| , report says| : report""".replace(
    "\n", ""
).split("|")

_HUMAN_DO = """wins|loses|scores|dies|sings|dances|paints|writes|remembers|returns home|cries|falls ill|marries|retires from football|leads medal count|breaks record
|meets fans|is remembered|apologises for tweet|beats rival in final|faces jail|pleads not guilty|found guilty of murder|recovers from surgery|hosts gala
|speaks at funeral|runs for mayor|wins primary|loses seat|votes against bill|visits school|opens up about grief|stars in drama|to headline festival|out for six weeks
|signs new deal with club|scores winner|hits century|named captain|sent off|misses penalty|drafted first|wins Oscar|releases album""".replace(
    "\n", ""
).split("|")
_PLACE_DO = """residents flee|floods kill five|mayor resigns|police seek driver|school evacuated|council approves homes|bridge reopens|hospital overwhelmed|derby ends in draw
|fire destroys church|quake kills dozens|market stall|museum opens|shelling kills two|election called|airport fog|voters head to polls|twins born|festival cancelled
|snowed in|river bursts banks|crash kills teen|trial begins|beach closed|mosque attacked|coach crash|rent strike|wildfire spreads|farmers protest""".replace(
    "\n", ""
).split("|")
_BEFORE = """the|a|this|that|your|my|her|his|no|every|another|first|last|old|new|big|giant|tiny|lost|broken|golden|red|black|wild|local|rare|dead|free|huge|of|in|on|with|for|and|to|by
|near|under|over|behind|into|like|than|without|after|through""".replace("\n", "").split("|")
_THINGS = """recipe|garden|soup|salad|tree|bird|whale|museum|church|river|mountain|planet|galaxy|fossil|castle|poem|novel|film|song|painting|ballet|statue|village|school|baby|dog
|cat|horse|storm|snow|sun|moon|beach|forest|island|garden party|wedding|funeral|ghost|dragon|sword|king|queen|saint|goal|race|match|trophy|marathon|tattoo|haircut|sleep|skin|heart
|brain|eye|vision|virus|tumour|pain|diet|vitamin|yoga|prayer|war|troops|missile|border|ceasefire|hostage|refugees|ballot|senator|protest|verdict|murder|robbery|drug gang""".replace(
    "\n", ""
).split("|")

COMPANY_GRAMMAR: tuple[str, ...] = (
    "X_ {do} {object}{tail}",
    "X_ {do} {object}{tail}",
    "X_ {noun} {move}{tail}",
    "X_ {noun} {move}",
    "{agent} {against} X_{over}",
    "{agent} {against} X_{over}",
    "X_ {told} {infinitive}{tail}",
    "X_ {told} {infinitive}",
    "X_'s {noun} {move}",
    "X_ {who} {do} {object}",
    "X_ and {agent} {do} {object}",
    "Why X_ {do} {object}",
    "How X_ {do} {object}",
    "X_, rival {do} {object}",
    "{agent} says X_ {told} {infinitive}",
    "X_: {noun} {move}",
    "After {object}, X_ {do} {object}",
)
OTHER_GRAMMAR: tuple[str, ...] = (
    "{first} X_ {human}", "{first} X_ {human}{when}", "X_ {human}", "X_ {place}", "X_ {place}{when}", "{before} X_ {thing}", "{thing} {before} X_", "The X_ {thing} {human}",
    "{before} X_ and {before} {thing}", "{place} in X_", "{thing}: {before} X_", "How to spot {before} X_ {thing}", "{human} at X_ {thing}", "{before} {thing} {before} X_", "X_ {thing}{when}",
    "X_ {thing} and {thing}", "Why {before} X_ {thing} matters", "{first} and {first} X_ {human}", "X_ in {thing} {thing}",
)  # fmt: skip
GRAMMAR_PARTS: dict[str, tuple[str, ...]] = {
    "do": tuple(_DO),
    "object": tuple(_OBJECT),
    "noun": tuple(_NOUN),
    "move": tuple(_MOVE),
    "agent": tuple(_AGENT),
    "against": tuple(_AGAINST),
    "over": tuple(_OVER),
    "told": tuple(_TOLD),
    "infinitive": tuple(_INFINITIVE),
    "tail": tuple(_TAIL),
    "who": ("CEO", "chief", "boss", "chairman", "founder", "finance chief"),
    "human": tuple(_HUMAN_DO),
    "place": tuple(_PLACE_DO),
    "before": tuple(_BEFORE),
    "thing": tuple(_THINGS),
    "when": (
        "",
        "",
        " after storm",
        " at 84",
        " in Paris",
        " on Sunday",
        " again",
        " in final",
        ", family says",
        " , police say",
    ),
    "first": (
        "John",
        "Mary",
        "Bill",
        "Sarah",
        "David",
        "Tom",
        "Emma",
        "Sir Paul",
        "Dr",
        "Mrs",
        "Judge",
        "Senator",
        "Coach",
        "Prince",
        "Harrison",
        "Paris",
        "Jimmy",
        "Doug",
        "Michael",
    ),
}
