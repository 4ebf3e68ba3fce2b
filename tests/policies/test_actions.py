"""Policies through the register's own acts: drafts, publication, frozen texts, exact signatures."""

import hashlib
import inspect
from datetime import date

import pytest
import sqlalchemy as sa

from registry.audit.models import Entry
from registry.core.errors import Conflict, Invalid, NotFound, Refused
from registry.editors.queries import facts_of
from registry.identity.models import Person
from registry.policies import actions
from registry.policies.actions import (
    Approval,
    Draft,
    add_policy,
    change_policy,
    discard_draft,
    publish,
    save_draft,
    sign,
    start_draft,
)
from registry.policies.models import Policy, PolicyVersion, VersionState
from registry.policies.queries import find_current, find_gate_version, get_version, turnout, versions_to_sign
from registry.vocabulary.permissions import Role
from tests.world import World

TEXT = "# Social media policy\n\nBe civil. Peidiwch â gweiddi."


@pytest.fixture
def clerk(world: World) -> Person:
    return world.person("Clara Clerk", Role.CLERK)


def gate(world: World, clerk: Person) -> Policy:
    with world.work(clerk) as work:
        return add_policy(work, "Social media policy", opens_gate=True, number="P7", owner="Clerk")


def drafted(world: World, clerk: Person, policy: Policy, label: str = "1", text: str = TEXT) -> PolicyVersion:
    with world.work(clerk) as work:
        return start_draft(work, policy.id, Draft(label, text, "What is new"))


def approval(world: World, effective: int = 0, **facts: object) -> Approval:
    day = world.day(effective)
    return Approval("Personnel Committee", "Minute 42", day, date(day.year + 1, day.month, day.day), **facts)


def issued(
    world: World, clerk: Person, policy: Policy, label: str, effective: int = 0, **facts: object
) -> PolicyVersion:
    version = drafted(world, clerk, policy, label, f"{TEXT}\n\nVersion {label}.")
    with world.work(clerk) as work:
        return publish(work, version.id, version.lock, approval(world, effective, **facts))


def signed_until(world: World, person: Person, days: int = 0) -> date:
    with world.house.reading() as session:
        return facts_of(session, world.council.id, person.id, world.day(days)).signed_until


def acts(world: World) -> list[str]:
    with world.house.reading() as session:
        return list(session.scalars(sa.select(Entry.act).where(Entry.chain == world.council.id).order_by(Entry.seq)))


def test_a_draft_never_takes_effect_by_itself(world: World, clerk: Person) -> None:
    policy = gate(world, clerk)
    first = issued(world, clerk, policy, "1")
    world.clock.advance(days=1)
    drafted(world, clerk, policy, "2")
    world.clock.advance(days=400)
    with world.house.reading() as session:
        current = find_current(session, world.council.id, policy.id, world.today)
        assert current is not None
        assert current.id == first.id


def test_grace_is_for_those_who_signed_an_earlier_version_so_the_first_gives_none(world: World, clerk: Person) -> None:
    policy = gate(world, clerk)
    first = drafted(world, clerk, policy)
    with world.work(clerk) as work:
        assert publish(work, first.id, first.lock, approval(world, effective=1)).sign_by_on is None
    second = drafted(world, clerk, policy, "2")
    with world.work(clerk) as work:
        assert publish(work, second.id, second.lock, approval(world, effective=10)).sign_by_on == world.day(24)


def test_publication_freezes_the_text_with_its_fingerprint_and_days(world: World, clerk: Person) -> None:
    policy = gate(world, clerk)
    version = drafted(world, clerk, policy)
    with world.work(clerk) as work:
        done = publish(work, version.id, version.lock, approval(world, effective=10))
    assert done.text_hash == hashlib.sha256(TEXT.encode("utf-8")).hexdigest()
    assert (done.state, done.effective_on) == (VersionState.PUBLISHED, world.day(10))
    assert (done.approved_by, done.minute_ref, done.published_on) == ("Personnel Committee", "Minute 42", world.today)
    assert (done.published_by, done.review_due_on) == (clerk.id, date(2027, 11, 30))
    assert acts(world)[-3:] == ["policy.added", "policy.drafted", "policy.published"]
    with world.house.reading() as session:
        assert find_gate_version(session, world.council.id, world.day(9)) is None
        assert find_gate_version(session, world.council.id, world.day(10)) is not None


