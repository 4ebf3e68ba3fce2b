"""Pages of the room."""

from flask import Blueprint

room = Blueprint("launch", __name__, url_prefix="/c/<council>")
