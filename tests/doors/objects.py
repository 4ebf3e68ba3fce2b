"""One of everything that an address can name, in a council: to knock at every door with a real number."""

from datetime import timedelta
from typing import Any

from registry.accounts.models import Account, AccountState, ImportBatch
from registry.activity.models import Observation, Source
from registry.audit.actions import make_checkpoint
from registry.audit.keys import TrailKeys
from registry.closures.models import Closure, ClosureStep
from registry.closures.tasks import Ending, tasks_for
from registry.core.secret import Secret
from registry.custody.actions.deposit import Deposit, deposit
from registry.custody.models import Kind, Purpose, SecretVersion
from registry.custody.models_looking import BreakGlass, LookRequest
from registry.custody.models_recovery import DetailKind, RecoveryDetail
from registry.custody.opening import open_vault
from registry.editors.models import Editorship
from registry.flags.models import Flag
from registry.identity.factors import FactorReset
from registry.identity.models import RoleGrant
from registry.identity.models_joining import Offer
from registry.outbox.models import Message
from registry.requests.models import AccountRequest, RequestState
from registry.reviews.models import ReviewAction, ReviewState, SecurityReview
from registry.rotations.models import Cause, Rotation
from registry.training.models import RecordState, TrainingRecord
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.laid_out import laid_out
from tests.world import World

MISSING = 987654
ANSWERS = {
    "platform": "x",
    "name": "Asked",
    "language": "English",
    "purpose": "Tell people about collections.",
    "audience": "Households.",
    "for_children": "no",
    "engagement": "answer",
    "cadence_days": 7,
    "resources": "Two hours a week.",
    "benchmarks": "300 followers in a year.",
    "risk": "normal",
}


