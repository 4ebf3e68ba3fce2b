"""Who comes in: the person behind the cookie, the council in the address, and the hats that go with both."""

from contextlib import suppress
from datetime import timedelta
from urllib.parse import quote

from flask import Flask, current_app, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from sqlalchemy import Text, literal, select, union_all
from sqlalchemy.exc import DBAPIError

from registry.core.errors import NotFound, Refused
from registry.core.work import NOTHING, Occurrence
from registry.councils.models import Council
from registry.councils.queries import find_council
from registry.editors.models import Editorship
from registry.identity.actions import sign_in
from registry.identity.factors import FirstStep
from registry.identity.models import Employment, RoleGrant
from registry.identity.principal import SignedIn
from registry.identity.queries import at_work, councils_of, in_force, worn
from registry.identity.session_queries import find_live_session
from registry.identity.views.browser import carry, is_fresh
from registry.identity.views.confirming import carried, show_confirm
from registry.identity.views.half import half_in
from registry.identity.views.vouching import counts_in
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Permission, Role, roles_with
from registry.web import context, guard
from registry.web.errors import throttled, wants_data
from registry.web.guard import Need, Open
from registry.web.pace import TooFast
from registry.web.pages import show

SEEN_EVERY = timedelta(minutes=1)


def init_app(app: Flask) -> None:
    """Let people in by their server-side session and give every request its council."""
    manager = LoginManager(app)
    manager.session_protection = None  # the server's own session decides; a hash of the address would not
    manager.user_loader(load_person)
    app.url_value_preprocessor(take_council)
    app.url_defaults(give_council)
    app.before_request(refuse_unwritable)
    app.before_request(enter_council)
    app.teardown_appcontext(context.close_db)
    app.register_error_handler(TooFast, slow_down)
    guard.init_app(app, keep_the_door, ask_again)


def refuse_unwritable() -> None:
    """No text of ours holds a NUL, and PostgreSQL will not even look for one: such an address leads nowhere."""
    asked = (text for pair in request.args.items(multi=True) for text in pair)
    if "\0" in request.path or any("\0" in text for text in asked):
        raise NotFound


def load_person(token: str) -> SignedIn | None:
    """The person behind a session's token, if the session is still good."""
    settings, now = context.house().settings, context.now()
    found = find_live_session(context.db(), token, now, settings.sign_in_idle, settings.sign_in_longest)
    if found is None:
        return None
    if now - found.seen_at > SEEN_EVERY:
        # on a day when nothing can be written, reading goes on: this can wait
        with suppress(DBAPIError), context.house().work(found.person_id, None, "session.seen") as work:
            sign_in.see(work, found.id, now)
    if found.renewal_due and guard.need_of(current_app, request.endpoint or "", request.method) is not Open.PUBLIC:
        with context.house().work(found.person_id, None, "session.renewed") as work:
            renewed = sign_in.renew(work, found.id, token)
        if renewed is None:
            return None  # another page of the same browser was first, and has the new one
        carry(renewed)
        token = renewed
    person = found.person
    return SignedIn(
        token,
        found.id,
        person.id,
        person.name,
        person.email,
        found.confirmed_at,
        found.first_step,
        found.by_passkey,
        found.provider,
    )


def take_council(_endpoint: str | None, values: dict[str, object] | None) -> None:
    """Take the council's short name out of the address, so that views need not."""
    g.council_slug = values.pop("council", None) if values else None


def give_council(endpoint: str, values: dict[str, object]) -> None:
    """Put the present council into addresses that need one."""
    if (
        "council" not in values
        and g.get("council_slug")
        and current_app.url_map.is_endpoint_expecting(endpoint, "council")
    ):
        values["council"] = g.council_slug


def enter_council() -> None:
    """Find the council of the address, and the hats of whoever is signed in there.

    To somebody who does not work for it, a council is not there; a public page shows it to anyone.
    """
    if not g.get("council_slug") or request.endpoint is None:
        return
    is_public = guard.need_of(current_app, request.endpoint, request.method) is Open.PUBLIC
    if not is_public and not current_user.is_authenticated:
        return  # the door-keeper sends them to sign in, whether the council exists or not
    council = _council_in_address()
    if council is None:
        raise NotFound
    context.enter(council)
    if current_user.is_authenticated:
        roles = roles_in(current_user.person_id)
        if not is_public and Role.STAFF not in roles:
            g.council = None
            raise NotFound
        g.counts_here = counts_in(council.slug)
        current_user.roles = roles if g.counts_here else frozenset()


