"""The accounts' year: entered, kept in custody, posted on, reviewed and, some of them, brought to their end."""

import base64
import os
from datetime import date, timedelta
from random import Random

from registry.accounts.actions import add_account
from registry.accounts.models import AccountState
from registry.accounts.platforms import AccessModel, find_platform
from registry.activity.actions import import_days
from registry.closures.actions import beginning, concluding, stepping
from registry.closures.plan import Plan
from registry.closures.queries import steps_in
from registry.closures.tasks import Ending, tasks_for
from registry.core.secret import Secret
from registry.custody.actions.deposit import Deposit, deposit
from registry.custody.generator import generate_password
from registry.custody.models import Kind
from registry.custody.opening import open_vault
from registry.demo.cast import CAST
from registry.demo.register import ACCOUNTS, Show
from registry.demo.scenery import COMMS
from registry.demo.stage import BEGINNING, Act, Stage
from registry.reviews import actions as reviews
from registry.reviews.answers import Answer
from registry.reviews.checklists import checklist_for
from registry.reviews.models import Finding, ReviewAction

ENTERED = BEGINNING - 5
REPORTS = (330, 240, 150, 91, 61, 31, 15, 8, 4, 2, 1)
"""Days ago when communications recorded the posts since the last time: each time before a sweep of the story."""
TIDIED = {
    AccountState.CLOSED: Ending.CLOSE,
    AccountState.MOTHBALLED: Ending.MOTHBALL,
    AccountState.HANDED_OVER: Ending.HAND_OVER,
}
FAULTS = (
    (Finding.PARTLY, "Two old sessions were still signed in; asked their owners to sign out."),
    (Finding.NOT_MET, "The website does not link back yet."),
    (Finding.PARTLY, "A scheduling tool nobody uses is still connected."),
    (Finding.NOT_MET, "The recovery address belonged to somebody who left."),
)


def plan_accounts(stage: Stage) -> None:
    """Plan the whole year of every account."""
    for show in ACCOUNTS:
        if show.state is AccountState.AUTHORISED:
            continue  # it comes from a request
        stage.plan(ENTERED, _enters(stage, show), hour=11)
        if show.platform == "myspace":
            continue
        if show.held:
            stage.plan(BEGINNING - 20, _is_deposited(stage, show), hour=12)
        _plan_posts(stage, show)
        _plan_reviews(stage, show)
        _plan_ending(stage, show)


def key_of(show: Show) -> tuple[str, str, str]:
    """Under what an account is found on stage."""
    return show.council, show.platform, show.handle


def _enters(stage: Stage, show: Show) -> Act:
    def act() -> None:
        gone = show.platform == "myspace"
        with stage.work(show.council, COMMS[show.council]) as work:
            account = add_account(
                work,
                show.handle,
                platform=show.platform,
                how="import",
                service_area_id=stage.areas[show.council, show.area].id,
                name=show.name,
                state=AccountState.CLOSED if gone else AccountState.LIVE,
                purpose=show.purpose,
                audience="Families and young people" if show.children else "Residents",
                for_children=show.children,
                cadence_days=show.cadence,
                risk=show.risk,
                language=show.language,
                trial_ends_on=stage.day(-show.trial) if show.trial is not None else None,
                responsible_id=stage.people[_responsible(show)].id,
                engagement="Answers questions on working days",
                linked_from_website=not gone,
                two_step_on=show.held > 1,
                **({"public_note": "The platform is no longer used by the council."} if gone else {}),
            )
        stage.accounts[key_of(show)] = account

    return act


def _responsible(show: Show) -> str:
    named = [p.name for p in CAST if show.council in p.councils and show.area in p.edits and p.left is None]
    return named[0] if named else COMMS[show.council]


def _is_deposited(stage: Stage, show: Show) -> Act:
    platform = find_platform(show.platform)
    if platform is not None and platform.access is AccessModel.ROLES:
        return lambda: None

    def act() -> None:
        account = stage.accounts[key_of(show)]
        brought = (
            Deposit(Kind.PASSWORD, generate_password(), sign_in_name=f"social@{show.council}.example"),
            Deposit(Kind.TOTP, Secret(base64.b32encode(os.urandom(20)).decode()), label="Authenticator"),
            Deposit(Kind.RECOVERY_CODES, Secret("\n".join(os.urandom(4).hex() for _ in range(8)))),
        )[: show.held]
        for each in brought:
            with stage.work(show.council, COMMS[show.council]) as work:
                vault = open_vault(work.session, stage.house.settings)
                deposit(work, vault, account.id, each)

    return act


