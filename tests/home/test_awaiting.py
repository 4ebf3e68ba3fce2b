"""The first page of every person: what awaits *them*, each line with the link that does it."""

import re

import pytest
from flask.testing import FlaskClient

from registry.accounts.models import AccountState
from registry.flags.sweep import sweep
from registry.requests.models import AccountRequest, RequestState
from registry.reviews.models import ReviewAction, ReviewState, SecurityReview
from registry.training.models import RecordState, TrainingRecord
from registry.vocabulary.permissions import Role
from tests.counting import statements
from tests.world import World


def lines(client: FlaskClient, world: World) -> str:
    answer = client.get(world.path())
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_with_nothing_to_do_the_page_says_so_and_how_the_register_stands(client: FlaskClient, world: World) -> None:
    world.sign_in(client, world.person("Ann Example"))
    page = lines(client, world)
    assert "Nothing awaits you." in page
    assert "The register has no account in use yet." in page


def test_a_clerk_with_an_empty_register_is_shown_how_to_begin(client: FlaskClient, world: World) -> None:
    world.sign_in(client, world.person("Clara Clerk", Role.CLERK))
    assert "Import a spreadsheet" in lines(client, world)


def test_an_editor_is_told_to_train_and_to_sign_with_the_links_that_do_it(client: FlaskClient, world: World) -> None:
    world.policy("2")
    person = world.person("Ann Example")
    world.editor(world.area(), person)
    world.sign_in(client, person)
    page = client.get(world.path()).text
    assert "Complete your editor training" in page
    assert world.path("training/record") in page
    assert "Sign Social media policy, version 2" in page
    assert world.path("policies/sign") in page


@pytest.mark.parametrize(
    ("days", "said"), [(-1, "lapsed on 19 November 2026"), (20, "lapses on 10 December 2026"), (31, None)]
)
def test_training_is_spoken_of_a_month_before_it_lapses(
    client: FlaskClient, world: World, days: int, said: str | None
) -> None:
    person = world.person("Ann Example")
    world.editor(world.area(), person)
    world.trained(person, world.day(days))
    world.sign_in(client, person)
    page = lines(client, world)
    assert (
        (said in page) if said else "training" not in page.split("What awaits you")[-1].lower().split("the register")[0]
    )


def test_somebody_who_acts_for_no_account_is_not_asked_for_editor_training(client: FlaskClient, world: World) -> None:
    world.sign_in(client, world.person("Ann Example"))
    assert "editor training" not in lines(client, world)


def test_an_editor_is_asked_about_a_silent_account_once_and_not_again_by_its_flag(
    client: FlaskClient, world: World
) -> None:
    area = world.area()
    world.account(
        area,
        last_posted_on=world.day(-60),
        cadence_days=7,
        last_reviewed_on=world.day(-1),
        next_review_on=world.day(80),
    )
    person = world.cleared(area)
    sweep(world.house)
    world.sign_in(client, person)
    page = lines(client, world)
    assert page.count("Was anything posted on ExampleWaste?") == 2  # the line, and its link for those who hear it
    assert "Nothing has been posted" not in page


def test_a_comms_officer_is_told_of_records_to_confirm_and_many_flags_in_one_line(
    client: FlaskClient, world: World
) -> None:
    area = world.area()
    for number in range(4):
        world.account(
            area,
            handle=f"Example{number}",
            last_reviewed_on=world.day(-200),
            next_review_on=world.day(-20),
            last_posted_on=world.today,
        )
    ann, course = world.person("Ann Example"), world.course()
    world.add(
        TrainingRecord(
            council_id=world.council.id, person_id=ann.id, course_id=course.id, completed_on=world.day(-3),
            expires_on=world.day(360), state=RecordState.RECORDED, recorded_by=ann.id, recorded_at=world.clock.now(),
        )
    )  # fmt: skip
    comms = world.person("Cora Comms", Role.COMMS)
    sweep(world.house)
    world.sign_in(client, comms)
    page = lines(client, world)
    assert "Confirm 1 training record" in page
    assert "Review overdue: 4 flags" in page
    assert "4 accounts in use: 0 without a flag, 4 flagged" in page
    world.sign_in(client, ann)
    assert "Communications to confirm your training" in lines(client, world)