def _council_in_address() -> Council | None:
    """Whoever is signed in brings the list of their councils, which every page shows: one look serves both."""
    if current_user.is_authenticated:
        g.councils = theirs = councils_of(context.db(), current_user.person_id, context.today())
        for council in theirs:
            if council.slug == g.council_slug:
                return council
    return find_council(context.db(), g.council_slug)


def roles_in(person_id: int) -> frozenset[Role]:
    """Every hat somebody wears today in the council of the address; none if they do not work for it."""
    council_id, on = g.council.id, context.today()
    employed = select(literal(Role.STAFF.value)).where(
        Employment.council_id == council_id,
        Employment.person_id == person_id,
        at_work(on),
    )
    granted = select(RoleGrant.role.cast(Text)).where(
        RoleGrant.council_id == council_id,
        RoleGrant.person_id == person_id,
        worn(on),
    )
    named = select(literal(Role.EDITOR.value)).where(
        Editorship.council_id == council_id,
        Editorship.person_id == person_id,
        in_force(Editorship.starts_on, Editorship.ends_on, on),
    )
    roles = frozenset(Role(value) for value in context.db().scalars(union_all(employed, granted, named)))
    return roles if Role.STAFF in roles else frozenset()


def keep_the_door(need: Need) -> ResponseReturnValue | None:
    """Let pass whoever may press this button; send strangers to sign in; refuse the rest, in the trail too."""
    if need is Open.HALF_IN:
        return None if half_in() else send_to_sign_in()
    if not current_user.is_authenticated:
        return send_to_sign_in()
    if not g.get("counts_here", True):
        return redirect(url_for("identity.another_way", next=_page_wanted()))
    if _wants_passkey():
        return redirect(url_for("identity.passkey_needed", next=_page_wanted()))
    if need is Open.SIGNED_IN or (isinstance(need, Permission) and current_user.may(need)):
        return None
    _enter_refusal(need)
    raise Refused(["Your roles in this council do not open this page.", *_opens_to(need)])


def _wants_passkey() -> bool:
    """Whether this council wants a passkey of whoever wears their hats here, and this session has shown none.

    Whoever was chosen from a demonstration's list has nothing to show.
    """
    council = g.get("council")
    if council is None or current_user.by_passkey or current_user.first_step is FirstStep.CHOSEN:
        return False
    return bool(council.wants_passkey(current_user.roles))


def _opens_to(need: Need) -> list[str]:
    """Whom to ask instead, in the council's own words."""
    council = g.get("council")
    if council is None or not isinstance(need, Permission):
        return []
    titles = [council.title(role) for role in roles_with(need)]
    return [f"It opens to: {', '.join(titles)}. If your work needs it, ask one of them."]


def ask_again() -> ResponseReturnValue | None:
    """Let pass whoever proved a moment ago that it is them; ask the others, and lose nothing they typed but secrets.

    Where a form holds a secret that nobody has elsewhere, they are asked on its own page.
    """
    if is_fresh():
        return None
    if request.method == "POST":
        stay = guard.stay_at(current_app, request.endpoint or "")
        page = stay(**(request.view_args or {})) if stay else None
        return page or show_confirm(_page_wanted(), carried(request.form))
    return redirect(url_for("identity.confirm") + f"?next={quote(_page_wanted(), safe='')}")


def slow_down(error: TooFast) -> ResponseReturnValue:
    """Ask somebody who acts faster than by hand to wait, and lose nothing they typed but secrets."""
    if wants_data():
        return throttled(error)
    target, fields = _page_wanted(), carried(request.form)
    answer = make_response(
        show("identity/too_fast.html", status_code=429, when=error.when, target=target, fields=fields)
    )
    answer.headers["Retry-After"] = str(error.seconds)
    return answer


def send_to_sign_in() -> ResponseReturnValue:
    """Ask a stranger who they are, and remember where they wanted to go."""
    wanted = _page_wanted() if request.method == "GET" else ""
    return redirect(url_for("identity.sign_in") + (f"?next={quote(wanted, safe='')}" if wanted else ""))


def _page_wanted() -> str:
    return request.full_path.rstrip("?")


def _enter_refusal(need: Need) -> None:
    with context.house().work(current_user.person_id, g.get("council"), request.endpoint or "") as work:
        detail = {"door": f"{request.method} {request.endpoint}", "needs": need.value}
        work.occurrences.append(Occurrence(Event.DOOR_REFUSED, NOTHING, detail, outcome="refused"))
