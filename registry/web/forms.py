"""The base of every form, and the error summary over one or more of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from typing_extensions import override
from werkzeug.datastructures import CombinedMultiDict, ImmutableMultiDict
from wtforms import Field, HiddenField

from registry.web.fields import FileField
from registry.web.widgets import error_link

CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


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

    def refuse(self, name: str, message: str) -> None:
        """Put a sentence on a field after an action would not have it."""
        field = self[name]
        field.errors = [*field.errors, message]

    def error_items(self) -> list[dict[str, str]]:
        """The lines of the error summary: the first fault of each field, linked to its box."""
        items = [{"text": str(field.errors[0]), "href": error_link(field)} for field in self if field.errors]
        return items + [{"text": str(message)} for message in self.form_errors]
