"""What a browser asks, as the views see it."""

from typing import Any

from flask import Request


class Asked(Request):
    """A request whose views know two methods only, to look and to change.

    Who asks for the head of a page asks for the page, of which the server then sends the head (RFC 9110 §9.3.2): a
    view that took HEAD for anything but looking would go on to change something.
    """

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        if self.method == "HEAD":
            self.method = "GET"
