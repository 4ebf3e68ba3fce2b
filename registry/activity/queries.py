"""Finding what was seen of accounts' activity, and which accounts to ask about."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, or_, select
from sqlalchemy.orm import Session

from registry.accounts.models import Account
from registry.activity.cadence import EXPECTED, next_due_column
from registry.activity.models import Observation
from registry.activity.rules import Telling
from registry.core.database import Rows, get_one
from registry.councils.models import Council
from registry.editors.models import Editorship
from registry.editors.standing import standing_of
from registry.identity.models import Person
from registry.identity.queries import in_force

WEEK = timedelta(days=7)


def lock_account(session: Session, council_id: int, account_id: int) -> Account:
    """The account, kept from others until this work is done, so that its last day of posting comes out right."""
    query = select(Account).where(Account.council_id == council_id, Account.id == account_id)
    return get_one(session, query.with_for_update(of=Account))


def get_observation(session: Session, council_id: int, observation_id: int) -> Observation:
    """The record with this number."""
    query = select(Observation).where(Observation.council_id == council_id, Observation.id == observation_id)
    return get_one(session, query)


def find_observation(session: Session, account: Account, posted_on: date) -> Observation | None:
    """The record of an account for a day, if there is one."""
    return session.scalar(_of(account).where(Observation.posted_on == posted_on))


def days_known(session: Session, account: Account, days: Iterable[date]) -> frozenset[date]:
    """Which of these days are on record already."""
    wanted = sorted(set(days))
    if not wanted:
        return frozenset()
    query = select(Observation.posted_on).where(
        Observation.council_id == account.council_id,
        Observation.account_id == account.id,
        Observation.posted_on.between(wanted[0], wanted[-1]),
    )
    return frozenset(session.scalars(query)) & frozenset(wanted)


def telling_of(session: Session, account: Account, person_id: int, on: date) -> Telling:
    """How a person stands toward an account whose activity they would record."""
    standing = standing_of(session, account, person_id, on)
    return Telling(
        is_employed=standing.is_employed,
        is_named=standing.is_named,
        manages_area=account.service_area.manager_id == person_id,
        acts_by_role=standing.acts_by_role,
        is_account_in_use=standing.is_account_in_use,
    )


def records(account: Account) -> Rows:
    """What is on record of an account: observation_id, posted_on, posts, source, by_id, by_name, recorded_at."""
    return (
        select(
            Observation.id.label("observation_id"), Observation.posted_on, Observation.posts, Observation.source,
            Observation.recorded_by.label("by_id"), Person.name.label("by_name"), Observation.recorded_at,
        )
        .join(Person, Person.id == Observation.recorded_by)
        .where(Observation.council_id == account.council_id, Observation.account_id == account.id)
    )  # fmt: skip


def posts_between(session: Session, account: Account, first: date, last: date) -> list[tuple[date, int]]:
    """The days with posts in a span, and how many; at most one row a day."""
    query = select(Observation.posted_on, Observation.posts).where(
        Observation.council_id == account.council_id,
        Observation.account_id == account.id,
        Observation.posted_on.between(first, last),
    )
    return [(posted_on, posts) for posted_on, posts in session.execute(query.order_by(Observation.posted_on))]


def accounts_to_ask_posted(session: Session, council_id: int, person_id: int, on: date) -> list[Row[Any]]:
    """The live accounts a person is named for of which to ask "posted this week?", the longest silent first.

    Asked when the account is late, or when nothing is on record for a week and the next post is due within another.
    Rows of account_id, name, platform, handle, last_posted_on and due_on.
    """
    due = next_due_column().label("due_on")
    named = (
        select(Editorship.id)
        .where(
            Editorship.council_id == council_id,
            Editorship.service_area_id == Account.service_area_id,
            Editorship.person_id == person_id,
            in_force(Editorship.starts_on, Editorship.ends_on, on),
        )
        .exists()
    )
    silent = or_(Account.last_posted_on.is_(None), Account.last_posted_on <= on - WEEK)
    query = (
        select(
            Account.id.label("account_id"), Account.name, Account.platform, Account.handle, Account.last_posted_on, due
        )
        .join(Council, Council.id == Account.council_id)
        .where(
            Account.council_id == council_id,
            Account.state.in_(EXPECTED),
            Account.under_closure.is_(False),
            named,
            or_(due < on, and_(silent, due <= on + WEEK)),
        )
    )
    return list(session.execute(query.order_by(due, Account.id)))


def _of(account: Account) -> Select[Observation]:
    return select(Observation).where(Observation.council_id == account.council_id, Observation.account_id == account.id)
