"""A council asks somebody who is in the register already to work for it: their answer, and taking the question back."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from registry.core.errors import NotFound
from registry.councils.models import Council
from registry.identity.actions import offers as acts
from registry.identity.forms import TERMS, AcceptForm
from registry.identity.models_joining import Offer
from registry.identity.offer_queries import offers_to
from registry.identity.queries import councils_of, names_of
from registry.identity.views.room import IN_COUNCIL, room
from registry.identity.views.two_step import stop_resets
from registry.identity.views.vouching import assert_own_step
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.guard import Open, needs
from registry.web.pages import accepted, show


@room.route("/me/offers/<int:offer_id>", methods=["GET", "POST"])
@needs(Open.SIGNED_IN, fresh=True)
def offer(offer_id: int) -> ResponseReturnValue:
    """What a council asks of oneself; accepting it, under the name one goes by."""
    asked, council = _mine(offer_id)
    form = AcceptForm(name=current_user.name)

    def accept() -> None:
        assert_own_step()
        before, now = current_user.name, form.name.data
        homes = councils_of(context.db(), context.person_id(), context.today()) if now != before else []
        for home in homes:
            with context.work(home) as work:
                acts.go_by(work, before, now, from_here=home is homes[-1])
        with context.work(council) as work:
            acts.accept(work, offer_id, now)
        stop_resets()  # whoever is signed in has lost nothing, and no single council asks that any more

    if accepted(form, accept):
        flash(f"Accepted. You are on the list of {council.name}.", "success")
        return redirect(url_for("identity.start"))
    names = names_of(context.db(), [asked.offered_by])
    asker = names.get(asked.offered_by or 0, "Whoever keeps the server")
    return show("identity/offer.html", form, offer=asked, place=council, asker=asker, terms=TERMS)


@room.post("/me/offers/<int:offer_id>/decline")
@needs(Open.SIGNED_IN, fresh=True)
def decline_offer(offer_id: int) -> ResponseReturnValue:
    """Say no."""
    _, council = _mine(offer_id)
    with context.work(council) as work:
        acts.decline(work, offer_id)
    flash(f"Declined. {council.name} sees nothing of you.", "success")
    return redirect(url_for("identity.start"))


@room.post(f"{IN_COUNCIL}/offers/<int:offer_id>/withdraw")
@needs(Permission.PEOPLE_MANAGE)
def withdraw_offer(offer_id: int) -> ResponseReturnValue:
    """Take the question back."""
    with context.work() as work:
        name = acts.withdraw(work, offer_id).name
    flash(f"Taken back. {name} is asked no longer.", "success")
    return redirect(url_for("identity.people"))


def _mine(offer_id: int) -> tuple[Offer, Council]:
    for asked, council in offers_to(context.db(), context.person_id(), context.now().date()):
        if asked.id == offer_id:
            return asked, council
    raise NotFound
