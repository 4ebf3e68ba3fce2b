"""From authorised to live: ticks, the gate, what the trail keeps."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from registry.accounts.models import Account, AccountState
from registry.audit.models import Entry
from registry.core.errors import Conflict, NotFound, Refused
from registry.custody.models import Credential, Kind
from registry.identity.models import Person
from registry.launch import actions
from registry.launch.actions import Tick
from registry.launch.queries import readiness, readiness_of
from registry.launch.rules import READY
from registry.vocabulary.permissions import Role
from tests.world import World


def authorised(world: World, platform: str = "x", **facts: Any) -> Account:
    """An account that only its editors keep from going live."""
    made = {"two_step_on": True, "linked_from_website": True, "last_reviewed_on": world.day(-1)} | facts
    area = world.area(f"Area of {platform}")
    return world.account(area, platform, f"Example{platform}", state=AccountState.AUTHORISED, **made)


def credential(world: World, account: Account, **facts: Any) -> Credential:
    """A password in custody."""
    made: Credential = world.add(
        Credential(
            council_id=world.council.id,
            account_id=account.id,
            **{"kind": Kind.PASSWORD, "current_version": 1, **facts},
            deposited_at=world.clock.now(),
            changed_at=world.clock.now(),
        )
    )
    return made


def editors(world: World, account: Account, *names: str) -> None:
    """Cleared editors of the account's area."""
    for name in names:
        world.cleared(fresh(world, account).service_area, name)


def fresh(world: World, account: Account) -> Account:
    with world.house.reading() as session:
        return session.get_one(Account, account.id)


def last_entry(world: World) -> dict[str, Any]:
    with world.house.reading() as session:
        body = session.scalar(
            select(Entry.body).where(Entry.chain == world.council.id).order_by(Entry.seq.desc()).limit(1)
        )
    return json.loads(body or "{}")


@pytest.fixture
def comms(world: World) -> Person:
    return world.person("Cora Comms", Role.COMMS)


def test_an_account_that_is_ready_goes_live(world: World, comms: Person) -> None:
    account = authorised(world)
    credential(world, account)
    editors(world, account, "Ann Example", "Bob Example")
    with world.work(comms) as work:
        actions.go_live(work, account.id)
    live = fresh(world, account)
    assert (live.state, live.live_on) == (AccountState.LIVE, world.today)
    entry = last_entry(world)
    assert (entry["act"], entry["account"], entry["detail"]["warnings"]) == ("account.went_live", account.id, [])


def test_going_live_with_one_editor_keeps_the_shortfall_in_the_trail(world: World, comms: Person) -> None:
    account = authorised(world)
    credential(world, account)
    editors(world, account, "Ann Example")
    with world.work(comms) as work:
        actions.go_live(work, account.id)
    assert last_entry(world)["detail"]["warnings"] == ["1 of 2 editors are cleared. (002 §19.2)"]


def test_an_account_that_is_not_ready_stays_authorised_and_the_refusal_is_kept(world: World, comms: Person) -> None:
    account = authorised(world, two_step_on=False)
    with pytest.raises(Refused) as refused, world.work(comms) as work:
        actions.go_live(work, account.id)
    assert len(refused.value.reasons) == 3
    assert fresh(world, account).state is AccountState.AUTHORISED
    assert last_entry(world)["outcome"] == "refused"


def test_only_an_authorised_account_goes_live(world: World, comms: Person) -> None:
    account = world.account(world.area())
    with pytest.raises(Conflict), world.work(comms) as work:
        actions.go_live(work, account.id)


def test_ticking_a_step_is_kept_in_the_trail_and_can_be_taken_back(world: World, comms: Person) -> None:
    account = authorised(world, linked_from_website=False)
    for done in (True, True, False):
        with world.work(comms) as work:
            actions.tick(work, account.id, Tick.LINKED, done)
        assert fresh(world, account).linked_from_website is done
    with world.house.reading() as session:
        acts = list(
            session.scalars(select(Entry.act).where(Entry.chain == world.council.id, Entry.account_id == account.id))
        )
    assert acts.count("account.changed") == 2


def test_nothing_is_ticked_once_the_account_has_ended(world: World, comms: Person) -> None:
    account = world.account(world.area(), state=AccountState.CLOSED)
    with pytest.raises(Refused), world.work(comms) as work:
        actions.tick(work, account.id, Tick.TWO_STEP, True)


def test_another_councils_account_is_not_there(world: World) -> None:
    account = authorised(world)
    other = world.another()
    stranger = other.person("Otto Other", Role.COMMS)
    for act in (
        lambda work: actions.go_live(work, account.id),
        lambda work: actions.tick(work, account.id, Tick.LINKED, True),
        lambda work: readiness_of(work.session, work.council, account.id, work.today),
    ):
        with pytest.raises(NotFound), other.work(stranger) as work:
            act(work)


def test_judging_one_account_and_asking_the_whole_table_agree(world: World) -> None:
    world.policy()
    accounts = [
        authorised(world, "x"),
        authorised(world, "instagram", two_step_on=False),
        authorised(world, "bluesky", linked_from_website=False),
        authorised(world, "threads", last_reviewed_on=None),
        authorised(world, "linkedin"),
        authorised(world, "pinterest"),
        authorised(world, "tumblr"),
        authorised(world, "youtube"),
    ]
    for account in accounts[:4]:
        credential(world, account)
    credential(world, accounts[5], destroyed_at=world.clock.now())
    credential(world, accounts[6], kind=Kind.TOTP)
    for account in accounts[:7]:
        editors(world, account, f"Editor of {account.platform}")
    with world.house.reading() as session:
        table = readiness(world.today).where(Account.council_id == world.council.id).subquery()
        ready = {row.account_id for row in session.execute(select(table).where(READY.holds(table.c, world.today)))}
        for account in accounts:
            judged = READY.judge(readiness_of(session, world.council.id, account.id, world.today), world.today)
            assert bool(judged) == (account.id in ready), account.platform
    assert {account.platform for account in accounts if account.id in ready} == {"x", "linkedin"}


def test_the_page_of_an_authorised_account_leads_it_to_live(world: World, comms: Person, client: FlaskClient) -> None:
    account = authorised(world, linked_from_website=False)
    credential(world, account)
    editors(world, account, "Ann Example")
    world.sign_in(client, comms)
    page = client.get(world.path(f"accounts/{account.id}")).text
    assert "It cannot go live yet." in page
    assert "Record it as live" not in page
    assert client.post(world.path(f"accounts/{account.id}/go-live")).status_code == 403
    client.post(world.path(f"accounts/{account.id}/checklist"), data={"what": "linked_from_website", "done": "yes"})
    assert "Record it as live" in client.get(world.path(f"accounts/{account.id}")).text
    answer = client.post(world.path(f"accounts/{account.id}/go-live"), follow_redirects=True)
    assert "is live" in answer.text
    assert client.post(world.path(f"accounts/{account.id}/go-live")).status_code == 409


def test_the_doors_of_the_checklist_keep_to_their_keepers(world: World, client: FlaskClient) -> None:
    account = authorised(world)
    world.sign_in(client, world.person("Sam Staff"))
    for door in ("go-live", "checklist"):
        assert client.post(world.path(f"accounts/{account.id}/{door}")).status_code == 403
    world.sign_in(client, world.person("Cora Comms", Role.COMMS))
    assert client.post(world.path(f"accounts/{account.id}/checklist"), data={"what": "handle"}).status_code == 404
    other = world.another()
    stranger = authorised(other)
    assert client.post(world.path(f"accounts/{stranger.id}/go-live")).status_code == 404
