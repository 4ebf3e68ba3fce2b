"""Text as a QR code, drawn into the page: for whoever would rather not type."""

import segno
from markupsafe import Markup


def qr(text: str) -> Markup:
    """The code as a drawing; its markup is made of numbers only, never of the text."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(omitsize=True, svgclass="app-qr", lineclass=None)
    return Markup(drawn)  # noqa: S704
