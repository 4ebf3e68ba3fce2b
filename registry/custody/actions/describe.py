"""Change what is written beside a credential. That is not a rotation."""

from collections.abc import Mapping

from registry.core.stale import refuse_stale
from registry.core.work import Work
from registry.custody.actions.entry import enter_credential, tell_apart, told
from registry.custody.models import Credential
from registry.vocabulary.events import Event

FIELDS = {"label": "Label", "sign_in_name": "Sign-in name", "notes": "Notes"}


def describe(work: Work, credential_id: int, seen_lock: int, changes: Mapping[str, str]) -> Credential:
    """Change label, sign-in name or notes, unless somebody changed the credential since it was read."""
    credential, account = enter_credential(work, credential_id)
    refuse_stale("credential", credential, seen_lock, changes)
    changed = {name: changes[name] for name in FIELDS if name in changes and changes[name] != getattr(credential, name)}
    if "label" in changed:
        tell_apart(work, account, credential.kind, changed["label"], credential.id)
    for name, value in changed.items():
        setattr(credential, name, value)
    if changed:
        work.record(Event.CREDENTIAL_CHANGED, credential, **told(credential, account, fields=sorted(changed)))
    return credential
