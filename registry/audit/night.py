"""What is done for the trail every night, one council at a time, so that one's trouble keeps no other waiting."""

import logging
from datetime import timedelta

from sqlalchemy import delete

from registry.audit.actions import make_checkpoint, vouch
from registry.audit.erasures import erase_again
from registry.audit.examining import examine
from registry.audit.keys import TrailKeys
from registry.audit.models import INSTALLATION_CHAIN, Finding
from registry.audit.queries import find_newest_checkpoint
from registry.audit.replay import Difference, Survey, survey
from registry.core.house import House, Place
from registry.core.tenants import Beyond
from registry.councils.queries import list_councils

log = logging.getLogger("registry.audit")
DOOR = "job.trail"
MOST_FINDINGS = 50
AT_ONCE = 1000
LATELY = timedelta(hours=12)
"""A night that failed is repeated every hour: what was signed since is not signed and sent again each time."""


def night(house: House, only: Place | None = None) -> int:
    """Verify, hold against the rows, sign and send, for all councils and the installation, or for one; tells how many
    of these trails are broken or could not be seen to.

    Whoever was erased, and came back with an older database, is erased again first. What is found stays on record
    until a later night finds it no more. The installation's trail is everybody's: what is wrong with it is every
    council's finding.
    """
    if only is None:
        erase_again(house)
    differences = _differences(house)
    with house.reading(Beyond.KEEPER) as session:
        councils = list_councils(session)
    shared = _broken(house, INSTALLATION_CHAIN, " of the installation")
    seen_to = [_see_to_council(house, council, shared, differences) for council in ([only] if only else councils)]
    if only is None:
        seen_to.append(not shared and _sign(house, None))
    return seen_to.count(False)


def _differences(house: House) -> list[Difference]:
    """The rows that are not as the trail tells; what an earlier version of the register left is vouched for first."""
    found = _survey(house)
    if found.unvouched:
        _vouch(house, found)
        found = _survey(house)
    return found.differences


def _survey(house: House) -> Survey:
    with house.reading(Beyond.KEEPER) as session:
        return survey(session, TrailKeys.of(house))


def _vouch(house: House, found: Survey) -> None:
    """Let the trail vouch for rows as an earlier version left them; the installation's own, last, end it."""
    with house.reading(Beyond.KEEPER) as session:
        places = {council.id: council for council in list_councils(session)}
    for chain, rows in sorted(found.unvouched.items(), reverse=True):
        for table, keys in rows.items():
            wanted = sorted(keys, key=str)
            for start in range(0, len(wanted), AT_ONCE):
                with house.work(None, places.get(chain), DOOR) as work:
                    vouch(work, {table: wanted[start : start + AT_ONCE]})


def _see_to_council(house: House, council: Place, shared: dict[str, str], differences: list[Difference]) -> bool:
    """Whether a council's own trail is whole and signed; what was found is on record."""
    try:
        own = _broken(house, council.id)
        rows = [each for each in differences if each.chain in (council.id, INSTALLATION_CHAIN)][:MOST_FINDINGS]
        _keep(house, council, own | shared | {f"{each.table} {each.key}": each.kind for each in rows})
    except Exception:
        log.exception("the trail of council %s could not be seen to", council.id)
        return False
    return not own and _sign(house, council)  # what is broken is not signed; the missing checkpoint tells of it too


def _sign(house: House, place: Place | None) -> bool:
    chain = place.id if place else INSTALLATION_CHAIN
    try:
        with house.work(None, place, DOOR) as work:
            last = find_newest_checkpoint(work.session, chain)
            if last is None or work.now - last.signed_at > LATELY:
                make_checkpoint(work, TrailKeys.of(house))
    except Exception:
        log.exception("the trail of council %s could not be signed", chain)
        return False
    return True


def _broken(house: House, chain: int, whose: str = "") -> dict[str, str]:
    """Where a chain is broken, and how, as a finding; nothing where it is whole."""
    try:
        with house.reading(Beyond.KEEPER) as session:
            broken = examine(session, TrailKeys.of(house), chain).broken
    except (ValueError, KeyError, TypeError):
        return {f"the chain{whose}": "not all of entries"}
    return {f"entry {broken.seq}{whose}": broken.kind} if broken else {}


def _keep(house: House, place: Place, found: dict[str, str]) -> None:
    with house.work(None, place, DOOR) as work:
        gone = delete(Finding).where(Finding.council_id == place.id, Finding.place.not_in(found))
        work.session.execute(gone)
        known = {row.place: row for row in work.session.query(Finding).filter_by(council_id=place.id)}
        for where, kind in found.items():
            if where in known:
                known[where].kind = kind[:60]
            else:
                new = Finding(council_id=place.id, place=where[:120], kind=kind[:60], found_at=work.now)
                work.session.add(new)
