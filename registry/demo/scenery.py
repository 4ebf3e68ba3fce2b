"""Councils, people, service areas, courses and policies: what stands before the story begins."""

from datetime import timedelta

from registry.accounts.actions import add_area
from registry.councils import actions as councils
from registry.councils.models import DISTRICT, FULL, PARISH
from registry.custody.actions.keys import set_up_custody
from registry.demo.cast import CAST, HILLFORD, LITTLE_MERE, RIVERTON, Player
from registry.demo.policy import FIRST, SECOND
from registry.demo.stage import BEGINNING, Act, Stage
from registry.editors.actions import name_editor
from registry.identity.actions import offers, people
from registry.identity.models import Terms
from registry.policies import actions as policies
from registry.policies.queries import find_gate_policy
from registry.training import actions as training
from registry.training.models import CourseKind
from registry.training.queries import list_courses
from registry.vocabulary.permissions import Role

PASSWORD = "demonstration only 2026"  # noqa: S105 (made known on purpose: the data is made up)
KEEPER = {RIVERTON: "Avery Fictional", HILLFORD: "Bay Testwell", LITTLE_MERE: "Penny Onlyone"}
COMMS = {RIVERTON: "Morgan Example", HILLFORD: "Morgan Example", LITTLE_MERE: "Penny Onlyone"}
COURSE = "Social media for editors"
GRACE = {RIVERTON: 14, HILLFORD: 7, LITTLE_MERE: 14}
SECOND_IN_FORCE = 12


def set_up(stage: Stage) -> None:
    """Found the installation with its three councils."""
    with stage.house.work(None, None, "demo") as work:
        councils.set_up(work, is_demo=True)
        set_up_custody(work, stage.house.settings)
        for slug, name, chain, settings in (
            (RIVERTON, "Riverton District Council", DISTRICT, {"brand_colour": "#1d4f5f", "link_colour": "#1a5a8a"}),
            (HILLFORD, "Hillford City Council", FULL, {"brand_colour": "#5b2a86", "link_colour": "#5b2a86"}),
            (LITTLE_MERE, "Little Mere Parish Council", PARISH, {"brand_colour": "#2e5e2e", "link_colour": "#1f5f3f"}),
        ):
            stage.councils[slug] = councils.add_council(
                work,
                slug,
                name,
                chain=[role.value for role in chain],
                grace_days=GRACE[slug],
                website=f"https://www.{slug}.example",
                contact=f"press@{slug}.example",
                titles={"clerk": {RIVERTON: "Chief Executive", HILLFORD: "City Clerk"}.get(slug, "Parish Clerk")},
                ideal_editors=1 if slug == LITTLE_MERE else 2,
                training_confirmed=slug != LITTLE_MERE,
                own_request_exception=slug == LITTLE_MERE,
                two_steps_exception=slug == LITTLE_MERE,
                exception_minute="Full council, minute 2025/41: one officer" if slug == LITTLE_MERE else "",
                **settings,
            )


def add_people(stage: Stage) -> None:
    """Add everybody, at each council they work for, with their hats."""
    kept = stage.passwords.hash(PASSWORD)
    for player in CAST:
        for council in player.councils:
            if player.name in stage.people:
                _asks(stage, player, council)
            with stage.work(council, None) as work:
                if player.name not in stage.people:
                    stage.people[player.name] = people.add_person(work, _joiner(stage, player, council)).person
                    stage.people[player.name].password_hash = kept
                for role in player.roles:
                    if player.left is None:
                        people.grant_role(work, stage.people[player.name].id, role, work.today, None)


def _asks(stage: Stage, player: Player, council: str) -> None:
    """Ask somebody of another council to work for this one too, which they do."""
    with stage.work(council, None) as work:
        asked = offers.offer(work, _joiner(stage, player, council), "")
    with stage.work(council, player.name) as work:
        offers.accept(work, asked.id, player.name)


def _joiner(stage: Stage, player: Player, council: str) -> people.Joiner:
    stays = player.terms is not Terms.EMPLOYEE
    return people.Joiner(
        player.name,
        player.email,
        player.job,
        starts_on=stage.day(1500),
        terms=player.terms,
        sponsor_id=stage.people[KEEPER[council]].id if stays else None,
        ends_on=stage.day(-200) if stays else None,
    )


