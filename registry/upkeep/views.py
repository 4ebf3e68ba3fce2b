"""Two doors for whoever watches the service: is the process there, and can it serve. They tell words, no details."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from registry.core.tenants import Beyond
from registry.custody.opening import custody_status
from registry.upkeep.check import Level
from registry.upkeep.checks import readiness
from registry.web import context
from registry.web.guard import public

room = Blueprint("upkeep", __name__)

OK, UNAVAILABLE = 200, 503
PROGRAM = ("application/json", "text/plain")


@room.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    """The process answers. It asks nothing of the database: who restarts on this must not restart for that."""
    return _told({"process": Level.WELL.word}, OK)


@room.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Whether people can be served: 503 where something is broken, 200 with warnings; `?custody=1` asks of it too."""
    house = context.house()
    found = readiness(house)
    words = {name: level.word for name, level in found.items()}
    is_ready = max(found.values()) is not Level.BROKEN
    if request.args.get("custody") == "1" and found["database"] is Level.WELL:
        with house.reading(Beyond.KEEPER) as session:
            is_open = custody_status(session, house.settings).is_open
        words["custody"] = "open" if is_open else "sealed"
        is_ready = is_ready and is_open
    return _told(words, OK if is_ready else UNAVAILABLE)


def _told(words: dict[str, str], code: int) -> ResponseReturnValue:
    if request.accept_mimetypes.best_match(PROGRAM, "text/plain") == "application/json":
        return jsonify(words), code
    text = "".join(f"{name}: {word}\n" for name, word in words.items())
    return text, code, {"Content-Type": "text/plain; charset=utf-8"}
