"""The keys of custody: how they stand, unsealing and sealing. Nobody sees a key or a credential here."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from registry.custody.actions import keys as acts
from registry.custody.key_forms import UnsealForm
from registry.custody.key_queries import find_root_key
from registry.custody.opening import custody_status, warnings
from registry.custody.roots import PASSPHRASE
from registry.custody.views.room import room
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import accepted, show


@room.get("/keys")
@needs(Permission.KEYS_MANAGE)
def keys() -> ResponseReturnValue:
    """How the keys of custody stand, and what may be done with them."""
    session, settings = context.db(), context.house().settings
    root = find_root_key(session)
    return show(
        "custody/keys.html",
        custody=custody_status(session, settings),
        root=root,
        has_passphrase=root is not None and root.provider == PASSPHRASE,
        warnings=warnings(session, settings),
    )


@room.route("/keys/unseal", methods=["GET", "POST"])
@needs(Permission.KEYS_UNSEAL, fresh=True)
def unseal() -> ResponseReturnValue:
    """Open custody with its passphrase, for every process of the register."""
    form = UnsealForm()
    if accepted(form, lambda: acts.unseal(context.house().settings, context.work, form.secret)):
        flash("Custody is open again.", "success")
        return redirect(url_for("custody.keys"))
    return show("custody/unseal.html", form)


@room.post("/keys/seal")
@needs(Permission.KEYS_MANAGE, fresh=True)
def seal() -> ResponseReturnValue:
    """Close custody until the Clerk unseals it."""
    acts.seal(context.house().settings, context.work)
    flash("Custody is sealed. Nothing can be put in or taken out until it is unsealed.", "success")
    return redirect(url_for("custody.keys"))