def add_areas(stage: Stage) -> None:
    """Add the service areas with their managers."""
    for council in stage.councils:
        here = [player for player in CAST if council in player.councils]
        managers = {area: player.name for player in here for area in player.manages}
        for area in sorted({area for player in here for area in (*player.edits, *player.manages)}):
            with stage.work(council, KEEPER[council]) as work:
                manager = stage.people[managers[area]].id if area in managers else None
                stage.areas[council, area] = add_area(work, area, f"Answers for {area.lower()}.", manager)


def publish_policies(stage: Stage) -> None:
    """Publish the first policy at once; the second a good year later."""
    for council in stage.councils:
        with stage.work(council, KEEPER[council]) as work:
            policy = policies.add_policy(
                work,
                "Social media policy",
                opens_gate=True,
                number="12",
                document_number="SM-12",
                owner=stage.councils[council].title(Role.CLERK),
                review_team="Management Team and Personnel Committee",
            )
            draft = policies.start_draft(work, policy.id, policies.Draft("1", FIRST))
            work.flush()
            policies.publish(
                work,
                draft.id,
                draft.lock,
                policies.Approval("Full council", "2025/17", work.today, work.today + timedelta(days=365)),
            )
        stage.plan(SECOND_IN_FORCE + 8, lambda council=council: _publish_second(stage, council))  # type: ignore[misc]


def _publish_second(stage: Stage, council: str) -> None:
    in_force = stage.day(SECOND_IN_FORCE)
    with stage.work(council, KEEPER[council]) as work:
        policy = find_gate_policy(work.session, work.council)
        assert policy is not None  # noqa: S101 (published above)
        changes = "Adds two-step sign-in, the exit plan of a request, and what to do after a take-over."
        draft = policies.start_draft(work, policy.id, policies.Draft("2", SECOND, changes))
        work.flush()
        approval = policies.Approval("Personnel Committee", "2026/33", in_force, in_force + timedelta(days=365))
        policies.publish(work, draft.id, draft.lock, approval)


def add_courses(stage: Stage) -> None:
    """Add the editor course, which opens the gate, and basic awareness for everybody."""
    for council in stage.councils:
        with stage.work(council, COMMS[council]) as work:
            training.add_course(work, COURSE, CourseKind.EDITOR, 12, "Communications", "Style, tone, images, hashtags.")
            training.add_course(work, "Digital awareness", CourseKind.AWARENESS, 24, "E-learning", "For all staff.")


def name_editors(stage: Stage) -> None:
    """Let each area's manager name its editors; the Clerk where an area has none."""
    for player in CAST:
        for council in player.councils:
            for area in player.edits:
                service_area = stage.areas[council, area]
                manager = next((p.name for p in CAST if council in p.councils and area in p.manages), KEEPER[council])
                with stage.work(council, manager) as work:
                    reason = "Agreed in the team meeting; cover for holidays."
                    name_editor(work, service_area.id, stage.people[player.name].id, work.today, reason=reason)


def plan_training(stage: Stage) -> None:
    """Everybody's training of this year and the one before, confirmed by communications."""
    for player in CAST:
        if player.training is None:
            continue
        for completed in (365 - player.training + 355, 365 - player.training):
            if completed > 0:
                stage.plan(min(completed - 1, BEGINNING - 2), _trains(stage, player, completed), hour=15)


def _trains(stage: Stage, player: Player, completed: int) -> Act:
    def act() -> None:
        for council in player.councils:
            with stage.work(council, player.name) as work:
                course = next(c for c in list_courses(work.session, work.council) if c.name == COURSE)
                done = training.Completed(
                    work.actor, course.id, stage.day(completed), evidence="Certificate in the HR folder"
                )
                record = training.record_training(work, done)
            if player.confirmed and council != LITTLE_MERE:
                confirmer = "Robin Sample" if player.name == COMMS[council] else COMMS[council]
                with stage.work(council, confirmer) as work:
                    training.confirm_training(work, record.id)

    return act
