"""Signing in to a demonstration by choosing a person. A database without the mark has no such page."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from registry.core.errors import NotFound
from registry.councils.queries import find_installation, list_councils
from registry.identity.actions import sign_in as acts
from registry.identity.factors import FirstStep
from registry.identity.models import Person
from registry.identity.queries import list_people, role_grants
from registry.identity.views.browser import browser_name, enter, network_name, wanted_page
from registry.identity.views.room import room
from registry.web import context
from registry.web.arguments import whole
from registry.web.guard import public
from registry.web.pages import show


def assert_demo() -> None:
    """A register with real people in it can never be entered this way."""
    installation = find_installation(context.db())
    if installation is None or not installation.is_demo:
        raise NotFound


@room.get("/demo")
@public
def demo_people() -> ResponseReturnValue:
    """The people of the demonstration, by council, with their hats."""
    assert_demo()
    on, shown = context.today(), []
    for council in list_councils(context.db()):
        hats: dict[int, list[str]] = {}
        with context.house().reading(council) as session:
            for grant in session.scalars(role_grants(council.id, on)):
                hats.setdefault(grant.person_id, []).append(council.title(grant.role))
            people = list_people(session, council.id, on)
        people.sort(key=lambda e: (e.person_id not in hats, e.person.name))
        shown.append({"council": council, "people": people, "hats": hats})
    return show("identity/demo.html", councils=shown)


@room.post("/demo")
@public
def demo_sign_in() -> ResponseReturnValue:
    """Become the chosen person."""
    assert_demo()
    with context.work() as work:
        person = work.session.get(Person, whole(request.form.get("person")) or 0)
        if person is None:
            raise NotFound
        admitted = acts.admit(
            work, person, browser_name(), confirmed=False, first=FirstStep.CHOSEN, network=network_name()
        )
    enter(admitted)
    return redirect(url_for("identity.start") if "next" not in request.args else wanted_page())
