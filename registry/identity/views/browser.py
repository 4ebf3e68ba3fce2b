"""The browser at the door: where it wants to go, what it is, and the cookie it gets."""

from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from flask import g, request, session, url_for
from flask_login import current_user, login_user

from registry.identity.actions import sign_in as acts
from registry.identity.principal import SignedIn
from registry.identity.views.guessing import remember_device
from registry.web import context

COOKIE_KEY = "_user_id"
"""Under which Flask-Login keeps the token in the cookie."""


def enter(admitted: acts.Admitted) -> None:
    """Begin a fresh cookie for a fresh session, so that nothing from before the sign-in carries over.

    Whoever was signed in with this browser is so no longer.
    """
    if current_user.is_authenticated:
        with context.house().work(context.person_id(), None, request.endpoint or "") as work:
            acts.end_session(work, context.session_id(), context.person_id(), "signed in again")
    session.clear()
    login_user(SignedIn.of_token(admitted.token))
    g.pop("_login_user", None)  # whatever this page still shows, it shows to the person who is in now
    context.close_db()
    remember_device(admitted.session_id)


def is_fresh() -> bool:
    """Whether whoever is signed in proved within the last minutes that it is still them."""
    confirmed = current_user.confirmed_at
    return confirmed is not None and context.now() - confirmed <= acts.FRESH


def carry(token: str) -> None:
    """Give the browser its session's new token."""
    session[COOKIE_KEY] = token


def wanted_page() -> str:
    """Where the person was going, if it is a page of ours; else the first page."""
    wanted = request.args.get("next", "")
    parts = urlsplit(wanted)
    ours = (
        wanted.startswith("/")
        and not wanted.startswith("//")
        and "\\" not in wanted
        and not (parts.scheme or parts.netloc)
    )
    return wanted if ours and wanted.isprintable() else url_for("identity.start")


def browser_name() -> str:
    """A few words that let the owner tell one browser from another."""
    agent = request.user_agent.string
    browser = next((name for name in ("Edg", "Firefox", "Chrome", "Safari") if name in agent), "A browser")
    system = next((name for name in ("Windows", "Android", "iPhone", "iPad", "Mac OS", "Linux") if name in agent), "")
    return f"{browser.replace('Edg', 'Edge')} on {system}" if system else browser


def network_name() -> str:
    """The network a browser is in, not its very address: enough for its owner to know it again."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    return str(ip_network(f"{address}/{24 if address.version == 4 else 56}", strict=False))  # noqa: PLR2004
