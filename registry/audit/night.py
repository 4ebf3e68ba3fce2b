"""What is done for the trail every night, one council at a time, so that one's trouble keeps no other waiting."""

import logging

from sqlalchemy import delete

from registry.audit.actions import make_checkpoint, vouch
from registry.audit.examining import examine
from registry.audit.keys import TrailKeys
from registry.audit.models import INSTALLATION_CHAIN, Finding
from registry.audit.replay import Difference, replay, unvouched
from registry.core.house import House, Place
from registry.core.tenants import Beyond
from registry.councils.queries import list_councils

log = logging.getLogger("registry.audit")
DOOR = "job.trail"
MOST_FINDINGS = 50
AT_ONCE = 1000


def night(house: House, only: Place | None = None) -> int:
    """Verify, hold against the rows, sign and send, for all councils and the installation, or for one; tells where
    that failed. What is found stays on record until a later night finds it no more."""
    with house.reading(Beyond.KEEPER) as session:
        councils = list_councils(session)
    vouch_for_rows(house)
    with house.reading(Beyond.KEEPER) as session:
        differences = replay(session, TrailKeys.of(house))
    places: list[Place | None] = [only] if only else [None, *councils]
    return sum(not _see_to(house, place, differences) for place in places)


def vouch_for_rows(house: House) -> None:
    """Let the trail vouch for rows as an earlier version left them; the installation's own, last, end it."""
    with house.reading(Beyond.KEEPER) as session:
        due = unvouched(session)
        places = {council.id: council for council in list_councils(session)}
    for chain, rows in sorted(due.items(), reverse=True):
        for table, keys in rows.items():
            wanted = sorted(keys, key=str)
            for start in range(0, len(wanted), AT_ONCE):
                with house.work(None, places.get(chain), DOOR) as work:
                    vouch(work, {table: wanted[start : start + AT_ONCE]})


def _see_to(house: House, place: Place | None, differences: list[Difference]) -> bool:
    keys, chain = TrailKeys.of(house), place.id if place else INSTALLATION_CHAIN
    try:
        found = _broken(house, keys, chain)
        mine = [d for d in differences if d.chain in (chain, INSTALLATION_CHAIN)][:MOST_FINDINGS]
        if place:
            _keep(house, place, found | {f"{d.table} {d.key}": d.kind for d in mine})
        if not found:  # what is broken is not signed; the missing checkpoint tells of it too
            with house.work(None, place, DOOR) as work:
                make_checkpoint(work, keys)
    except Exception:
        log.exception("the trail of council %s could not be seen to", chain)
        return False
    return True


def _broken(house: House, keys: TrailKeys, chain: int) -> dict[str, str]:
    try:
        with house.reading(Beyond.KEEPER) as session:
            broken = examine(session, keys, chain).broken
    except (ValueError, KeyError, TypeError):
        return {"the chain": "not all of entries"}
    return {f"entry {broken.seq}": broken.kind} if broken else {}


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
