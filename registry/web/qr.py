"""Text as a QR code, drawn into the page: for whoever would rather not type."""

import segno
from markupsafe import Markup


def qr(text: str, label: str) -> Markup:
    """The code as a drawing, and what it is for whoever does not see it.

    It has no style, as the strict policy wants, and brings its own white ground with the four white modules around
    it without which phones do not find it (ISO 18004). The drawing is made of numbers only, never of the text.
    """
    drawn = segno.make(text, error="m", micro=False).svg_inline(
        border=4, light="#fff", omitsize=True, svgclass="app-qr", lineclass=None
    )
    named = Markup('<svg role="img" aria-label="{}" ').format(label)
    return named + Markup(drawn.removeprefix("<svg "))  # noqa: S704
