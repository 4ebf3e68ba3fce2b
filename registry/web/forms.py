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

from registry.core.wording import long_day
from registry.web.fields import FileField, SeenField
from registry.web.origin import CHANGING
from registry.web.widgets import error_link


class Form(FlaskForm):  # type: ignore[misc]
    """A form of ours. Its token is written by the layout and checked for every POST by the guard,
    with or without a form, so no form checks it again."""

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

    def error_items(self) -> list[dict[str, str]]:
        """The lines of the error summary: the first fault of each field, linked to its box."""
        items = [{"text": str(field.errors[0]), "href": error_link(field)} for field in self if field.errors]
        return items + [{"text": str(message)} for message in self.form_errors]


class EditForm(Form):
    """A form over a row that others may change meanwhile: it remembers which version its reader saw."""

    lock = SeenField()

    @property
    def facts(self) -> dict[str, Any]:
        """What was typed, by the names of the facts."""
        return {field.name: field.data for field in self.visible_fields()}


def _label(field: Field | None, name: str) -> str:
    return str(field.label.text) if field else name.replace("_", " ").capitalize()


def _worded(field: Field | None, value: Any) -> str:
    labels = {option.value: option.label for option in getattr(field, "choices", None) or ()}
    if str(value) in labels:
        return str(labels[str(value)])
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return long_day(value)
    return "" if value is None else str(value)
