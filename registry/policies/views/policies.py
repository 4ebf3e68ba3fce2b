"""The council's policies: the list, one policy, adding and changing, and who has signed."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import func

from registry.identity.models import Person
from registry.identity.queries import names_of
from registry.policies import actions as acts
from registry.policies.forms import PolicyForm
from registry.policies.queries import (
    current_of,
    demanded_since,
    find_draft,
    get_policy,
    list_policies,
    published,
    signers,
    turnout,
    versions_in_force,
    versions_to_sign,
)
from registry.policies.views.room import room
from registry.policies.wording import states_of
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import accepted, show
from registry.web.paging import Order, page

P = Permission


@room.get("/policies")
@needs(P.POLICY_READ)
def index() -> ResponseReturnValue:
    """Every policy with the version in force, and what the reader is asked to sign."""
    session, council_id = context.db(), context.council().id
    return show(
        "policies/index.html",
        policies=list_policies(session, council_id),
        in_force=versions_in_force(session, council_id, context.today()),
        to_sign=versions_to_sign(session, council_id, context.person_id(), context.today()),
    )


@room.route("/policies/new", methods=["GET", "POST"])
@needs(P.POLICY_MANAGE)
def add() -> ResponseReturnValue:
    """Add a policy; its first version is drafted next."""
    form = PolicyForm()

    def act() -> int:
        with context.work() as work:
            return acts.add_policy(work, **form.facts).id

    if added := accepted(form, act):
        flash("The policy is added. Draft its first version next.", "success")
        return redirect(url_for("policies.policy", policy_id=added.came))
    cancel_url = url_for("policies.index")
    return show("policies/form.html", form, heading="Add a policy", submit="Add the policy", cancel_url=cancel_url)


@room.get("/policies/<int:policy_id>")
@needs(P.POLICY_READ)
def policy(policy_id: int) -> ResponseReturnValue:
    """One policy: what is known of it, its versions, and how many have signed."""
    session, council_id, today = context.db(), context.council().id, context.today()
    shown = get_policy(session, council_id, policy_id)
    versions = published(session, council_id, policy_id)
    since = demanded_since(versions, today)
    counts = (
        turnout(session, council_id, policy_id, since, today) if since and current_user.may(P.TEAM_STANDING) else None
    )
    return show(
        "policies/policy.html",
        policy=shown,
        versions=versions,
        states=states_of(versions, today),
        current=current_of(versions, today),
        draft=find_draft(session, council_id, policy_id) if current_user.may(P.POLICY_MANAGE) else None,
        names=names_of(session, [version.published_by for version in versions]),
        turnout=counts,
        to_sign=[
            v for v in versions_to_sign(session, council_id, context.person_id(), today) if v.policy_id == policy_id
        ],
    )


@room.route("/policies/<int:policy_id>/change", methods=["GET", "POST"])
@needs(P.POLICY_MANAGE)
def change(policy_id: int) -> ResponseReturnValue:
    """Change what is known of a policy."""
    shown = get_policy(context.db(), context.council().id, policy_id)
    form = PolicyForm(obj=shown)

    def act() -> None:
        with context.work() as work:
            acts.change_policy(work, policy_id, form.lock.data, form.facts)

    here = url_for("policies.policy", policy_id=policy_id)
    if accepted(form, act):
        flash("The policy is changed.", "success")
        return redirect(here)
    return show("policies/form.html", form, heading=f"Change {shown.title}", submit="Save", cancel_url=here)


@room.get("/policies/<int:policy_id>/signatures")
@needs(P.TEAM_STANDING)
def signatures(policy_id: int) -> ResponseReturnValue:
    """Who is signed up to what the policy asks today, and who is not yet."""
    session, council_id, today = context.db(), context.council().id, context.today()
    shown = get_policy(session, council_id, policy_id)
    versions, arguments = published(session, council_id, policy_id), request.args.to_dict()
    since = demanded_since(versions, today)
    found, counts = None, None
    signed, text = arguments.get("show") != "missing", arguments.get("q", "")
    if since is not None:
        counts = turnout(session, council_id, policy_id, since, today)
        query = signers(council_id, policy_id, since, today, signed=signed, text=text)
        name = func.lower(Person.name)
        found = page(session, query, (Order(name, "sort_name"), Order(Person.id, "person_id")), arguments)
    return show(
        "policies/signatures.html",
        policy=shown,
        current=current_of(versions, today),
        page=found,
        turnout=counts,
        signed=signed,
        q=text,
    )
