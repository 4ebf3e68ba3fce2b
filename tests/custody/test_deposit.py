"""Putting credentials into custody and replacing them (002 §19.2; PRODUCT §5)."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from registry.accounts.models import Account, AccountState
from registry.audit.models import Entry
from registry.core.errors import Conflict, Invalid, NotFound, Refused
from registry.core.secret import Secret
from registry.custody.actions import deposit as deposits
from registry.custody.actions import sealing
from registry.custody.actions.describe import describe
from registry.custody.actions.destroy import destroy
from registry.custody.models import CouncilKey, Credential, Kind, SecretVersion
from registry.custody.queries import has_credential
from registry.identity.models import Person
from registry.vocabulary.permissions import Role
from tests.custody.hall import SEED, VALUE, Hall, build, with_password
from tests.trail import whole
from tests.world import World


def entries(hall: Hall, act: str) -> list[dict[str, object]]:
    with hall.world.house.reading() as session:
        bodies = session.scalars(select(Entry.body).where(Entry.act == act).order_by(Entry.seq)).all()
    return whole(hall.world.house, *bodies)


def test_a_deposit_is_sealed_told_and_known_to_whoever_typed_it(hall: Hall) -> None:
    credential = hall.deposit(label="Main", sign_in_name="web@exampleton.example")
    with hall.world.house.reading() as session:
        version = session.scalars(select(SecretVersion)).one()
    assert VALUE.encode() not in (version.envelope or b"")
    assert hall.exposures(credential) == [(1, hall.ann.id, "typed", 1)]
    (told,) = entries(hall, "custody.deposited")
    assert told["account"] == hall.account.id
    assert told["detail"]["kind"] == "password"
    assert told["detail"]["account"] == "ExampleWaste"
    assert len(told["detail"]["envelope"]) == 64


def test_a_council_gets_its_key_at_its_first_deposit_and_keeps_it(hall: Hall) -> None:
    hall.deposit()
    hall.deposit(value="another value altogether")
    with hall.world.house.reading() as session:
        key = session.scalars(select(CouncilKey)).one()
    assert key.version == 1
    (made,) = entries(hall, "custody.key_made")
    assert made["detail"]["key"] == key.id.hex()


def test_only_whom_the_gate_lets_pass_may_deposit_even_the_clerk(hall: Hall) -> None:
    clerk = hall.world.person("Clerk", Role.CLERK)
    with pytest.raises(Refused, match="no confirmed editor training"):
        hall.deposit(by=clerk)
    hall.world.trained(clerk)
    hall.world.signed(clerk)
    assert hall.deposit(by=clerk).id
    refused = entries(hall, "act.refused")
    assert "You have no confirmed editor training. (002 §19.2, §11.4)" in refused[0]["detail"]["reasons"]


def test_an_editor_of_another_service_area_may_not_deposit(hall: Hall) -> None:
    other = build(hall.world, "ExampleParks", "Pat Example", "Parks")
    with pytest.raises(Refused, match="not named as an editor"):
        hall.deposit(by=other.ann)


def test_nothing_is_deposited_for_a_closed_account(hall: Hall) -> None:
    closed = hall.world.account(hall.area, handle="Old", state=AccountState.CLOSED)
    with pytest.raises(Refused, match="closed or handed over"):
        hall.deposit(account=closed)


def test_another_councils_account_is_not_there(hall: Hall) -> None:
    elsewhere = build(hall.world.another(), name="Olu Example")
    with pytest.raises(NotFound):
        hall.deposit(account=elsewhere.account)


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (Kind.PASSWORD, "  spaces count ", "  spaces count "),
        (Kind.TOTP, "jbsw y3dp ehpk 3pxp", f"otpauth://totp/?secret={SEED}&algorithm=SHA1&digits=6&period=30"),
        (Kind.RECOVERY_CODES, "1234 5678, abcd-efgh\nzyxw9876", "1234 5678\nabcd-efgh\nzyxw9876"),
        (Kind.API_TOKEN, " token-of-a-program\n", "token-of-a-program"),
    ],
)
def test_each_kind_is_kept_in_its_own_form(hall: Hall, kind: Kind, typed: str, kept: str) -> None:
    hall.allow_alone()
    whole = kind is Kind.RECOVERY_CODES or kind is Kind.TOTP
    assert hall.look(hall.deposit(kind, typed), whole=whole) == kept


@pytest.mark.parametrize(("kind", "typed"), [(Kind.TOTP, "not a seed 018"), (Kind.RECOVERY_CODES, "one")])
def test_what_is_no_seed_and_no_code_is_said_at_the_field(hall: Hall, kind: Kind, typed: str) -> None:
    with pytest.raises(Invalid) as fault:
        hall.deposit(kind, typed)
    assert fault.value.field == "value"
    assert typed not in fault.value.sentence
    with hall.world.house.reading() as session:
        assert session.scalars(select(Credential)).all() == []


def test_a_weak_or_shared_password_is_pointed_out_but_taken(hall: Hall) -> None:
    other = hall.world.account(hall.area, handle="ExampleTip", name="Example Tip")
    hall.deposit(value="ExampleWaste1", account=other)
    with hall.world.work(hall.ann) as work:
        brought = deposits.Deposit(Kind.PASSWORD, Secret("ExampleWaste1"))
        kept = deposits.deposit(work, hall.vault(work), hall.account.id, brought)
    assert kept.warnings == (
        "It is little more than the name of the account or the council.",
        "The same value is in custody for Example Tip.",
    )


def test_what_is_shared_with_an_earlier_version_or_another_kind_elsewhere_is_not_pointed_out(hall: Hall) -> None:
    other = hall.world.account(hall.area, handle="ExampleTip", name="Example Tip")
    first = hall.deposit(value="The first value of all", account=other)
    hall.replace(first, "The second value of all")
    for kind, value in ((Kind.API_TOKEN, "The second value of all"), (Kind.PASSWORD, "The first value of all")):
        with hall.world.work(hall.ann) as work:
            brought = deposits.Deposit(kind, Secret(value))
            assert deposits.deposit(work, hall.vault(work), hall.account.id, brought).warnings == ()


def test_a_destroyed_value_deposited_again_is_no_rotation(hall: Hall) -> None:
    """It would be due for nobody: whoever knew it before would not count as knowing it."""
    clerk, credential = hall.world.person("Clerk", Role.CLERK), hall.deposit()
    hall.replace(credential, "A second, better value")
    with hall.world.work(clerk) as work:
        destroy(work, credential.id, "ExampleWaste", "Made anew")
    for value in (VALUE, "A second, better value"):
        with pytest.raises(Invalid, match="was in custody for this account already"):
            hall.deposit(value=value)
    anew = hall.deposit(value="A third, also good value")
    with pytest.raises(Invalid, match="was in custody for this account already"):
        hall.replace(anew, VALUE)


@pytest.mark.parametrize(
    ("kind", "first", "same", "other"),
    [
        (Kind.PASSWORD, VALUE, f" {VALUE} ", VALUE.swapcase()),
        (Kind.PASSWORD, f"{VALUE} ", VALUE, f"{VALUE}!"),
        (Kind.RECOVERY_CODES, "abcd-1234 efgh-5678", "EFGH5678\nABCD1234", "abcd-1234 efgh-5679"),
    ],
)
def test_what_differs_by_the_eye_alone_is_no_rotation(
    hall: Hall, kind: Kind, first: str, same: str, other: str
) -> None:
    """It would clear what is due, and whoever knew it would go on knowing it."""
    credential = hall.deposit(kind, first)
    with pytest.raises(Invalid, match="was in custody for this account already"):
        hall.replace(credential, same)
    hall.replace(credential, other)


def test_marks_from_before_values_were_stripped_still_hold(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before:
        before.setattr(sealing, "bare", lambda _kind, value: value)
        credential = hall.deposit(Kind.RECOVERY_CODES, "abcd-1234 efgh-5678")
    with pytest.raises(Invalid, match="was in custody for this account already"):
        hall.replace(credential, "abcd-1234 efgh-5678")


def test_a_value_in_force_is_not_taken_for_a_second_credential_of_the_account(hall: Hall) -> None:
    """Else the first could be destroyed, and with it the record of who knows what is still in force."""
    hall.deposit()
    with pytest.raises(Invalid):
        hall.deposit(label="Second administrator")
    other = hall.world.account(hall.area, handle="ExampleTip")
    hall.deposit(account=other)  # what another account's platform has must come into custody before it is changed


def test_whoever_guesses_a_value_does_not_hear_for_which_account_it_is_right(hall: Hall, client: FlaskClient) -> None:
    parks = build(hall.world, "ExampleParks", "Pat Example", "Parks")
    other = hall.world.account(parks.area, handle="ExampleTrees", name="Trees")
    parks.deposit()

    def guess(by: Person, value: str, label: str) -> tuple[str, ...]:
        with hall.world.work(by) as work:
            brought = deposits.Deposit(Kind.PASSWORD, Secret(value), label=label)
            return deposits.deposit(work, hall.vault(work), hall.account.id, brought).warnings

    assert guess(hall.ann, VALUE, "First") == ("The same value is in custody for another account.",)
    assert guess(hall.ann, "Nobody ever had this one 7", "None") == ()
    parks.deposit(value="Two more have this one 9")
    hall.deposit(value="Two more have this one 9", account=other, by=parks.ann)
    assert guess(hall.ann, "Two more have this one 9", "Two") == ("The same value is in custody for 2 other accounts.",)
    comms = hall.world.person("Cora Comms", Role.COMMS)
    hall.world.trained(comms)
    hall.world.signed(comms)
    parks.deposit(value="Cora is for every account 5")
    assert guess(comms, "Cora is for every account 5", "Three")[0].endswith("for ExampleParks.")

    def told(by: Person, account: Account) -> str:
        hall.world.sign_in(client, by)
        return client.get(hall.world.path(f"accounts/{account.id}/custody")).text

    assert "in custody for another account. Whoever" in told(hall.ann, hall.account)
    assert "The same value" not in told(hall.ann, parks.account)
    assert "in custody for ExampleParks. Whoever" in told(hall.world.person("Ada Auditor", Role.AUDITOR), hall.account)
    assert "in custody for ExampleParks. Whoever" in told(hall.world.person("Carl Clerk", Role.CLERK), hall.account)


def test_replacing_makes_a_new_version_that_only_its_author_knows(hall: Hall) -> None:
    credential = hall.deposit()
    hall.look(credential)
    bob = with_password(hall.world, hall.world.cleared(hall.area, "Bob Example"))
    hall.replace(credential, "A second, better value", by=bob)
    assert hall.exposures(credential) == [
        (1, hall.ann.id, "typed", 1),
        (1, hall.ann.id, "revealed", 1),
        (2, bob.id, "typed", 1),
    ]
    assert hall.look(credential, by=bob) == "A second, better value"
    (told,) = entries(hall, "custody.replaced")
    assert told["detail"]["version"] == 2


@pytest.mark.parametrize("value", [VALUE, "A second, better value"])
def test_going_back_to_an_earlier_value_is_no_rotation(hall: Hall, value: str) -> None:
    credential = hall.deposit()
    hall.replace(credential, "A second, better value")
    with pytest.raises(Invalid) as fault:
        hall.replace(credential, value, seen=2)
    assert fault.value.field == "value"
    assert [version for version, *_ in hall.exposures(credential)] == [1, 2]


def test_of_two_who_replace_at_once_the_second_is_told(hall: Hall) -> None:
    credential = hall.deposit()
    hall.replace(credential, "A second, better value")
    with pytest.raises(Conflict, match="replaced this credential meanwhile"):
        hall.replace(credential, "A third, also good value", seen=1)


def test_notes_are_changed_without_touching_the_value(hall: Hall) -> None:
    credential = hall.deposit(label="Main")
    hall.world.clock.moment += timedelta(days=1)
    with hall.world.work(hall.ann) as work:
        changed = describe(work, credential.id, credential.lock, {"label": "Main", "notes": "Shared mailbox."})
    assert (changed.notes, changed.current_version, changed.changed_at) == ("Shared mailbox.", 1, credential.changed_at)
    (told,) = entries(hall, "custody.changed")
    assert told["detail"]["fields"] == ["notes"]
    with hall.world.work(hall.ann) as work:
        describe(work, credential.id, changed.lock, {"notes": "Shared mailbox."})
    assert len(entries(hall, "custody.changed")) == 1


def test_a_change_of_notes_made_on_an_old_look_shows_both(hall: Hall) -> None:
    credential = hall.deposit()
    with hall.world.work(hall.ann) as work:
        describe(work, credential.id, credential.lock, {"notes": "First"})
    with pytest.raises(Conflict) as conflict, hall.world.work(hall.ann) as work:
        describe(work, credential.id, credential.lock, {"notes": "Second"})
    assert ("notes", "Second") in conflict.value.yours
    assert ("notes", "First") in conflict.value.theirs


def test_others_can_ask_which_accounts_have_something_in_custody(hall: Hall, world: World) -> None:
    empty = world.account(hall.area, handle="Empty")
    hall.deposit()
    with world.house.reading() as session:
        found = {row.id: row.has for row in session.execute(select(Account.id, has_credential().label("has")))}
    assert found == {hall.account.id: True, empty.id: False}


def test_a_second_of_a_kind_needs_a_label_of_its_own(hall: Hall) -> None:
    first = hall.deposit(label="Main")
    for label, said in (("", "Enter a label"), ("MAIN", "is in custody already")):
        with pytest.raises(Invalid, match=said) as refused:
            hall.deposit(value="another good value", label=label)
        assert refused.value.field == "label"
    second = hall.deposit(value="another good value", label="Press office")
    hall.deposit(Kind.API_TOKEN, "of another kind", label="")
    for label in ("", "main"):
        with pytest.raises(Invalid, match="label"), hall.world.work(hall.ann) as work:
            describe(work, second.id, second.lock, {"label": label})
    with hall.world.work(hall.ann) as work:
        describe(work, second.id, second.lock, {"label": "The press office"})
    with hall.world.work(hall.ann) as work:
        destroy(work, first.id, "ExampleWaste", "Not needed any more")
    hall.deposit(value="a third good value", label="Main")
