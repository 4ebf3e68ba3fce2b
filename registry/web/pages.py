"""Answering with a page, and taking an act's refusal back to the form it came from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import render_template
from flask.typing import ResponseReturnValue

from registry.core.errors import Conflict, Invalid
from registry.web.forms import Form

OK, UNPROCESSABLE = 200, 422
Came = TypeVar("Came")


def show(
    template: str, form: Form | None = None, *, status_code: int | None = None, **given: Any
) -> ResponseReturnValue:
    """Answer with a page; when its form has errors, say so by the status too, unless another is given."""
    is_faulty = form is not None and (form.errors or form.form_errors)
    return render_template(template, form=form, **given), status_code or (UNPROCESSABLE if is_faulty else OK)


@dataclass(frozen=True)
class Done(Generic[Came]):
    """An act that went well, and what came of it."""

    came: Came


def accepted(form: Form, act: Callable[[], Came]) -> Done[Came] | None:
    """Validate a posted form and do the act; what came of it, or None if either did not go well.

    An act that finds fault with a field (`Invalid`) puts its sentence there, and nothing is changed; one that came
    too late (`Conflict`) tells both versions in the form's own words.
    """
    if not form.validate_on_submit():
        return None
    try:
        return Done(act())
    except Conflict as conflict:
        if not conflict.yours:
            raise
        raise Conflict(conflict.sentence, form.told(conflict.yours), form.told(conflict.theirs)) from conflict
    except Invalid as fault:
        if fault.field in form:
            form.refuse(fault.field, fault.sentence)
        else:
            form.form_errors.append(fault.sentence)
        return None
