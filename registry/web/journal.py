"""What is noted of every request: a line in the log and two figures, by number and never by name.

Each request has an id, which goes with every line logged in it, into the answer's X-Request-ID and onto error pages,
so that whoever reports a fault can be found in the log. It is always our own: one sent along could forge another's.
"""

import logging
import secrets
from time import perf_counter

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram
from structlog.contextvars import bind_contextvars, clear_contextvars

log = logging.getLogger("registry.requests")

FIGURES = CollectorRegistry()
ANSWERED = Counter("register_requests", "Requests answered", ("endpoint", "method", "status"), registry=FIGURES)
TOOK = Histogram(
    "register_request_seconds",
    "How long answering took",
    ("endpoint",),
    registry=FIGURES,
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
UNWATCHED = ("static", "upkeep.alive", "upkeep.ready")
"""Endpoints that say nothing in the log: files, and those who ask every few seconds whether we are there."""
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH")


def init_app(app: Flask) -> None:
    """Watch every request; before anything else is asked of it."""
    app.before_request_funcs.setdefault(None, []).insert(0, begin)
    app.after_request(end)
    app.context_processor(lambda: {"request_id": g.get("request_id", "")})


def begin() -> None:
    """Give the request its id."""
    g.request_id, g.began = secrets.token_hex(8), perf_counter()
    clear_contextvars()
    bind_contextvars(request=g.request_id)


def end(response: Response) -> Response:
    """Tell how it went."""
    if "began" not in g:
        return response  # refused before anything was asked
    took, endpoint = perf_counter() - g.began, request.endpoint or "none"
    method = request.method if request.method in METHODS else "other"
    response.headers["X-Request-ID"] = g.request_id
    ANSWERED.labels(endpoint, method, response.status_code).inc()
    TOOK.labels(endpoint).observe(took)
    if endpoint not in UNWATCHED:
        person, council = g.get("_login_user"), g.get("council")
        log.info(
            "answered",
            extra={
                "method": method,
                "endpoint": endpoint,
                "status": response.status_code,
                "ms": round(took * 1000),
                "person": getattr(person, "person_id", None),
                "council": council.id if council is not None else None,
            },
        )
    return response
