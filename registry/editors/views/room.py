"""The blueprint these pages hang on."""

from flask import Blueprint

room = Blueprint("editors", __name__, url_prefix="/c/<council>")
