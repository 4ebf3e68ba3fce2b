"""The keys of custody: how they stand, unsealing and sealing. Nobody sees a key or a credential here."""

from datetime import timedelta
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from registry.custody.actions import keys as acts
from registry.custody.actions.rotation import MOST_WRAPS, begin_rotation, step
from registry.custody.key_forms import UnsealForm
from registry.custody.key_queries import (
    count_pending,
    count_wraps,
    find_council_key,
    find_recovery,
    find_root_key,
    find_rotation,
    find_unconfirmed,
    gone_people,
    last_rotations,
    list_shares,
)
from registry.custody.models_keys import Renewal, RootKeyRecord
from registry.custody.opening import warnings
from registry.custody.roots import PASSPHRASE
from registry.custody.shred import shred
from registry.custody.views.room import how_custody_stands, is_kept_here, room
from registry.identity.queries import names_of
from registry.vocabulary.permissions import Permission, Role
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import CONFLICT, accepted, show

STEPS = 10
"""Batches that one press of a button renews; what is left goes on with the next."""
YEAR = timedelta(days=365)


@room.get("/keys")
@needs(Permission.KEYS_MANAGE)
def keys() -> ResponseReturnValue:
    """How the keys of custody stand, and what may be done with them: the council's own everywhere, those that serve
    every council where they are kept."""
    session, council_id = context.db(), context.council().id
    kept, key, rotation = is_kept_here(), find_council_key(session, council_id), find_rotation(session, council_id)
    return show(
        "custody/keys.html",
        custody=how_custody_stands(),
        kept=kept,
        key=key,
        rotation=rotation,
        left=count_pending(session, rotation, key.id) if rotation and key else 0,
        is_worn=count_wraps(session, council_id) >= MOST_WRAPS,
        last=last_rotations(session, council_id),
        roles=Role,
        **(_kept_keys() if kept else {}),
    )


def _kept_keys() -> dict[str, Any]:
    """The root key, where it lies, and its recovery shares."""
    session, settings = context.db(), context.house().settings
    root, counting, waiting = find_root_key(session), find_recovery(session), find_unconfirmed(session)
    shares = {of.id: list_shares(session, of.id) for of in (counting, waiting) if of}
    holders = {share.person_id for each in shares.values() for share in each}
    return {
        "root": root,
        "has_passphrase": _has_passphrase(root),
        "warnings": warnings(session, settings),
        "counting": counting,
        "waiting": waiting,
        "shares": shares,
        "names": names_of(session, holders),
        "gone": gone_people(session, context.council().id, holders, context.today()),
        "is_stale": counting is not None and context.now() - (counting.rehearsed_at or counting.made_at) > YEAR,
        "is_of_earlier": counting is not None and root is not None and counting.root_key_id != root.id,
    }


def _has_passphrase(root: RootKeyRecord | None) -> bool:
    return root is not None and root.provider == PASSPHRASE


@room.post("/keys/rotate")
@needs(Permission.KEYS_MANAGE, fresh=True)
def rotate() -> ResponseReturnValue:
    """Begin to renew the council's keys, or go on with it. Nobody sees a value, and everybody works on meanwhile."""
    house = context.house()
    if find_rotation(context.db(), context.council().id) is None:
        renews = Renewal.DATA if request.form.get("renews") == Renewal.DATA else Renewal.COUNCIL
        with context.work() as work:
            begin_rotation(work, house.settings, renews)
    goes_on = True
    for _ in range(STEPS):
        with context.work() as work:
            goes_on = step(work, house.settings)
        if not goes_on:
            break
    if not goes_on:
        context.close_db()  # an open look at the database would keep its log from being cleared
        shred(house.database)
    flash("The renewal is complete." if not goes_on else "The renewal has begun; go on below.", "success")
    return redirect(url_for("custody.keys"))


@room.route("/keys/unseal", methods=["GET", "POST"])
@needs(Permission.KEYS_UNSEAL, fresh=True)
def unseal() -> ResponseReturnValue:
    """Open custody with its passphrase, for every process of the register."""
    is_kept_here().or_refuse()
    session, settings = context.db(), context.house().settings
    if not _has_passphrase(find_root_key(session)):
        status = CONFLICT if request.method == "POST" else None
        return show("custody/no_passphrase.html", custody=how_custody_stands(), status_code=status)
    form = UnsealForm()
    if accepted(form, lambda: acts.unseal(settings, context.work, form.secret)):
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
