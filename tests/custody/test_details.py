"""Recovery details: who holds the ways back into an account, and what of them is shown to whom."""

import pytest

from registry.core.errors import Conflict, Invalid, NotFound, Refused
from registry.custody.actions.details import Detail, add_detail, change_detail, remove_detail
from registry.custody.details import doubt_about, list_details, masked
from registry.custody.models_recovery import DetailKind, RecoveryDetail
from registry.identity.models import Person
from tests.custody.hall import Hall, build
from tests.custody.test_deposit import entries

PHONE = Detail(DetailKind.PHONE, "01632 960042", place="Safe in the Clerk’s office")


def adds(hall: Hall, detail: Detail = PHONE, by: Person | None = None) -> RecoveryDetail:
    with hall.world.work(by or hall.ann) as work:
        return add_detail(work, hall.account.id, detail)


def changes(hall: Hall, detail: RecoveryDetail, seen: int, **to: object) -> RecoveryDetail:
    given = {"kind": PHONE.kind, "value": PHONE.value, "place": PHONE.place, **to}
    with hall.world.work(hall.ann) as work:
        return change_detail(work, detail.id, seen, Detail(**given))


def test_a_detail_is_entered_changed_and_removed_and_its_value_never_told(hall: Hall) -> None:
    detail = adds(hall)
    changes(hall, detail, 1, holder_id=hall.ann.id, place="")
    changes(hall, detail, 2, holder_id=hall.ann.id, place="")  # nothing new is not told
    with pytest.raises(Conflict):
        changes(hall, detail, 1, value="01632 960043")
    assert entries(hall, "custody.recovery_detail_changed")[0]["detail"]["fields"] == ["holder", "place"]
    with hall.world.work(hall.ann) as work:
        remove_detail(work, detail.id)
    with hall.world.house.reading() as session:
        assert list_details(session, hall.world.council.id, hall.account.id) == []
        assert session.get_one(RecoveryDetail, detail.id).value == ""
    acts = [entries(hall, f"custody.recovery_detail_{act}") for act in ("added", "changed", "removed")]
    assert [len(told) for told in acts] == [1, 1, 1]
    assert "960042" not in repr(acts)
    assert acts[0][0]["detail"]["holder"] == "Safe in the Clerk’s office"


def test_a_detail_is_somewhere_and_with_somebody_who_works_here(hall: Hall) -> None:
    assert adds(hall, Detail(DetailKind.SIM, "SIM 7", holder_id=hall.ann.id)).holder_id == hall.ann.id
    for detail, field in (
        (Detail(DetailKind.SIM, "SIM 7"), "place"),
        (Detail(DetailKind.SIM, "SIM 7", holder_id=987654), "holder_id"),
    ):
        with pytest.raises(Invalid) as fault:
            adds(hall, detail)
        assert fault.value.field == field


def test_details_are_for_those_whom_the_gate_lets_in(hall: Hall) -> None:
    with pytest.raises(Refused):
        adds(hall, by=hall.world.person("Passer-by"))
    elsewhere = build(hall.world.another(), "ExampleElse", "Olu Example")
    theirs = adds(elsewhere)
    for act in (lambda work: remove_detail(work, theirs.id), lambda work: change_detail(work, theirs.id, 1, PHONE)):
        with pytest.raises(NotFound), hall.world.work(hall.ann) as work:
            act(work)


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (DetailKind.EMAIL, "olu.example@exampleton.example", "o…@exampleton.example"),
        (DetailKind.EMAIL, "not an address", "…"),
        (DetailKind.PHONE, "01632 960042", "… 42"),
        (DetailKind.SIM, "none", "…"),
        (DetailKind.DEVICE, "Tablet in the museum shop", "Tablet in the museum shop"),
    ],
)
def test_of_personal_data_others_see_only_what_tells_it_apart(kind: DetailKind, value: str, shown: str) -> None:
    assert masked(RecoveryDetail(kind=kind, value=value)) == shown


@pytest.mark.parametrize(
    ("value", "domains", "said"),
    [
        ("x@gmail.com", {"exampleton.example"}, "private mailbox"),
        ("x@Hotmail.co.uk", set(), "private mailbox"),
        ("x@agency.example", {"exampleton.example"}, "not at the council’s own domain"),
        ("x@agency.example", set(), ""),
        ("x@mail.exampleton.example", {"exampleton.example"}, ""),
    ],
)
def test_an_address_that_is_not_the_councils_is_doubted(value: str, domains: set[str], said: str) -> None:
    doubt = doubt_about(RecoveryDetail(kind=DetailKind.EMAIL, value=value), domains)
    assert said in doubt
    assert bool(doubt) is bool(said)


def test_a_number_is_not_doubted() -> None:
    assert doubt_about(RecoveryDetail(kind=DetailKind.PHONE, value="01632 960042"), {"x.example"}) == ""