@laid_out
def one_of_everything(world: World, area_name: str, state: AccountState = AccountState.LIVE) -> dict[str, Any]:
    """The numbers of a set of things that belong together: an account of this area and all that hangs on it."""
    council, now = world.council.id, world.clock.now()
    area = world.area(area_name)
    owner = world.cleared(area, f"{area_name} Owner")
    account: Account = world.account(area, handle=area_name.replace(" ", ""))
    others = {"council_id": council, "account_id": account.id}
    with world.work(owner) as work:
        vault = open_vault(work.session, world.house.settings)
        credential = deposit(
            work, vault, account.id, Deposit(Kind.PASSWORD, Secret("orchard lantern gravel"))
        ).credential
    other = world.person(f"{area_name} Other")
    seen = {**others, "credential_id": credential.id, "secret_version_id": _version(world, credential.id)}
    seen |= {"purpose": Purpose.VALUE, "reason": "Posting: to see it"}
    review = world.add(
        SecurityReview(**others, reviewer_id=owner.id, checklist_version="1", started_at=now, state=ReviewState.OPEN)
    )
    closure = world.add(
        Closure(
            **others,
            ending=Ending.CLOSE,
            reason="Little used",
            decided_by=owner.id,
            last_day_on=world.day(20),
            started_at=now,
        )
    )
    key = tasks_for(Ending.CLOSE)[0].key
    course = world.course(name=f"Course of {area_name}")
    version = world.policy(f"1 {area_name}")
    made = {
        "look_id": LookRequest(**seen, asker_id=other.id, asked_at=now, expires_at=now + timedelta(days=1)),
        "glass_id": BreakGlass(**seen, person_id=other.id, at=now, due_on=world.day(1)),
        "detail_id": RecoveryDetail(
            **others,
            kind=DetailKind.PHONE,
            value="01632 960001",
            holder_id=owner.id,
            added_by=owner.id,
            added_at=now,
            changed_at=now,
        ),
        "action_id": ReviewAction(
            **others, review_id=review.id, item="two_step", what="Mend it", owner_id=owner.id, due_on=world.day(3)
        ),
        "observation_id": Observation(
            **others, posted_on=world.day(-3), source=Source.SAID, recorded_by=owner.id, recorded_at=now
        ),
        "flag_id": Flag(
            council_id=council,
            rule="neglected",
            subject_kind="Account",
            subject_id=account.id,
            account_id=account.id,
            severity=2,
            message="Silent.",
            since_on=world.day(-2),
            raised_at=now,
        ),
        "grant_id": RoleGrant(
            council_id=council,
            person_id=world.person(f"{area_name} Auditor").id,
            role=Role.AUDITOR,
            starts_on=world.day(-9),
            confirmed_at=now,
        ),
        "message_id": Message(
            council_id=council,
            to_address="a@b.example",
            subject="S",
            body="B",
            dedupe=f"{council}{area_name}",
            written_at=now,
            send_by=now,
        ),
        "reset_id": FactorReset(
            council_id=council,
            person_id=owner.id,
            evidence="Came to the desk",
            asked_by=world.person(f"{area_name} Keeper").id,
            asked_at=now,
        ),
        "offer_id": Offer(
            council_id=council,
            person_id=other.id,
            name="Anybody There",
            email="anybody@there.example",
            starts_on=world.today,
            offered_at=now,
        ),
        "record_id": TrainingRecord(
            council_id=council,
            person_id=owner.id,
            course_id=course.id,
            completed_on=world.day(-2),
            expires_on=world.day(300),
            state=RecordState.RECORDED,
            recorded_by=owner.id,
            recorded_at=now,
        ),
        "request_id": AccountRequest(
            council_id=council,
            asker_id=owner.id,
            service_area_id=area.id,
            state=RequestState.SUBMITTED,
            answers={
                **ANSWERS,
                "service_area_id": area.id,
                "handle": f"Asked{area.id}",
                "url": f"https://x.com/Asked{area.id}",
            },
            chain=["clerk"],
            started_at=now,
            submitted_at=now,
            waiting_since=now - timedelta(days=1),
        ),
        "rotation_id": Rotation(
            **others,
            credential_id=credential.id,
            secret_version_id=_version(world, credential.id),
            person_id=owner.id,
            cause=Cause.DEVICE_LOST,
            why="lost a device",
            since_on=world.day(-1),
            noticed_at=now,
        ),
        "batch_id": ImportBatch(
            council_id=council,
            person_id=owner.id,
            filename="a.csv",
            headings=["Link"],
            rows=[[2, "x"]],
            mapping={"columns": {"url": "Link"}, "area_id": None},
            uploaded_at=now,
        ),
    }
    world.add(*made.values(), ClosureStep(council_id=council, closure_id=closure.id, key=key, due_on=world.day(2)))
    if state is not AccountState.LIVE:
        with world.work() as work:
            ended = work.session.get_one(Account, account.id)
            ended.state, ended.ended_on = state, world.today
            work.record(Event.DEMO_MADE, ended)
    return {
        **{name: row.id for name, row in made.items()},
        "account_id": account.id,
        "area_id": area.id,
        "closure_id": closure.id,
        "course_id": course.id,
        "credential_id": credential.id,
        "editorship_id": _editorship(world, owner.id),
        "person_id": owner.id,
        "policy_id": version.policy_id,
        "review_id": review.id,
        "seq": 1,
        "size": _checkpoint(world),
        "version_id": version.id,
        "owner": owner,
        "words": {"closures": key, "requests": "where", "accounts": "x"},
    }


def _editorship(world: World, person_id: int) -> int:
    with world.house.reading() as session:
        return session.query(Editorship.id).filter_by(person_id=person_id).scalar()


def _version(world: World, credential_id: int) -> int:
    with world.house.reading() as session:
        return session.query(SecretVersion.id).filter_by(credential_id=credential_id).scalar()


def values_for(rule: Any, things: dict[str, Any], *, missing: bool = False) -> dict[str, Any] | None:
    """What fills an address; None where nothing in it can be missing."""
    names = sorted(rule.arguments - {"council"})
    numbered = [name for name in names if name.endswith("_id") or name in ("seq", "size")]
    if missing and not numbered:
        return None
    words = {
        "key": things["words"].get(rule.endpoint.split(".")[0], "x"),
        "kind": "password",
        "name": "sweep" if rule.endpoint.startswith("jobs") else "neglected",
    }
    return {name: (MISSING if missing and name in numbered else words.get(name) or things[name]) for name in names}


def _checkpoint(world: World) -> int:
    with world.work() as work:
        return make_checkpoint(work, TrailKeys.of(world.house)).size
