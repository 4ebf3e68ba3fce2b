"""The room's blueprint."""

from flask import Blueprint

room = Blueprint("audit", __name__, url_prefix="/c/<council>")
