"""An account's custody: what is held, who knows it, and what may be done."""

from dataclasses import dataclass
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import and_

from registry.accounts.models import Account
from registry.accounts.queries import get_account
from registry.custody.details import doubt_about, list_details, masked
from registry.custody.ledger import LOW, left_of, list_taken
from registry.custody.looks import USUAL, has_whole, look_at, looked_at
from registry.custody.models import Credential, Purpose, SecretVersion
from registry.custody.models_looking import CheckOut
from registry.custody.models_recovery import CodeTaken
from registry.custody.pending import list_check_outs, list_looks
from registry.custody.queries import Held, is_current, list_destroyed, list_held
from registry.custody.reuse import sharing, told_to
from registry.custody.views.room import how_custody_stands, may_use, my_ticks, room
from registry.custody.wording import DETAILS, HOW_KNOWN
from registry.editors.standing import standings_toward
from registry.identity.queries import list_people, names_of
from registry.vocabulary.looks import WAYS
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import show

ANY_TIME = "One person at any time, for a reason"


@dataclass(frozen=True)
class Standing:
    """How a credential can be seen now: by which ways, who has it out, who asks for it, and what of its list is left.

    `left` is none where nobody has counted, or there is no list.
    """

    ways: list[tuple[str, str]]
    out: CheckOut | None
    asked: list[Any]
    taken: list[CodeTaken]
    left: int | None


@room.get("/accounts/<int:account_id>/custody")
@needs(Permission.CUSTODY_READ)
def account(account_id: int) -> ResponseReturnValue:
    """What is in custody for an account, with who has seen it; never a value."""
    session, council = context.db(), context.council()
    shown = get_account(session, council.id, account_id)
    held, mine = list_held(session, council.id, account_id), my_ticks(shown)
    standing, details = _standing(held), list_details(session, council.id, account_id)
    people = {each.version.deposited_by for each in held} | {e.person_id for each in held for e in each.exposures}
    people |= {each.out.person_id for each in standing.values() if each.out}
    people |= {row.asker_id for each in standing.values() for row in each.asked}
    people |= {row.person_id for each in standing.values() for row in each.taken}
    may_reveal = may_use(mine, Permission.CUSTODY_REVEAL)
    return show(
        "custody/account.html",
        account=shown,
        tab="custody.account",
        held=held,
        shared=_shared(shown),
        standing=standing,
        low=LOW,
        has_whole=has_whole,
        destroyed=list_destroyed(session, council.id, account_id),
        details=[(each, each.value if may_reveal else masked(each), doubt_about(each, _domains())) for each in details],
        detail_kinds=DETAILS,
        present=_present([each.holder_id for each in details]),
        names=names_of(session, people | {each.holder_id for each in details}),
        how_known=HOW_KNOWN,
        ticks=mine,
        may_reveal=may_reveal,
        may_deposit=may_use(mine, Permission.CUSTODY_DEPOSIT),
        custody=how_custody_stands(),
        me=context.person_id(),
        now=context.now(),
    )


def _shared(account: Account) -> dict[int, list[str]]:
    """By the version's number: for what else its value is in custody, as far as the reader is to know."""
    session, here = context.db(), and_(is_current(SecretVersion), Credential.account_id == account.id)
    found = sharing(session, account.council_id, and_(here, Credential.destroyed_at.is_(None)))
    if not current_user.may(Permission.CUSTODY_DEPOSIT):
        return {number: [other.name for other in others] for number, others in found.items()}
    everywhere, on = [account, *chain.from_iterable(found.values())], context.today()
    standings = standings_toward(session, everywhere, context.person_id(), on)
    return {number: told_to(standings, account, others, on) for number, others in found.items()}


def _standing(held: list[Held]) -> dict[int, Standing]:
    """By the credential's number, in three statements however much is held."""
    session, council = context.db(), context.council()
    outs = {row[0].credential_id: row[0] for row in list_check_outs(session, council.id)}
    asked = [row[0] for row in list_looks(session, council.id, context.now())]
    taken = list_taken(session, council.id, [each.version for each in held])
    found = {}
    for each in held:
        ledger, number = list(taken.get(each.version.id, ())), each.credential.id
        found[number] = Standing(
            ways=_ways(each),
            out=outs.get(number),
            asked=[look for look in asked if look.credential_id == number],
            taken=ledger,
            left=left_of(each.version, len(ledger)),
        )
    return found


def _ways(each: Held) -> list[tuple[str, str]]:
    """What there is to see of a credential, and how."""
    kind, said = each.credential.kind, []
    for purpose in dict.fromkeys((USUAL[kind], Purpose.VALUE)):
        look = look_at(kind, purpose)
        said.append((looked_at(kind, purpose), WAYS[context.council().way_to(look)] if look else ANY_TIME))
    return said


def _present(holders: list[int | None]) -> set[int]:
    """Which of the holders work here today."""
    if not any(holders):
        return set()
    return {each.person_id for each in list_people(context.db(), context.council().id, context.today())}


def _domains() -> set[str]:
    """Where the council's own addresses are, by its website."""
    host = urlsplit(context.council().website).hostname or ""
    return {host.removeprefix("www.")} - {""}
