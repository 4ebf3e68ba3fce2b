"""WTForms widgets that draw a field with the GOV.UK macros.

One class per component. Each fixes what the ready-made packages get wrong: an error link lands on
something a person can type in, and no empty hint is announced.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app
from markupsafe import Markup, escape
from typing_extensions import override
from wtforms import Field

Params = dict[str, Any]

SCRIPTED = re.compile(r' data-aria-controls="[^"]*"')
MACROS = "govuk_frontend_jinja/components/{}/macro.html"


def render(component: str, macro: str, params: Params) -> Markup:
    """Draw one GOV.UK component; the compiled macro is cached by Jinja, so this is cheap."""
    module = current_app.jinja_env.get_template(MACROS.format(component)).module
    return Markup(getattr(module, macro)(params))  # noqa: S704  (the macro has escaped what it was given)


def merged(base: Params, extra: Mapping[str, Any]) -> Params:
    """`base` with `extra` laid over it, dictionaries merged all the way down."""
    out = dict(base)
    for key, value in extra.items():
        below = out.get(key)
        out[key] = merged(below, value) if isinstance(below, dict) and value else value
    return out


class Widget:
    """A form control with its label, hint and error message.

    Call a field in a template with `size` ("s", "m", "l", "xl") to size its label, `heading=True`
    to make the label the page's h1, `params={...}` for anything else the macro knows; other
    keywords become HTML attributes.
    """

    component = "input"
    macro = "govukInput"
    grouped = False

    def __call__(
        self,
        field: Field,
        *,
        size: str | None = None,
        heading: bool = False,
        params: Mapping[str, Any] | None = None,
        **attributes: Any,
    ) -> Markup:
        """The field as markup, error and all."""
        out = merged(self.build(field), getattr(field, "params", {}))
        out = merged(out, self._titled(size, heading))
        out = merged(out, params or {})
        if attributes:
            out = merged(out, {"attributes": {**out.get("attributes", {}), **attributes}})
        return render(self.component, self.macro, out)

    def build(self, field: Field) -> Params:
        """The macro's parameters for this field as it stands."""
        return {**self._common(field), "label": {"text": _title_of(field)}, "value": _value_of(field)}

    def _common(self, field: Field) -> Params:
        params: Params = {"id": field.id, "name": field.name}
        if field.description:
            params["hint"] = {"text": field.description}
        if field.errors:
            params["errorMessage"] = {"text": field.errors[0]}
        return params

    def _titled(self, size: str | None, heading: bool) -> Params:
        name = "govuk-fieldset__legend" if self.grouped else "govuk-label"
        title: Params = {"isPageHeading": True} if heading else {}
        if size:
            title["classes"] = f"{name}--{size}"
        if not title:
            return {}
        return {"fieldset": {"legend": title}} if self.grouped else {"label": title}

    def focus_id(self, field: Field) -> str:
        """The id an error link must point at: something that takes focus."""
        return field.id


def _title_of(field: Field) -> str:
    """Its label, and that it may be left empty, where it may whatever else is answered.

    To tick nothing is an answer, and so is the first line of a list without an empty one.
    """
    may_be_empty = getattr(field, "required", "") is None and getattr(field, "blank", "") is not None
    is_ticked = isinstance(field.widget, Checkboxes)
    return f"{field.label.text} (optional)" if may_be_empty and not is_ticked else str(field.label.text)


def _value_of(field: Field) -> str:
    """What to show in the box: what was typed if anything was, else the stored value."""
    return str(getattr(field, "_value", lambda: field.data or "")())


class Text(Widget):
    """A one-line box."""


class Password(Widget):
    """A password box with a show button; what was typed is never sent back."""

    component, macro = "password-input", "govukPasswordInput"

    @override
    def build(self, field: Field) -> Params:
        return {**self._common(field), "label": {"text": _title_of(field)}}


class TextArea(Widget):
    """A box of several lines; with a `maxlength` parameter it counts characters down."""

    component, macro = "textarea", "govukTextarea"

    @override
    def __call__(self, field: Field, **keywords: Any) -> Markup:
        if getattr(field, "params", {}).get("maxlength"):
            return _Counted()(field, **keywords)
        return super().__call__(field, **keywords)


class _Counted(Widget):
    component, macro = "character-count", "govukCharacterCount"


class File(Widget):
    """A file chooser."""

    component, macro = "file-upload", "govukFileUpload"

    @override
    def build(self, field: Field) -> Params:
        return {**self._common(field), "label": {"text": _title_of(field)}}


