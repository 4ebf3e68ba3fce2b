"""The council's messages: who was written to, whether it went, and sending again what did not."""

from functools import partial

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from registry.outbox.actions import send_again
from registry.outbox.links import whole_body
from registry.outbox.models import Message, MessageState, state_of
from registry.outbox.queries import get_message, in_state
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import show
from registry.web.paging import Order, page

room = Blueprint("outbox", __name__, url_prefix="/c/<council>")

STATES = {
    MessageState.WAITING: ("Waiting", "yellow"),
    MessageState.SENT: ("Sent", "green"),
    MessageState.NOT_SENT: ("Not sent", "red"),
}


@room.get("/messages")
@needs(Permission.MESSAGES_READ)
def index() -> ResponseReturnValue:
    """The council's messages, newest first: to whom, about what, and how each stands."""
    arguments = request.args.to_dict()
    wanted = next((state for state in MessageState if state.value == arguments.get("state")), None)
    query = select(Message).where(Message.council_id == context.council().id)
    if wanted:
        query = query.where(in_state(wanted))
    columns = query.with_only_columns(
        Message.id, Message.to_address, Message.subject, Message.written_at, Message.sent_at, Message.next_try_at
    )
    found = page(context.db(), columns, (Order(Message.id, "id", descending=True),), arguments)
    options = [{"value": "", "text": "All"}, *({"value": state, "text": word} for state, (word, _) in STATES.items())]
    return show(
        "outbox/index.html",
        page=found,
        wanted=wanted,
        options=options,
        state_of=state_of,
        states=STATES,
        mail=_mail(),
    )


@room.get("/messages/<int:message_id>")
@needs(Permission.MESSAGES_READ)
def message(message_id: int) -> ResponseReturnValue:
    """One message, without the link that lets its reader in. In a demonstration the link can be followed from here."""
    found = get_message(context.db(), context.council().id, message_id)
    whole = partial(whole_body, context.house().auth_key, found)
    return show("outbox/message.html", message=found, whole=whole, states=STATES, mail=_mail())


@room.post("/messages/<int:message_id>/again")
@needs(Permission.MESSAGES_SEND)
def again(message_id: int) -> ResponseReturnValue:
    """Have a message that could not be sent tried once more."""
    with context.work() as work:
        send_again(work, message_id)
    flash("The message waits to be sent again. Look at the list in a minute.", "success")
    return redirect(url_for("outbox.message", message_id=message_id))


def _mail() -> bool:
    return context.house().settings.mail is not None
