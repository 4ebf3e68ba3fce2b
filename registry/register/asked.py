"""What somebody asks of the register's list: read from the address, so that a view can be kept and sent."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from registry.accounts.models import AccountState
from registry.web.arguments import plain_text, whole

IN_USE, ENDED, ANY = "", "ended", "any"
STATES = (IN_USE, ENDED, ANY, *(state.value for state in AccountState))
SORTS = ("name", "area", "state", "posted", "review", "flags")
FALLING_FIRST = frozenset({"flags"})
"""Columns whose most telling end is the greatest: the first click shows it."""


@dataclass(frozen=True)
class Asked:
    """The search, the filters and the order.

    `state`: in use, ended, any, or one state's word. `rule`: the word of a flag that must be open.
    """

    q: str = ""
    area: int | None = None
    platform: str = ""
    state: str = IN_USE
    flagged: bool = False
    mine: bool = False
    rule: str = ""
    sort: str = "name"
    falling: bool = False

    @property
    def filters(self) -> dict[str, str]:
        """The filters that are set, as they stand in the address."""
        said = {
            "area": str(self.area or ""),
            "platform": self.platform,
            "state": self.state,
            "flags": "open" if self.flagged else "",
            "responsible": "me" if self.mine else "",
            "flag": self.rule,
        }
        return {name: value for name, value in said.items() if value}

    @property
    def order(self) -> dict[str, str]:
        """The order as it stands in the address; nothing for the usual one."""
        if self == replace(self, sort="name", falling=False):
            return {}
        return {"sort": self.sort, "order": "falling" if self.falling else "rising"}

    @property
    def address(self) -> dict[str, str]:
        """Everything that is asked, as it stands in the address."""
        return {**({"q": self.q} if self.q else {}), **self.filters, **self.order}

    def without(self, name: str) -> dict[str, str]:
        """The address with one filter taken away."""
        return {key: value for key, value in self.address.items() if key != name}

    def sorted_by(self, name: str) -> dict[str, str]:
        """The address of the same list by this column; a second click turns the order round."""
        falling = not self.falling if name == self.sort else name in FALLING_FIRST
        return replace(self, sort=name, falling=falling).address

    def direction(self, name: str) -> str | None:
        """How the list is sorted by this column, if it is."""
        if name != self.sort:
            return None
        return "descending" if self.falling else "ascending"


def read(address: Mapping[str, str]) -> Asked:
    """Read what is asked; what makes no sense is as if it were not asked."""
    state, sort = address.get("state", ""), address.get("sort", "")
    return Asked(
        q=plain_text(address.get("q", "")),
        area=whole(address.get("area")) or None,
        platform=plain_text(address.get("platform", "")),
        state=state if state in STATES else IN_USE,
        flagged=address.get("flags") == "open",
        mine=address.get("responsible") == "me",
        rule=plain_text(address.get("flag", "")),
        sort=sort if sort in SORTS else "name",
        falling=address.get("order") == "falling",
    )


def numbers(values: list[str]) -> list[int]:
    """The numbers of chosen rows; what is none is left out."""
    return [number for number in map(whole, values) if number is not None]
