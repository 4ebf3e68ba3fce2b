"""The people who act: enough of them, named, trained, signed and still here."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, and_, case, func, literal, select
from sqlalchemy.sql.expression import Subquery

from registry.accounts.models import Account, AccountState, ServiceArea
from registry.activity.cadence import DaysAfter
from registry.councils.models import Council
from registry.editors.models import Editorship
from registry.editors.rules import CLEARED, SIGNED, TRAINED
from registry.editors.standing import NEVER, standings
from registry.flags.rule import FIRST_SEEN, NOBODY, Severity, Tell, about_account, finding, flag
from registry.flags.rules.policies import has_policy
from registry.identity.models import Employment, Person
from registry.identity.queries import in_force

LAPSING, GRACE_ENDING = timedelta(days=30), timedelta(days=7)
TELL_AREA = (Tell.MANAGER, Tell.COMMS, Tell.CLERK)
TELL_PERSON = (Tell.PERSON, Tell.MANAGER, Tell.COMMS)
NAME_EDITORS = ("editors.account_people", "Name editors, and have them trained and signed")
TRAIN = ("editors.team", "See who must train")
TRAIN_ONESELF = ("training.mine", "Record training")
SIGN = ("editors.team", "See who must sign the policy")
SIGN_ONESELF = ("policies.sign_current", "Read and sign the policy")


@flag(
    Severity.BREACH,
    clause="002 §19.2",
    message="It has no cleared editor: nobody named for it is trained and has signed the policy.",
    tell=TELL_AREA,
    mend=NAME_EDITORS,
)
def no_cleared_editor(on: date) -> Select[Any]:
    """A live account has nobody who may act for it: named for its service area, trained, signed and employed."""
    cleared = _cleared(on)
    return _live_with(cleared, about_account()).where(func.coalesce(cleared.c.people, 0) == 0)


@flag(
    Severity.WARNING,
    clause="002 §19.2",
    message="It has too few cleared editors: {people}, and the council wants {ideal}.",
    tell=TELL_AREA,
    mend=NAME_EDITORS,
)
def too_few_cleared_editors(on: date) -> Select[Any]:
    """A live account has fewer cleared editors than the council wants, ideally two. One that is being closed may."""
    cleared = _cleared(on)
    answer = _live_with(cleared, about_account(people=cleared.c.people, ideal=Council.ideal_editors))
    few = and_(cleared.c.people > 0, cleared.c.people < Council.ideal_editors)
    return answer.join(Council, Council.id == Account.council_id).where(few, Account.under_closure.is_(False))


def _cleared(on: date) -> Subquery:
    standing = standings(on).subquery("standing")
    return (
        select(
            standing.c.council_id,
            standing.c.service_area_id,
            func.count(standing.c.person_id.distinct()).label("people"),
        )
        .where(CLEARED.holds(standing.c, on))
        .group_by(standing.c.council_id, standing.c.service_area_id)
        .subquery("cleared")
    )


def _live_with(cleared: Subquery, answer: Select[Any]) -> Select[Any]:
    same = and_(
        cleared.c.council_id == Account.council_id,
        cleared.c.service_area_id == Account.service_area_id,
    )
    return answer.select_from(Account).outerjoin(cleared, same).where(Account.state == AccountState.LIVE)


@flag(
    Severity.BREACH,
    clause="002 §19.2",
    message="{name} left on {left_on} and is still named as an editor for {area}.",
    tell=TELL_AREA,
    mend=("editors.area_editors", "Stand down who has left"),
)
def leaver_still_named(on: date) -> Select[Any]:
    """Somebody whose last day has passed is still named as an editor."""
    return (
        finding(
            "Editorship",
            Editorship.council_id,
            Editorship.id,
            DaysAfter(Employment.ends_on, literal(1)),
            person_id=Editorship.person_id,
            name=Person.name,
            left_on=Employment.ends_on,
            area=ServiceArea.name,
        )
        .join(
            Employment,
            and_(Employment.council_id == Editorship.council_id, Employment.person_id == Editorship.person_id),
        )
        .join(Person, Person.id == Editorship.person_id)
        .join(ServiceArea, ServiceArea.id == Editorship.service_area_id)
        .where(Employment.ends_on < on, in_force(Editorship.starts_on, Editorship.ends_on, on))
    )


@flag(
    Severity.NOTICE,
    clause="002 §19.2, §11.4",
    message="{name}’s editor training lapses on {until}.",
    tell=TELL_PERSON,
    mend=TRAIN,
    mend_own=TRAIN_ONESELF,
)
def training_lapsing(on: date) -> Select[Any]:
    """The training of a named editor lapses within 30 days; from the day after, nothing opens to them."""
    named = _named(on)
    until = named.c.trained_until
    since = DaysAfter(until, literal(-LAPSING.days))
    return _about(named, since, until=until).where(until.between(on, on + LAPSING))


@flag(
    Severity.WARNING,
    clause="002 §19.2, §11.4",
    message="{name}’s editor training lapsed on {until}.",
    tell=TELL_PERSON,
    mend=TRAIN,
    mend_own=TRAIN_ONESELF,
)
def training_lapsed(on: date) -> Select[Any]:
    """A named editor’s training has lapsed, and they may not act until they have done it again."""
    named = _named(on)
    until = named.c.trained_until
    lapsed = and_(until != NEVER, ~TRAINED.test(named.c, on))
    return _about(named, DaysAfter(until, literal(1)), until=until).where(lapsed)


@flag(
    Severity.WARNING,
    clause="002 §19.2, §11.4",
    message="{name} is named as an editor and has no confirmed editor training.",
    tell=TELL_PERSON,
    mend=TRAIN,
    mend_own=TRAIN_ONESELF,
)
def never_trained(on: date) -> Select[Any]:
    """A named editor has no confirmed editor training at all; each editor must take it before they act."""
    named = _named(on)
    return _about(named, FIRST_SEEN).where(named.c.trained_until == NEVER)


@flag(
    Severity.WARNING,
    clause="002 §19.2; 004 §10.1",
    message="{name} is named as an editor and has not signed the policy that is in force.",
    tell=TELL_PERSON,
    mend=SIGN,
    mend_own=SIGN_ONESELF,
)
def policy_unsigned(on: date) -> Select[Any]:
    """A named editor has not signed the social media policy in force, and any days of grace are over."""
    named = _named(on)
    until = named.c.signed_until
    since = case((until == NEVER, FIRST_SEEN), else_=DaysAfter(until, literal(1)))
    return _about(named, since).where(~SIGNED.test(named.c, on), has_policy(named.c.council_id, on))


@flag(
    Severity.NOTICE,
    clause="002 §19.2; 004 §10.1",
    message="{name} has until {until} to sign the new version of the policy.",
    tell=TELL_PERSON,
    mend=SIGN,
    mend_own=SIGN_ONESELF,
)
def grace_ending(on: date) -> Select[Any]:
    """The days of grace in which a named editor must sign a new version of the policy end within a week."""
    named = _named(on)
    until = named.c.signed_until
    since = DaysAfter(until, literal(-GRACE_ENDING.days))
    return _about(named, since, until=until).where(until.between(on, on + GRACE_ENDING))


def _named(on: date) -> Subquery:
    standing = standings(on).subquery("standing")
    columns = (standing.c.council_id, standing.c.person_id, standing.c.trained_until, standing.c.signed_until)
    return select(*columns).where(standing.c.is_employed).distinct().subquery("named")


def _about(named: Subquery, since: Any, **told: Any) -> Select[Any]:
    person = named.c.person_id
    answer = finding(
        "Person", named.c.council_id, person, since, account_id=NOBODY, person_id=person, name=Person.name, **told
    )
    return answer.join(Person, Person.id == person)
