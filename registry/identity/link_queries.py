"""Finding the single-use links by which people set a password, and who may still use one."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from registry.core.tenants import beyond
from registry.identity.factors import Factor
from registry.identity.models import LinkPurpose, OutsideIdentity, PasswordLink, Person
from registry.identity.tokens import hash_of


def has_no_way_in(person_id: Any) -> ColumnElement[bool]:
    """Whether somebody has nothing to prove themselves with: no password, no second factor, no account outside."""
    return and_(
        exists().where(Person.id == person_id, Person.password_hash.is_(None)),
        *(~exists().where(kind.person_id == person_id) for kind in (Factor, OutsideIdentity)),
    )


def is_new(session: Session, person_id: int) -> bool:
    """Whether somebody never proved themselves to the register in any way."""
    with beyond(session):
        return bool(session.scalar(select(has_no_way_in(person_id))))


def opens(token: str, now: datetime) -> ColumnElement[bool]:
    """Whether the `PasswordLink` of the query is this token's, unused and in time; and, where it is a first one, its
    person has no other way in yet: it waits for three days, which is too long to lead past what they have since."""
    is_for_them = or_(PasswordLink.purpose != LinkPurpose.SET_UP, has_no_way_in(PasswordLink.person_id))
    is_good = (PasswordLink.used_at.is_(None), PasswordLink.expires_at > now, is_for_them)
    return and_(PasswordLink.token_hash == hash_of(token), *is_good)


def find_link(session: Session, token: str, now: datetime) -> PasswordLink | None:
    """The link behind a token, if it still opens."""
    return session.scalar(select(PasswordLink).where(opens(token, now)))
