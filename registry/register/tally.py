"""The counts beside the filters: each says how many accounts choosing it would leave, the other filters kept."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from registry.accounts.models import ENDED as ENDED_STATES
from registry.accounts.models import AccountState
from registry.register.asked import ANY, ENDED, IN_USE, Asked


@dataclass(frozen=True)
class Cell:
    """How many accounts are alike in everything one may filter by."""

    area_id: int
    area: str
    platform: str
    state: AccountState
    is_flagged: bool
    is_mine: bool
    count: int


def is_in(state: str, cell: Cell) -> bool:
    """Whether a cell's accounts stand in the state that is asked for."""
    if state in (IN_USE, ENDED):
        return (cell.state in ENDED_STATES) == (state == ENDED)
    return state in (ANY, cell.state.value)


FITS: tuple[Callable[[Cell, Asked], bool], ...] = (
    lambda cell, asked: asked.area in (None, cell.area_id),
    lambda cell, asked: asked.platform in ("", cell.platform),
    lambda cell, asked: is_in(asked.state, cell),
    lambda cell, asked: cell.is_flagged or not asked.flagged,
    lambda cell, asked: cell.is_mine or not asked.mine,
)


class Tally:
    """The counts of one view of the list."""

    def __init__(self, cells: Iterable[Cell], asked: Asked) -> None:
        self.cells, self.asked = list(cells), asked

    @property
    def total(self) -> int:
        """How many accounts are listed, on all pages together."""
        return self._count(self.asked)

    @property
    def hidden(self) -> int:
        """How many ended accounts would be listed too, were they asked for."""
        return self.in_state(ENDED) if self.asked.state == IN_USE else 0

    def in_state(self, state: str) -> int:
        """How many there are in a state (or in use, ended, any)."""
        return self._count(replace(self.asked, state=state))

    @property
    def flagged(self) -> int:
        """How many need attention."""
        return self._count(replace(self.asked, flagged=True))

    @property
    def mine(self) -> int:
        """How many the person looking is responsible for."""
        return self._count(replace(self.asked, mine=True))

    def areas(self) -> list[tuple[int, str, int]]:
        """Number, name and count of every service area the search finds anything in, by name."""
        areas = sorted({cell.area_id: cell.area for cell in self.cells}.items(), key=lambda area: area[1].casefold())
        return [(key, name, self._count(replace(self.asked, area=key))) for key, name in areas]

    def platforms(self) -> list[tuple[str, int]]:
        """Key and count of every platform the search finds anything on."""
        keys = sorted({cell.platform for cell in self.cells})
        return [(key, self._count(replace(self.asked, platform=key))) for key in keys]

    def _count(self, asked: Asked) -> int:
        return sum(cell.count for cell in self.cells if all(fits(cell, asked) for fits in FITS))
