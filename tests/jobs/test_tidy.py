"""Tidying: what is spent goes after its time, what is in use stays, and the trail says so."""

import json
from datetime import timedelta

import sqlalchemy as sa
from flask.testing import FlaskClient

from registry.accounts.models import ImportBatch
from registry.audit.models import Entry
from registry.custody.models import Credential, Kind, Purpose, RevealGrant, SecretVersion
from registry.identity.actions.links import ask_reset, make_link
from registry.identity.models import LinkPurpose, PasswordLink, SignInSession
from registry.jobs.models import JobRun, RunState
from registry.jobs.tidy import tidy
from registry.outbox.actions import post
from registry.outbox.links import PLACE, whole_body
from registry.outbox.models import Message
from registry.throttle.models import Attempt
from registry.vocabulary.events import Event
from tests.world import World


def count(world: World, kind: type) -> int:
    with world.house.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(kind)) or 0


def test_a_register_with_nothing_spent_is_left_alone(world: World) -> None:
    assert tidy(world.house) == {}
    with world.house.reading() as session:
        assert not session.scalars(sa.select(Entry).where(Entry.act == Event.TIDIED.value)).all()


def test_sign_ins_go_thirty_days_after_their_end_and_attempts_after_a_day(world: World, client: FlaskClient) -> None:
    person = world.person("Ann Example")
    world.sign_in(client, person)
    world.add(Attempt(lane="0" * 64, at=world.clock.now()))
    world.clock.advance(days=1)
    assert tidy(world.house) == {}
    world.clock.advance(days=29)
    assert tidy(world.house) == {"attempts": 1}
    world.clock.advance(seconds=1)
    assert tidy(world.house) == {"sign_in_sessions": 1}
    assert count(world, SignInSession) == 0


def test_links_that_were_used_or_ran_out_go_after_a_day(world: World) -> None:
    person = world.person("Ann Example")
    with world.work() as work:
        make_link(work, person, LinkPurpose.SET_UP)
    with world.work() as work:
        make_link(work, person, LinkPurpose.SET_UP)  # the first counts as used
    world.clock.advance(days=1, seconds=1)
    assert tidy(world.house) == {"password_links": 1}
    world.clock.advance(days=3)
    assert tidy(world.house) == {"password_links": 1}
    assert count(world, PasswordLink) == 0


def test_a_message_forgets_its_link_when_it_has_run_out_and_stays_itself(world: World) -> None:
    person = world.person("Ann Example")
    with world.work() as work:
        ask_reset(work, person.email, "https://register.example/new-password/{token}")
    world.clock.advance(minutes=20)
    assert tidy(world.house) == {}
    world.clock.advance(seconds=1)
    assert tidy(world.house) == {"links in messages": 1}
    with world.house.reading() as session:
        message = session.scalars(sa.select(Message)).one()
        assert (message.sealed_link, message.link_until) == (None, None)
        assert whole_body(world.house.auth_key, message) == message.body
    assert PLACE in message.body


def test_a_message_goes_a_year_and_a_month_after_it_was_written_sent_or_not(world: World) -> None:
    with world.work() as work:
        post(work, "ann@exampleton.example", "Notice", "Body", dedupe="notice")
    world.clock.advance(days=400)
    assert tidy(world.house) == {}
    world.clock.advance(seconds=1)
    assert tidy(world.house) == {"outbox_messages": 1}
    assert count(world, Message) == 0


def test_a_spreadsheet_nobody_applied_goes_after_a_week_and_an_applied_one_stays(world: World) -> None:
    person = world.person("Ann Example")
    facts = {"council_id": world.council.id, "person_id": person.id, "headings": [], "rows": [], "mapping": {}}
    world.add(
        ImportBatch(filename="left.csv", uploaded_at=world.clock.now(), **facts),
        ImportBatch(filename="done.csv", uploaded_at=world.clock.now(), applied_at=world.clock.now(), **facts),
    )
    world.clock.advance(days=7)
    assert tidy(world.house) == {}
    world.clock.advance(seconds=1)
    assert tidy(world.house) == {"import_batches": 1}


def test_a_grant_to_see_a_password_goes_the_day_after_and_the_trail_says_so(world: World, client: FlaskClient) -> None:
    person, account = world.person("Ann Example"), world.account(world.area())
    world.sign_in(client, person)
    council, now = world.council.id, world.clock.now()
    held = world.add(
        Credential(
            council_id=council, account_id=account.id, kind=Kind.PASSWORD, current_version=1,
            deposited_at=now, changed_at=now,
        )
    )  # fmt: skip
    version = world.add(
        SecretVersion(
            council_id=council, credential_id=held.id, version=1, envelope=b"sealed", fingerprint=b"0" * 32,
            deposited_by=person.id, deposited_at=now,
        )
    )  # fmt: skip
    with world.house.reading() as session:
        session_id = session.scalars(sa.select(SignInSession.id)).one()
    world.add(
        RevealGrant(
            council_id=council, token_hash="0" * 64, secret_version_id=version.id, person_id=person.id,
            session_id=session_id, purpose=Purpose.VALUE, reason="A post", granted_at=now,
            expires_at=now + timedelta(seconds=60),
        )
    )  # fmt: skip
    world.clock.advance(days=1, seconds=60)
    assert tidy(world.house) == {}
    world.clock.advance(seconds=1)
    assert tidy(world.house) == {"reveal_grants": 1}
    with world.house.reading() as session:
        entry = session.scalars(sa.select(Entry).where(Entry.act == Event.TIDIED.value)).one()
    assert json.loads(entry.body)["detail"]["rows"] == 1


def test_runs_are_kept_for_four_hundred_days(world: World) -> None:
    now = world.clock.now()
    world.add(JobRun(job="sweep", due_at=now, state=RunState.FINISHED, host="here", started_at=now, finished_at=now))
    world.clock.advance(days=400)
    assert tidy(world.house) == {}
    world.clock.advance(seconds=1)
    assert tidy(world.house) == {"job_runs": 1}
