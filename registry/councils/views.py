"""A council's settings, each page telling the effect, and its colours as a stylesheet."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from registry.core.errors import Invalid
from registry.councils.actions import change_settings
from registry.councils.forms import (
    LOOKS,
    OWN,
    PROPOSED,
    ChainForm,
    ColoursForm,
    ExceptionsForm,
    KeepersForm,
    MeasuresForm,
    NamesForm,
    RevealsForm,
    SignInForm,
)
from registry.councils.models import CHAINS, FULL, Council
from registry.vocabulary.looks import WAYS, Look
from registry.vocabulary.permissions import Permission, Role
from registry.web import context
from registry.web import theme as colours
from registry.web.fields import choice
from registry.web.forms import Form
from registry.web.guard import needs, public
from registry.web.pages import accepted, show

room = Blueprint("councils", __name__)
IN_COUNCIL = "/c/<council>"
SETTINGS = Permission.COUNCIL_SETTINGS


@room.get("/public/<council>/theme.css")
@public
def theme() -> Response:
    """The council's colours as a stylesheet; its address changes with the settings, so it may be kept."""
    council = context.council()
    answer = Response(colours.css(colours.Theme(council.brand_colour, council.link_colour)), mimetype="text/css")
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer


@room.get(f"{IN_COUNCIL}/settings")
@needs(SETTINGS)
def settings() -> ResponseReturnValue:
    """Everything the council has settled, with a link to change each."""
    council = context.council()
    seen = {way: [words for look, words in LOOKS.items() if council.way_to(look) is way] for way in WAYS}
    return show(
        "councils/settings.html",
        roles=Role,
        seen=seen,
        ways=WAYS,
        way=_way(council.chain_roles),
        passkey_roles=_titles(council.passkey_roles),
    )


@room.route(f"{IN_COUNCIL}/settings/names", methods=["GET", "POST"])
@needs(SETTINGS)
def names() -> ResponseReturnValue:
    """Change the name, the contact and the titles."""
    council = context.council()
    titles = {f"title_{role.value}": council.title(role) for role in Role}
    form = NamesForm(obj=council, **titles)

    def changes() -> dict[str, Any]:
        kept = {role.value: form[f"title_{role.value}"].data for role in Role if form[f"title_{role.value}"].data}
        return {**_plain(form, "name", "website", "contact", "time_zone"), "titles": kept}

    return _page(form, changes, "councils/names.html", roles=Role)


@room.route(f"{IN_COUNCIL}/settings/chain", methods=["GET", "POST"])
@needs(Permission.COUNCIL_EXCEPTIONS, fresh=True)
def chain() -> ResponseReturnValue:
    """Change who decides on requests, and in which order; the Clerk's alone: who gives roles could else decide."""
    council = context.council()
    form = ChainForm(obj=council, **(_chain_data(council) if request.method == "GET" else {}))
    form.template.choices = [
        *(choice(key, _way(roles)) for key, roles in CHAINS.items()),
        choice(OWN, "Our own order"),
    ]
    for field in (form.step_1, form.step_2, form.step_3, form.step_4):
        field.choices = [choice(role.value, council.title(role)) for role in FULL]

    def changes() -> dict[str, Any]:
        return {"chain": [role.value for role in form.steps]}

    return _page(form, changes, "councils/chain.html", way=_way(council.chain_roles))


@room.route(f"{IN_COUNCIL}/settings/exceptions", methods=["GET", "POST"])
@needs(Permission.COUNCIL_EXCEPTIONS, fresh=True)
def exceptions() -> ResponseReturnValue:
    """Switch the recorded exceptions of a one-officer council on or off; the Clerk's alone to do."""
    form = ExceptionsForm(obj=context.council())
    fields = ("own_request_exception", "two_steps_exception", "custody_exception", "exception_minute")
    return _page(form, lambda: _plain(form, *fields), "councils/exceptions.html")


@room.route(f"{IN_COUNCIL}/settings/keepers", methods=["GET", "POST"])
@needs(SETTINGS, fresh=True)
def keepers() -> ResponseReturnValue:
    """Change who outside is sent the checkpoints of the trail."""
    form = KeepersForm(obj=context.council(), outside="\n".join(context.council().note_addresses))
    return _page(form, lambda: {"note_addresses": form.addresses}, "councils/keepers.html")


