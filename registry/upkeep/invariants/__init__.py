"""What must be true of every register, in one table: asked after every backup, restore and crash, and by `doctor`."""

from collections.abc import Collection

from registry.core.house import House
from registry.core.tenants import Beyond
from registry.upkeep.invariant import TABLE, Breach, Look
from registry.upkeep.invariants import custody, database, deciding, messages, people, trail

__all__ = ["TABLE", "check", "custody", "database", "deciding", "messages", "people", "trail"]


def check(house: House, only: Collection[str] = ()) -> list[Breach]:
    """Every breach of the invariants, or of those numbers alone, as the register stood at one moment."""
    with house.reading(Beyond.KEEPER) as session:
        if not house.database.is_sqlite:  # there a reading transaction is a snapshot by itself
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        look = Look(session, house, house.clock.now())
        wanted = sorted(
            (each for each in TABLE if not only or each.number in only), key=lambda each: each.number[1:].zfill(2)
        )
        return [breach for each in wanted for breach in each.breaches(look)]
