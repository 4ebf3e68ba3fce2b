"""Which keys a register was sealed with, and whether those at hand are the ones."""

from sqlalchemy.orm import Session

from registry.core.house import House
from registry.core.keyfile import KeyTrouble
from registry.custody.opening import custody_status
from registry.upkeep.manifest import BadBackup, Manifest


def compare_keys(house: House, session: Session, manifest: Manifest) -> list[str]:
    """What is missing, in sentences; refused where another key lies in the place of the right one."""
    missing = []
    custody = custody_status(session, house.settings)
    if custody.is_sealed:
        missing.append("Custody is sealed until its passphrase is given: flask --app app custody unseal")
    elif not custody.is_open and house.settings.root_key_file.exists():
        raise BadBackup(f"The root key here is not the one of this backup. {custody.sentence}")
    elif not custody.is_open:
        missing.append(f"Custody stays closed until root key {manifest.root_key_id} is put back.")
    try:
        found = house.auth_key.id()
    except KeyTrouble as trouble:
        if house.auth_key.path.exists():
            raise BadBackup(trouble.sentence) from trouble
        missing.append(f"Nobody can sign in wholly until the register's own key {manifest.auth_key_id} is put back.")
    else:
        if found != manifest.auth_key_id:
            raise BadBackup(
                f"The register's own key here is {found}; the backup was made under {manifest.auth_key_id}. "
                f"Put that one at {house.auth_key.path}, or take this one away. Nothing was changed."
            )
    return missing
