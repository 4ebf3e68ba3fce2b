"""Recovery shares from their making to the day they are needed.

Made for named holders; each sees their own once, writes or prints it, and types it back. The shares count when as many
have done so as are needed; until then the earlier ones go on counting.
"""

import hmac
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from registry.core.authkey import AuthKey
from registry.core.errors import Conflict, Invalid, NotFound
from registry.core.keyfile import KeyMissing, make_key, read_key
from registry.core.secret import Secret
from registry.core.settings import Settings
from registry.core.work import Subject, Work
from registry.councils.actions import refuse_elsewhere
from registry.councils.queries import get_installation
from registry.councils.rules import Keeping
from registry.custody.actions.keys import Begin
from registry.custody.key_queries import bridges_by_root, find_share, get_root_key, get_share, list_shares, wraps_of
from registry.custody.models_keys import RecoverySet, RecoveryShare, RecoveryWrap, RootKeyRecord
from registry.custody.opening import open_vault
from registry.custody.rootkey import HeldRootKey
from registry.custody.roots import FILE, Ring
from registry.custody.rules import MAY_HOLD, Bearer
from registry.custody.shares import Share, new_shares, open_for_group, read_share, seal_for_groups
from registry.custody.vault import Vault
from registry.identity.models import Person
from registry.identity.queries import works_here
from registry.vocabulary.events import Event


@dataclass(frozen=True)
class Recovered:
    """What a group of shares gives: the root key that counts now, and the vault it opens."""

    of: RecoverySet
    key: Secret[bytes]
    vault: Vault


def make_shares(work: Work, settings: Settings, holders: Sequence[int], needed: int) -> RecoverySet:
    """Draw a share for each of these people, of whom `needed` suffice, and seal the root key for every such group."""
    keeping = refuse_elsewhere(work)
    people = [_holder(work, keeping, person_id) for person_id in dict.fromkeys(holders)]
    drawn = new_shares(len(people), needed)
    record, installation = get_root_key(work.session), get_installation(work.session).public_id
    vault, root = open_vault(work.session, settings), _held(work, settings, record)
    made = RecoverySet(root_key_id=record.id, mark=drawn[0].mark, needed=needed, made_at=work.now)
    work.session.add(made)
    work.flush()
    for share, person in zip(drawn, people, strict=True):
        sealed = vault.wrap_share(share.mark, share.number, share.secret.reveal())
        facts = {"set_id": made.id, "number": share.number, "person_id": person.id}
        work.session.add(RecoveryShare(**facts, proof=share.proof(), sealed=sealed))
    for numbers, wrapped in root.sealed_by(lambda key: list(seal_for_groups(drawn, installation, key))):
        work.session.add(RecoveryWrap(set_id=made.id, numbers=numbers, wrapped=wrapped))
    record.auth_key = AuthKey(settings.auth_key_file).sealed_by(vault.wrap_auth_key)
    work.record(Event.SHARES_MADE, _the(made), holders=len(people), needed=needed)
    return made


def show_share(work: Work, settings: Settings, share_id: int, person_id: int | None = None) -> Share:
    """A share, for its holder to see this once: afterwards it is nowhere but where they wrote it.

    `person_id`: who asks in the browser, and gets their own only; at the server, whoever hands it to the holder.
    """
    keeping = refuse_elsewhere(work)
    row, of = get_share(work.session, share_id, person_id)
    if row.sealed is None or of.retired_at is not None:
        raise Conflict("This share was shown before, or counts no more. If it is lost, have new shares made.")
    secret = open_vault(work.session, settings).unwrap_share(of.mark, row.number, row.sealed)
    row.sealed, row.shown_at = None, work.now
    work.record(Event.SHARE_SHOWN, _holder(work, keeping, row.person_id), number=row.number)
    return Share(row.number, of.needed, of.mark, Secret(secret))


def type_back(work: Work, typed: Secret[str], person_id: int | None = None) -> RecoverySet:
    """Take a share typed off the paper: the first time it confirms that the paper is right, later it is a rehearsal."""
    share, keeping = read_share(typed), refuse_elsewhere(work)
    row, of = _prove(work.session, share, person_id)
    holder = _holder(work, keeping, row.person_id)
    if row.confirmed_at is None:
        row.confirmed_at = work.now
        work.record(Event.SHARE_CONFIRMED, holder, number=row.number)
        _count(work, of)
    else:
        row.rehearsed_at = work.now
        work.record(Event.SHARE_REHEARSED, holder, number=row.number)
        _note_rehearsal(work, of)
    return of


def rehearse(work: Work, typed: Sequence[Secret[str]]) -> RecoverySet:
    """Do with the shares what a recovery would, up to the point where it would write anything."""
    refuse_elsewhere(work)
    of = _recovered(work.session, typed).of
    of.rehearsed_at = work.now
    work.record(Event.RECOVERY_REHEARSED, _the(of), needed=of.needed)
    return of


