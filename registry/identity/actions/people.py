"""People join a council, change and leave; hats are given and taken back."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm.attributes import flag_modified

from registry.core.errors import Conflict, Invalid, NotFound
from registry.core.stale import refuse_stale
from registry.core.tenants import beyond
from registry.core.work import Subject, Work
from registry.identity.actions.putting_out import assert_may_put_out, by_clerk, judge_putting_out
from registry.identity.actions.roles import ask_seconds, said, seconds_for, tell_watchers
from registry.identity.actions.sign_in import end_all_sessions, renew_soon
from registry.identity.models import Employment, Person, RoleGrant, Terms
from registry.identity.queries import (
    councils_of,
    find_person_by_email,
    get_employment,
    works_elsewhere,
)
from registry.identity.rules.hats import MAY_BE_GIVEN, Hat
from registry.identity.rules.people import MAY_BE_TAKEN_IN, MAY_JOIN, Coming, Joining
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import GRANTABLE, Role


@dataclass(frozen=True)
class Joiner:
    """What is known of somebody who joins."""

    name: str
    email: str
    job_title: str
    starts_on: date
    terms: Terms = Terms.EMPLOYEE
    manager_id: int | None = None
    sponsor_id: int | None = None
    ends_on: date | None = None


OF_PERSON = ("name", "email")


def add_person(work: Work, joiner: Joiner) -> Employment:
    """Put somebody on the council's list; whoever is in the register already is the same person, and comes by their
    own word (see `offers`)."""
    assert_may_join(work, joiner)
    email = joiner.email.strip().lower()
    person = find_person_by_email(work.session, email)
    if person is None:
        person = Person(name=joiner.name, email=email, added_at=work.now)
        with beyond(work.session):  # nobody's colleague yet
            work.session.add(person)
            work.flush()
    elif is_listed(work, person):
        raise Invalid("email", "Somebody with this address is already on the council's list")
    else:
        MAY_BE_TAKEN_IN.judge(Coming(work.actor_id in (None, person.id)), work.today).or_refuse()
    here = work.council, person.id
    employment = work.session.get(Employment, here) or Employment(council_id=work.council, person_id=person.id)
    if employment.ends_on is not None:  # they left and come back, without the hats that nobody ended
        _end_hats(work, person.id, employment.ends_on)
    terms = {term.name: getattr(joiner, term.name) for term in fields(Joiner) if term.name not in OF_PERSON}
    for name, value in {**terms, "suspended_on": None, "suspended_why": ""}.items():
        setattr(employment, name, value)
    work.session.add(employment)
    work.flush()
    work.record(Event.PERSON_ADDED, Subject("Person", person.id), terms=joiner.terms, starts_on=joiner.starts_on)
    return employment


def is_listed(work: Work, person: Person) -> bool:
    """Whether somebody is on the council's list, and not as one who left."""
    employment = work.session.get(Employment, (work.council, person.id))
    return employment is not None and not _is_over(employment.ends_on, work.today)


def assert_may_join(work: Work, joiner: Joiner) -> None:
    """Refuse terms on which nobody joins."""
    is_employee, has_sponsor = joiner.terms is Terms.EMPLOYEE, bool(joiner.sponsor_id)
    MAY_JOIN.judge(Joining(is_employee, has_sponsor, joiner.ends_on), work.today).or_refuse()
    _assert_in_order(joiner.starts_on, joiner.ends_on)


def change_person(work: Work, person_id: int, seen_lock: int, changes: dict[str, Any]) -> Employment:
    """Change what the council knows of somebody, unless somebody changed it since it was read.

    The name belongs to the person, the rest to the employment.
    """
    employment = get_employment(work.session, work.council, person_id)
    refuse_stale("person", employment, seen_lock, changes, {"name": employment.person.name})
    if changes.get("name", employment.person.name) != employment.person.name and works_elsewhere(
        work.session, work.council, person_id
    ):
        raise Invalid(
            "name", "They work for another council too, whose list would change with it: nobody here renames them"
        )
    last_day = changes.get("ends_on", employment.ends_on)
    if _is_sooner(last_day, employment.ends_on):
        assert_may_put_out(work, person_id)
    comes_back = _is_over(employment.ends_on, work.today) and not _is_over(last_day, work.today)
    if comes_back and works_elsewhere(work.session, work.council, person_id, since=work.today):
        MAY_BE_TAKEN_IN.judge(Coming(work.actor_id in (None, person_id)), work.today).or_refuse()
    changed = []
    for name, value in changes.items():
        thing = employment.person if name == "name" else employment
        if getattr(thing, name) != value:
            setattr(thing, name, value)
            changed.append(name)
    joining = Joining(employment.terms is Terms.EMPLOYEE, employment.sponsor_id is not None, employment.ends_on)
    MAY_JOIN.judge(joining, work.today).or_refuse()
    _assert_in_order(employment.starts_on, employment.ends_on)
    if changed:
        flag_modified(employment, "job_title")  # a new name alone is a new version of their record too
        work.record(Event.PERSON_CHANGED, Subject("Person", person_id), fields=sorted(changed))
    return employment


