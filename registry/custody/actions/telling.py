"""Telling people by message what custody expects of them, or what happened in it. Never a value."""

from collections.abc import Callable, Collection
from functools import partial

from registry.accounts.models import Account
from registry.core.work import Work
from registry.councils.queries import get_council_by_id
from registry.custody.models_looking import BreakGlass, LookRequest
from registry.editors.queries import list_editors
from registry.editors.standing import ROLES_THAT_ACT
from registry.identity.models import Person
from registry.identity.queries import name_of, people_wearing
from registry.outbox.actions import post
from registry.vocabulary.permissions import Role

WATCHERS = (Role.CLERK, Role.AUDITOR)
"""Who is told at once when nobody agreed to a look beforehand."""

WAITS = """{name},

{asker} asks to see the {look} of {account}, and needs a second person's agreement. The reason given:

{reason}

It awaits you on your first page in the register, until {until}.
"""
DECIDED = """{name},

your request to see the {look} of {account} was {answer}.{words}

{then}
"""
BROKEN = """{name},

{who} broke the glass to see the {look} of {account} at once, without a second person's agreement. The reason given:

{reason}

Somebody else is to review this in the register by the next working day, and the value is due to be changed.
"""
BY_EXCEPTION = """{name},

{who} sees the {look} of {account} alone, by the council's recorded exception ({minute}). The reason given:

{reason}
"""


def tell_approvers(work: Work, look: LookRequest, account: Account, named: str, until: str) -> None:
    """Tell everybody who could be the second person that one is asked for."""
    cleared = list_editors(work.session, work.council, work.today, area_ids=[account.service_area_id])
    editors = {row.person_id for row in cleared if row.is_cleared}
    asker = name_of(work.session, look.asker_id)
    for person in _people(work, ROLES_THAT_ACT, editors):
        body = WAITS.format(
            name=person.name, asker=asker, look=named, account=account.name, reason=look.reason, until=until
        )
        _send(work, person, f"A second person is asked for: {account.name}", body, f"look:{look.id}")


def tell_asker(work: Work, look: LookRequest, account: Account, named: str, then: str) -> None:
    """Tell whoever asked how it was decided."""
    person = work.session.get_one(Person, look.asker_id)
    words = f"\n\n{look.words}" if look.words else ""
    body = DECIDED.format(
        name=person.name, look=named, account=account.name, answer=look.state.value, words=words, then=then
    )
    _send(work, person, f"Your request was {look.state.value}: {account.name}", body, f"look:{look.id}:decided")


def tell_of_glass(work: Work, glass: BreakGlass, account: Account, named: str) -> None:
    """Tell the Clerk and the auditors at once that the glass was broken."""
    who = name_of(work.session, glass.person_id)
    body = partial(BROKEN.format, who=who, look=named, account=account.name, reason=glass.reason)
    _tell_watchers(work, f"Urgent: the glass was broken for {account.name}", body, f"glass:{glass.id}")


def tell_of_exception(work: Work, look: LookRequest, account: Account, named: str) -> None:
    """Tell the Clerk and the auditors that the exception stood in for a second person."""
    who = name_of(work.session, look.asker_id)
    minute = get_council_by_id(work.session, work.council).exception_minute
    body = partial(BY_EXCEPTION.format, who=who, look=named, account=account.name, minute=minute, reason=look.reason)
    _tell_watchers(work, f"Seen by one person alone: {account.name}", body, f"look:{look.id}:exception")


def _tell_watchers(work: Work, subject: str, body: Callable[..., str], notice: str) -> None:
    """Tell the Clerk and the auditors; where none of them is another than whoever acts, those outside who keep the
    council's checkpoints hear of it as well."""
    people = _people(work, WATCHERS)
    for person in people:
        _send(work, person, subject, body(name=person.name), notice)
    if any(person.id != work.actor_id for person in people):
        return
    council = get_council_by_id(work.session, work.council)
    greeting = f"You keep the checkpoints of {council.name}"
    for number, address in enumerate(sorted(set(council.note_addresses))):
        post(work, address, subject, body(name=greeting), dedupe=f"custody:{notice}:outside:{number}")


def _people(work: Work, roles: Collection[Role], also: Collection[int] = ()) -> list[Person]:
    """Who wears one of these hats or is among `also`, and is at work today; not whoever acts, unless nobody else."""
    found = people_wearing(work.session, work.council, roles, work.today, also=also)
    return [person for person in found if person.id != work.actor_id] or found


def _send(work: Work, person: Person, subject: str, body: str, notice: str) -> None:
    post(work, person.email, subject, body, dedupe=f"custody:{notice}:{person.id}", person_id=person.id)
