"""What the register stands on: its database, the shape of it, the trail, and what must always be true."""

from collections.abc import Iterator

from sqlalchemy import func, select

from registry.audit.models import ChainHead, Entry
from registry.core import migrations
from registry.core.house import House
from registry.core.tenants import Beyond
from registry.upkeep.check import Finding, broken, check, well
from registry.upkeep.invariants import TABLE
from registry.upkeep.invariants import check as check_invariants
from registry.upkeep.walls import missing_triggers

RESTORE = "Keep this database as it is for whoever examines it, and restore the latest backup that verifies."


@check("database", decides=True)
def database(house: House) -> Iterator[Finding]:
    """Whether it answers."""
    with house.reading(Beyond.KEEPER) as session:
        session.execute(select(1))
    yield well(f"The database ({house.database.engine.dialect.name}) answers.")


@check("schema", decides=True)
def schema(house: House) -> Iterator[Finding]:
    """Whether it is of the revision that the code expects."""
    with house.reading(Beyond.KEEPER) as session:
        found, wanted = migrations.revisions(session.connection()), migrations.heads()
    if found == wanted:
        yield well(f"The database stands at revision {', '.join(wanted)}, as the code expects.")
        return
    stands = ", ".join(sorted(found)) or "nothing"
    yield broken(f"The database stands at {stands}, the code expects {', '.join(wanted)}.", "Back up, then: db upgrade")


@check("trail", decides=True)
def trail(house: House) -> Iterator[Finding]:
    """Whether entries can be linked on: each head is the last entry, and the triggers stand guard."""
    with house.reading(Beyond.KEEPER) as session:
        last = select(Entry.chain, func.max(Entry.seq).label("seq")).group_by(Entry.chain).subquery("last")
        query = select(ChainHead.chain, ChainHead.seq, last.c.seq.label("entries"))
        loose = [
            row.chain
            for row in session.execute(query.outerjoin(last, last.c.chain == ChainHead.chain))
            if row.seq != (row.entries or 0)
        ]
        missing = missing_triggers(session.connection())
    if loose:
        yield broken(f"Chains whose last entries are missing: {', '.join(map(str, sorted(loose)))}.", RESTORE)
    if missing:
        yield broken(
            f"The trail is not guarded against change: {', '.join(missing)}.",
            "Somebody with the powers of the database's owner took the triggers away. Run audit verify; find out who.",
        )
    if not loose and not missing:
        yield well("The trail takes entries, and its triggers refuse change.")


@check("invariants")
def invariants(house: House) -> Iterator[Finding]:
    """Everything that must be true of a register."""
    breaches = check_invariants(house)
    for breach in breaches:
        yield broken(f"{breach}.", RESTORE)
    numbers = {each.number for each in TABLE} - {breach.number for breach in breaches}
    told = ", ".join(sorted(numbers, key=lambda number: int(number[1:])))
    yield well(f"These hold: {told}.")
