"""The forms of a page as a browser would send them: read from its markup, filled in plausibly where they are empty."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

from typing_extensions import override

Sent = dict[str, list[Any]]
DAY = ("24", "11", "2026")
"""A Tuesday soon after the day on which the tests' clock stands."""


@dataclass
class Box:
    """Something with a name that a form sends."""

    kind: str
    values: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)

    def names_a_row(self, name: str) -> bool:
        """Whether what it sends is the number of a row."""
        numbers = [option for option in self.options if option]
        if self.kind in ("select", "radio"):
            return name.endswith("_id") and all(option.isdigit() for option in numbers)
        return name.endswith("_id") and self.kind == "hidden"

    def filled(self, usual: str) -> list[Any]:
        """What a diligent person sends."""
        if self.kind == "file":
            return [(BytesIO(usual.encode()), "file.csv")]
        if self.kind in ("select", "radio"):
            real = [option for option in (*self.chosen, *self.options) if option]
            return real[:1]
        if self.kind == "checkbox":
            return self.chosen or self.options[:1]
        if self.kind == "hidden" or any(self.values):
            return self.values
        return list(DAY) if len(self.values) == len(DAY) else [usual] * len(self.values)


@dataclass
class Form:
    """A form that posts: where to, and what it lists."""

    action: str
    boxes: dict[str, Box] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def sent(self, given: dict[str, str]) -> Sent:
        """All of it, in a box of which something is given this (a day as "1 11 2026"), else what stands there or will
        do; the first named button is pressed unless `press` is given."""
        pressed = {name: [value] for name, value in self.buttons[:1] if "press" not in given}
        sent: Sent = {}
        for name, box in self.boxes.items():
            words = given.get(name)
            if box.kind == "file" and words == "":
                continue
            if words is None or box.kind == "file":
                sent[name] = box.filled(words or ("6" if box.kind == "number" else "As asked"))
            else:
                sent[name] = words.split() if len(box.values) == len(DAY) else [words]
        return pressed | sent

    def row_names(self) -> list[str]:
        """The fields in which a row is named."""
        return [name for name, box in self.boxes.items() if box.names_a_row(name)]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.list: Box | None = None
        self.area: Box | None = None

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = Form(said.get("action", "")) if said.get("method", "").lower() == "post" else None
            self.forms += [self.form] if self.form else []
        elif self.form is not None:
            self._take(tag, said)

    def _take(self, tag: str, said: dict[str, str]) -> None:
        assert self.form is not None
        name, value = said.get("name", ""), said.get("value", "")
        if tag == "option" and self.list is not None:
            self.list.options.append(value)
            self.list.chosen += [value] if "selected" in said else []
        elif not name or "disabled" in said:
            return
        elif tag == "button" or said.get("type") == "submit":
            self.form.buttons.append((name, value))
        elif tag in ("select", "textarea", "input"):
            kind = said.get("type", "text") if tag == "input" else tag
            kind = "number" if said.get("inputmode") == "numeric" else kind
            box = self.form.boxes.setdefault(name, Box(kind))
            self.list = box if tag == "select" else self.list
            self.area = box if tag == "textarea" else self.area
            if kind in ("radio", "checkbox"):
                box.options.append(value or "on")
                box.chosen += [value or "on"] if "checked" in said else []
            elif tag == "input":
                box.values.append(value)

    @override
    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.area.values = ["".join(self.area.values) + data]

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.list = None
        elif tag == "textarea" and self.area is not None:
            self.area.values, self.area = self.area.values or [""], None


def forms_of(page: str, address: str) -> Iterator[Form]:
    """The forms of a page that post, each with the address it posts to."""
    reader = _Reader()
    reader.feed(page)
    for form in reader.forms:
        form.action = form.action or address
        yield form