def test_no_act_changes_a_published_text(world: World, clerk: Person) -> None:
    policy = gate(world, clerk)
    version = issued(world, clerk, policy, "1")
    calls = {
        "save_draft": lambda work: save_draft(work, version.id, version.lock, Draft("1", "Other words")),
        "discard_draft": lambda work: discard_draft(work, version.id, version.lock),
        "publish": lambda work: publish(work, version.id, version.lock, approval(world, 5)),
    }
    for act in calls.values():
        with pytest.raises(Refused, match="frozen for good"), world.work(clerk) as work:
            act(work)
    harmless = {"add_policy", "change_policy", "start_draft", "sign"}
    verbs = {
        name for name, each in inspect.getmembers(actions, inspect.isfunction) if each.__module__ == actions.__name__
    }
    assert {name for name in verbs if not name.startswith("_")} == harmless | calls.keys()
    with world.work(clerk) as work:
        change_policy(work, policy.id, 1, {"title": "Another title"})
        start_draft(work, policy.id, Draft("2", "Other words"))
        sign(work, version.id, version.text_hash)
    with world.house.reading() as session:
        kept = get_version(session, world.council.id, version.id)
        assert (kept.text, kept.text_hash, kept.version) == (version.text, version.text_hash, "1")


def test_two_people_editing_a_draft_lose_nothing(world: World, clerk: Person) -> None:
    version = drafted(world, clerk, gate(world, clerk))
    with world.work(clerk) as work:
        save_draft(work, version.id, version.lock, Draft("1", "Theirs", "Their words"))
    with pytest.raises(Conflict) as lost, world.work(clerk) as work:
        save_draft(work, version.id, version.lock, Draft("1a", "Mine", "My words"))
    assert dict(lost.value.yours) == {"version": "1a", "summary_of_changes": "My words", "text": "Mine"}
    assert dict(lost.value.theirs) == {"version": "1", "summary_of_changes": "Their words", "text": "Theirs"}
    for act in (
        lambda work: publish(work, version.id, version.lock, approval(world)),
        lambda work: discard_draft(work, version.id, version.lock),
    ):
        with pytest.raises(Conflict), world.work(clerk) as work:
            act(work)


def test_a_draft_may_be_discarded_and_begun_again(world: World, clerk: Person) -> None:
    policy = gate(world, clerk)
    version = drafted(world, clerk, policy)
    with pytest.raises(Conflict, match="a draft of this policy already"):
        drafted(world, clerk, policy, "2")
    with world.work(clerk) as work:
        discard_draft(work, version.id, version.lock)
    drafted(world, clerk, policy, "1")


def test_a_version_keeps_its_number_to_itself(world: World, clerk: Person) -> None:
    policy = gate(world, clerk)
    issued(world, clerk, policy, "1")
    with pytest.raises(Invalid, match="of this number"):
        drafted(world, clerk, policy, "1")
    version = drafted(world, clerk, policy, "2")
    with pytest.raises(Invalid, match="of this number"), world.work(clerk) as work:
        save_draft(work, version.id, version.lock, Draft("1", "Text"))
    with world.work(clerk) as work:
        assert save_draft(work, version.id, version.lock, Draft("3", "Text")).version == "3"


@pytest.mark.parametrize(
    ("effective", "facts", "field"),
    [
        (0, {}, "effective_on"),
        (-1, {}, "effective_on"),
        (-1, {"is_minor": True}, "effective_on"),
    ],
)
def test_a_new_version_takes_effect_after_the_last_and_not_in_the_past(
    world: World, clerk: Person, effective: int, facts: dict[str, bool], field: str
) -> None:
    policy = gate(world, clerk)
    issued(world, clerk, policy, "1", effective=0)
    with pytest.raises(Invalid) as wrong:
        issued(world, clerk, policy, "2", effective, **facts)
    assert wrong.value.field == field


def test_the_first_version_may_have_been_in_force_before_the_register_but_is_not_minor(
    world: World, clerk: Person
) -> None:
    policy = gate(world, clerk)
    version = drafted(world, clerk, policy)
    with pytest.raises(Invalid, match="not a minor correction"), world.work(clerk) as work:
        publish(work, version.id, version.lock, approval(world, is_minor=True))
    with pytest.raises(Invalid, match="must fall due after"), world.work(clerk) as work:
        publish(work, version.id, version.lock, Approval("Council", "7", world.today, world.today))
    with world.work(clerk) as work:
        assert publish(work, version.id, version.lock, approval(world, -300)).effective_on == world.day(-300)


def test_a_version_without_text_is_not_published(world: World, clerk: Person) -> None:
    version = drafted(world, clerk, gate(world, clerk), text="  ")
    with pytest.raises(Refused, match="without any text"), world.work(clerk) as work:
        publish(work, version.id, version.lock, approval(world))