class Select(Widget):
    """A drop-down list."""

    component, macro = "select", "govukSelect"

    @override
    def build(self, field: Field) -> Params:
        items = [{"value": c.value, "text": c.label, "selected": c.selected} for c in _choices_of(field)]
        blank = getattr(field, "blank", None)
        if blank is not None:
            items.insert(0, {"value": "", "text": blank, "selected": not field.data})
        return {**self._common(field), "label": {"text": _title_of(field)}, "items": items}


class Radios(Widget):
    """A set of radios; a choice may have a hint and text or a field that shows when it is picked.

    `conditional={value: markup}` in the call puts another field under a choice.
    """

    component, macro = "radios", "govukRadios"
    grouped = True

    @override
    def __call__(self, field: Field, *, conditional: Mapping[str, Any] | None = None, **keywords: Any) -> Markup:
        extra = dict(keywords.pop("params", None) or {})
        if conditional:
            extra["items"] = self._items(field, conditional)
        drawn = super().__call__(field, params=extra, **keywords)
        # The stylesheet shows what belongs to a picked choice. The script would do it by putting
        # aria-expanded on a radio, which ARIA does not allow.
        return Markup(SCRIPTED.sub("", drawn))  # noqa: S704  (markup with one attribute less)

    @override
    def build(self, field: Field) -> Params:
        params = self._common(field)
        del params["id"]
        return {
            **params,
            "idPrefix": field.id,
            "fieldset": {"legend": {"text": _title_of(field)}},
            "items": self._items(field, {}),
        }

    def _items(self, field: Field, conditional: Mapping[str, Any]) -> Sequence[Params]:
        return [_item(choice, conditional) for choice in _choices_of(field)]


def _item(choice: Any, conditional: Mapping[str, Any]) -> Params:
    """One radio or checkbox as the macro wants it."""
    extra = choice.render_kw or {}
    out: Params = {"value": choice.value, "text": choice.label, "checked": choice.selected}
    if extra.get("hint"):
        out["hint"] = {"text": extra["hint"]}
    shown = conditional.get(choice.value, extra.get("conditional"))
    if shown:
        paragraph = Markup('<p class="govuk-body">{}</p>').format(shown)
        out["conditional"] = {"html": shown if hasattr(shown, "__html__") else paragraph}
    return out


def _choices_of(field: Field) -> Sequence[Any]:
    return list(field.iter_choices())  # type: ignore[attr-defined]


class Checkboxes(Radios):
    """A set of checkboxes, of which any number may be ticked."""

    component, macro = "checkboxes", "govukCheckboxes"


class Checkbox(Widget):
    """One checkbox: a thing to confirm or to switch on."""

    component, macro = "checkboxes", "govukCheckboxes"

    @override
    def build(self, field: Field) -> Params:
        params = self._common(field)
        del params["id"]
        hint = params.pop("hint", None)
        box: Params = {"value": "y", "text": field.label.text, "checked": bool(field.data)}
        if hint:
            box["hint"] = hint
        return {**params, "idPrefix": field.id, "items": [box]}

    @override
    def _titled(self, size: str | None, heading: bool) -> Params:
        return {}


class Date(Widget):
    """Three boxes for a day, a month and a year, all posted under the field's one name."""

    component, macro = "date-input", "govukDateInput"
    grouped = True
    BOXES = (("Day", "day", 2), ("Month", "month", 3), ("Year", "year", 4))

    @override
    def build(self, field: Field) -> Params:
        typed: Sequence[str] = field.typed  # type: ignore[attr-defined]
        wrong: frozenset[str] = field.wrong_boxes  # type: ignore[attr-defined]
        items = []
        for (label, key, width), value in zip(self.BOXES, typed, strict=True):
            classes = f"govuk-input--width-{width}"
            if key in wrong:
                classes += " govuk-input--error"
            box = {"id": f"{field.id}-{key}", "name": field.name, "label": label, "value": value}
            if key == "month":
                box["inputmode"] = "text"
            items.append({**box, "classes": classes})
        return {
            **self._common(field),
            "fieldset": {"legend": {"text": _title_of(field)}, "role": "group"},
            "items": items,
        }

    @override
    def focus_id(self, field: Field) -> str:
        wrong: frozenset[str] = field.wrong_boxes  # type: ignore[attr-defined]
        first = next((key for _, key, _ in self.BOXES if key in wrong), "day")
        return f"{field.id}-{first}"


def error_link(field: Field) -> str:
    """Where the error summary's line for this field points."""
    focus = getattr(field.widget, "focus_id", None)
    return f"#{escape(focus(field) if focus else field.id)}"
