"""Recovery shares: made by the Clerk, each seen once by its holder and typed back."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from registry.core.errors import Conflict
from registry.custody.actions import recovery as acts
from registry.custody.key_forms import ShareForm, SharesForm
from registry.custody.key_queries import shares_of
from registry.custody.views.room import is_kept_here, room, vault
from registry.identity.queries import list_people
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.fields import choice
from registry.web.guard import needs
from registry.web.pages import accepted, show
from registry.web.qr import qr


@room.route("/keys/shares/new", methods=["GET", "POST"])
@needs(Permission.KEYS_UNSEAL, fresh=True)
def make_shares() -> ResponseReturnValue:
    """Make new recovery shares for named holders: whoever names them could name people of their own making, who
    together have the root key, so only somebody does to whom custody opens anyway."""
    is_kept_here().or_refuse()
    vault()  # nobody names holders for keys that are closed
    form = SharesForm()
    people = list_people(context.db(), context.council().id, context.today())
    form.holders.choices = [choice(str(each.person_id), each.person.name) for each in people]

    def make() -> None:
        with context.work() as work:
            acts.make_shares(work, context.house().settings, form.holders.data or [], form.needed.data)

    if accepted(form, make):
        flash("The shares are made. Each holder finds theirs on their first page and types it back.", "success")
        return redirect(url_for("custody.keys"))
    return show("custody/make_shares.html", form)


@room.route("/keys/my-share", methods=["GET", "POST"])
@needs(Permission.OWN_STANDING, fresh=True)
def my_share() -> ResponseReturnValue:
    """What somebody holds, and where they type it back: to confirm it, and later to rehearse."""
    is_kept_here().or_refuse()
    form = ShareForm()

    def prove() -> None:
        with context.work() as work:
            acts.type_back(work, form.secret, context.person_id())

    mine = _mine()
    if not mine:
        return show("custody/no_share.html")
    if accepted(form, prove):
        flash("Your share is right. Put the paper back into its envelope.", "success")
        return redirect(url_for("custody.my_share"))
    return show("custody/my_share.html", form, mine=mine)


@room.post("/keys/my-share/show")
@needs(Permission.OWN_STANDING, fresh=True)
def show_share() -> ResponseReturnValue:
    """Show a holder their new share, this once, on a page made for printing."""
    unseen = [share for share, _ in _mine() if share.sealed is not None]
    if not unseen:
        raise Conflict("There is no share of yours to show. If yours is lost, have new shares made.")
    with context.work() as work:
        share = acts.show_share(work, context.house().settings, unseen[0].id, context.person_id())
    picture = qr(share.text(), "QR code of the same letters")
    return show("custody/share.html", share=share, groups=share.text().split(), picture=picture)


def _mine() -> Sequence[Any]:
    return shares_of(context.db(), context.person_id())
