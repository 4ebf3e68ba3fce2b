"""The messages that wait to be sent."""

from functools import partial

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from registry.core.errors import NotFound
from registry.outbox.links import whole_body
from registry.outbox.models import Message
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import show
from registry.web.paging import Order, page

room = Blueprint("outbox", __name__, url_prefix="/c/<council>")


@room.get("/messages")
@needs(Permission.MESSAGES_READ)
def index() -> ResponseReturnValue:
    """The council's messages, newest first: to whom, about what, since when they wait."""
    query = select(Message.id, Message.to_address, Message.subject, Message.written_at, Message.sent_at)
    query = query.where(Message.council_id == context.council().id)
    found = page(context.db(), query, (Order(Message.id, "id", descending=True),), request.args.to_dict())
    return show("outbox/index.html", page=found)


@room.get("/messages/<int:message_id>")
@needs(Permission.MESSAGES_READ)
def message(message_id: int) -> ResponseReturnValue:
    """One message, without the link that lets its reader in. In a demonstration the link can be followed from here."""
    found = context.db().get(Message, message_id)
    if found is None or found.council_id != context.council().id:
        raise NotFound
    return show("outbox/message.html", message=found, whole=partial(whole_body, context.house().auth_key, found))