def _plan_posts(stage: Stage, show: Show) -> None:
    if show.posted is None:
        return
    dice = Random(f"{show.platform}{show.handle}")  # noqa: S311 (the same story every time)
    ago, days = show.posted, {}
    while ago < ENTERED - 2:
        days[stage.day(ago)] = 1 + dice.randrange(3)
        ago += max(1, round((show.cadence or 14) * dice.uniform(0.6, 1.3)))
    for index, report in enumerate(REPORTS):
        begins = REPORTS[index - 1] if index else ENTERED
        part = {day: posts for day, posts in days.items() if stage.day(begins) < day <= stage.day(report)}
        late = {day: posts for day, posts in days.items() if day > stage.day(REPORTS[-1])}
        if part or (report == REPORTS[-1] and late):
            stage.plan(report, _posted(stage, show, part), hour=17)
        if report == REPORTS[-1] and late:
            stage.plan(0, _posted(stage, show, late), hour=0)


def _posted(stage: Stage, show: Show, days: dict[date, int]) -> Act:
    def act() -> None:
        if days:
            with stage.work(show.council, COMMS[show.council]) as work:
                import_days(work, stage.accounts[key_of(show)].id, days, "posts.csv")

    return act


def _plan_reviews(stage: Stage, show: Show) -> None:
    if show.reviewed is None:
        return
    every = {"low": 180, "normal": 90, "high": 30}[show.risk.value]
    ago = show.reviewed
    latest = True
    while ago < ENTERED - 10 and (latest or ago < 300):
        if show.ended is None or ago > show.ended + 40:
            stage.plan(ago, _reviews(stage, show, with_faults=Random(f"{show.handle}{ago}").random() < 0.4), hour=14)  # noqa: S311
        latest, ago = False, ago + max(every, 75)


def _reviews(stage: Stage, show: Show, *, with_faults: bool) -> Act:
    def act() -> None:
        account, who = stage.accounts[key_of(show)], COMMS[show.council]
        with stage.work(show.council, who) as work:
            review = reviews.start(work, account.id)
        items = checklist_for(show.platform)
        answers = {item.key: Answer(Finding.MET) for item in items}
        if with_faults:
            for index, fault in enumerate(FAULTS[: 1 + len(show.handle) % 3]):
                answers[items[3 + index * 4].key] = Answer(*fault)
        with stage.work(show.council, who) as work:
            reviews.answer(work, review.id, answers)
        with stage.work(show.council, who) as work:
            reviews.complete(work, review.id)
            work.flush()
            left = [a.id for a in work.session.query(ReviewAction).filter_by(review_id=review.id)]
        for action_id in left if _days_ago(stage) > 40 else left[1:]:
            stage.plan(_days_ago(stage) - 6, _mends(stage, show, action_id), hour=16)

    return act


def _days_ago(stage: Stage) -> int:
    return (stage.now - stage.house.clock.now()).days


def _mends(stage: Stage, show: Show, action_id: int) -> Act:
    def act() -> None:
        with stage.work(show.council, COMMS[show.council]) as work:
            reviews.finish(work, action_id, "Seen in the settings, screenshot in the folder.")

    return act


def _plan_ending(stage: Stage, show: Show) -> None:
    if show.ended is not None:
        stage.plan(show.ended + 30, _begins_to_end(stage, show, TIDIED[show.state], last=show.ended, finished=True))
    elif show.closing == "open":
        stage.plan(9, _begins_to_end(stage, show, Ending.CLOSE, last=-19, finished=False))
    elif show.closing == "stalled":
        stage.plan(45, _begins_to_end(stage, show, Ending.MOTHBALL, last=17, finished=False))


def _begins_to_end(stage: Stage, show: Show, ending: Ending, *, last: int, finished: bool) -> Act:
    def act() -> None:
        last_day = stage.day(last)
        plan = Plan(
            ending,
            last_day,
            "Few people follow it, and the main account says the same.",
            minute_ref="2026/09",
            review_on=last_day + timedelta(days=364) if ending is Ending.MOTHBALL else None,
            successor="Friends of the Costume Collection" if ending is Ending.HAND_OVER else "",
            instead=f"www.{show.council}.example",
        )
        who = COMMS[show.council]
        with stage.work(show.council, who) as work:
            closure = beginning.start(work, stage.accounts[key_of(show)].id, plan)
            work.flush()
            keys = [step.record.key for step in steps_in(work.session, closure)]
        must = {task.key for task in tasks_for(ending) if task.must}
        done = [key for key in keys if key in must] if finished else keys[:4]
        for number, key in enumerate(done):
            stage.plan(
                max(_days_ago(stage) - 2 - number, last if finished else 0), _takes_step(stage, show, closure.id, key)
            )
        if finished:
            stage.plan(last, _is_ended(stage, show, closure.id), hour=18)

    return act


def _takes_step(stage: Stage, show: Show, closure_id: int, key: str) -> Act:
    def act() -> None:
        with stage.work(show.council, COMMS[show.council]) as work:
            proof = (
                f"www.{show.council}.example"
                if key == "instead"
                else "Done and seen; screenshot in the closure folder."
            )
            stepping.finish_step(work, closure_id, key, proof)

    return act


def _is_ended(stage: Stage, show: Show, closure_id: int) -> Act:
    def act() -> None:
        with stage.work(show.council, COMMS[show.council]) as work:
            concluding.complete(work, closure_id)

    return act