def recover(settings: Settings, begin: Begin, session: Session, typed: Sequence[Secret[str]]) -> tuple[Path, ...]:
    """Write the root key and the register's own key anew, from as many shares as are needed; the files written.

    Never over another key. Wherever the root key was kept before, from now on it is kept in its file.
    """
    found, record = _recovered(session, typed), get_root_key(session)
    wanted = [(settings.root_key_file, found.key.reveal())]
    if record.auth_key is not None:
        wanted.append((settings.auth_key_file, found.vault.unwrap_auth_key(record.auth_key)))
    written = tuple(path for path, key in wanted if _put_back(path, key))
    with begin() as work:
        present = get_root_key(work.session)
        present.provider, present.parameters = FILE, {}
        work.record(Event.KEYS_RECOVERED, _the(found.of), needed=found.of.needed)
    return written


def _recovered(session: Session, typed: Sequence[Secret[str]]) -> Recovered:
    """The root key that counts now, from these shares; where they are of an earlier one, by way of it."""
    shares = {share.number: share for share in (read_share(each) for each in typed)}
    of = [_prove(session, share, None)[1] for share in shares.values()]
    if not of or len({each.id for each in of}) != 1 or len(shares) < of[0].needed:
        raise Invalid("share", f"It takes {of[0].needed if of else 'several'} different shares, all of one making")
    group = tuple(sorted(shares.values(), key=lambda share: share.number))[: of[0].needed]
    installation, present = get_installation(session).public_id, get_root_key(session)
    key = open_for_group(group, installation, wraps_of(session, of[0].id))
    bridges = bridges_by_root(session)
    while (root := HeldRootKey(key, "the recovery shares")).id() != present.id and root.id() in bridges:
        key = Vault(root, installation).unwrap_successor(bridges[root.id()])
    vault = Vault(root, installation)
    vault.check_canary(present.canary)
    return Recovered(of[0], Secret(key), vault)


def _prove(session: Session, share: Share, person_id: int | None) -> tuple[RecoveryShare, RecoverySet]:
    """The holder and the making of a share, if it is one of those that are in people's hands."""
    found = find_share(session, share.mark, share.number)
    if found is None:
        raise Invalid("share", "This share is of an earlier making, or of another register")
    if not hmac.compare_digest(found[0].proof, share.proof()):
        raise Invalid("share", "This is not the share of that number")
    if person_id is not None and found[0].person_id != person_id:
        raise Invalid("share", "This is not your share. Give it back to its holder, unread if you can")
    return found


def _count(work: Work, of: RecoverySet) -> None:
    """Let the shares count once enough holders have typed theirs back; what was before them counts no more."""
    confirmed = [row for row in list_shares(work.session, of.id) if row.confirmed_at is not None]
    if of.confirmed_at is not None or len(confirmed) < of.needed:
        return
    of.confirmed_at = work.now
    others = select(RecoverySet.id).where(RecoverySet.id != of.id)
    for statement in (
        update(RecoverySet)
        .where(RecoverySet.id != of.id, RecoverySet.retired_at.is_(None))
        .values(retired_at=work.now),
        update(RecoveryShare).where(RecoveryShare.set_id.in_(others)).values(sealed=None),
        delete(RecoveryWrap).where(RecoveryWrap.set_id.in_(others)),
        update(RootKeyRecord).values(bridge=None),
    ):
        work.session.execute(statement.execution_options(synchronize_session=False))
    work.record(Event.SHARES_COUNT, _the(of), needed=of.needed)


def _note_rehearsal(work: Work, of: RecoverySet) -> None:
    """The shares were rehearsed when as many holders as are needed had typed theirs back once more."""
    rehearsed = sorted(row.rehearsed_at for row in list_shares(work.session, of.id) if row.rehearsed_at)
    if len(rehearsed) >= of.needed:
        of.rehearsed_at = rehearsed[-of.needed]


def _put_back(path: Path, key: bytes) -> bool:
    with suppress(KeyMissing):
        if read_key(path, "key") == key:
            return False  # it is there already
    make_key(path, key)
    return True


def _held(work: Work, settings: Settings, record: RootKeyRecord) -> HeldRootKey:
    installation = get_installation(work.session).public_id
    root = Ring(settings, installation, {record.id: record}).find(record.id)
    if not isinstance(root, HeldRootKey):
        raise Conflict(
            "A key service keeps this root key and has its own way of being restored: shares are not for it."
        )
    return root


def _holder(work: Work, keeping: Keeping, person_id: int) -> Person:
    """Somebody of the council that keeps the keys: nobody else is given a share, or makes one count."""
    person = work.session.get(Person, person_id)
    if person is None:
        raise NotFound
    is_theirs = works_here(work.session, keeping.keeper, person_id, work.today)
    MAY_HOLD.judge(Bearer(person.name, keeping.name, is_theirs), work.today).or_refuse()
    return person


def _the(of: RecoverySet) -> Subject:
    return Subject("RecoverySet", of.id)
