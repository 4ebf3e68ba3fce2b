"""The first page: what awaits this person, and how the register stands."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import current_user

from registry.home.awaiting import awaiting
from registry.home.lines import Asked, When
from registry.home.queries import standing_of_register
from registry.vocabulary.permissions import Permission, Role
from registry.web import charts, context
from registry.web.filters import plural
from registry.web.guard import needs
from registry.web.pages import show

room = Blueprint("home", __name__, url_prefix="/c/<council>")


@room.get("/")
@needs(Permission.OWN_STANDING)
def index() -> ResponseReturnValue:
    """What awaits whoever is signed in, by urgency; nothing else but one sentence on the register's health."""
    council = context.council()
    asked = Asked(context.db(), council, context.person_id(), current_user.roles, context.today())
    lines = awaiting(asked)
    health = standing_of_register(context.db(), council.id)
    return show(
        "home/index.html",
        hats=_hats(),
        groups=[(when.value, found) for when in When if (found := [line for line in lines if line.when is when])],
        health=_told(health),
        bar=charts.health_bar(
            "How the register stands",
            [
                charts.Bar("without a flag", health["well"], "good"),
                charts.Bar("flagged", health["flagged"], "warning"),
                charts.Bar("gravely flagged", health["grave"], "breach"),
            ],
        ),
        is_empty=not sum(health.values()),
    )


def _hats() -> list[str]:
    """The hats of whoever is signed in, in the council's words; “staff” only where there is no other."""
    hats = [context.council().title(role) for role in Role if role in current_user.roles and role is not Role.STAFF]
    return hats or [context.council().title(Role.STAFF)]


def _told(health: dict[str, int]) -> str:
    total, well, grave = sum(health.values()), health["well"], health["grave"]
    if not total:
        return "The register has no account in use yet."
    if well == total:
        return f"{plural(total, 'account')} in use; the last nightly look at the register found nothing to flag."
    graver = f", {grave} of them gravely" if grave else ""
    return f"{plural(total, 'account')} in use: {well} without a flag, {total - well} flagged{graver}."