def test_a_new_version_asks_for_signing_again_within_the_days_of_grace(world: World, clerk: Person) -> None:
    policy, ann = gate(world, clerk), world.person("Ann Example")
    first = issued(world, clerk, policy, "1")
    with world.work(ann) as work:
        sign(work, first.id, first.text_hash)
    assert signed_until(world, ann) == date.max
    second = issued(world, clerk, policy, "2", effective=5)
    assert signed_until(world, ann, 4) == date.max
    assert signed_until(world, ann, 5) == second.sign_by_on == world.day(19)
    with world.house.reading() as session:
        assert [v.id for v in versions_to_sign(session, world.council.id, ann.id, world.today)] == [second.id]
    with world.work(ann) as work:
        sign(work, second.id, second.text_hash)
    assert signed_until(world, ann, 30) == date.max


def test_a_minor_correction_asks_nobody_to_sign_again(world: World, clerk: Person) -> None:
    policy, ann = gate(world, clerk), world.person("Ann Example")
    first = issued(world, clerk, policy, "1")
    with world.work(ann) as work:
        sign(work, first.id, first.text_hash)
    minor = issued(world, clerk, policy, "1.1", is_minor=True)
    assert minor.sign_by_on is None
    assert signed_until(world, ann, 100) == date.max
    with world.house.reading() as session:
        assert versions_to_sign(session, world.council.id, ann.id, world.today) == []
        assert [v.id for v in versions_to_sign(session, world.council.id, clerk.id, world.today)] == [minor.id]
        assert turnout(session, world.council.id, policy.id, world.today, world.today).signed == 1


def test_only_the_text_in_force_or_to_come_can_be_signed_and_only_as_it_was_read(world: World, clerk: Person) -> None:
    policy, ann = gate(world, clerk), world.person("Ann Example")
    old = issued(world, clerk, policy, "1")
    world.clock.advance(days=1)
    new = issued(world, clerk, policy, "2")
    draft = drafted(world, clerk, policy, "3")
    for version_id, text_hash in ((old.id, old.text_hash), (new.id, old.text_hash)):
        with pytest.raises(Conflict, match="no longer the text in force"), world.work(ann) as work:
            sign(work, version_id, text_hash)
    with pytest.raises(NotFound), world.work(ann) as work:
        sign(work, draft.id, draft.text_hash)
    with world.work(ann) as work:
        signature = sign(work, new.id, new.text_hash)
    assert (signature.text_hash, signature.person_id) == (new.text_hash, ann.id)
    with pytest.raises(Conflict, match="signed this version already, on 21 November 2026"), world.work(ann) as work:
        sign(work, new.id, new.text_hash)


def test_one_policy_opens_the_gate_and_titles_are_not_shared(world: World, clerk: Person) -> None:
    policy = gate(world, clerk)
    with world.work(clerk) as work:
        other = add_policy(work, "Acceptable use policy")
    for act, field in (
        (lambda work: add_policy(work, "ANOTHER", opens_gate=True), "opens_gate"),
        (lambda work: change_policy(work, other.id, 1, {"opens_gate": True}), "opens_gate"),
        (lambda work: add_policy(work, "acceptable USE policy"), "title"),
        (lambda work: change_policy(work, other.id, 1, {"title": policy.title}), "title"),
    ):
        with pytest.raises(Invalid) as wrong, world.work(clerk) as work:
            act(work)
        assert wrong.value.field == field
    with world.work(clerk) as work:
        change_policy(work, policy.id, 1, {"opens_gate": False})
        change_policy(work, other.id, 1, {"opens_gate": True, "owner": "Clerk"})
    with world.work(clerk) as work:
        change_policy(work, other.id, 1, {"owner": "Clerk", "opens_gate": True})
        assert work.occurrences == []


def test_without_a_policy_there_is_nothing_to_sign(world: World, clerk: Person) -> None:
    with world.house.reading() as session:
        assert find_gate_version(session, world.council.id, world.today) is None
        assert versions_to_sign(session, world.council.id, clerk.id, world.today) == []


def test_another_councils_policies_are_not_there(world: World, clerk: Person) -> None:
    policy = gate(world, clerk)
    version = drafted(world, clerk, policy)
    other = world.another()
    stranger = other.person("Otto Clerk", Role.CLERK)
    for act in (
        lambda work: change_policy(work, policy.id, 1, {"owner": "Me"}),
        lambda work: start_draft(work, policy.id, Draft("2", "Text")),
        lambda work: save_draft(work, version.id, 1, Draft("2", "Text")),
        lambda work: publish(work, version.id, 1, approval(world)),
        lambda work: sign(work, version.id, version.text_hash),
    ):
        with pytest.raises(NotFound), other.work(stranger) as work:
            act(work)
