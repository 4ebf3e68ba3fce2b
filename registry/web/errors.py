"""Every way of saying no, as a page that says why and what to do, or as JSON where that was asked for."""

import logging
from types import SimpleNamespace
from typing import Any

from flask import Flask, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException, SecurityError

from registry.core.errors import Busy, Conflict, Invalid, NotFound, Refused, Throttled

log = logging.getLogger("registry")

AWAY = ("08", "25006", "40", "53", "55", "57", "58")
PAGES = (400, 403, 404, 405, 409, 413, 422, 429, 500, 503)


def init_app(app: Flask) -> None:
    """Answer errors with our own pages."""
    app.register_error_handler(NotFound, lambda _error: page(404))
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Conflict, _conflict)
    app.register_error_handler(Invalid, lambda error: page(422, message=error.sentence))
    app.register_error_handler(Throttled, throttled)
    app.register_error_handler(Busy, lambda _error: page(503, retry_after=5))
    app.register_error_handler(CSRFError, lambda _error: page(400))
    app.register_error_handler(DBAPIError, _of_the_database)
    app.register_error_handler(SecurityError, _not_our_name)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def page(status: int, retry_after: int | None = None, **error: Any) -> ResponseReturnValue:
    """The error page of a status, filled with what is known."""
    status = status if status in PAGES else 400 if status < 500 else 500  # noqa: PLR2004
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    if wants_data():
        reasons = [str(reason) for reason in error.get("reasons", ())]
        return jsonify(error=error.get("message") or status, reasons=reasons), status, headers
    return render_template(f"errors/{status}.html", error=SimpleNamespace(**error)), status, headers


def wants_data() -> bool:
    """Programs ask for JSON, or for an address that is JSON."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json" or request.path.endswith(".json")


def _refused(error: Refused) -> ResponseReturnValue:
    return page(403, reasons=error.reasons)


def _conflict(error: Conflict) -> ResponseReturnValue:
    return page(409, message=error.sentence, yours=dict(error.yours), theirs=dict(error.theirs))


def throttled(error: Throttled) -> ResponseReturnValue:
    """Say when it may be tried again."""
    sentence = f"This was tried too often. Try again {error.when}."
    return page(429, retry_after=error.seconds, message=sentence, when=error.when)


def _not_our_name(_error: SecurityError) -> ResponseReturnValue:
    """Plain words: under a name that is not ours no link of a page could be written."""
    return "The register does not answer to this name.\n", 400, {"Content-Type": "text/plain; charset=utf-8"}


def _http(error: HTTPException) -> ResponseReturnValue:
    return error.get_response() if (error.code or 500) < 400 else page(error.code or 500)  # noqa: PLR2004


def _of_the_database(error: DBAPIError) -> ResponseReturnValue:
    """A database that is away, full, locked or read-only undid the act whole: ask to try again."""
    if not is_away(error):
        return _fault(error)
    log.error("the database did not answer: %s", type(error.orig).__name__)
    if "_login_user" not in g:
        g._login_user = AnonymousUserMixin()  # the error page must not ask the database who this is
    return page(503, retry_after=30)


def is_away(error: DBAPIError) -> bool:
    """Whether a database could not do its work, as opposed to being asked something wrong.

    By the classes of SQLSTATE: 08 connection, 25006 read-only, 40 rolled back, 53 resources, 55 locked, 57 and 58 the
    server itself.
    """
    state = str(getattr(error.orig, "sqlstate", "") or "")
    return isinstance(error, OperationalError) or error.connection_invalidated or state.startswith(AWAY)


def _fault(error: Exception) -> ResponseReturnValue:
    log.exception("a fault in %s", request.endpoint, exc_info=error)
    return page(500)
