"""A second person: what waits for one, deciding, and reviewing afterwards what did not wait."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from registry.accounts.models import Account
from registry.accounts.queries import get_account
from registry.core.rule import Verdict
from registry.custody.actions.deciding import decide, deciding, withdraw
from registry.custody.actions.emergency import review
from registry.custody.forms import DecideForm, ReviewGlassForm
from registry.custody.looks import looked_at
from registry.custody.models_looking import LookRequest, LookState
from registry.custody.pending import get_glass, get_look, list_check_outs, list_glass, list_looks
from registry.custody.rules import MAY_DECIDE, MAY_REVIEW, Reviewing
from registry.custody.views.room import found, room
from registry.identity.queries import names_of
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import accepted, show


@room.get("/custody/waiting")
@needs(Permission.CUSTODY_READ)
def waiting() -> ResponseReturnValue:
    """What waits for a second person, who has what checked out, and which emergencies nobody has reviewed."""
    session, council = context.db(), context.council()
    asked = list_looks(session, council.id, context.now())
    out, glass = list_check_outs(session, council.id), list_glass(session, council.id)
    people = {row[0].asker_id for row in asked} | {row[0].person_id for row in (*out, *glass)}
    return show(
        "custody/waiting.html",
        asked=asked,
        out=out,
        glass=glass,
        names=names_of(session, people),
        looked_at=looked_at,
        now=context.now(),
        today=context.today(),
        me=context.person_id(),
    )


@room.get("/custody/looks/<int:look_id>")
@needs(Permission.CUSTODY_READ)
def look(look_id: int) -> ResponseReturnValue:
    """One request to look: who asks for what and why, and how it stands."""
    asked = get_look(context.db(), context.council().id, look_id)
    credential, account = found(asked.credential_id)
    return show(
        "custody/look.html",
        look=asked,
        account=account,
        credential=credential,
        named=looked_at(credential.kind, asked.purpose),
        names=names_of(context.db(), [asked.asker_id, asked.decided_by]),
        is_over=asked.expires_at <= context.now() and asked.state in (LookState.WAITING, LookState.APPROVED),
        is_mine=asked.asker_id == context.person_id(),
        verdict=_verdict(asked, account),
    )


@room.route("/custody/looks/<int:look_id>/decide", methods=["GET", "POST"])
@needs(Permission.CUSTODY_REVEAL, fresh=True)
def decide_look(look_id: int) -> ResponseReturnValue:
    """Agree that somebody else sees a credential once, or say why not."""
    asked = get_look(context.db(), context.council().id, look_id)
    credential, account = found(asked.credential_id)
    form = DecideForm()

    def act() -> None:
        with context.work() as work:
            decide(work, look_id, form.words.data, agrees=form.agrees.data == "yes")

    if accepted(form, act):
        flash("Your decision is recorded, and whoever asked is told.", "success")
        return redirect(url_for("custody.look", look_id=look_id))
    return show(
        "custody/decide.html",
        form,
        look=asked,
        account=account,
        credential=credential,
        named=looked_at(credential.kind, asked.purpose),
        names=names_of(context.db(), [asked.asker_id]),
        verdict=_verdict(asked, account),
    )


@room.post("/custody/looks/<int:look_id>/withdraw")
@needs(Permission.CUSTODY_REVEAL)
def withdraw_look(look_id: int) -> ResponseReturnValue:
    """Think better of one's own request."""
    with context.work() as work:
        asked = withdraw(work, look_id)
    flash("Your request is withdrawn.", "success")
    return redirect(url_for("custody.account", account_id=asked.account_id))


@room.route("/custody/break-glass/<int:glass_id>", methods=["GET", "POST"])
@needs(Permission.CUSTODY_REVIEW, fresh=True)
def review_glass(glass_id: int) -> ResponseReturnValue:
    """Say, as somebody else, whether an emergency was one, and what was done since."""
    council_id = context.council().id
    glass = get_glass(context.db(), council_id, glass_id)
    account = get_account(context.db(), council_id, glass.account_id)
    form = ReviewGlassForm()

    def act() -> None:
        with context.work() as work:
            review(work, glass_id, form.words.data, was_needed=form.needed.data == "yes")

    if accepted(form, act):
        flash("Your review is recorded.", "success")
        return redirect(url_for("custody.waiting"))
    return show(
        "custody/glass.html",
        form,
        glass=glass,
        account=account,
        names=names_of(context.db(), [glass.person_id, glass.reviewed_by]),
        verdict=MAY_REVIEW.judge(Reviewing(glass.person_id, context.person_id()), context.today()),
    )


def _verdict(asked: LookRequest, account: Account) -> Verdict:
    """Whether whoever looks at the page may be the second person."""
    on = context.today()
    return MAY_DECIDE.judge(deciding(context.db(), asked, account, context.person_id(), on), on)
