"""A council on SQLite whose whole state can be looked at and put back in a moment: to try every form on the same state.

What a form may change is decided in Python, the same on both databases; putting a file back is what SQLite is good at.
"""

import sqlite3
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from registry.accounts.models import Account, AccountState, ServiceArea
from registry.identity.actions import people
from registry.identity.models import Person
from registry.leavers.actions import suspend
from registry.policies.models import Policy, PolicyVersion
from registry.requests.models import AccountRequest
from registry.training.models import CourseKind
from registry.vocabulary.permissions import GRANTABLE, Role
from tests.doors.filled import Box, Form, Sent, forms_of
from tests.doors.objects import one_of_everything
from tests.doors.table import doors
from tests.doors.test_matrix import knocks
from tests.world import World

State = dict[tuple[str, int, str], Any]
NOT_COMPARED = ("sign_in_sessions", "audit_entries", "audit_heads", "audit_sealed", "forms_sent")
"""What every request adds to by itself."""
SPOKEN = "marrow candle Thursday piano"
GIVEN: dict[str, dict[str, str]] = {
    "accounts.change": {"paired": "", "trial_ends_on": "", "planned_end_on": "", "authorised_on": "1 11 2025"},
    "accounts.import_columns": {"column_0": "url"},
    "accounts.import_file": {"file": "Link,Name\nhttps://x.com/Newcomer,Newcomer"},
    "accounts.rename": {"address": "NewHandle"},
    "activity.import_file": {"file": "date,posts\n2026-11-01,2"},
    "activity.record": {"posted_on": "1 11 2026"},
    "councils.change_colours": {"brand_colour": "#123456"},
    "councils.measures": {"review_low": "300"},
    "councils.keepers": {"outside": "keeper@outside.example"},
    "councils.names": {"website": "https://exampleton.example"},
    "custody.deposit": {"press": "", "value": SPOKEN, "again": SPOKEN, "generated": ""},
    "custody.destroy": {"handle": "Ownarea"},
    "custody.replace": {"press": "", "value": SPOKEN, "again": SPOKEN, "generated": ""},
    "custody.reveal": {"words": "Posting about the fair"},
    "identity.add_person": {"email": "new.person@exampleton.example"},
    "policies.add": {"opens_gate": ""},
    "policies.edit_draft": {"text": "# Another text", "file": ""},
    "policies.start_draft": {"version": "7", "text": "# Another text", "file": ""},
    "policies.publish": {"is_minor": ""},
    "requests.part": {"platform": "x", "handle": "NewHandle"},
    "training.record": {"completed_on": "1 11 2026"},
}
"""What a form needs that no filling by rote finds; by its door."""

ENDS = ("", "-wal", "-shm")
NOT_SHOWN = {
    "closures.start": ("public_message",),
    "closures.drop": ("why",),
    "rotations.tick": ("item", "done"),
    "identity.reset_factors": ("evidence",),
}
"""Fields that a form lists which none of these pages shows: on a second page, or with things in another state."""
_made: dict[str, Any] = {}
"""What the first of these tests made, for the others."""


