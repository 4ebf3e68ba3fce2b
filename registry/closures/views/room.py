"""The room's doors hang here."""

from flask import Blueprint

room = Blueprint("closures", __name__, url_prefix="/c/<council>")
