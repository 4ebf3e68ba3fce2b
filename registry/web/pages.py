"""Answering with a page, and taking an act's refusal back to the form it came from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import render_template
from flask.typing import ResponseReturnValue

from registry.core.errors import Conflict, Invalid, Reason, Refused
from registry.web.forms import Form

OK, FORBIDDEN, CONFLICT = 200, 403, 409
Came = TypeVar("Came")


def show(
    template: str, form: Form | None = None, *, status_code: int | None = None, **given: Any
) -> ResponseReturnValue:
    """Answer with a page; when its form has errors, say so by the status too, unless another is given."""
    status = form.status if form is not None and form.errors else OK
    return render_template(template, form=form, **given), status_code or status


@dataclass(frozen=True)
class Done(Generic[Came]):
    """An act that went well, and what came of it."""

    came: Came


def accepted(form: Form, act: Callable[[], Came]) -> Done[Came] | None:
    """Validate a posted form and do the act; what came of it, or None if either did not go well.

    An act that will not have it changed nothing, and nothing that was typed is lost: what was found wrong (`Invalid`),
    what the policy says (`Refused`) and that somebody was first (`Conflict`) stand on the form, beside the field where
    there is one. Where two typed the same thing differently, both versions are told in the form's own words.
    """
    if not form.validate_on_submit():
        return None
    try:
        return Done(act())
    except Conflict as conflict:
        if conflict.yours:
            raise Conflict(conflict.sentence, form.told(conflict.yours), form.told(conflict.theirs)) from conflict
        form.turn_down([Reason(conflict.sentence)], CONFLICT)
    except Refused as refused:
        form.turn_down(refused.reasons, FORBIDDEN)
    except Invalid as fault:
        form.turn_down([Reason(fault.sentence, about=fault.field)])
    return None
