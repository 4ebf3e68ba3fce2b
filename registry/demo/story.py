"""The demonstration's story, told through the register's own acts."""

from registry.core.house import House
from registry.councils import actions as councils
from registry.councils.models import DISTRICT, FULL, PARISH
from registry.custody.opening import enter_canary
from registry.identity.actions import people
from registry.identity.models import Person
from registry.identity.passwords import Passwords
from registry.vocabulary.permissions import Role

PASSWORD = "demonstration only 2026"  # noqa: S105 (made known on purpose: the data is made up)


def load(house: House, passwords: Passwords) -> None:
    """Load the demonstration."""
    with house.work(None, None, "demo") as work:
        councils.set_up(work, is_demo=True)
        enter_canary(work, house.settings.root_key_file)
        made = [
            councils.add_council(work, "riverton", "Riverton District Council", chain=[r.value for r in DISTRICT]),
            councils.add_council(work, "hillford", "Hillford City Council", chain=[r.value for r in FULL]),
            councils.add_council(work, "little-mere", "Little Mere Parish Council", chain=[r.value for r in PARISH]),
        ]
    kept = passwords.hash(PASSWORD)
    for council in made:
        with house.work(None, council, "demo") as work:
            for role in (Role.CLERK, Role.COMMS, Role.MANAGER, Role.MANAGEMENT_TEAM, Role.AUDITOR, Role.ADMINISTRATOR):
                name = f"{role.value.replace('_', ' ').title()} of {council.slug.title()}"
                joiner = people.Joiner(name, f"{role.value}@{council.slug}.example", council.title(role), work.today)
                person: Person = people.add_person(work, joiner).person
                person.password_hash = kept
                people.grant_role(work, person.id, role, work.today, None)
