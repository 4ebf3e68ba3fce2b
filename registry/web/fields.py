"""What a person may type, and what we say in plain words when it will not do.

Every field takes its label, `description=` (the hint), `required=` (the sentence shown when it is left empty; None
where it may be, which the label then says; "" where that depends on other answers) and `params=` (anything more the
GOV.UK macro knows).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import PurePath
from typing import Any

import wtforms
from typing_extensions import override

from registry.web import widgets
from registry.web.arguments import whole
from registry.web.dates import BOXES, EXAMPLE, DateProblem, read_date
from registry.web.picked import Checkboxes, Radios, Select, choice
from registry.web.typed import (
    CodeField,
    EmailField,
    IntegerField,
    PasswordField,
    TextArea,
    TextField,
    UrlField,
    stop,
)

__all__ = [
    "Checkbox",
    "Checkboxes",
    "CodeField",
    "DateField",
    "EmailField",
    "FileField",
    "HiddenField",
    "IntegerField",
    "PasswordField",
    "Radios",
    "SeenField",
    "Select",
    "TextArea",
    "TextField",
    "UrlField",
    "choice",
]

HiddenField = wtforms.HiddenField


class SeenField(HiddenField):
    """Which version of a thing its reader saw, unseen itself; 0, which nothing ever had, unless a number came."""

    data: Any

    @override
    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = (whole(str(valuelist[0])) if valuelist else None) or 0


class DateField(wtforms.Field):
    """A day, typed in three boxes; months may be written as words. None when left empty."""

    widget = widgets.Date()

    def __init__(
        self,
        label: str,
        *,
        required: str | None = None,
        params: dict[str, Any] | None = None,
        **keywords: Any,
    ) -> None:
        keywords.setdefault("description", f"For example, {EXAMPLE}")
        super().__init__(label, **keywords)
        self.required = required
        self.params = dict(params or {})
        self.wrong: frozenset[str] = frozenset()

    @property
    def typed(self) -> tuple[str, str, str]:
        """What stands in the three boxes."""
        if self.raw_data and len(self.raw_data) == len(BOXES):
            day, month, year = (str(part) for part in self.raw_data)
            return day, month, year
        if isinstance(self.data, date):
            return str(self.data.day), str(self.data.month), str(self.data.year)
        return "", "", ""

    @property
    def wrong_boxes(self) -> frozenset[str]:
        """Which boxes to mark: those at fault, or all when the date as a whole will not do."""
        if not self.errors:
            return frozenset()
        return self.wrong or frozenset({"day", "month", "year"})

    @override
    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data, self.wrong = None, frozenset()
        try:
            self.data = read_date([str(part) for part in valuelist], self.label.text)
        except DateProblem as problem:
            self.wrong = problem.boxes
            raise

    @override
    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        if self.process_errors:
            raise stop(None)
        if self.data is None:
            raise stop(self.required)


class Checkbox(wtforms.BooleanField):
    """One thing to confirm; `required` is said when it is not ticked."""

    widget = widgets.Checkbox()

    def __init__(
        self,
        label: str,
        *,
        required: str | None = None,
        params: dict[str, Any] | None = None,
        **keywords: Any,
    ) -> None:
        super().__init__(label, **keywords)
        self.required = required
        self.params = dict(params or {})

    @override
    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        if self.required and not self.data:
            raise stop(self.required)


class FileField(wtforms.FileField):
    """A file; `accept` lists endings like ".csv", `max_bytes` bounds its size."""

    widget = widgets.File()

    def __init__(
        self,
        label: str,
        *,
        accept: Sequence[str] = (),
        max_bytes: int = 5_000_000,
        required: str | None = None,
        params: dict[str, Any] | None = None,
        **keywords: Any,
    ) -> None:
        super().__init__(label, **keywords)
        self.required, self.accept, self.max_bytes = required, tuple(accept), max_bytes
        self.params = dict(params or {})
        if accept:
            self.params.setdefault("attributes", {"accept": ",".join(accept)})

    @override
    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = next((f for f in valuelist if getattr(f, "filename", "")), None)

    @override
    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        if self.data is None:
            raise stop(self.required)
        if self.accept and PurePath(self.data.filename).suffix.lower() not in self.accept:
            raise stop(f"The file must be {' or '.join(self.accept)}")
        size = self.data.stream.seek(0, 2)
        self.data.stream.seek(0)
        if size == 0:
            raise stop("The file is empty")
        if size > self.max_bytes:
            raise stop(f"The file must be smaller than {self.max_bytes // 1_000_000} MB")
