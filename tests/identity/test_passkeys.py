"""Passkeys: made and used by their own person, for this register, once; whatever is changed on the way is refused."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.core.errors import Conflict
from registry.core.settings import Settings
from registry.councils.models import Council
from registry.identity.actions import half
from registry.identity.factors import Step
from registry.identity.models import Person
from registry.identity.passkeys import Party, address_for_passkeys, named_in, party_at, read_new, uses_after
from registry.identity.tokens import hash_of
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.identity.authenticator import PRESENT, Authenticator
from tests.identity.test_sign_in import comes_in, with_password
from tests.world import PASSWORD, World, code_now

HERE = "http://localhost"
CHALLENGE = "/sign-in/passkey/challenge"


def post(client: FlaskClient, path: str, **data: str):
    return client.post(path, base_url=HERE, data=data)


def enrolled(client: FlaskClient, world: World, person: Person) -> Authenticator:
    """Somebody's device, after their first sign-in."""
    device = Authenticator()
    assert enter_here(client, person).headers["Location"].startswith("/sign-in/second-step")
    made = device.makes(post(client, CHALLENGE).json)
    assert "Your recovery codes" in post(client, "/sign-in/set-up/passkey", passkey=made, name="Laptop").text
    post(client, "/sign-out")
    return device


def enter_here(client: FlaskClient, person: Person):
    return post(client, "/sign-in", email=person.email, password=PASSWORD)


@pytest.fixture
def ann(world: World) -> Person:
    return world.has_password(world.person("Ann Example", Role.CLERK))


def test_a_passkey_alone_lets_its_person_in(client: FlaskClient, world: World, ann: Person) -> None:
    device = enrolled(client, world, ann)
    options = post(client, f"{CHALLENGE}?by=itself").json
    assert options["allowCredentials"] == []  # nothing tells a stranger whose passkeys there are
    assert options["userVerification"] == "required"
    assert post(client, "/sign-in/passkey", passkey=device.signs(options)).headers["Location"] == "/"
    assert "Passkey" in client.get("/me/sessions", base_url=HERE).text


def test_a_passkey_is_the_second_step_after_the_password(client: FlaskClient, world: World, ann: Person) -> None:
    device = enrolled(client, world, ann)
    enter_here(client, ann)
    options = post(client, CHALLENGE).json
    assert len(options["allowCredentials"]) == 1
    assert post(client, "/sign-in/second-step", passkey=device.signs(options)).headers["Location"] == "/"


def test_a_passkey_shown_on_the_way_counts_where_a_role_wants_one(
    client: FlaskClient, world: World, ann: Person
) -> None:
    device = enrolled(client, world, ann)
    world.has_app(ann)
    enter_here(client, ann)
    assert post(client, "/sign-in/second-step", code=code_now(ann.email, world.clock)).headers["Location"] == "/"
    with world.work(ann) as work:
        work.session.get_one(Council, world.council.id).passkey_roles = ["clerk"]
        work.record(Event.DEMO_MADE)
    people = world.path("people")
    assert client.get(people, base_url=HERE).headers["Location"].startswith("/me/passkey-needed")
    answer = device.signs(post(client, "/me/passkey/challenge").json)
    assert post(client, f"/confirm?next={people}", passkey=answer).headers["Location"] == people
    assert client.get(people, base_url=HERE).status_code == 200


def test_no_answer_is_taken_twice_or_for_another_question(client: FlaskClient, world: World, ann: Person) -> None:
    device = enrolled(client, world, ann)
    enter_here(client, ann)
    old = device.signs(post(client, CHALLENGE).json)
    fresh = post(client, CHALLENGE).json
    assert post(client, "/sign-in/second-step", passkey=old).status_code == 422
    late = device.signs(fresh)
    assert post(client, "/sign-in/second-step", passkey=late).status_code == 422  # the question was used up
    answer = device.signs(post(client, CHALLENGE).json)
    assert post(client, "/sign-in/second-step", passkey=answer).status_code == 302
    post(client, "/sign-out")
    enter_here(client, ann)
    post(client, CHALLENGE)
    assert post(client, "/sign-in/second-step", passkey=answer).status_code == 422


