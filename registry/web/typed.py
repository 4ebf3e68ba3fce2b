"""Boxes that are typed into: trimmed, bounded, and free of marks a reader cannot see."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import wtforms
from typing_extensions import override
from wtforms.validators import StopValidation

from registry.web import widgets

MOST_DIGITS = 9
"""Of a whole number: more would not fit the databases."""
EMAIL = re.compile(r"[^@\s<>(),;:\\\"]+@[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)
HIDDEN_CHARACTERS = "{label} must not contain hidden or control characters"
# Cc: control. Cs: half a character. Zl, Zp: the end of a line or of a paragraph.
UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
# These reorder the text around them or show nothing.
INVISIBLE = frozenset("\u200b\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def stop(message: str | None) -> StopValidation:
    """End the checks of a field, with a sentence or (when None) in silence."""
    return StopValidation(message or "")


def subject_of(label: str) -> str:
    """What a sentence calls a field: its label, or the answer to it where the label asks a question."""
    return f"Your answer to “{label}”" if label.endswith("?") else label


def has_hidden(text: str, allowed: str = "") -> bool:
    """Whether text holds characters a reader cannot see and so cannot check."""
    return any(char in INVISIBLE or unicodedata.category(char) in UNSEEN for char in text if char not in allowed)


class Typed(wtforms.StringField):
    """The common part of every box that is typed into: trimmed, bounded, free of hidden marks."""

    widget: widgets.Widget = widgets.Text()
    data: Any
    lines = False
    default_max = 255

    def __init__(
        self,
        label: str,
        *,
        required: str | None = None,
        max_length: int | None = None,
        width: int | None = None,
        autocomplete: str | None = None,
        params: dict[str, Any] | None = None,
        **keywords: Any,
    ) -> None:
        super().__init__(label, **keywords)
        self.required = required
        self.max_length = max_length or self.default_max
        self.params: dict[str, Any] = dict(params or {})
        if width:
            self.params.setdefault("classes", f"govuk-input--width-{width}")
        if autocomplete:
            self.params.setdefault("autocomplete", autocomplete)

    @override
    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = self.clean(str(valuelist[0])) if valuelist else ""

    def clean(self, text: str) -> str:
        """Trimmed, in one Unicode form, so that two handles that look alike compare alike."""
        return unicodedata.normalize("NFC", text.replace("\r\n", "\n").strip())

    @override
    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        if not self.data:
            raise stop(self.required)
        text = str(self.data)
        if has_hidden(text, allowed="\n\t" if self.lines else ""):
            raise stop(HIDDEN_CHARACTERS.format(label=subject_of(self.label.text)))
        if len(text) > self.max_length:
            raise stop(f"{subject_of(self.label.text)} must be {self.max_length} characters or fewer")
        self.check(text)

    def check(self, text: str) -> None:
        """More that a kind of box asks of its text; raises StopValidation with the sentence."""


class TextField(Typed):
    """One line of text. `width` is 2, 3, 4, 5, 10, 20 or 30 characters."""


class TextArea(Typed):
    """Several lines of text, with a count of the characters left when `count=True`."""

    widget = widgets.TextArea()
    lines = True
    default_max = 5000

    def __init__(self, label: str, *, rows: int = 5, count: bool = False, **keywords: Any) -> None:
        super().__init__(label, **keywords)
        self.params.setdefault("rows", rows)
        if count:
            self.params["maxlength"] = self.max_length


class EmailField(Typed):
    """An email address."""

    def __init__(self, label: str, *, autocomplete: str = "email", **keywords: Any) -> None:
        super().__init__(label, autocomplete=autocomplete, **keywords)
        self.params = {"type": "email", "spellcheck": False, **self.params}

    @override
    def check(self, text: str) -> None:
        if not EMAIL.fullmatch(text):
            raise stop("Enter an email address in the correct format, like name@council.example")


class UrlField(Typed):
    """A web address; only http and https, so that a link on a page can never run a script."""

    default_max = 2000

    def __init__(self, label: str, **keywords: Any) -> None:
        super().__init__(label, **keywords)
        self.params = {"type": "url", "spellcheck": False, **self.params}

    @override
    def check(self, text: str) -> None:
        try:
            parts = urlsplit(text)
            fine = parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in text
        except ValueError:
            fine = False
        if not fine:
            raise stop("Enter a full web address, like https://www.council.example")


class CodeField(Typed):
    """The digits an authenticator app shows; the spaces people type are dropped."""

    def __init__(self, label: str, *, digits: int = 6, **keywords: Any) -> None:
        super().__init__(label, width=10, autocomplete="one-time-code", **keywords)
        self.digits = digits
        self.params = {"inputmode": "numeric", "spellcheck": False, **self.params}

    @override
    def clean(self, text: str) -> str:
        return "".join(super().clean(text).split())

    @override
    def check(self, text: str) -> None:
        if not (text.isascii() and text.isdigit() and len(text) == self.digits):
            raise stop(f"Enter the {self.digits} digits shown in your app")


class PasswordField(Typed):
    """A secret as typed: never trimmed, never sent back to the page.

    `autocomplete` is "current-password" to sign in, "new-password" to choose one, "off" for a
    secret that belongs to an account and not to the person.
    """

    widget = widgets.Password()
    default_max = 1000

    def __init__(self, label: str, *, autocomplete: str = "current-password", **keywords: Any) -> None:
        super().__init__(label, autocomplete=autocomplete, **keywords)

    @override
    def clean(self, text: str) -> str:
        return text


class IntegerField(Typed):
    """A whole number between `least` and `most`; None when left empty."""

    def __init__(
        self,
        label: str,
        *,
        least: int | None = None,
        most: int | None = None,
        width: int = 4,
        **keywords: Any,
    ) -> None:
        super().__init__(label, width=width, **keywords)
        self.least, self.most = least, most
        self.params = {"inputmode": "numeric", "spellcheck": False, **self.params}

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    @override
    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = None
        text = str(valuelist[0]).strip().replace(",", "") if valuelist else ""
        if not text:
            return
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS):
            raise ValueError(f"{subject_of(self.label.text)} must be a whole number, like 12")
        self.data = int(text)

    @override
    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        if self.process_errors:
            raise stop(None)
        if self.data is None:
            raise stop(self.required)
        low = self.least is not None and self.data < self.least
        high = self.most is not None and self.data > self.most
        if low or high:
            raise stop(f"{subject_of(self.label.text)} must be {self._bounds()}")

    def _bounds(self) -> str:
        if self.least is None:
            return f"{self.most} or less"
        if self.most is None:
            return f"{self.least} or more"
        return f"between {self.least} and {self.most}"
