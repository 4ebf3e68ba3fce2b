"""The blueprint these pages hang on. Signing in happens outside any council, so it has no common prefix."""

from flask import Blueprint

room = Blueprint("identity", __name__)
IN_COUNCIL = "/c/<council>"
