"""The installation and the councils it serves."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.core.database import Base
from registry.vocabulary.looks import DEFAULT_WAYS, Look, Way
from registry.vocabulary.permissions import Role


class Installation(Base):
    """The one row that says which installation this database is, and whether it is a demonstration.

    `keeping_council_id`: the council that keeps what serves all of them, above all the root key; none where several are
    served and nobody was named.
    """

    __tablename__ = "installation"
    __table_args__ = (sa.CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    public_id: Mapped[bytes] = mapped_column(sa.LargeBinary(16))
    is_demo: Mapped[bool] = mapped_column(default=False)
    keeping_council_id: Mapped[int | None] = mapped_column(sa.ForeignKey("councils.id"))
    made_at: Mapped[datetime]


class Risk(StrEnum):
    """How much harm a taken-over account could do; it sets how often its security settings are reviewed."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


DEFAULT_TITLES = {
    Role.CLERK: "Clerk",
    Role.COMMS: "Communications",
    Role.MANAGER: "Head of Service",
    Role.MANAGEMENT_TEAM: "Management Team",
    Role.AUDITOR: "Internal audit",
    Role.ADMINISTRATOR: "IT administrator",
    Role.EDITOR: "Editor",
    Role.STAFF: "Staff",
}

DISTRICT = (Role.MANAGER, Role.COMMS, Role.MANAGEMENT_TEAM)
PARISH = (Role.COMMS, Role.CLERK)
FULL = (Role.MANAGER, Role.COMMS, Role.MANAGEMENT_TEAM, Role.CLERK)
CHAINS = {"district": DISTRICT, "parish": PARISH, "full": FULL}
"""The approval chains of the policies: 002 §6.3 and §16.1; 003; and the union of both."""


class Council(Base):
    """One authority, and how it has settled what the policies leave to it.

    `chain`: the roles that decide on a request, in order. `review_days`: days between security reviews by risk.
    `grace_days`: how long people may go on after a new policy version before they must have signed it.
    `own_request_exception` and `two_steps_exception`: the recorded exceptions of a one-officer council, with
    the minute that allowed them; every use shows on the request and in the trail. `custody_exception` is a third:
    nobody else need agree where custody asks for a second person. `reveal_ways`: how what is in custody may be seen,
    where that differs from the usual. `daily_reveals`: how often one person may look in a day. `note_addresses`:
    people outside (the Chair, say) who are sent the trail's checkpoints, besides the Clerk and the auditors, and hear
    of a look that nobody agreed to where nobody else watches.
    `passkey_roles`: the roles whose second step at sign-in must be a passkey.
    """

    __tablename__ = "councils"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[bytes] = mapped_column(sa.LargeBinary(16), unique=True)
    slug: Mapped[str] = mapped_column(sa.String(60), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    website: Mapped[str] = mapped_column(sa.String(200), default="")
    contact: Mapped[str] = mapped_column(sa.String(200), default="")
    time_zone: Mapped[str] = mapped_column(sa.String(60), default="Europe/London")
    titles: Mapped[dict[str, Any]] = mapped_column(default=dict)
    chain: Mapped[list[Any]] = mapped_column(default=lambda: [role.value for role in FULL])
    own_request_exception: Mapped[bool] = mapped_column(default=False)
    two_steps_exception: Mapped[bool] = mapped_column(default=False)
    custody_exception: Mapped[bool] = mapped_column(default=False)
    exception_minute: Mapped[str] = mapped_column(sa.String(200), default="")
    ideal_editors: Mapped[int] = mapped_column(default=2)
    default_cadence_days: Mapped[int] = mapped_column(default=14)
    review_days: Mapped[dict[str, Any]] = mapped_column(default=lambda: {"low": 180, "normal": 90, "high": 30})
    grace_days: Mapped[int] = mapped_column(default=14)
    training_confirmed: Mapped[bool] = mapped_column(default=True)
    reveal_ways: Mapped[dict[str, Any]] = mapped_column(default=dict)
    daily_reveals: Mapped[int] = mapped_column(default=20)
    note_addresses: Mapped[list[Any]] = mapped_column(default=list)
    passkey_roles: Mapped[list[Any]] = mapped_column(default=list)
    brand_colour: Mapped[str] = mapped_column(sa.String(7), default="#1d4f5f")
    link_colour: Mapped[str] = mapped_column(sa.String(7), default="#1a5a8a")
    version: Mapped[int] = mapped_column(default=1)
    added_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}

    def title(self, role: Role) -> str:
        """The council's own word for a role."""
        return str(self.titles.get(role.value) or DEFAULT_TITLES[role])

    def wants_passkey(self, roles: frozenset[Role]) -> bool:
        """Whether any of these roles is to be entered with a passkey only."""
        return any(role.value in self.passkey_roles for role in roles)

    @property
    def chain_roles(self) -> tuple[Role, ...]:
        """The roles that decide on a request, in order."""
        return tuple(Role(value) for value in self.chain)

    @property
    def has_exception(self) -> bool:
        """Whether any exception of a one-officer council is on."""
        return self.own_request_exception or self.two_steps_exception or self.custody_exception

    def review_every(self, risk: Risk) -> int:
        """Days between security reviews of an account of this risk (004 §6.5)."""
        return int(self.review_days.get(risk.value, 90))

    def way_to(self, look: Look) -> Way:
        """How something in custody may be seen here: alone, or when a second person agrees."""
        return Way(self.reveal_ways.get(look.value, DEFAULT_WAYS[look]))
