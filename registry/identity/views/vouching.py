"""Who vouched for whoever is signed in, and where that counts.

A provider that is set for some councils is run by them. Of a joint officer it may say who they are to its own councils
and to no other: there they come in by their own passkey or password.
"""

from collections.abc import Set

from flask_login import current_user

from registry.identity.factors import FirstStep, HalfSignIn
from registry.identity.models import SignInSession
from registry.identity.queries import list_factors, slugs_ahead
from registry.identity.rules.sign_in import MAY_ACCEPT, MAY_ADD_WAY_IN, Accepting, Adding
from registry.web import context


def counts_in(slug: str) -> bool:
    """Whether the session of whoever is signed in counts in a council. A passkey is theirs alone and both steps in
    one: with it, nobody else vouches for them."""
    return current_user.by_passkey or _speaks_for(current_user.provider, {slug})


def assert_may_add_way_in(held: HalfSignIn | SignInSession) -> None:
    """Refuse another way to sign in to a browser that was let in by the word of one council's provider alone, where
    another council employs the person too."""
    if isinstance(held, SignInSession) and held.by_passkey:
        return
    employed = slugs_ahead(context.db(), held.person_id or 0, context.today())
    MAY_ADD_WAY_IN.judge(Adding(_speaks_for(held.provider, employed)), context.today()).or_refuse()


def assert_own_step() -> None:
    """Refuse to have another council rely on whoever has nothing of their own to prove themselves with, besides the
    word of a provider that it may not know."""
    by_provider = current_user.first_step is FirstStep.OUTSIDE
    has_own = not by_provider or bool(list_factors(context.db(), context.person_id()))
    MAY_ACCEPT.judge(Accepting(has_own), context.today()).or_refuse()


def _speaks_for(issuer: str, councils: Set[str]) -> bool:
    """Whether whoever vouched speaks for all these councils; a provider that is set no more speaks for none."""
    known = context.house().settings.providers
    return not issuer or any(one.issuer == issuer and one.speaks_for(councils) for one in known)
