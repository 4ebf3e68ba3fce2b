from flask import Blueprint

room = Blueprint("leavers", __name__, url_prefix="/c/<council>")
