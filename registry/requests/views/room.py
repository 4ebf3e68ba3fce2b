"""The room's pages stand under a council, and each begins by finding a request that its reader may see."""

from flask import Blueprint
from flask_login import current_user

from registry.accounts.queries import get_area, list_areas
from registry.identity.queries import list_people, names_of
from registry.requests.forms import Options
from registry.requests.models import AccountRequest
from registry.requests.queries import get_visible
from registry.requests.questions import Kind
from registry.requests.rules import MAY_CHANGE, Asking
from registry.requests.wording import Names, people_in
from registry.web import context

room = Blueprint("requests", __name__, url_prefix="/c/<council>")


def visible(request_id: int) -> AccountRequest:
    """The request of the address, if whoever looks may see it."""
    return get_visible(context.db(), context.council().id, request_id, context.person_id(), current_user.roles)


def own(request_id: int) -> AccountRequest:
    """The request of the address, for the person who asks and nobody else."""
    request = visible(request_id)
    MAY_CHANGE.judge(Asking(request.asker_id == context.person_id()), context.today()).or_refuse()
    return request


def names_in(request: AccountRequest) -> Names:
    """The names behind the numbers in a request's answers, and the asker's."""
    area_id = request.service_area_id
    areas = {area_id: get_area(context.db(), context.council().id, area_id).name} if area_id else {}
    return Names(names_of(context.db(), [request.asker_id, *people_in(request.answers)]), areas)


def options_of() -> Options:
    """The service areas and people there are to choose from today."""
    council_id, on = context.council().id, context.today()
    people = [
        (e.person_id, f"{e.person.name} ({e.job_title})" if e.job_title else e.person.name)
        for e in list_people(context.db(), council_id, on)
    ]
    areas = [(area.id, area.name) for area in list_areas(context.db(), council_id, on)]
    return {Kind.PERSON: people, Kind.AREA: areas}
