"""Requests for accounts in every state: agreed, waiting, returned, refused, withdrawn and half written."""

from dataclasses import dataclass
from typing import Any

from registry.accounts.models import Account
from registry.demo.cast import HILLFORD, LITTLE_MERE, RIVERTON
from registry.demo.stage import Act, Stage
from registry.requests.actions import deciding, drafting
from registry.requests.models import AccountRequest, Answer
from registry.requests.parts import PARTS
from registry.requests.seen import Seen

AGREE, CONDITIONS, RETURN, REFUSE = Answer.AGREE, Answer.AGREE_WITH_CONDITIONS, Answer.RETURN, Answer.REFUSE


@dataclass(frozen=True)
class Wish:
    """A request: who asks for what, how many days ago, and what the deciders said, each some days ago."""

    council: str
    asker: str
    area: str
    platform: str
    handle: str
    name: str
    ago: int
    editors: tuple[str, str | None]
    ruled: tuple[tuple[int, str, Answer, str], ...] = ()
    children: bool = False
    parts: int = 6
    withdrawn: int | None = None


WISHES = (
    Wish(
        RIVERTON, "Uma Nonsuch", "Leisure", "nextdoor", "riverton-example", "Riverton Leisure on Nextdoor", 30,
        ("Uma Nonsuch", "Tate Imaginary"),
        (
            (27, "Harper Makebelieve", AGREE, ""),
            (24, "Morgan Example", CONDITIONS, "Replies are switched off until both editors are cleared."),
            (20, "Blake Testwell", AGREE, ""),
        ),
    ),
    Wish(
        RIVERTON, "Kit Example", "Waste", "bluesky", "waste.riverton.example", "Riverton Waste on Bluesky", 12,
        ("Kit Example", "Lee Sample"), ((10, "Drew Mockford", AGREE, ""),),
    ),
    Wish(
        RIVERTON, "Quinn Demoson", "Democratic services", "tiktok", "rivertonvotes", "Riverton Votes", 2,
        ("Quinn Demoson", "Reese Mockford"), (), children=True,
    ),
    Wish(
        RIVERTON, "Noor Placeholder", "Community", "snapchat", "rivertonyouth", "Riverton Youth", 21,
        ("Noor Placeholder", "Max Specimen"),
        ((16, "Ellis Pretend", RETURN, "Say how comments are watched at weekends, and who covers holidays."),), children=True,
    ),
    Wish(
        RIVERTON, "Sky Pretend", "Planning", "x", "RivTreesExample", "Riverton Trees", 80, ("Sky Pretend", None),
        (
            (77, "Harper Makebelieve", AGREE, ""),
            (70, "Morgan Example", REFUSE, "Riverton Planning alerts already says the same to the same people."),
        ),
    ),
    Wish(
        RIVERTON, "Oak Fictional", "Community safety", "reddit", "r/RivertonSafeExample", "Riverton Safety on Reddit", 50,
        ("Oak Fictional", "Pat Testwell"), withdrawn=46,
    ),
    Wish(RIVERTON, "Yael Specimen", "Community", "facebook", "RivertonHomesExample", "Riverton Homes", 3, ("Yael Specimen", None), parts=2),
    Wish(
        HILLFORD, "Briar Testwell", "Museums", "bluesky", "museums.hillford.example", "Hillford Museums on Bluesky", 25,
        ("Briar Testwell", "Nico Fictional"),
        (
            (22, "Gale Nonsuch", AGREE, ""),
            (19, "Morgan Example", AGREE, ""),
            (11, "Dale Mockford", CONDITIONS, "For a trial of six months, then a report."),
        ),
    ),
    Wish(
        HILLFORD, "Shay Pretend", "Parks", "youtube", "HillfordParksExample", "Hillford Parks films", 6,
        ("Shay Pretend", None), ((5, "Hale Makebelieve", AGREE, ""),),
    ),
    Wish(
        LITTLE_MERE, "Penny Onlyone", "Parish", "nextdoor", "little-mere-example", "Little Mere on Nextdoor", 40,
        ("Penny Onlyone", None),
        ((39, "Penny Onlyone", AGREE, ""), (38, "Penny Onlyone", AGREE, "")),
    ),
)  # fmt: skip


