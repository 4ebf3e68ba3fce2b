"""The blueprint these pages hang on."""

from flask import Blueprint

room = Blueprint("accounts", __name__, url_prefix="/c/<council>")
