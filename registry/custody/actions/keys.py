"""The root key's life: entered at set-up, sealed and unsealed. Only set-up and rotation ever make one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from registry.core.authkey import AuthKey
from registry.core.errors import Conflict, Invalid
from registry.core.secret import Secret
from registry.core.settings import Settings
from registry.core.work import Work
from registry.councils.actions import refuse_elsewhere
from registry.councils.queries import get_installation
from registry.custody.key_queries import find_root_key
from registry.custody.models_keys import RootKeyRecord
from registry.custody.passphrase import Cost, new_parameters, refuse_short, root_key_from
from registry.custody.rootkey import FileRootKey, RootKey
from registry.custody.roots import ENVIRONMENT, FILE, PASSPHRASE, from_environment
from registry.custody.unsealed import keep_open, seal_all
from registry.custody.vault import Vault
from registry.throttle.actions import free, reserve
from registry.throttle.lanes import Lane, lane_key
from registry.vocabulary.events import Event

Begin = Callable[[], Work]
"""Opens a piece of work for whoever acts."""

WITHIN = timedelta(minutes=15)
BY_ONE, IN_ALL = 5, 20
"""Wrong passphrases of one person, and of all together, within that time. Nobody's shut out those at the server."""


def set_up_custody(
    work: Work, settings: Settings, passphrase: Secret[str] | None = None, cost: Cost | None = None
) -> RootKeyRecord:
    """Lock custody with its first root key; from then on no other is accepted."""
    if passphrase is not None:
        refuse_short(passphrase)
        parameters = new_parameters(cost or Cost())
        return enter_root_key(work, settings, root_key_from(passphrase, parameters), PASSPHRASE, parameters)
    given = from_environment()
    if given is not None:
        return enter_root_key(work, settings, given, ENVIRONMENT)
    return enter_root_key(work, settings, FileRootKey(settings.root_key_file), FILE)


def enter_root_key(
    work: Work, settings: Settings, root: RootKey, provider: str, parameters: dict[str, Any] | None = None
) -> RootKeyRecord:
    """Enter a root key as the one that counts, with its canary and the register's own key wrapped by it."""
    vault = Vault(root, get_installation(work.session).public_id)
    record = RootKeyRecord(
        id=root.id(),
        provider=provider,
        parameters=parameters or {},
        canary=vault.make_canary(),
        auth_key=AuthKey(settings.auth_key_file).sealed_by(vault.wrap_auth_key),
        made_at=work.now,
    )
    work.session.add(record)
    work.record(Event.ROOT_KEY_MADE, key=record.id, provider=provider)
    return record


def unseal(settings: Settings, begin: Begin, passphrase: Secret[str]) -> None:
    """Open custody for every process of the register, for whoever knows the passphrase.

    The attempt is counted before anything is tried: guessing in parallel gains nothing. Each person's wrong ones are
    counted apart, so nobody shuts another out.
    """
    with begin() as work:
        record = _with_passphrase(work)
        places = reserve(work, "unsealing custody", _lanes(settings, work.actor_id))
        work.record(Event.UNSEAL_TRIED, key=record.id)
        installation = get_installation(work.session).public_id
    root = root_key_from(passphrase, record.parameters)
    if root.id() != record.id:
        raise Invalid("passphrase", f"This is not the passphrase. After {BY_ONE} wrong ones you have to wait")
    Vault(root, installation).check_canary(record.canary)
    keep_open(settings, installation, root)
    with begin() as work:
        free(work, places)
        work.record(Event.CUSTODY_UNSEALED, key=record.id)


def seal(settings: Settings, begin: Begin) -> None:
    """Close custody for every process of the register, until somebody unseals it."""
    with begin() as work:
        record = _with_passphrase(work)
        work.record(Event.CUSTODY_SEALED, key=record.id)
        installation = get_installation(work.session).public_id
    seal_all(settings, installation)


def _lanes(settings: Settings, person_id: int | None) -> list[Lane]:
    secret = AuthKey(settings.auth_key_file).for_purpose("throttle")
    if person_id is None:
        return [Lane("at the server", lane_key(secret, "unseal", "server"), IN_ALL, WITHIN)]
    return [
        Lane("one person", lane_key(secret, "unseal", "person", str(person_id)), BY_ONE, WITHIN),
        Lane("everybody together", lane_key(secret, "unseal", "all"), IN_ALL, WITHIN),
    ]


def _with_passphrase(work: Work) -> RootKeyRecord:
    """The root key that a passphrase makes, for whoever may open and close it for every council here."""
    refuse_elsewhere(work)
    record = find_root_key(work.session)
    if record is None or record.provider != PASSPHRASE:
        raise Conflict("This custody has no passphrase: its root key lies with the register and needs no unsealing.")
    return record
