"""Checkpoints: signing one, and the page that people outside keep."""

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from registry.audit import notes
from registry.audit.actions import make_checkpoint
from registry.audit.keys import TrailKeys
from registry.audit.models import Checkpoint
from registry.audit.queries import checkpoints as kept
from registry.audit.queries import get_checkpoint
from registry.audit.views.room import room
from registry.vocabulary.permissions import Permission, Role
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import show
from registry.web.paging import Order, page
from registry.web.qr import qr


@room.get("/trail/checkpoints")
@needs(Permission.TRAIL_READ)
def checkpoints() -> ResponseReturnValue:
    """Every checkpoint of the council's trail, newest first."""
    query = kept(context.council().id)
    found = page(context.db(), query, (Order(Checkpoint.size, "size", descending=True),), request.args.to_dict())
    council = context.council()
    return show(
        "audit/checkpoints.html", page=found, key=_keys().verifier(council.slug), clerk=council.title(Role.CLERK)
    )


@room.post("/trail/checkpoints")
@needs(Permission.TRAIL_VERIFY)
def sign() -> ResponseReturnValue:
    """Sign a checkpoint now and send it to whoever keeps them."""
    with context.work() as work:
        signed = make_checkpoint(work, _keys())
    flash("The checkpoint is signed. Print it, or download its note, for somebody outside.", "success")
    return redirect(url_for("audit.checkpoint", size=signed.size))


@room.get("/trail/checkpoints/<int:size>")
@needs(Permission.TRAIL_READ)
def checkpoint(size: int) -> ResponseReturnValue:
    """One checkpoint, to print and keep outside: the note, its picture for a telephone, and the public key."""
    found = get_checkpoint(context.db(), context.council().id, size)
    return show(
        "audit/checkpoint.html",
        checkpoint=found,
        root=notes.read(found.note).root.hex(),
        picture=qr(found.note, "QR code of the signed note above"),
        is_ours=found.key == _keys().verifier(context.council().slug),
    )


@room.get("/trail/checkpoints/<int:size>/note.txt")
@needs(Permission.TRAIL_READ)
def note(size: int) -> ResponseReturnValue:
    """The note alone, as a file for any verifier."""
    found = get_checkpoint(context.db(), context.council().id, size)
    name = f"{context.council().slug}-{size}.txt"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(found.note, content_type="text/plain; charset=utf-8", headers=headers)


def _keys() -> TrailKeys:
    return TrailKeys.of(context.house())
