"""The room's doors hang here."""

from flask import Blueprint

room = Blueprint("register", __name__, url_prefix="/c/<council>")