def leave(work: Work, person_id: int, last_day: date) -> Employment:
    """Record somebody's last day. Once it is past, or today when it says so, their sign-ins and hats are over.

    A last day before today ends everything at once; one to come ends it as that day passes, since every
    right is judged on the day it is used.
    """
    employment = get_employment(work.session, work.council, person_id)
    if last_day < employment.starts_on:
        raise Invalid("last_day", "The last day cannot be before the first")
    assert_may_put_out(work, person_id)
    employment.ends_on = last_day
    _end_hats(work, person_id, last_day)
    work.record(Event.PERSON_LEFT, Subject("Person", person_id), on=last_day)
    work.flush()
    if last_day < work.today and not councils_of(work.session, person_id, work.today):
        end_all_sessions(work, person_id, "left the council")
    return employment


def grant_role(
    work: Work, person_id: int, role: Role, starts_on: date, ends_on: date | None, reason: str = ""
) -> RoleGrant:
    """Give somebody a hat from a day until a day; never to oneself, and the Clerk's own only by the Clerk.

    A hat of power waits until somebody else confirms it, unless nobody else here may. The register itself (set-up,
    the keeper's command line) may give any at once.
    """
    employment = get_employment(work.session, work.council, person_id)
    MAY_BE_GIVEN.judge(_hat(work, employment, role, starts_on), work.today).or_refuse()
    _assert_in_order(starts_on, ends_on)
    if any(grant.role is role for grant in _grants_beyond(work, person_id, max(starts_on, work.today))):
        raise Conflict("They have this role already, or it waits to be confirmed.")
    seconds = seconds_for(work, role, person_id, by_clerk=by_clerk(work))
    grant = RoleGrant(
        council_id=work.council,
        person_id=person_id,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        granted_by=work.actor_id,
        reason=reason,
        confirmed_at=None if seconds else work.now,
    )
    work.session.add(grant)
    work.flush()
    _tell_given(work, grant, seconds)
    return grant


def _hat(work: Work, employment: Employment, role: Role, starts_on: date) -> Hat:
    return Hat(
        granter_id=work.actor_id or 0,
        person_id=employment.person_id,
        is_employed=employment.holds_on(starts_on),
        is_grantable=role in GRANTABLE,
        acts_for_accounts=role in (Role.CLERK, Role.COMMS),
        by_clerk=by_clerk(work),
    )


def _tell_given(work: Work, grant: RoleGrant, seconds: Collection[Person]) -> None:
    """Enter that a hat was given, and tell who should know; or, where it waits, those who can confirm it."""
    subject = Subject("Person", grant.person_id)
    told = {"role": said(grant.role), "starts_on": grant.starts_on, "ends_on": grant.ends_on}
    if seconds:
        work.record(Event.ROLE_PROPOSED, subject, **told)
        ask_seconds(work, grant, seconds)
        return
    renew_soon(work, grant.person_id)
    work.record(Event.ROLE_GRANTED, subject, **told)
    tell_watchers(work, grant)


def end_role(work: Work, grant_id: int) -> RoleGrant:
    """Take a hat back as from today; it is not worn from this moment."""
    grant = work.session.scalar(select(RoleGrant).where(RoleGrant.id == grant_id, RoleGrant.council_id == work.council))
    if grant is None:
        raise NotFound
    judge_putting_out(work, (grant.role,))
    yesterday = work.today - timedelta(days=1)
    if grant.ends_on is not None and grant.ends_on <= yesterday:
        raise Conflict("This role has ended already.")
    if grant.starts_on > yesterday:
        work.session.delete(grant)
    else:
        grant.ends_on = yesterday
    renew_soon(work, grant.person_id)
    work.record(Event.ROLE_ENDED, Subject("Person", grant.person_id), role=said(grant.role))
    return grant


def _grants_beyond(work: Work, person_id: int, day: date) -> list[RoleGrant]:
    """The hats that somebody would still wear after a day."""
    query = select(RoleGrant).where(RoleGrant.council_id == work.council, RoleGrant.person_id == person_id)
    return list(work.session.scalars(query.where(or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on > day))))


def _end_hats(work: Work, person_id: int, last_day: date) -> None:
    for grant in _grants_beyond(work, person_id, last_day):
        grant.ends_on = max(last_day, grant.starts_on)


def _is_over(last_day: date | None, today: date) -> bool:
    return last_day is not None and last_day < today


def _is_sooner(last_day: date | None, before: date | None) -> bool:
    """Whether somebody is to go earlier than was known before."""
    return last_day is not None and (before is None or last_day < before)


def _assert_in_order(first: date, last: date | None) -> None:
    if last is not None and last < first:
        raise Invalid("ends_on", "The last day cannot be before the first")
