"""What an answer must be besides given: a name no other account bears, a day to come, somebody who works here."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select

from registry.accounts.identify import Unrecognised, identify
from registry.accounts.models import ServiceArea
from registry.accounts.platforms import find_platform
from registry.accounts.queries import find_namesake
from registry.core.errors import Invalid, NotFound
from registry.core.work import Work
from registry.identity.models import Employment, Person
from registry.identity.queries import works_here
from registry.requests.questions import Part

Given = dict[str, Any]
PEOPLE = ("editor_one", "editor_two", "responsible_id")


def checked(work: Work, part: Part, given: Given) -> Given:
    """The answers to keep of this part, or `Invalid` at the first that cannot stand."""
    check = _CHECKS.get(part.key)
    return check(work, given) if check else given


def _where(work: Work, given: Given) -> Given:
    """The handle in the platform's own spelling, with its key and address beside it."""
    platform = find_platform(given.get("platform", ""))
    if platform and not platform.is_open:
        raise Invalid("platform", platform.closed_because)
    if given.get("service_area_id"):
        _refuse_other_area(work, given["service_area_id"])
    if not given.get("handle"):
        return given
    try:
        identity = identify(given["handle"], given.get("platform"))
    except Unrecognised as trouble:
        raise Invalid("handle", trouble.reason) from trouble
    namesake = find_namesake(work.session, work.council, identity)
    if namesake:
        raise Invalid("handle", namesake.sentence)
    return given | {
        "platform": identity.platform,
        "handle": identity.handle,
        "handle_key": identity.handle_key,
        "url": identity.url,
    }


def _refuse_other_area(work: Work, area_id: int) -> None:
    area = work.session.get(ServiceArea, area_id)
    if area is None or area.council_id != work.council:
        raise NotFound
    if not area.answers_on(work.today):
        raise Invalid("service_area_id", f"{area.name} has ended. Choose the service area that will answer for it")


def _run(work: Work, given: Given) -> Given:
    for name in ("trial_ends_on", "planned_end_on"):
        if name in given and date.fromisoformat(given[name]) <= work.today:
            raise Invalid(name, "Enter a day in the future")
    return given


def _who(work: Work, given: Given) -> Given:
    for name in PEOPLE:
        if name in given and not works_here(work.session, work.council, given[name], work.today):
            raise Invalid(name, "Choose somebody who works for the council")
    if "editor_two" in given and given["editor_two"] == given.get("editor_one"):
        raise Invalid("editor_two", "Choose somebody other than the first editor")
    if "login_mailbox" in given and _is_somebodys(work, given["login_mailbox"]):
        raise Invalid("login_mailbox", "That is somebody’s own address. Enter a mailbox that several people can open")
    return given


def _is_somebodys(work: Work, mailbox: str) -> bool:
    own = select(Person.id).join(Employment, Employment.person_id == Person.id)
    own = own.where(Employment.council_id == work.council, Person.email == mailbox.casefold())
    return work.session.scalar(own.limit(1)) is not None


_CHECKS: dict[str, Callable[[Work, Given], Given]] = {"where": _where, "run": _run, "who": _who}