def test_a_question_is_good_for_five_minutes(client: FlaskClient, world: World, ann: Person) -> None:
    device = enrolled(client, world, ann)
    enter_here(client, ann)
    answer = device.signs(post(client, CHALLENGE).json)
    world.clock.advance(minutes=5, seconds=1)
    assert post(client, "/sign-in/second-step", passkey=answer).status_code == 422


@pytest.mark.parametrize(
    "lies",
    [
        {"origin": "https://false.example"},
        {"origin": "http://localhost:1"},
        {"rp": "false.example"},
        {"flags": PRESENT},
        {"flags": 0},
        {"count": 0},
        {"challenge": "AAAA"},
        {"type": "webauthn.create"},
    ],
)
def test_a_lie_lets_nobody_in(client: FlaskClient, world: World, ann: Person, lies: dict[str, Any]) -> None:
    device = enrolled(client, world, ann)
    device.count = 5 if "count" in lies else device.count
    if "count" in lies:  # first an honest use, so that a copy of the device would count behind it
        honest = device.signs(post(client, f"{CHALLENGE}?by=itself").json)
        assert post(client, "/sign-in/passkey", passkey=honest).status_code == 302
        post(client, "/sign-out")
        lies = {"count": 6}
    options = post(client, f"{CHALLENGE}?by=itself").json
    assert post(client, "/sign-in/passkey", passkey=device.signs(options, **lies)).headers["Location"] == "/sign-in"
    assert client.get("/me/sessions", base_url=HERE).status_code == 302


def test_an_answer_nested_without_end_is_refused_like_any_other(client: FlaskClient) -> None:
    post(client, f"{CHALLENGE}?by=itself")
    assert post(client, "/sign-in/passkey", passkey="[" * 15_000).headers["Location"] == "/sign-in"


def test_a_passkey_says_whose_it_is_and_is_believed_only_of_its_own(
    client: FlaskClient, world: World, ann: Person
) -> None:
    device, ben = enrolled(client, world, ann), world.has_password(world.person("Ben Example"))
    theirs = enrolled(client, world, ben)
    options = post(client, f"{CHALLENGE}?by=itself").json
    swapped = device.signs(options, handle=theirs.handle)
    assert post(client, "/sign-in/passkey", passkey=swapped).headers["Location"] == "/sign-in"
    enter_here(client, ann)
    foreign = theirs.signs(post(client, CHALLENGE).json)
    assert post(client, "/sign-in/second-step", passkey=foreign).status_code == 422


def test_a_leavers_passkey_opens_nothing(client: FlaskClient, world: World, ann: Person) -> None:
    device = enrolled(client, world, ann)
    world.leaves(ann)
    options = post(client, f"{CHALLENGE}?by=itself").json
    assert post(client, "/sign-in/passkey", passkey=device.signs(options)).headers["Location"] == "/sign-in"


def test_half_in_nobody_adds_a_passkey_beside_the_one_that_is_asked_for(client: FlaskClient, world: World) -> None:
    ann = with_password(world)
    enter_here(client, ann)
    options = post(client, CHALLENGE).json
    assert "user" not in options
    made = Authenticator().makes({**options, "user": {"id": ""}, "rp": {"id": "localhost"}})
    assert post(client, "/sign-in/set-up/passkey", passkey=made, name="Mine").status_code == 409
    assert post(client, "/sign-in/set-up", kind="app").status_code == 409


def test_one_more_is_made_only_with_fresh_proof(client: FlaskClient, world: World) -> None:
    ann = with_password(world)
    comes_in(client, world, ann.email)
    device = Authenticator()
    made = device.makes(post(client, "/me/passkey/challenge?make=1").json)
    world.clock.advance(minutes=5, seconds=1)
    assert "Confirm that it is you" in post(client, "/me/two-step/passkey", passkey=made, name="Key").text
    proof = post(client, "/me/passkey/challenge").json
    assert proof["allowCredentials"] == []  # she has an app only


