"""What stands around every page: names, navigation, who is signed in, which councils they may change to."""

from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from registry.core.errors import Reason
from registry.core.wording import SERVICE_NAME
from registry.councils.queries import find_installation, kept_here
from registry.custody.views.room import how_custody_stands
from registry.identity.queries import councils_of
from registry.vocabulary.permissions import Permission
from registry.web import context

P = Permission

NAVIGATION = (
    ("Home", "home.index", P.OWN_STANDING, ("",)),
    (
        "Register",
        "register.accounts",
        P.REGISTER_READ,
        ("accounts", "activity", "custody", "platforms", "rotations", "service-areas"),
    ),
    ("Requests", "requests.index", P.REQUEST_READ, ("requests",)),
    ("Reviews", "reviews.due", P.REVIEW_MAKE, ("reviews",)),
    ("Closures", "closures.index", P.CLOSURE_MANAGE, ("closures",)),
    ("Flags", "flags.index", P.FLAG_READ, ("flags",)),
    ("Training", "training.mine", P.TRAINING_RECORD, ("training",)),
    ("Policies", "policies.index", P.POLICY_READ, ("policies",)),
    ("People", "identity.people", P.PEOPLE_READ, ("people", "leavers", "offers", "resets", "roles")),
    ("Trail", "audit.trail", P.TRAIL_READ, ("trail",)),
    ("Settings", "councils.settings", P.COUNCIL_SETTINGS, ("settings",)),
)
"""The first level of every page: its words, its page, what opens it, and the parts it stands for, by the first word of
their addresses after the council's. What is found only beside a person's name or at the foot stands for itself."""

ELSEWHERE = (
    ("Service areas", "accounts.service_areas", P.REGISTER_READ),
    ("Platforms", "accounts.platforms", P.REGISTER_READ),
    ("Who names editors", "editors.who_names", P.OWN_STANDING),
    ("Standing of editors", "editors.team", P.TEAM_STANDING),
    ("Leavers", "leavers.index", P.LEAVERS_READ),
    ("Credentials to rotate", "rotations.index", P.CUSTODY_READ),
    ("Nightly jobs", "jobs.index", P.JOBS_READ),
    ("Messages", "outbox.index", P.MESSAGES_READ),
    ("Keys of custody", "custody.keys", P.KEYS_MANAGE),
)
"""Pages that are needed now and then: at the foot of every page."""

ACCOUNT_LINKS = (
    ("My standing", "editors.mine"),
    ("Two-step sign-in", "identity.two_step"),
    ("Where I am signed in", "identity.sessions"),
)


@dataclass
class Shell:
    """What the layout shows around a page; bare where nothing is known, as on an error page."""

    service_name: str = SERVICE_NAME
    council_name: str = ""
    home_url: str = "/"
    theme_url: str = ""
    demo: bool = False
    closed: str = ""
    unseal_url: str = ""
    nav: list[dict[str, Any]] = field(default_factory=list)
    person_name: str | None = None
    account_links: list[dict[str, Any]] = field(default_factory=list)
    sign_out_url: str = ""
    sign_in_url: str = ""
    councils: list[dict[str, Any]] = field(default_factory=list)
    footer_links: list[dict[str, Any]] = field(default_factory=list)


def init_app(app: Flask) -> None:
    """Give every template its shell and the few helpers that pages share."""
    app.context_processor(
        lambda: {"shell": _shell_or_bare(), "today": context.today(), "council": g.get("council"), "may": may}
    )
    app.jinja_env.globals["mend_url"] = mend_url


def may(permission: str) -> bool:
    """Whether whoever looks may press this button: a page offers only what it would let pass."""
    return bool(current_user and current_user.is_authenticated and current_user.may(Permission(permission)))


def mend_url(reason: Reason) -> str:
    """The address of the page that mends a reason, if there is one here."""
    known = current_app.view_functions
    return url_for(reason.mend) if reason.mend in known and g.get("council") else ""


def _shell_or_bare() -> Shell:
    try:
        return _shell()
    except SQLAlchemyError:  # an error page must not need the database
        return Shell()


def _shell() -> Shell:
    place, shell = g.get("council"), Shell()
    if "is_demo" not in current_app.extensions:
        installation = find_installation(context.db())
        current_app.extensions["is_demo"] = bool(installation and installation.is_demo)
    shell.demo = current_app.extensions["is_demo"]
    if place is not None:
        shell.council_name = place.name
        shell.theme_url = url_for("councils.theme", version=place.version)
        shell.footer_links = [
            _link("Is this account ours?", "public.verify"),
            _link("Public register", "public.register"),
        ]
    if not current_user or not current_user.is_authenticated:
        shell.sign_in_url = url_for("identity.sign_in")
        if place is not None:
            shell.home_url = url_for("public.register")
        return shell
    shell.person_name, shell.sign_out_url = current_user.name, url_for("identity.sign_out")
    shell.councils = _switcher(place)
    if place is not None and current_user.roles:
        shell.home_url = url_for("home.index")
        _, window, _, part, *_ = request.path.split("/")  # public pages have no part
        here = part if window == "c" else None
        shell.nav = [
            _link(text, door, here in parts) for text, door, need, parts in NAVIGATION if current_user.may(need)
        ]
        shell.footer_links += [_link(text, door) for text, door, need in ELSEWHERE if current_user.may(need)]
        _tell_closed(shell, place)
        shell.account_links = [_link(text, door) for text, door in ACCOUNT_LINKS]
    return shell


def _tell_closed(shell: Shell, place: Any) -> None:
    """Tell whoever works with custody that it is closed, and the Clerk who keeps it how it opens. The rest goes on."""
    if not (current_user.may(P.CUSTODY_READ) or current_user.may(P.KEYS_MANAGE)):
        return
    custody = how_custody_stands()
    if not custody.is_open:
        shell.closed = "Custody is sealed." if custody.is_sealed else "Custody is closed."
        if custody.is_sealed and current_user.may(P.KEYS_UNSEAL) and kept_here(context.db(), place.id, context.today()):
            shell.unseal_url = url_for("custody.unseal")


def _switcher(place: Any) -> list[dict[str, Any]]:
    if "councils" not in g:
        g.councils = councils_of(context.db(), current_user.person_id, context.today())
    return [
        {
            "text": c.name,
            "href": url_for("home.index", council=c.slug),
            "current": place is not None and c.id == place.id,
        }
        for c in g.councils
    ]


def _link(text: str, endpoint: str, active: bool | None = None) -> dict[str, Any]:
    is_here = request.endpoint == endpoint if active is None else active
    return {"text": text, "href": url_for(endpoint), "active": is_here}
