"""What one council alone may do by the browser: whatever reaches every council of the installation."""

from dataclasses import dataclass
from datetime import date

from registry.core.rule import Condition, Rule


@dataclass(frozen=True)
class Keeping:
    """Where somebody stands (a council's number, 0 at the server), and the council that keeps what serves all of them
    (0 and no name where none was named)."""

    here: int
    keeper: int = 0
    name: str = ""


def _who_does(keeping: Keeping, _on: date) -> str:
    if keeping.keeper:
        return f"What serves every council here is kept by {keeping.name}."
    return (
        "Nobody is named to keep what serves every council here. Whoever keeps the server names a council: "
        "flask --app app custody kept-by"
    )


KEPT_HERE = Condition(lambda k, on: (k.here == 0) | (k.here == k.keeper), otherwise=_who_does)

MAY_REACH_ALL = Rule((KEPT_HERE,))
"""No council's roles reach into another: the root key, its recovery shares, sealing and the jobs of the installation
belong to one council that was named for it, and to whoever keeps the server."""
