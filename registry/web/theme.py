"""A council's colours: whether they can be read (WCAG 2.2, 1.4.3), and the stylesheet they make."""

from __future__ import annotations

import re
from dataclasses import dataclass

LEAST = 4.5
KNEE = 0.04045
"""Where the sRGB curve leaves its straight part."""
WHITE = "#ffffff"
HEX = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
Channels = tuple[int, int, int]


@dataclass(frozen=True)
class Theme:
    """The two colours a council chooses; the rest is mixed from them."""

    brand: str = "#1f4e79"
    link: str = "#1a5a96"

    @property
    def surface(self) -> str:
        """The tint behind panels and the footer."""
        return mix(self.brand, WHITE, 0.06)

    @property
    def edge(self) -> str:
        """The line around panels."""
        return mix(self.brand, WHITE, 0.4)

    @property
    def hover(self) -> str:
        """A link under the pointer."""
        return mix(self.link, "#000000", 0.6)


def channels(colour: str) -> Channels:
    """The red, green and blue of "#rrggbb"; ValueError for anything else."""
    if not HEX.fullmatch(colour):
        raise ValueError(f"{colour!r} is not a colour like #1f4e79")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(colour: str, other: str, share: float) -> str:
    """`share` of one colour with the rest of another."""
    pairs = zip(channels(colour), channels(other), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def luminance(colour: str) -> float:
    """WCAG relative luminance, 0 for black to 1 for white."""
    red, green, blue = (_linear(channel / 255) for channel in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    low: float = value / 12.92
    high: float = ((value + 0.055) / 1.055) ** 2.4
    return low if value <= KNEE else high


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two colours, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def problems(brand: str, link: str) -> list[str]:
    """What keeps people from reading a page in these colours; an empty list when nothing does."""
    wrong = [
        f"{name} must be a colour like #1f4e79"
        for name, colour in (("Brand colour", brand), ("Link colour", link))
        if not HEX.fullmatch(colour)
    ]
    return wrong or _unreadable(Theme(brand, link))


def _unreadable(theme: Theme) -> list[str]:
    asked = (
        ("White text on the brand colour", WHITE, theme.brand),
        ("The link colour on white", theme.link, WHITE),
        ("The link colour on a tinted panel", theme.link, theme.surface),
        ("The brand colour on a tinted panel", theme.brand, theme.surface),
    )
    return [
        f"{what} has a contrast of {ratio:.1f} to 1; it must be at least {LEAST} to 1"
        for what, text, ground in asked
        if (ratio := contrast(text, ground)) < LEAST
    ]


def css(theme: Theme) -> str:
    """The stylesheet of /theme.css. Focus, error and button colours stay as they are, for safety.

    Raises ValueError for a colour that is not "#rrggbb", so that nothing else can be written in.
    """
    channels(theme.brand), channels(theme.link)
    values = {
        "brand-colour": theme.brand,
        "link-colour": theme.link,
        "link-visited-colour": theme.link,
        "link-hover-colour": theme.hover,
        "template-background-colour": theme.surface,
        "surface-background-colour": theme.surface,
        "surface-border-colour": theme.edge,
    }
    lines = "".join(f"--govuk-{name}:{value};" for name, value in values.items())
    return f":root{{{lines}}}\n"
