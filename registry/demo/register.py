"""The accounts of the demonstration: every platform model, state and trouble that the flags know."""

from dataclasses import dataclass

from registry.accounts.models import AccountState
from registry.councils.models import Risk
from registry.demo.cast import HILLFORD, LITTLE_MERE, RIVERTON

LIVE, AUTHORISED, MOTHBALLED = AccountState.LIVE, AccountState.AUTHORISED, AccountState.MOTHBALLED
CLOSED, HANDED_OVER = AccountState.CLOSED, AccountState.HANDED_OVER


@dataclass(frozen=True)
class Show:
    """An account of the demonstration as it stands today.

    `posted`: days since it last posted (None: never); `cadence`: agreed days between posts. `reviewed`: days since
    its last security review. `held`: how many kinds of credential are in custody. `ending`: how it came to its end,
    or is coming to it (“open”, “stalled”), days ago in `ended`.
    """

    council: str
    area: str
    platform: str
    handle: str
    name: str
    posted: int | None = 3
    cadence: int | None = 7
    reviewed: int | None = 40
    risk: Risk = Risk.NORMAL
    state: AccountState = LIVE
    held: int = 1
    purpose: str = "News and answers for residents."
    children: bool = False
    ended: int | None = None
    trial: int | None = None
    closing: str = ""
    language: str = "English"


ACCOUNTS = (
    Show(RIVERTON, "Corporate", "x", "RivertonExample", "Riverton District Council", 0, 2, 12, Risk.HIGH, held=3, purpose="Corporate news, emergencies and answers."),
    Show(RIVERTON, "Corporate", "facebook", "RivertonExample", "Riverton District Council", 1, 2, 20, Risk.HIGH, held=0),
    Show(RIVERTON, "Corporate", "instagram", "rivertonexample", "Riverton in pictures", 4, 7, 55, held=2),
    Show(RIVERTON, "Corporate", "youtube", "RivertonExample", "Riverton council meetings", 11, 30, 130, purpose="Recordings of public meetings."),
    Show(RIVERTON, "Corporate", "linkedin", "company/riverton-example", "Riverton careers", 9, 14, 70, Risk.LOW, held=0),
    Show(RIVERTON, "Corporate", "bluesky", "riverton.example", "Riverton on Bluesky", 2, 7, 15),
    Show(RIVERTON, "Waste", "facebook", "RivertonWasteExample", "Riverton Waste and Recycling", 2, 7, 35, held=1),
    Show(RIVERTON, "Waste", "x", "RivWasteExample", "Riverton bins", 5, 7, 84),
    Show(RIVERTON, "Community", "facebook", "RivertonCommunityExample", "Riverton Community", 26, 7, 60, held=1),
    Show(RIVERTON, "Community", "x", "RivCommExample", "Riverton Community", 47, 7, 101),
    Show(RIVERTON, "Community safety", "facebook", "RivertonSafeExample", "Riverton Community Safety", 6, 14, 30, Risk.HIGH, held=1),
    Show(RIVERTON, "Community safety", "x", "RivSafeExample", "Riverton Community Safety", 3, 14, 28, Risk.HIGH),
    Show(RIVERTON, "Democratic services", "facebook", "RivertonVotesExample", "Riverton Votes", 12, 30, 75),
    Show(RIVERTON, "Democratic services", "x", "RivVotesExample", "Riverton Votes", 8, 30, 82),
    Show(RIVERTON, "Events", "instagram", "rivertonevents.example", "Riverton Events", 1, 3, 44, trial=-6, purpose="What is on, with pictures."),
    Show(RIVERTON, "Events", "tiktok", "rivertonevents", "Riverton Events", 2, 7, 33, Risk.HIGH, children=True, trial=40),
    Show(RIVERTON, "Planning", "x", "RivPlanExample", "Riverton Planning alerts", 33, 14, 140),
    Show(RIVERTON, "Leisure", "facebook", "RivertonLeisureExample", "Riverton Leisure", 4, 7, 62),
    Show(RIVERTON, "Leisure", "nextdoor", "riverton-example", "Riverton Leisure on Nextdoor", None, 14, None, state=AUTHORISED, held=0),
    Show(RIVERTON, "Leisure", "flickr", "rivertonexample", "Riverton photo archive", 400, 30, 150, state=MOTHBALLED, ended=150, purpose="Photographs until 2024."),
    Show(RIVERTON, "Corporate", "myspace", "rivertonexample", "Riverton on MySpace", None, None, None, state=CLOSED, held=0, ended=380),
    Show(RIVERTON, "Community", "vimeo", "rivertonexample", "Riverton films", 260, 30, 95, closing="open"),
    Show(HILLFORD, "Corporate", "x", "HillfordExample", "Hillford City Council", 0, 1, 8, Risk.HIGH, held=3),
    Show(HILLFORD, "Corporate", "facebook", "HillfordExample", "Hillford City Council", 0, 1, 29, Risk.HIGH, held=0),
    Show(HILLFORD, "Corporate", "mastodon", "@hillford@social.example", "Hillford on Mastodon", 3, 7, 50),
    Show(HILLFORD, "Corporate", "whatsapp", "0029VaExampleHillford01", "Hillford alerts", 6, 14, 66, Risk.HIGH, held=0),
    Show(HILLFORD, "Families information", "facebook", "HillfordFamiliesExample", "Families Information Service", 1, 3, 18, held=1, children=True),
    Show(HILLFORD, "Families information", "instagram", "hillfordfamilies.example", "Hillford Families", 9, 7, 73),
    Show(HILLFORD, "Community protection", "x", "HillCPTExample", "Community Protection Team", 2, 7, 88, Risk.NORMAL),
    Show(HILLFORD, "Museums", "instagram", "hillfordmuseums.example", "Hillford Museums", 1, 5, 25),
    Show(HILLFORD, "Museums", "youtube", "HillfordMuseumsExample", "Hillford Museums films", 70, 30, 110, closing="stalled"),
    Show(HILLFORD, "Museums", "pinterest", "hillfordmuseums", "Hillford costume collection", 220, 14, 96, state=HANDED_OVER, ended=90, purpose="Pictures of the costume collection."),
    Show(HILLFORD, "Libraries", "facebook", "HillfordLibrariesExample", "Hillford Libraries", 2, 7, 47),
    Show(HILLFORD, "Libraries", "tiktok", "hillfordlibraries", "Hillford Libraries", 16, 7, 92, children=True),
    Show(HILLFORD, "Parks", "instagram", "hillfordparks.example", "Hillford Parks", 5, 7, 68),
    Show(HILLFORD, "Parks", "threads", "hillfordparks.example", "Hillford Parks", 64, 14, None),
    Show(HILLFORD, "Parks", "tumblr", "hillfordparks", "Hillford tree of the week", 500, 14, 400, state=MOTHBALLED, ended=372),
    Show(HILLFORD, "Community protection", "facebook_group", "hillfordwatchexample", "Hillford Watch", 320, 7, 340, state=CLOSED, ended=200),
    Show(LITTLE_MERE, "Parish", "facebook", "LittleMereExample", "Little Mere Parish Council", 6, 14, 61, held=1),
    Show(LITTLE_MERE, "Parish", "x", "LittleMereEx", "Little Mere Parish Council", 39, 14, 122),
    Show(LITTLE_MERE, "Parish", "blog", "https://news.little-mere.example/", "Little Mere news", 2, 14, 45, Risk.LOW, held=0),
)  # fmt: skip