@pytest.mark.parametrize(
    ("base_url", "host", "party"),
    [
        ("https://register.example", "register.example", Party("register.example", "https://register.example")),
        ("https://register.example:8443", "register.example:8443", Party("register.example", "https://register.example:8443")),
        ("https://register.example", "other.example", None),
        ("https://192.0.2.7", "192.0.2.7", None),
        ("http://127.0.0.1:8000", "localhost:8000", Party("localhost", "http://localhost:8000")),
        ("http://127.0.0.1:8000", "127.0.0.1:8000", None),
        ("http://localhost:8000", "localhost:9000", Party("localhost", "http://localhost:9000")),
    ],
)  # fmt: skip
def test_passkeys_are_bound_to_the_registers_own_name(base_url: str, host: str, party: Party | None, tmp_path) -> None:
    assert party_at(Settings(instance=tmp_path, base_url=base_url), host) == party


def test_pages_tell_where_passkeys_work(tmp_path) -> None:
    def told(base_url: str, host: str) -> str:
        return address_for_passkeys(Settings(instance=tmp_path, base_url=base_url), host)

    assert told("http://127.0.0.1:8000", "127.0.0.1:8000") == "http://localhost:8000"
    assert told("http://127.0.0.1", "127.0.0.1") == "http://localhost"
    assert told("https://register.example", "other.example") == "https://register.example"
    assert told("https://192.0.2.7", "192.0.2.7") == ""


PARTY, QUESTION = Party("localhost", HERE), b"q" * 32


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.recursive(st.none() | st.text(max_size=20) | st.integers(), lambda more: st.dictionaries(
    st.sampled_from(["id", "rawId", "type", "response", "clientDataJSON", "attestationObject", "signature",
                     "authenticatorData", "userHandle"]), more, max_size=6), max_leaves=8))  # fmt: skip
def test_nonsense_is_refused_without_a_fault(said: Any) -> None:
    answer = json.dumps(said)
    assert read_new(PARTY, QUESTION, answer) is None
    assert uses_after(PARTY, QUESTION, answer, b"no key", 0) is None
    assert isinstance(named_in(answer), tuple)


def test_every_changed_byte_of_an_answer_is_noticed() -> None:
    from tests.identity.authenticator import bytes_of, text_of

    device = Authenticator()
    asked = {"user": {"id": text_of(bytes.fromhex(hash_of("somebody")))}, "challenge": text_of(QUESTION)}
    made = read_new(PARTY, QUESTION, device.makes({**asked, "rp": {"id": "localhost"}}))
    assert made is not None
    answer = json.loads(device.signs({"rpId": "localhost", "challenge": text_of(QUESTION)}))
    assert uses_after(PARTY, QUESTION, json.dumps(answer), made.public_key, 0) == 1
    for part in ("authenticatorData", "signature", "clientDataJSON"):
        raw = bytes_of(answer["response"][part])
        for at in range(0, len(raw), 7):
            bent = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
            changed = {**answer, "response": {**answer["response"], part: text_of(bent)}}
            assert uses_after(PARTY, QUESTION, json.dumps(changed), made.public_key, 0) is None


def test_what_was_not_asked_for_or_is_known_already_is_not_added(client: FlaskClient, world: World) -> None:
    comes_in(client, world, with_password(world).email)
    device = Authenticator()
    for answer in ("{}", device.makes(post(client, "/me/passkey/challenge?make=1").json, challenge="AAAA")):
        assert post(client, "/me/two-step/passkey", passkey=answer, name="Key").status_code == 422
    for status in (302, 409):
        made = device.makes(post(client, "/me/passkey/challenge?make=1").json)
        assert post(client, "/me/two-step/passkey", passkey=made, name="Key").status_code == status


def test_a_half_that_is_gone_lets_nobody_in(world: World) -> None:
    ann = world.person("Ann Example")
    with pytest.raises(Conflict), world.house.work(None, None, "test") as work:
        half.complete(work, 999, work.session.merge(ann), Step.APP, "a browser", "")
