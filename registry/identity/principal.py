"""The person at the keyboard, as Flask-Login knows them."""

from dataclasses import dataclass, field
from datetime import datetime

from flask_login import UserMixin

from registry.identity.factors import FirstStep
from registry.vocabulary.permissions import Permission, Role, permits


@dataclass
class SignedIn(UserMixin):  # type: ignore[misc]
    """Somebody signed in. Flask-Login keeps `token` in the cookie; the server's session decides what it is worth.

    `roles` are those in the council whose pages are open, read afresh on every request.
    """

    token: str = field(repr=False)
    session_id: int
    person_id: int
    name: str
    email: str
    confirmed_at: datetime | None
    first_step: FirstStep = FirstStep.PASSWORD
    by_passkey: bool = False
    provider: str = ""
    roles: frozenset[Role] = frozenset()

    @classmethod
    def of_token(cls, token: str) -> "SignedIn":
        """What Flask-Login needs to know to write a cookie."""
        return cls(token, 0, 0, "", "", None)

    def get_id(self) -> str:
        """What Flask-Login puts in the cookie."""
        return self.token

    def may(self, permission: Permission) -> bool:
        """Whether this person's hats in this council let them press this button."""
        return permits(self.roles, permission)

    def wears(self, role: Role) -> bool:
        """Whether this person wears this hat in this council."""
        return role in self.roles
