"""Reading and signing the policy that opens the gate, and what one has signed."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from registry.core.errors import Conflict
from registry.policies import actions as acts
from registry.policies.forms import SignForm
from registry.policies.queries import find_gate_version, signatures_of, versions_to_sign
from registry.policies.rendering import render
from registry.policies.views.room import room
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.arguments import whole
from registry.web.guard import needs
from registry.web.pages import accepted, show


@room.route("/policies/sign", methods=["GET", "POST"])
@needs(Permission.POLICY_SIGN)
def sign_current() -> ResponseReturnValue:
    """Read the text in force (or one published for a day to come) and sign exactly that text (004 §10.1)."""
    session, council_id, today = context.db(), context.council().id, context.today()
    asked = versions_to_sign(session, council_id, context.person_id(), today)
    form = SignForm()

    def act() -> None:
        with context.work() as work:
            acts.sign(work, whole(request.form.get("version_id")) or 0, str(form.text_hash.data))

    if accepted(form, act):
        flash("You have signed the policy.", "success")
        return redirect(url_for("policies.my_signatures"))
    wanted = whole(request.values.get("version_id"))
    chosen = next((each for each in asked if each.id == wanted), asked[0] if asked else None)
    if request.method == "POST" and (chosen is None or chosen.id != wanted):
        raise Conflict("This is no longer the text to sign. Read the one in force, then sign that.")
    if chosen is not None:
        form.version_id.data, form.text_hash.data = str(chosen.id), chosen.text_hash
    return show(
        "policies/sign.html",
        form,
        version=chosen,
        reading=render(chosen.text) if chosen else None,
        others=[each for each in asked if each is not chosen],
        current=find_gate_version(session, council_id, today),
    )


@room.get("/policies/my-signatures")
@needs(Permission.POLICY_SIGN)
def my_signatures() -> ResponseReturnValue:
    """What I have signed, and when."""
    session, council_id = context.db(), context.council().id
    return show(
        "policies/my_signatures.html",
        signatures=signatures_of(session, council_id, context.person_id()),
        to_sign=versions_to_sign(session, council_id, context.person_id(), context.today()),
    )
