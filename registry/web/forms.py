"""The base of every form, and the error summary over one or more of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from typing_extensions import override
from werkzeug.datastructures import CombinedMultiDict, ImmutableMultiDict
from wtforms import Field, HiddenField

from registry.core.errors import Reason
from registry.core.wording import long_day
from registry.web.fields import FileField, SeenField
from registry.web.origin import CHANGING
from registry.web.widgets import error_link

UNPROCESSABLE = 422


class Form(FlaskForm):  # type: ignore[misc]
    """A form of ours. Its token is written by the layout and checked for every POST by the guard,
    with or without a form, so no form checks it again.

    `status`: how a page answers on which it stands in error: what was typed will not do, unless `turn_down` says else.
    """

    status = UNPROCESSABLE

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """No token of its own, and its own idea of what was sent."""

        csrf = False

        @override
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was posted, even when that is nothing: an unticked box must read as unticked."""
            if formdata is None or isinstance(formdata, (ImmutableMultiDict, CombinedMultiDict)):
                return formdata
            if hasattr(formdata, "getlist"):
                return formdata
            if not request or request.method not in CHANGING:
                return None
            return CombinedMultiDict([request.files, request.form])

    def visible_fields(self) -> Iterator[Field]:
        """The fields a person fills in, in the order they were declared."""
        return (field for field in self if not isinstance(field, HiddenField))

    def hidden_fields(self) -> Iterator[Field]:
        """The fields that travel along unseen."""
        return (field for field in self if isinstance(field, HiddenField))

    @property
    def multipart(self) -> bool:
        """Whether the form carries a file, and so needs another encoding."""
        return any(isinstance(field, FileField) for field in self)

    def told(self, pairs: Iterable[tuple[str, Any]]) -> tuple[tuple[str, str], ...]:
        """Facts by the names of their fields, as their labels and in the words in which the form asks for them."""
        fields = [(self._fields.get(name), name, value) for name, value in pairs]
        return tuple((_label(field, name), _worded(field, value)) for field, name, value in fields)

    def refuse(self, name: str, message: str) -> None:
        """Put a sentence on a field after an action would not have it."""
        field = self[name]
        field.errors = [*field.errors, message]

    def turn_down(self, reasons: Iterable[Reason], status: int = UNPROCESSABLE) -> None:
        """Say why an act would not have it: beside the field that a reason is about, or else above the form.

        `status` tells what no other words in the boxes would mend.
        """
        for reason in reasons:
            if reason.about in self:
                self.refuse(reason.about, str(reason))
            else:
                self.form_errors.append(reason)
        self.status = UNPROCESSABLE if any(field.errors for field in self) else status

    def error_items(self) -> list[dict[str, Any]]:
        """The lines of the error summary: the first fault of each field, linked to its box; then the reasons that are
        about no field."""
        items = [{"text": str(field.errors[0]), "href": error_link(field)} for field in self if field.errors]
        return items + [{"reason": reason} for reason in self.form_errors]


class Sheet(Form):
    """Several forms of one page that are sent as one; prefixes tell their fields apart."""

    def __init__(self, parts: Iterable[Form]) -> None:
        super().__init__()
        self.parts = tuple(parts)
        self._fields = {field.name: field for part in self.parts for field in part}

    @override
    def validate(self, extra_validators: Any = None) -> bool:
        """Each is asked, so that the reader sees all faults at once."""
        return not [part for part in self.parts if not part.validate(extra_validators)]


class EditForm(Form):
    """A form over a row that others may change meanwhile: it remembers which version its reader saw."""

    lock = SeenField()

    @property
    def facts(self) -> dict[str, Any]:
        """What was typed, by the names of the facts."""
        return {field.name: field.data for field in self.visible_fields()}


def _label(field: Field | None, name: str) -> str:
    return str(field.label.text) if field else name[:1].upper() + name[1:].replace("_", " ")


def _worded(field: Field | None, value: Any) -> str:
    labels = {option.value: option.label for option in getattr(field, "choices", None) or ()}
    if str(value) in labels:
        return str(labels[str(value)])
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return long_day(value)
    return "" if value is None else str(value)