def test_requests_of_ones_own_are_told_by_where_they_stand(client: FlaskClient, world: World) -> None:
    ann = world.person("Ann Example")
    base = {
        "council_id": world.council.id,
        "asker_id": ann.id,
        "started_at": world.clock.now(),
        "chain": ["comms", "clerk"],
    }
    world.add(
        AccountRequest(**base, state=RequestState.DRAFT, answers={"name": "Alpha"}),
        AccountRequest(**base, state=RequestState.RETURNED, answers={"name": "Beta"}, submitted_at=world.clock.now()),
        AccountRequest(
            **base,
            state=RequestState.SUBMITTED,
            answers={"name": "Gamma"},
            step=1,
            submitted_at=world.clock.now(),
            waiting_since=world.clock.now(),
        ),
        AccountRequest(**base, state=RequestState.WITHDRAWN, answers={"name": "Delta"}, submitted_at=world.clock.now()),
    )
    world.sign_in(client, ann)
    page = lines(client, world)
    assert "Your request for Beta was returned with comments" in page
    assert "Finish your request for Alpha" in page
    assert "Clerk to decide on Gamma since 20 November 2026 (today)" in page
    assert "Delta" not in page


def test_a_clerk_is_led_to_the_decision_that_waits(client: FlaskClient, world: World) -> None:
    ann, clerk = world.person("Ann Example"), world.person("Clara Clerk", Role.CLERK)
    request = world.add(
        AccountRequest(
            council_id=world.council.id, asker_id=ann.id, state=RequestState.SUBMITTED,
            answers={"name": "Gamma", "platform": "x"}, chain=["clerk"],
            started_at=world.clock.now(), submitted_at=world.clock.now(), waiting_since=world.clock.now(),
        )
    )  # fmt: skip
    world.sign_in(client, clerk)
    page = client.get(world.path()).text
    assert "Decide on Gamma, asked for by Ann Example" in page
    assert world.path(f"requests/{request.id}/decide") in page


def test_a_register_in_order_is_said_to_be(client: FlaskClient, world: World) -> None:
    area = world.area()
    world.account(area, state=AccountState.LIVE)
    world.sign_in(client, world.person("Ann Example"))
    assert "1 account in use; the last nightly look at the register found nothing to flag." in lines(client, world)


def test_the_first_page_asks_the_database_no_more_for_a_large_register(client: FlaskClient, world: World) -> None:
    area, comms = world.area(), world.person("Cora Comms", Role.COMMS)
    world.sign_in(client, comms)
    counts = []
    for batch in range(2):
        for number in range(20):
            world.account(
                area, handle=f"E{batch}x{number}", next_review_on=world.day(-20), last_reviewed_on=world.day(-90)
            )
        sweep(world.house)
        client.get(world.path())
        with statements(world.house) as sent:
            client.get(world.path())
        counts.append(len(sent))
        assert len(set(sent)) == len(sent)  # nothing is asked twice
    assert counts[0] == counts[1]


def test_what_a_review_left_to_somebody_awaits_them_in_its_week(client: FlaskClient, world: World) -> None:
    account, owner = world.account(world.area(), name="Bins"), world.person("Olive Owner")
    review = world.add(
        SecurityReview(
            council_id=world.council.id, account_id=account.id, reviewer_id=owner.id, state=ReviewState.COMPLETE,
            checklist_version="1", started_at=world.clock.now(),
        )
    )  # fmt: skip
    for days, what in ((3, "Turn on two-step sign-in"), (8, "Change the recovery address")):
        world.add(
            ReviewAction(
                council_id=world.council.id, account_id=account.id, review_id=review.id, owner_id=owner.id,
                item="two_step", what=what, due_on=world.day(days),
            )
        )  # fmt: skip
    world.sign_in(client, owner)
    page = lines(client, world)
    assert "Bins: Turn on two-step sign-in" in page
    assert "recovery address" not in page


def test_training_that_waits_to_be_confirmed_is_not_asked_for_again(client: FlaskClient, world: World) -> None:
    ann, course = world.person("Ann Example"), world.course()
    world.editor(world.area(), ann)
    world.add(
        TrainingRecord(
            council_id=world.council.id, person_id=ann.id, course_id=course.id, completed_on=world.day(-3),
            expires_on=world.day(360), state=RecordState.RECORDED, recorded_by=ann.id, recorded_at=world.clock.now(),
        )
    )  # fmt: skip
    world.sign_in(client, ann)
    page = lines(client, world)
    assert "Complete your editor training" not in page
    assert "Communications to confirm your training" in page


def test_an_account_that_was_agreed_to_waits_to_be_made_ready(client: FlaskClient, world: World) -> None:
    world.account(
        world.area(), name="Example Waste", state=AccountState.AUTHORISED, authorised_on=world.day(-6), live_on=None
    )
    world.sign_in(client, world.person("Cora Comms", Role.COMMS))
    assert "Make Example Waste ready to go live authorised 6 days ago" in lines(client, world)
    world.sign_in(client, world.person("Sam Staff"))
    assert "ready to go live" not in lines(client, world)
