"""One's accounts at the identity providers: connecting them, by hand or by a set-up link, and taking that back."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from registry.core.errors import NotFound
from registry.core.providers import Provider
from registry.identity.actions import outside as acts
from registry.identity.link_queries import find_link
from registry.identity.models import LinkPurpose, Person
from registry.identity.outside.idtoken import Recognised
from registry.identity.outside.question import Aim, Question
from registry.identity.outside.ticket import is_good, ticket_for
from registry.identity.queries import list_identities, slugs_of
from registry.identity.views.asking import ask, asked, assert_same_session, provider_of
from registry.identity.views.browser import is_fresh
from registry.identity.views.room import room
from registry.identity.views.two_step import my_session
from registry.identity.views.vouching import assert_may_add_way_in
from registry.web import context
from registry.web.guard import Open, needs, public
from registry.web.pages import show


@room.get("/new-password/<token>/with/<provider>")
@public
def outside_set_up(token: str, provider: str) -> ResponseReturnValue:
    """Go to a provider to connect one's account there by a set-up link, in place of a password."""
    link = find_link(context.db(), token, context.now())
    if link is None or link.purpose is not LinkPurpose.SET_UP:
        raise NotFound
    return ask(provider_of(provider), Aim.SET_UP, link=token)


@room.get("/me/accounts/connect/<provider>")
@needs(Open.SIGNED_IN)
def outside_connect(provider: str) -> ResponseReturnValue:
    """Go to a provider to connect one's account there, with the ticket of the page that asks for fresh proof: a link
    on another site, which has none, leads to that page."""
    chosen, ticket = provider_of(provider), request.args.get("ticket", "")
    if not is_fresh() or not is_good(context.house().auth_key, context.session_id(), chosen.key, ticket, context.now()):
        return redirect(url_for("identity.outside_accounts"))
    assert_may_add_way_in(my_session())
    return ask(chosen, Aim.CONNECT, session_id=context.session_id())


@room.get("/me/accounts")
@needs(Open.SIGNED_IN, fresh=True)
def outside_accounts() -> ResponseReturnValue:
    """One's accounts at the council's identity providers, to connect and to disconnect."""
    connected = {identity.issuer: identity for identity in list_identities(context.db(), context.person_id())}
    mine = slugs_of(context.db(), context.person_id(), context.now().date())
    known = context.house().settings.providers
    providers = {one.issuer: one for one in known if one.lets_in(mine) or one.issuer in connected}
    key, session_id, now = context.house().auth_key, context.session_id(), context.now()
    tickets = {issuer: ticket_for(key, session_id, one.key, now) for issuer, one in providers.items()}
    return show("identity/outside_accounts.html", connected=connected, providers=providers, tickets=tickets)


@room.post("/me/accounts/<int:identity_id>/end")
@needs(Open.SIGNED_IN, fresh=True)
def outside_disconnect(identity_id: int) -> ResponseReturnValue:
    """Disconnect one's account: nobody signs in by it any more."""
    names = {provider.issuer: provider.name for provider in context.house().settings.providers}
    with context.work() as work:
        acts.disconnect(work, context.person_id(), identity_id, names)
    flash("That account is disconnected. Nobody signs in here by it any more.", "success")
    return redirect(url_for("identity.outside_accounts"))


def connect(provider: Provider, question: Question, who: Recognised) -> ResponseReturnValue:
    """Connect the account of whoever is signed in."""
    assert_same_session(question)
    with context.work() as work:
        acts.connect(work, context.person_id(), who, provider)
    flash(f"Your account at {provider.name} is connected. You can sign in with it from now on.", "success")
    return redirect(url_for("identity.outside_accounts"))


def set_up(provider: Provider, question: Question, who: Recognised) -> ResponseReturnValue:
    """Connect the account of whoever holds the link."""
    with context.work() as work:
        acts.connect_by_link(work, question.link, who, provider)
    flash(f"Your account at {provider.name} is connected. Sign in with it.", "success")
    return redirect(url_for("identity.sign_in"))


def becomes() -> str:
    """The address of whoever the answer's account will stand for, where it is to be connected by their link."""
    question = asked()
    link = find_link(context.db(), question.link, context.now()) if question and question.link else None
    return context.db().get_one(Person, link.person_id).email if link else ""
