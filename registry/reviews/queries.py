"""Finding reviews, their answers, what they left to do, and the accounts whose review is due."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, Row, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from registry.accounts.models import IN_USE, Account, ServiceArea
from registry.core.database import Rows, get_one
from registry.editors.models import Editorship
from registry.editors.standing import standing_of
from registry.identity.models import Person
from registry.identity.queries import in_force, people_wearing
from registry.reviews.answers import Answer, answer_in
from registry.reviews.checklists import checklist_for
from registry.reviews.items import Item
from registry.reviews.models import Finding, ReviewAction, ReviewAnswer, ReviewState, SecurityReview
from registry.reviews.rules import Reviewing
from registry.vocabulary.permissions import Permission, roles_with

SOON = timedelta(days=14)
NEVER = literal(date.min, Date)
DUE = func.coalesce(Account.next_review_on, NEVER, type_=Date)
"""The day an account's review falls due; the first of all days for one that never had a day set."""
ROLES_THAT_FINISH = roles_with(Permission.REVIEW_ACTION_DONE)


def get_review(session: Session, council_id: int, review_id: int, *, lock: bool = False) -> SecurityReview:
    """The review with this number; locked, it is kept from others until this work is done."""
    query = select(SecurityReview).where(SecurityReview.council_id == council_id, SecurityReview.id == review_id)
    return get_one(session, query.with_for_update() if lock else query)


def find_open_review(session: Session, council_id: int, account_id: int) -> SecurityReview | None:
    """The review of an account that is being worked on, if there is one."""
    query = select(SecurityReview).where(
        SecurityReview.council_id == council_id,
        SecurityReview.account_id == account_id,
        SecurityReview.state == ReviewState.OPEN,
    )
    return session.scalar(query)


def find_last_completed(session: Session, council_id: int, account_id: int) -> SecurityReview | None:
    """The newest completed review of an account."""
    query = select(SecurityReview).where(
        SecurityReview.council_id == council_id,
        SecurityReview.account_id == account_id,
        SecurityReview.state == ReviewState.COMPLETE,
    )
    return session.scalar(query.order_by(SecurityReview.completed_at.desc(), SecurityReview.id.desc()).limit(1))


def answer_rows(session: Session, review: SecurityReview) -> dict[str, ReviewAnswer]:
    """The rows of a review's answers, by item."""
    query = select(ReviewAnswer).where(
        ReviewAnswer.council_id == review.council_id, ReviewAnswer.review_id == review.id
    )
    return {row.item: row for row in session.scalars(query)}


def answers_of(session: Session, review: SecurityReview | None) -> dict[str, Answer]:
    """What a review found, by item; nothing for no review."""
    return {item: answer_in(row) for item, row in answer_rows(session, review).items()} if review else {}


def unanswered(platform_key: str, answers: dict[str, Answer]) -> list[Item]:
    """The questions of a platform's checklist that have no answer yet."""
    return [item for item in checklist_for(platform_key) if item.key not in answers]


def reviewing_of(session: Session, account: Account, person_id: int, on: date, unanswered: int = 0) -> Reviewing:
    """How a person stands toward an account they would review."""
    standing = standing_of(session, account, person_id, on)
    return Reviewing(standing.is_employed, standing.acts_by_role, standing.is_account_in_use, unanswered)


def history(council_id: int, account_id: int) -> Rows:
    """The completed reviews of an account, with their reviewer and how many items were found how."""
    review, answer = SecurityReview, ReviewAnswer
    return (
        select(
            review.id.label("review_id"), review.completed_at, review.next_due_on, review.checklist_version,
            Person.name.label("reviewer"),
            *(_count_of(finding).label(finding.value) for finding in Finding),
        )
        .join(Person, Person.id == review.reviewer_id)
        .outerjoin(answer, and_(answer.council_id == review.council_id, answer.review_id == review.id))
        .where(review.council_id == council_id, review.account_id == account_id, review.state == ReviewState.COMPLETE)
        .group_by(review.id, Person.name)
    )  # fmt: skip


def _count_of(finding: Finding) -> ColumnElement[int]:
    return func.sum(case((ReviewAnswer.finding == finding, 1), else_=0))


def get_action(session: Session, council_id: int, action_id: int, *, lock: bool = False) -> ReviewAction:
    """The action with this number; locked, it is kept from others until this work is done."""
    query = select(ReviewAction).where(ReviewAction.council_id == council_id, ReviewAction.id == action_id)
    return get_one(session, query.with_for_update() if lock else query)


def actions_listed(council_id: int) -> Rows:
    """What reviews left to do, done or not, with account and owner."""
    action = ReviewAction
    return (
        select(
            action.id.label("action_id"), action.review_id, action.item, action.what, action.due_on, action.owner_id,
            action.done_on, action.done_by, action.proof, Person.name.label("owner"),
            Account.id.label("account_id"), Account.name.label("account"), Account.platform,
        )
        .join(Person, Person.id == action.owner_id)
        .join(Account, and_(Account.council_id == action.council_id, Account.id == action.account_id))
        .where(action.council_id == council_id)
    )  # fmt: skip


def open_actions(council_id: int) -> Rows:
    """What reviews left to do and nobody has done yet."""
    return actions_listed(council_id).where(ReviewAction.done_on.is_(None))


def open_actions_of(session: Session, council_id: int, person_id: int) -> list[Row[Any]]:
    """What is left for one person to do, the most urgent first."""
    query = open_actions(council_id).where(ReviewAction.owner_id == person_id)
    return list(session.execute(query.order_by(ReviewAction.due_on, ReviewAction.id)))


def actions_of_review(session: Session, review: SecurityReview) -> list[Row[Any]]:
    """Everything a review left to do, by day."""
    query = actions_listed(review.council_id).where(ReviewAction.review_id == review.id)
    return list(session.execute(query.order_by(ReviewAction.due_on, ReviewAction.id)))


def possible_owners(session: Session, council_id: int, on: date) -> dict[int, str]:
    """Whoever can mark an action done, by number: named editors and those whose hat allows it, in order of name."""
    named = select(Editorship.person_id).where(
        Editorship.council_id == council_id, in_force(Editorship.starts_on, Editorship.ends_on, on)
    )
    owners = people_wearing(session, council_id, ROLES_THAT_FINISH, on, also=named)
    return {person.id: person.name for person in owners}


def accounts_to_review(council_id: int) -> Rows:
    """Every account in use with the day its review falls due, and the review that is open, if one is.

    `due_on` is the first of all days where no day was ever set; `last_reviewed_on` is None before the first review.
    """
    return (
        select(
            Account.id.label("account_id"), Account.name, Account.platform, Account.risk, Account.last_reviewed_on,
            DUE.label("due_on"), ServiceArea.name.label("area"), SecurityReview.id.label("open_review_id"),
        )
        .join(ServiceArea, ServiceArea.id == Account.service_area_id)
        .outerjoin(
            SecurityReview,
            and_(
                SecurityReview.council_id == Account.council_id,
                SecurityReview.account_id == Account.id,
                SecurityReview.state == ReviewState.OPEN,
            ),
        )
        .where(Account.council_id == council_id, Account.state.in_(IN_USE))
    )  # fmt: skip


def due_reviews(council_id: int, on: date, within: timedelta = SOON) -> Rows:
    """The accounts whose review is overdue, falls due soon, or was never made; order by `DUE` and `Account.id`."""
    return accounts_to_review(council_id).where(or_(on + within >= DUE, Account.last_reviewed_on.is_(None)))
