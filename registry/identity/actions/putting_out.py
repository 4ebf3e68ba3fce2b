"""Whose word ends the sign-in or the hats of the office."""

from collections.abc import Collection

from registry.core.work import Work
from registry.identity.queries import has_role, roles_worn
from registry.identity.rules.hats import MAY_BE_PUT_OUT, PuttingOut
from registry.vocabulary.permissions import Role


def by_clerk(work: Work) -> bool:
    """Whether the Clerk acts, or the register itself."""
    return work.actor_id is None or has_role(work.session, work.council, work.actor, (Role.CLERK,), work.today)


def assert_may_put_out(work: Work, person_id: int) -> None:
    """Refuse to end the sign-in of a Clerk or of Communications at anybody's word but a Clerk's, by whatever way."""
    judge_putting_out(work, roles_worn(work.session, work.council, person_id, work.today))


def judge_putting_out(work: Work, hats: Collection[Role]) -> None:
    """An administrator's account that was taken over must not rid the council of its Clerk (T06)."""
    is_of_the_office = bool({Role.CLERK, Role.COMMS} & set(hats))
    MAY_BE_PUT_OUT.judge(PuttingOut(is_of_the_office, by_clerk(work)), work.today).or_refuse()
