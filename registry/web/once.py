"""A form that is sent twice, by a nervous finger or a bad line, is taken once.

Every form of a page carries a key of its own, drawn when the page is made. The act and the mark that its form was
taken are committed together; whoever sends the same form again is led where the first sending led.
"""

import hashlib
import secrets

from flask import Flask, Response, current_app, flash, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException

from registry.core.house import House
from registry.core.tenants import beyond
from registry.core.work import Work
from registry.web.models import FormSent
from registry.web.pace import TooFast, keep_pace

FIELD = "form_key"
LONGEST = 500
SAID = "That form was sent twice. It was taken once."


class SentBefore(Exception):
    """This very form was taken already; `led_to` is the page it led to, if that is known."""

    def __init__(self, led_to: str) -> None:
        super().__init__("this form was taken already")
        self.led_to = led_to


def init_app(app: Flask) -> None:
    """Give forms their keys, and answer for those that come again."""
    app.jinja_env.globals["form_token"] = form_token
    app.register_error_handler(SentBefore, _lead_on)
    app.after_request(_note_where)


def form_token() -> Markup:
    """The two unseen fields of every form: that it is a page of ours, and which sending this is."""
    hidden = Markup('<input type="hidden" name="{}" value="{}">')
    return hidden.format("csrf_token", generate_csrf()) + hidden.format(FIELD, secrets.token_urlsafe(12))


def claim(work: Work) -> None:
    """Mark in this work that the request's form was taken; `SentBefore` if it was before, `TooFast` if there were more
    than a person makes.

    Of two that come at once, the second waits for the first here. A form without a key (a program's) is another each
    time. Where the act is refused, its mark is undone with the work: it may come again, and counts for nothing.
    """
    if not current_user.is_authenticated or "form_sent" in g:
        return
    key = request.form.get(FIELD, "")
    found = (FormSent.person_id == current_user.person_id, FormSent.key_hash == _hash(key))
    house: House = current_app.extensions["house"]
    with beyond(work.session):  # whoever answers a council that asked them is nobody's colleague there yet
        try:
            keep_pace(work, current_user.person_id, house.settings.acts_a_minute)
            work.session.execute(
                insert(FormSent).values(
                    key_hash=_hash(key or secrets.token_urlsafe(12)),
                    person_id=current_user.person_id,
                    sent_at=work.now,
                    led_to="",
                )
            )
        except TooFast:
            work.session.close()
            raise
        except IntegrityError:
            work.session.rollback()
            led_to = work.session.scalar(select(FormSent.led_to).where(*found)) or ""
            work.session.close()
            raise SentBefore(led_to) from None
    g.form_sent = found if key else None


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _note_where(response: Response) -> Response:
    """Keep the page that a taken form led to, for whoever sends it again."""
    led_to = response.headers.get("Location", "")
    if g.get("form_sent") and led_to and len(led_to) <= LONGEST:
        house: House = current_app.extensions["house"]
        with house.work(None, None, "form.sent") as work:  # whoever signed out by it is nobody now
            work.session.execute(update(FormSent).where(*g.form_sent).values(led_to=led_to))
    return response


def _lead_on(error: SentBefore) -> ResponseReturnValue:
    flash(SAID, "success")
    return redirect(error.led_to or _nearest_page())


def _nearest_page() -> str:
    """The page of the form itself; where its address takes forms only, the first page."""
    try:
        current_app.create_url_adapter(request).match(method="GET")  # type: ignore[union-attr]
    except HTTPException:
        return "/"
    return request.full_path.rstrip("?")