class Held:
    """One of everything here and in another council, and somebody here with every hat who may use an account.

    `forms`: by its door and what it lists, every form that this person is shown on the council's pages; and for each
    door that no page here leads to, one that lists nothing.
    """

    def __init__(self, app: Flask, world: World) -> None:
        self.app, self.world = app, world
        self.path = Path(str(world.house.database.engine.url.database))
        self.client: FlaskClient = app.test_client()
        if not _made:
            _made.update(self._make())
            _made["kept"] = {
                end: _beside(self.path, end).read_bytes() for end in ENDS if _beside(self.path, end).exists()
            }
        self.mine: dict[str, Any]
        self.theirs: dict[str, Any]
        self.mine, self.theirs, self.who = _made["mine"], _made["theirs"], _made["who"]
        self.forms: dict[tuple[str, frozenset[str]], Form] = _made["forms"]
        self.put_back()

    def _make(self) -> dict[str, Any]:
        world = self.world
        mine = one_of_everything(world, "Own area")
        with world.house.reading() as session:
            area = session.get_one(ServiceArea, mine["area_id"])
        who = world.cleared(area, "Every Hat")
        with world.work() as work:
            for role in GRANTABLE:
                people.grant_role(work, who.id, role, world.day(-300), None)
        theirs, pages = one_of_everything(world.another(), "Their area"), _more_states(world, who.id)
        world.sign_in(self.client, who)
        return {"mine": mine, "theirs": theirs, "who": who, "area": area, "forms": self._forms(mine, pages)}

    def _forms(self, mine: dict[str, Any], pages: list[str]) -> dict[tuple[str, frozenset[str]], Form]:
        addresses = {door: address for door, _, address in knocks(self.app, self.world, mine)}
        shown = [address for door, address in addresses.items() if door.startswith("GET ")]
        router = self.app.url_map.bind("localhost")
        found: dict[tuple[str, frozenset[str]], Form] = {}
        for address in shown + [self.world.path(page) for page in pages]:
            answer = self.client.get(address)
            for form in forms_of(answer.text if answer.status_code == 200 else "", address):
                if form.action.startswith("/c/"):
                    endpoint, _ = router.match(form.action.split("?")[0], method="POST")
                    form.boxes |= _not_shown(endpoint)
                    found.setdefault((endpoint, frozenset(form.boxes)), form)
        reached = {endpoint for endpoint, _ in found}
        for door in doors():
            method, endpoint = door.split()
            if method == "POST" and endpoint not in reached:
                found[endpoint, frozenset()] = Form(addresses[door], _not_shown(endpoint))
        return found

    def sent(self, endpoint: str, form: Form) -> Sent:
        """What a diligent person sends with this form."""
        return form.sent(GIVEN.get(endpoint, {}))

    def post(self, form: Form, sent: Sent) -> Any:
        """Send a form."""
        return self.client.post(form.action, data=sent)

    def put_back(self, who: Person | None = None) -> None:
        """Be again in the state in which the pages were read, with somebody signed in."""
        self.world.house.database.engine.dispose()
        self.world.house.behind.engine.dispose()
        for end in ENDS:
            _beside(self.path, end).unlink(missing_ok=True)
            if end in _made["kept"]:
                _beside(self.path, end).write_bytes(_made["kept"][end])
        self.world.sign_in(self.client, who or self.who)

    def state(self) -> State:
        """Every cell of every table, but for what each request notes of itself."""
        found: State = {}
        with sqlite3.connect(self.path) as database:
            for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                rows = database.execute(f"SELECT rowid, * FROM {table}")
                names = [column[0] for column in rows.description]
                for row in rows if table not in NOT_COMPARED else ():
                    found.update({(table, row[0], name): value for name, value in zip(names, row, strict=True)})
        database.close()
        return found


def _not_shown(endpoint: str) -> dict[str, Box]:
    return {name: Box("textarea", [""]) for name in NOT_SHOWN.get(endpoint, ())}


def _beside(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)


def changes(before: State, after: State) -> State:
    """The cells that are new or different, and None for those that are gone."""
    return {key: after.get(key) for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def _more_states(world: World, person_id: int) -> list[str]:
    """Things in states that show other forms; the pages that show them."""
    council, now = world.council.id, world.clock.now()
    area = world.add(ServiceArea(council_id=council, name="Ended area", ended_on=world.day(-3)))
    course = world.course(CourseKind.AWARENESS, name="Retired course", retired_on=world.day(-3))
    policy = world.add(Policy(council_id=council, title="Other policy"))
    draft: PolicyVersion = world.add(
        PolicyVersion(council_id=council, policy_id=policy.id, version="1", text="# T", text_hash="x", saved_at=now)
    )
    request: AccountRequest = world.add(
        AccountRequest(council_id=council, asker_id=person_id, answers={}, started_at=now)
    )
    other = world.account(world.area("Third area"), handle="Third")
    coming: Account = world.account(world.area("Fourth area"), handle="Fourth", state=AccountState.AUTHORISED)
    away, keeper = world.person("Somebody Suspended"), world.person("Some Keeper", Role.CLERK)
    with world.work(keeper) as work:
        suspend(work, away.id, "To be looked into", "")
    return [
        f"service-areas/{area.id}",
        "service-areas?show=ended",
        f"training/courses/{course.id}/change",
        *(f"policies/versions/{draft.id}/{page}" for page in ("edit", "discard", "publish")),
        *(f"requests/{request.id}/{page}" for page in ("parts/where", "parts/why", "check")),
        f"accounts/{other.id}/reviews",
        f"accounts/{other.id}/close",
        f"accounts/{other.id}/close?ending=mothball",
        f"accounts/{coming.id}",
        f"people/{away.id}",
        f"service-areas/{world.area('Fifth area').id}/end",
    ]