@room.route(f"{IN_COUNCIL}/settings/custody", methods=["GET", "POST"])
@needs(Permission.CUSTODY_WAYS, fresh=True)
def reveals() -> ResponseReturnValue:
    """Change how what is in custody may be seen; the Clerk's alone to do."""
    council = context.council()
    form = RevealsForm(obj=council, **{f"way_{look.value}": council.way_to(look).value for look in Look})

    def changes() -> dict[str, Any]:
        ways = {look.value: form[f"way_{look.value}"].data for look in Look}
        return {**_plain(form, "daily_reveals"), "reveal_ways": ways}

    return _page(form, changes, "councils/reveals.html", roles=Role)


@room.route(f"{IN_COUNCIL}/settings/sign-in", methods=["GET", "POST"])
@needs(Permission.COUNCIL_EXCEPTIONS, fresh=True)
def sign_in() -> ResponseReturnValue:
    """Say which roles come in with a passkey only; the Clerk's alone, since it guards what the others may do."""
    form = SignInForm(obj=context.council())
    form.passkey_roles.choices = [choice(role.value, context.council().title(role)) for role in Role]
    proposed, settings = [role.value for role in PROPOSED], context.house().settings
    missing = _titles([role for role in proposed if role not in context.council().passkey_roles])
    if request.method == "GET" and "proposed" in request.args:
        form.passkey_roles.process_data(sorted({*context.council().passkey_roles, *proposed}))

    def changes() -> dict[str, Any]:
        roles = sorted(form.passkey_roles.data or ())
        if roles and settings.is_secure and not settings.is_named:
            raise Invalid("passkey_roles", "No passkey works here, as the register's address is a number, not a name")
        return {"passkey_roles": roles}

    return _page(form, changes, "councils/sign_in.html", missing=missing)


@room.route(f"{IN_COUNCIL}/settings/measures", methods=["GET", "POST"])
@needs(SETTINGS, fresh=True)
def measures() -> ResponseReturnValue:
    """Change the numbers by which accounts are measured. Whether training needs confirming, the Clerk alone says."""
    council = context.council()
    form = MeasuresForm(obj=council, **{f"review_{risk}": days for risk, days in council.review_days.items()})
    if not current_user.may(Permission.COUNCIL_EXCEPTIONS):
        del form.training_confirmed
    wanted = ("ideal_editors", "training_confirmed", "grace_days", "default_cadence_days")
    fields = tuple(name for name in wanted if name in form)

    def changes() -> dict[str, Any]:
        return {
            **_plain(form, *fields),
            "review_days": {risk: form[f"review_{risk}"].data for risk in ("low", "normal", "high")},
        }

    return _page(form, changes, "councils/measures.html")


@room.route(f"{IN_COUNCIL}/settings/colours", methods=["GET", "POST"])
@needs(SETTINGS)
def change_colours() -> ResponseReturnValue:
    """Change the colours, if pages stay readable in them."""
    form = ColoursForm(obj=context.council())
    return _page(form, lambda: _plain(form, "brand_colour", "link_colour"), "councils/colours.html")


def _page(form: Form, changes: Callable[[], dict[str, Any]], template: str, **given: Any) -> ResponseReturnValue:
    def change() -> None:
        with context.work() as work:
            change_settings(work, work.council, form["version"].data, changes())

    if accepted(form, change):
        flash("The settings are saved.", "success")
        return redirect(url_for("councils.settings"))
    return show(template, form, cancel_url=url_for("councils.settings"), **given)


def _plain(form: Form, *fields: str) -> dict[str, Any]:
    return {field: form[field].data for field in fields}


def _titles(values: list[str]) -> list[str]:
    return [context.council().title(Role(value)) for value in values]


def _way(roles: tuple[Role, ...]) -> str:
    return " → ".join(context.council().title(role) for role in roles)


def _chain_data(council: Council) -> dict[str, Any]:
    known = next((key for key, roles in CHAINS.items() if roles == council.chain_roles), OWN)
    return {"template": known, **{f"step_{n}": role for n, role in enumerate(council.chain_roles, 1)}}
