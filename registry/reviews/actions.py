"""Making a security review: start, answer in sittings, complete or abandon; and doing what it left to do (004 §6.5)."""

from collections.abc import Mapping
from datetime import timedelta

from registry.accounts.models import Account
from registry.accounts.queries import get_account
from registry.core.errors import Conflict, Invalid, NotFound
from registry.core.work import Work
from registry.councils.queries import get_council_by_id
from registry.editors.standing import standing_of
from registry.identity.queries import name_of
from registry.reviews.answers import FAILING, Answer, answer_in, mark_of
from registry.reviews.checklists import CHECKLIST_VERSION, find_item
from registry.reviews.lifecycle import REVIEW_LIFE
from registry.reviews.models import ReviewAction, ReviewAnswer, SecurityReview
from registry.reviews.plans import Plan, default_plan
from registry.reviews.queries import (
    answer_rows,
    answers_of,
    find_open_review,
    get_action,
    get_review,
    possible_owners,
    reviewing_of,
    unanswered,
)
from registry.reviews.rules import (
    MAY_ABANDON,
    MAY_COMPLETE,
    MAY_FINISH,
    MAY_REVIEW,
    MAY_STAND,
    OWNABLE,
    TIMELY,
    TWO_STEP,
    TWO_STEP_SAYS,
    Answering,
    Finishing,
    Planning,
)
from registry.vocabulary.events import Event


def start(work: Work, account_id: int) -> SecurityReview:
    """Begin a review; an account has one open review at a time."""
    account = get_account(work.session, work.council, account_id)
    MAY_REVIEW.judge(reviewing_of(work.session, account, work.actor, work.today), work.today).or_refuse()
    is_open = find_open_review(work.session, work.council, account_id)
    if is_open is not None:
        who = name_of(work.session, is_open.reviewer_id)
        raise Conflict(f"{who} has already begun a review of this account. Continue that one.")
    review = SecurityReview(
        council_id=work.council,
        account_id=account_id,
        reviewer_id=work.actor,
        checklist_version=CHECKLIST_VERSION,
        started_at=work.now,
    )
    work.session.add(review)
    work.flush()
    work.record(Event.REVIEW_STARTED, review, account=account.name)
    return review


def answer(work: Work, review_id: int, answers: Mapping[str, Answer], seen: Mapping[str, str] | None = None) -> int:
    """Keep these answers and leave all others as they are; tell how many changed.

    `seen` holds the marks of the answers as they stood on the page: one that somebody else changed since is not
    overwritten. Without it, the answers given here stand.
    """
    review, account = _review_of(work, review_id)
    MAY_REVIEW.judge(reviewing_of(work.session, account, work.actor, work.today), work.today).or_refuse()
    REVIEW_LIFE.move(review, "take_answers")
    held = answer_rows(work.session, review)
    changed = {key: given for key, given in answers.items() if key not in held or answer_in(held[key]) != given}
    for key, given in changed.items():
        _assert_answer(work, account, key, given)
    _assert_unchanged(account, {key: held[key] for key in changed if key in held}, changed, seen)
    for key, given in changed.items():
        row = held.get(key) or ReviewAnswer(council_id=work.council, review_id=review.id, item=key)
        row.finding, row.note = given.finding, given.note
        work.session.add(row)
    if changed:
        work.record(Event.REVIEW_ANSWERED, review, account=account.name, answers=len(changed))
    return len(changed)


def complete(work: Work, review_id: int, plans: Mapping[str, Plan] | None = None) -> SecurityReview:
    """Complete a review whose questions are all answered.

    Every failing item becomes an action, as planned or else as `default_plan` has it; the account learns when it
    was reviewed, when it is due again by its risk, and whether two-step sign-in is on. Whoever completes a review
    answers for it.
    """
    review, account = _review_of(work, review_id)
    REVIEW_LIFE.move(review, "be_completed")
    answers = answers_of(work.session, review)
    missing = len(unanswered(account.platform, answers))
    MAY_COMPLETE.judge(reviewing_of(work.session, account, work.actor, work.today, missing), work.today).or_refuse()
    made = _plan_actions(work, review, account, answers, plans or {})
    every = get_council_by_id(work.session, work.council).review_every(account.risk)
    review.reviewer_id, review.completed_at = work.actor, work.now
    review.checklist_version, review.next_due_on = CHECKLIST_VERSION, work.today + timedelta(days=every)
    account.last_reviewed_on, account.next_review_on = work.today, review.next_due_on
    account.two_step_on = _two_step(answers, account.two_step_on)
    work.record(Event.REVIEW_COMPLETED, review, account=account.name, next_due_on=review.next_due_on, actions=len(made))
    return review


