"""The trail is whole, and what it tells of approvals is what the register holds."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import select

from registry.accounts.models import Account
from registry.audit.chain import list_chains, verify
from registry.audit.keys import TrailKeys
from registry.audit.replay import replay
from registry.core.keyfile import KeyTrouble
from registry.requests.models import AccountRequest, RequestState
from registry.upkeep.invariant import Look, Wrong, invariant
from registry.upkeep.told import entries_of
from registry.vocabulary.events import Event


@invariant("I1", "Every chain of the trail verifies from its first entry to its head.")
def chains_verify(look: Look) -> Iterable[Wrong]:
    """Walks every chain."""
    for chain in list_chains(look.session):
        try:
            proof = verify(look.session, chain)
        except (ValueError, KeyError, TypeError):
            yield Wrong("chain", chain, "holds something that is not an entry")
            continue
        if proof.broken:
            yield Wrong("chain", chain, f"is broken: entry {proof.broken.seq} is {proof.broken.kind}")


@invariant("I4", "A request is approved exactly if the trail tells its approval, once.")
def approvals_are_told(look: Look) -> Iterable[Wrong]:
    """Compares approved requests with the entries of their last agreement, both ways."""
    told = Counter((entry.council_id, entry.id) for entry in entries_of(look, Event.REQUEST_APPROVED))
    query = select(AccountRequest.council_id, AccountRequest.id)
    approved = {tuple(row) for row in look.session.execute(query.where(AccountRequest.state == RequestState.APPROVED))}
    for council_id, number in sorted(approved | set(told)):
        times, holds = told[council_id, number], (council_id, number) in approved
        if times != int(holds):
            stands = "is approved" if holds else "is not approved"
            yield Wrong("request", number, f"{stands}, and the trail tells {times} approvals of it", council_id)


@invariant("I4", "Every account came into the register by exactly one entry of the trail, and none is lost.")
def accounts_are_told(look: Look) -> Iterable[Wrong]:
    """Compares the accounts with the entries of their adding, both ways."""
    told = Counter((entry.council_id, entry.id) for entry in entries_of(look, Event.ACCOUNT_ADDED))
    there = {tuple(row) for row in look.session.execute(select(Account.council_id, Account.id))}
    for council_id, number in sorted(there | set(told)):
        times, holds = told[council_id, number], (council_id, number) in there
        if times != int(holds):
            stands = "is in the register" if holds else "is not in the register"
            yield Wrong("account", number, f"{stands}, and the trail tells {times} times that it was added", council_id)


@invariant("I2", "Every governed row is what the trail says that it is.")
def rows_are_as_told(look: Look) -> Iterable[Wrong]:
    """Replays the trail; without the register's own key nothing can be compared, and the doctor says that."""
    try:
        for each in replay(look.session, TrailKeys.of(look.house)):
            yield Wrong(each.table, each.key, f"is {each.kind}", each.chain or None)
    except KeyTrouble:
        return