def plan_requests(stage: Stage) -> None:
    """Plan every request and every ruling on it."""
    for wish in WISHES:
        stage.plan(wish.ago, _asks(stage, wish), hour=10)


def _asks(stage: Stage, wish: Wish) -> Act:
    def act() -> None:
        given = _answers(stage, wish)
        with stage.work(wish.council, wish.asker) as work:
            request = drafting.start(work)
            for part in PARTS[: wish.parts]:
                drafting.save_part(work, request.id, part.key, {k: v for k, v in given.items() if k in part.names})
                work.flush()
        if wish.parts < len(PARTS):
            return
        with stage.work(wish.council, wish.asker) as work:
            drafting.submit(work, request.id, request.version)
        for ago, who, answer, words in wish.ruled:
            stage.plan(ago, _rules(stage, wish, request.id, who, answer, words), hour=15)
        if wish.withdrawn is not None:
            stage.plan(wish.withdrawn, _withdraws(stage, wish, request.id))

    return act


def _rules(stage: Stage, wish: Wish, request_id: int, who: str, answer: Answer, words: str) -> Act:
    def act() -> None:
        with stage.work(wish.council, who) as work:
            seen = Seen.of(work.session.get_one(AccountRequest, request_id))
            ruling = deciding.Ruling(
                seen,
                answer,
                work.today,
                conditions=words if answer is CONDITIONS else "",
                reason=words if answer in (RETURN, REFUSE) else "",
                minute_ref="MT 2026/88" if answer in (AGREE, CONDITIONS) else "",
            )
            deciding.decide(work, request_id, ruling)
        if answer in (AGREE, CONDITIONS):
            _note_account(stage, wish, request_id)

    return act


def _note_account(stage: Stage, wish: Wish, request_id: int) -> None:
    with stage.house.reading(stage.councils[wish.council]) as session:
        request = session.get_one(AccountRequest, request_id)
        if request.account_id is not None:
            stage.accounts[wish.council, wish.platform, wish.handle] = session.get_one(Account, request.account_id)


def _withdraws(stage: Stage, wish: Wish, request_id: int) -> Act:
    def act() -> None:
        with stage.work(wish.council, wish.asker) as work:
            drafting.withdraw(work, request_id)

    return act


def _answers(stage: Stage, wish: Wish) -> dict[str, Any]:
    first, second = wish.editors
    answers: dict[str, Any] = {
        "platform": wish.platform,
        "handle": wish.handle,
        "name": wish.name,
        "service_area_id": stage.areas[wish.council, wish.area].id,
        "language": "English",
        "purpose": f"To tell people about {wish.area.lower()} where they already are.",
        "why_not_corporate": "Neighbours talk there about their own streets; the main account cannot answer in that detail.",
        "benchmarks": "Four hundred followers after a year; questions answered within a working day.",
        "audience": "Pupils and their parents" if wish.children else "Residents who do not follow the main account",
        "for_children": "yes" if wish.children else "no",
        "engagement": "answer",
        "cadence_days": 7,
        "resources": "Two hours a week, within existing posts.",
        "life": "open",
        "exit_plan": "Mothball it if nobody has posted for two months.",
        "monitoring": "An editor looks every working day.",
        "moderation": "By the house rules; removals are logged.",
        "editor_one": stage.people[first].id,
        "login_mailbox": f"social@{wish.council}.example",
        "mailbox_is_ours": True,
        "risk": "normal",
        "advertising": "No advertising and no boosting.",
        "terms_read": True,
    }
    if second:
        answers["editor_two"] = stage.people[second].id
    if wish.children:
        answers["safeguarding"] = "No direct messages; photographs only with a parent's leave."
    return answers
