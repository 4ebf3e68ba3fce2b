"""A second wall beside the form tokens: the browser itself says from where it was led here.

Every current browser sends `Sec-Fetch-Site` and `Origin`, which no page can forge (W3C Fetch Metadata; RFC 6454). A
change that another site caused is refused; so is a page of ours asked for by another site as anything but a page.
"""

from flask import Flask, request

from registry.core.errors import Refused

CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
OURS = frozenset({"same-origin", "none"})  # none: typed into the address bar, or a bookmark


def init_app(app: Flask) -> None:
    """Ask before every request."""
    app.before_request(refuse_foreign)


def refuse_foreign() -> None:
    """Refuse what another site set off."""
    site = request.headers.get("Sec-Fetch-Site", "none")
    if site in OURS:
        return
    is_link_followed = request.headers.get("Sec-Fetch-Mode") == "navigate" and request.method not in CHANGING
    is_embedded = request.headers.get("Sec-Fetch-Dest") in ("iframe", "frame", "embed", "object")
    if request.method in CHANGING or not is_link_followed or is_embedded:
        raise Refused(["Another website set this off. Open the register’s own page and do it there."])