def abandon(work: Work, review_id: int) -> SecurityReview:
    """Give an open review up: its answers stay readable, and claim nothing about the account."""
    review, account = _review_of(work, review_id)
    MAY_ABANDON.judge(reviewing_of(work.session, account, work.actor, work.today), work.today).or_refuse()
    REVIEW_LIFE.move(review, "be_abandoned")
    work.record(Event.REVIEW_ABANDONED, review, account=account.name)
    return review


def finish(work: Work, action_id: int, proof: str) -> ReviewAction:
    """Mark an action done, with its proof."""
    action = get_action(work.session, work.council, action_id, lock=True)
    account = get_account(work.session, work.council, action.account_id)
    standing = standing_of(work.session, account, work.actor, work.today)
    finishing = Finishing(standing.is_employed, action.owner_id == work.actor, standing.acts_by_role)
    MAY_FINISH.judge(finishing, work.today).or_refuse()
    if action.done_on is not None:
        raise Conflict("This action is marked done already.")
    if not proof.strip():
        raise Invalid("proof", "Say what was done, or where the proof is")
    action.done_on, action.done_by, action.proof = work.today, work.actor, proof.strip()
    work.record(Event.REVIEW_ACTION_DONE, action, account=account.name, item=action.item)
    return action


def _review_of(work: Work, review_id: int) -> tuple[SecurityReview, Account]:
    review = get_review(work.session, work.council, review_id, lock=True)
    return review, get_account(work.session, work.council, review.account_id)


def _assert_answer(work: Work, account: Account, key: str, given: Answer) -> None:
    if find_item(account.platform, key) is None:
        raise NotFound
    for reason in MAY_STAND.judge(Answering(given.finding, bool(given.note)), work.today):
        raise Invalid(f"{key}-note", reason.text)


def _assert_unchanged(
    account: Account, held: Mapping[str, ReviewAnswer], given: Mapping[str, Answer], seen: Mapping[str, str] | None
) -> None:
    stood = {key: answer_in(row) for key, row in held.items()}
    lost = [key for key, there in stood.items() if seen is not None and seen.get(key, "") != mark_of(there)]
    if lost:
        named = {key: item.question for key in lost if (item := find_item(account.platform, key))}
        raise Conflict(
            "Somebody else answered the same questions while you were working on them.",
            yours=tuple((named[key], str(given[key])) for key in lost),
            theirs=tuple((named[key], str(stood[key])) for key in lost),
        )


def _plan_actions(
    work: Work, review: SecurityReview, account: Account, answers: Mapping[str, Answer], plans: Mapping[str, Plan]
) -> list[ReviewAction]:
    failing = {key: given for key, given in answers.items() if given.finding in FAILING}
    owners = possible_owners(work.session, work.council, work.today) if failing else {}
    made = []
    for key, given in failing.items():
        plan = plans.get(key) or default_plan(key, given, account, work.actor, owners, work.today)
        planning = Planning(plan.owner_id in owners, plan.due_on)
        for field, rule in (("owner_id", OWNABLE), ("due_on", TIMELY)):
            for reason in rule.judge(planning, work.today):
                raise Invalid(f"{key}-{field}", reason.text)
        made.append(
            ReviewAction(
                council_id=work.council,
                account_id=account.id,
                review_id=review.id,
                item=key,
                what=plan.what,
                owner_id=plan.owner_id,
                due_on=plan.due_on,
            )
        )
    work.session.add_all(made)
    return made


def _two_step(answers: Mapping[str, Answer], before: bool) -> bool:
    found = answers.get(TWO_STEP)
    return TWO_STEP_SAYS.get(found.finding, before) if found else before
