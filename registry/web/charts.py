"""Small pictures of numbers, drawn on the server: a year of bars, and one bar of parts.

Plain SVG with a title and a description, coloured by classes of the stylesheet. A picture never
stands alone: the numbers are beside it in a table or a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

from markupsafe import Markup

# The stylesheet has the last word; these are for readers that know no classes (the PDF).
TONES = {
    "good": "#0f7a52",
    "notice": "#1d70b8",
    "warning": "#b45f06",
    "breach": "#ca3535",
    "idle": "#8a8f94",
}
WIDTH, HEIGHT, FOOT = 720, 96, 18
BAR = 14


@dataclass(frozen=True)
class Bar:
    """One bar: a label for the axis (may be empty), a value, and a tone."""

    label: str
    value: int
    tone: str = "good"


def _frame(kind: str, title: str, description: str, size: tuple[int, int], body: Markup) -> Markup:
    """An SVG named by its title and description; its ids come from its content, so that a page
    may hold several and the same page is always the same bytes."""
    number = crc32(f"{kind}{title}{description}{body}".encode())
    return Markup(
        '<svg class="app-chart app-chart--{kind}" viewBox="0 0 {w} {h}" role="img"'
        ' preserveAspectRatio="none"'
        ' aria-labelledby="chart-{n}-title chart-{n}-desc" focusable="false">'
        '<title id="chart-{n}-title">{title}</title><desc id="chart-{n}-desc">{desc}</desc>'
        "{body}</svg>"
    ).format(kind=kind, w=size[0], h=size[1], n=number, title=title, desc=description, body=body)


def bars(title: str, values: Sequence[Bar], description: str | None = None) -> Markup:
    """Upright bars, one per week or month, the tallest filling the height."""
    tallest = max((bar.value for bar in values), default=0)
    step = WIDTH / max(len(values), 1)
    room = HEIGHT - FOOT
    scale = room / tallest if tallest else 0
    drawn = Markup("").join(_upright(bar, index * step, step, scale * bar.value) for index, bar in enumerate(values))
    base = Markup('<path class="app-chart__base" d="M0 {y}H{w}"/>').format(y=room, w=WIDTH)
    told = description or f"{sum(bar.value for bar in values)} in all; the most at once {tallest}."
    return _frame("bars", title, told, (WIDTH, HEIGHT), drawn + base)


def _upright(bar: Bar, x: float, step: float, height: float) -> Markup:
    shape = Markup('<rect {tone} x="{x}" y="{y}" width="{w}" height="{h}"/>')
    label = Markup('<text class="app-chart__label" x="{x}" y="{y}">{text}</text>')
    top = HEIGHT - FOOT - height
    drawn = Markup("")
    if bar.value > 0:
        drawn += shape.format(tone=_toned(bar.tone), x=_r(x + step * 0.1), y=_r(top), w=_r(step * 0.8), h=_r(height))
    if bar.label:
        drawn += label.format(x=_r(x + step * 0.1), y=HEIGHT - 3, text=bar.label)
    return drawn


def health_bar(title: str, parts: Sequence[Bar]) -> Markup:
    """One lying bar split into its parts in the order given: how many are well, how many not."""
    total = sum(part.value for part in parts)
    drawn, x = Markup(""), 0.0
    shape = Markup('<rect {tone} x="{x}" y="0" width="{w}" height="{h}"/>')
    for part in parts:
        width = WIDTH * part.value / total if total else 0.0
        if width:
            drawn += shape.format(tone=_toned(part.tone), x=_r(x), w=_r(width), h=BAR)
        x += width
    told = ", ".join(f"{part.value} {part.label}" for part in parts) or "Nothing to show"
    return _frame("health", title, f"{told}.", (WIDTH, BAR), drawn)


def _toned(tone: str) -> Markup:
    """The class and fill of a tone; KeyError for a tone there is none of."""
    shown = Markup('class="app-chart__bar app-chart__bar--{tone}" fill="{fill}"')
    return shown.format(tone=tone, fill=TONES[tone])


def _r(value: float) -> str:
    """A coordinate with at most one decimal, to keep the page small."""
    return f"{value:.1f}".removesuffix(".0")
