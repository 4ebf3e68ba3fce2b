"""What is flagged of custody: few codes, doubted codes, glasses nobody reviewed, what is out too long, lost holders."""

import pytest
import sqlalchemy as sa

from registry.custody.actions.asking import Asking, ask
from registry.custody.actions.details import Detail, add_detail
from registry.custody.models import Credential, Kind
from registry.custody.models_recovery import CodeTaken, DetailKind
from registry.custody.pending import list_check_outs
from registry.custody.wording import Occasion
from registry.flags.rule import Severity
from registry.flags.rules import BY_NAME
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.custody.hall import REASON, Hall, build
from tests.world import World


@pytest.fixture
def hall(world: World) -> Hall:
    return build(world)


def found(hall: Hall, rule: str, days: int = 0) -> list[tuple[int, str]]:
    with hall.world.house.reading() as session:
        rows = session.execute(BY_NAME[rule].wanted(hall.world.day(days))).all()
    assert {row.account_id for row in rows} <= {hall.account.id}
    return [(row.severity, row.message) for row in rows]


def asks(hall: Hall, credential: Credential, **asking: object) -> None:
    with hall.world.work(hall.ann) as work:
        ask(work, credential.id, Asking(Occasion.POST, REASON, hall.session_of(hall.ann), **asking))


@pytest.mark.parametrize(
    ("taken", "flagged"),
    [
        (0, []),
        (1, [(Severity.WARNING, "2 of its recovery codes are left.")]),
        (3, [(Severity.BREACH, "0 of its recovery codes are left.")]),
    ],
)
def test_few_recovery_codes_are_flagged_and_none_gravely(hall: Hall, taken: int, flagged: list) -> None:
    codes = hall.deposit(Kind.RECOVERY_CODES, "wryneck-one\ncode-two\ncode-three")
    with hall.world.house.reading() as session:
        version = session.scalar(sa.text("SELECT id FROM secret_versions"))
    for position in range(1, taken + 1):
        given = {"council_id": hall.world.council.id, "secret_version_id": version, "position": position}
        hall.world.add(CodeTaken(**given, person_id=hall.ann.id, reason="r", taken_at=hall.world.clock.now()))
    assert found(hall, "recovery_codes_low") == flagged
    hall.replace(codes, "one-code\ntwo-code\nthr-code")
    assert found(hall, "recovery_codes_low") == []


def test_codes_that_may_be_void_are_flagged_from_the_next_day(hall: Hall) -> None:
    hall.deposit(Kind.RECOVERY_CODES, "wryneck-one\ncode-two\ncode-three")
    hall.replace(hall.deposit(), "a second, better value")
    assert found(hall, "recovery_codes_doubted") == []
    assert len(found(hall, "recovery_codes_doubted", 1)) == 1


def test_a_broken_glass_is_flagged_once_its_review_is_late(hall: Hall) -> None:
    asks(hall, hall.deposit(Kind.RECOVERY_CODES, "wryneck-one"), cannot_wait=True)
    assert found(hall, "break_glass_unreviewed", 3) == []
    (flagged,) = found(hall, "break_glass_unreviewed", 4)
    assert "the review was due on 23 November 2026" in flagged[1]


def test_what_is_out_too_long_is_flagged(hall: Hall) -> None:
    password = hall.deposit()
    with hall.world.work() as work:
        work.session.get_one(Credential, password.id).one_holder = True
        work.record(Event.DEMO_MADE)
    asks(hall, password)
    assert found(hall, "check_out_overdue") == []
    hall.world.clock.advance(days=1)
    assert len(found(hall, "check_out_overdue")) == 1
    with hall.world.work() as work:  # destroyed by a register that ended no check-out then
        work.session.get_one(Credential, password.id).destroyed_at = work.now
        work.record(Event.DEMO_MADE)
    assert found(hall, "check_out_overdue") == []
    with hall.world.house.reading() as session:
        assert list_check_outs(session, hall.world.council.id) == []


def test_a_holder_who_left_is_flagged_until_somebody_else_holds_it(hall: Hall) -> None:
    holder, clerk = hall.world.person("Hal Holder"), hall.world.person("Clara Clerk", Role.CLERK)
    with hall.world.work(hall.ann) as work:
        add_detail(work, hall.account.id, Detail(DetailKind.SIM, "SIM 7", holder_id=holder.id))
        add_detail(work, hall.account.id, Detail(DetailKind.SIM, "SIM 8", place="Safe"))
    assert found(hall, "recovery_holder_left") == []
    hall.world.leaves(holder, clerk)
    assert len(found(hall, "recovery_holder_left")) == 1
