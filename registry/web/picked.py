"""Fields where something is picked from a list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import wtforms
from typing_extensions import override
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from registry.web import widgets
from registry.web.typed import stop

NOT_A_CHOICE = "Choose one of the options in the list"
Choices = Iterable[Any] | Callable[[], Iterable[Any]] | None


def choice(value: str, label: str, *, hint: str | None = None, conditional: str | None = None) -> Any:
    """One option of a Radios, Checkboxes or Select field.

    The hint stands under it (not in a Select); `conditional` shows when it is picked.
    """
    return SelectChoice(value, label, render_kw={"hint": hint, "conditional": conditional})


class Picked(wtforms.SelectField):
    """The common part of fields where exactly one of several options is picked.

    `choices` is a list of `choice(...)`, or a function giving one. `coerce` may be a StrEnum.
    """

    def __init__(
        self,
        label: str,
        *,
        choices: Choices = None,
        required: str | None = None,
        coerce: Callable[[Any], Any] = str,
        params: dict[str, Any] | None = None,
        **keywords: Any,
    ) -> None:
        super().__init__(label, choices=choices, coerce=coerce, **keywords)
        self.invalid_value_message = self.invalid_choice_message = NOT_A_CHOICE
        self.required = required
        self.params = dict(params or {})

    @override
    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = None
        if valuelist and valuelist[0] != "":
            super().process_formdata(list(valuelist[:1]))

    @override
    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        if self.process_errors:
            raise stop(None)
        if self.data is None:
            raise stop(self.required)
        super().pre_validate(form)


class Radios(Picked):
    """One of a few options, all in sight."""

    widget = widgets.Radios()


class Select(Picked):
    """One of many options; `blank` is the text of the empty first line, None for no such line."""

    widget = widgets.Select()

    def __init__(self, label: str, *, blank: str | None = "Choose one", **keywords: Any) -> None:
        super().__init__(label, **keywords)
        self.blank = blank


class Checkboxes(wtforms.SelectMultipleField):
    """Any number of several options; its data is a list."""

    widget = widgets.Checkboxes()

    def __init__(
        self,
        label: str,
        *,
        choices: Choices = None,
        required: str | None = None,
        coerce: Callable[[Any], Any] = str,
        params: dict[str, Any] | None = None,
        **keywords: Any,
    ) -> None:
        super().__init__(label, choices=choices, coerce=coerce, **keywords)
        self.invalid_value_message = self.invalid_choice_message = NOT_A_CHOICE
        self.required = required
        self.params = dict(params or {})

    @override
    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        if self.process_errors:
            raise stop(None)
        if not self.data:
            self.data = []
            raise stop(self.required)
        super().pre_validate(form)
