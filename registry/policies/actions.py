"""What is done about policies, a verb each. No verb changes a published text (000 §4)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.core.clock import day_in
from registry.core.errors import Conflict, Invalid, NotFound
from registry.core.rule import Verdict
from registry.core.stale import refuse_stale
from registry.core.wording import long_day
from registry.core.work import Work
from registry.councils.queries import get_council_by_id
from registry.policies.lifecycle import VERSION
from registry.policies.models import Policy, PolicyVersion, SignOff, VersionState
from registry.policies.queries import (
    current_of,
    find_draft,
    find_gate_policy,
    find_policy_by_title,
    find_signature,
    get_policy,
    get_version,
    lock_policy,
    lock_version,
    published,
    upcoming_of,
)
from registry.policies.rules import (
    DAY_FITS,
    MAY_BE_EDITED,
    MAY_BE_PUBLISHED,
    MINOR_FITS,
    Publication,
    Text,
    hash_of_text,
    last_day_of_grace,
)
from registry.vocabulary.events import Event


def add_policy(work: Work, title: str, *, opens_gate: bool = False, **facts: str) -> Policy:
    """Add a policy; `facts` are its number, document_number, owner and review_team."""
    _assert_title_is_free(work, title)
    if opens_gate:
        _assert_gate_is_free(work, None)
    policy = Policy(council_id=work.council, title=title, opens_gate=opens_gate, **facts)
    work.session.add(policy)
    work.flush()
    work.record(Event.POLICY_ADDED, policy, title=title, opens_gate=opens_gate)
    return policy


def change_policy(work: Work, policy_id: int, seen_lock: int, changes: dict[str, Any]) -> Policy:
    """Change what is known of a policy, unless somebody changed it since; its texts change by new versions only."""
    policy = get_policy(work.session, work.council, policy_id)
    refuse_stale("policy", policy, seen_lock, changes)
    if changes.get("title", policy.title).lower() != policy.title.lower():
        _assert_title_is_free(work, changes["title"])
    if changes.get("opens_gate") and not policy.opens_gate:
        _assert_gate_is_free(work, policy)
    changed = [field for field, value in changes.items() if getattr(policy, field) != value]
    for field in changed:
        setattr(policy, field, changes[field])
    if changed:
        work.record(Event.POLICY_CHANGED, policy, title=policy.title, fields=sorted(changed))
    return policy


@dataclass(frozen=True)
class Draft:
    """What a draft says: its label, its text, and in a sentence or two what is new."""

    version: str
    text: str
    summary_of_changes: str = ""


def start_draft(work: Work, policy_id: int, draft: Draft) -> PolicyVersion:
    """Begin the next version of a policy. The version in force stays so until this one is published (000 §4)."""
    policy = lock_policy(work.session, work.council, policy_id)
    if find_draft(work.session, work.council, policy_id) is not None:
        raise Conflict("There is a draft of this policy already. Edit or discard that one.")
    _assert_label_is_free(work, policy_id, draft.version)
    version = PolicyVersion(
        council_id=work.council, policy_id=policy_id, state=VersionState.DRAFT, saved_at=work.now, **_of(draft)
    )
    work.session.add(version)
    work.flush()
    work.record(Event.POLICY_DRAFTED, version, version=draft.version, policy=policy.title)
    return version


def save_draft(work: Work, version_id: int, lock: int, draft: Draft) -> PolicyVersion:
    """Save a draft, unless somebody saved it since it was opened: then neither text is lost."""
    version = lock_version(work.session, work.council, version_id)
    MAY_BE_EDITED.judge(Text(version.state is VersionState.DRAFT), work.today).or_refuse()
    refuse_stale("draft", version, lock, vars(draft))
    if draft.version != version.version:
        _assert_label_is_free(work, version.policy_id, draft.version)
    for field, value in _of(draft).items():
        setattr(version, field, value)
    version.saved_at = work.now
    work.flush()
    work.record(Event.POLICY_DRAFTED, version, version=draft.version, policy=version.policy.title)
    return version


def discard_draft(work: Work, version_id: int, lock: int) -> PolicyVersion:
    """Throw a draft away; published versions are for ever."""
    version = lock_version(work.session, work.council, version_id)
    MAY_BE_EDITED.judge(Text(version.state is VersionState.DRAFT), work.today).or_refuse()
    refuse_stale("draft", version, lock, {})
    work.record(Event.POLICY_DRAFT_DISCARDED, version, version=version.version, policy=version.policy.title)
    work.session.delete(version)
    return version


@dataclass(frozen=True)
class Approval:
    """Who approved a version and where that is minuted, from when it is in force, and when it is looked at again."""

    approved_by: str
    minute_ref: str
    effective_on: date
    review_due_on: date
    is_minor: bool = False


def publish(work: Work, version_id: int, lock: int, approval: Approval) -> PolicyVersion:
    """Publish a draft: its text is frozen for good, and from its day people are asked to sign it.

    A minor correction asks nobody. `lock` proves that the text published is the one that was looked at.
    """
    lock_policy(work.session, work.council, get_version(work.session, work.council, version_id).policy_id)
    version = lock_version(work.session, work.council, version_id)
    earlier = published(work.session, work.council, version.policy_id)
    facts = _publication(version, earlier, approval)
    MAY_BE_PUBLISHED.judge(facts, work.today).or_refuse()
    refuse_stale("draft", version, lock, {})
    _assert_fits(MINOR_FITS.judge(facts, work.today), "is_minor")
    _assert_fits(DAY_FITS.judge(facts, work.today), "effective_on")
    if approval.review_due_on <= approval.effective_on:
        raise Invalid("review_due_on", "The review must fall due after the version takes effect")
    VERSION.move(version, "be_published")
    version.text_hash = hash_of_text(version.text)
    version.approved_by, version.minute_ref = approval.approved_by, approval.minute_ref
    version.is_minor, version.effective_on = approval.is_minor, approval.effective_on
    version.review_due_on = approval.review_due_on
    version.published_on, version.published_by, version.saved_at = work.today, work.actor, work.now
    grace = get_council_by_id(work.session, work.council).grace_days
    asks_again = bool(earlier) and not approval.is_minor  # grace is for those who signed an earlier version
    version.sign_by_on = last_day_of_grace(approval.effective_on, grace) if asks_again else None
    work.flush()
    said = {"version": version.version, "policy": version.policy.title, "effective_on": approval.effective_on}
    work.record(Event.POLICY_PUBLISHED, version, **said, is_minor=approval.is_minor, text_hash=version.text_hash)
    return version


def sign(work: Work, version_id: int, text_hash: str) -> SignOff:
    """Sign one exact text: the version in force, or one published that is yet to take effect (004 §10.1)."""
    version = get_version(work.session, work.council, version_id)
    if version.state is not VersionState.PUBLISHED:
        raise NotFound
    versions = published(work.session, work.council, version.policy_id)
    signable = [current_of(versions, work.today), *upcoming_of(versions, work.today)]
    if version not in signable or version.text_hash != text_hash:
        raise Conflict("This is no longer the text in force. Read the new version, then sign that one.")
    signed = find_signature(work.session, work.council, work.actor, version_id)
    if signed is not None:
        raise Conflict(f"You signed this version already, on {long_day(day_in(work.zone, signed.signed_at))}.")
    signature = SignOff(
        council_id=work.council,
        person_id=work.actor,
        policy_version_id=version_id,
        text_hash=version.text_hash,
        signed_at=work.now,
    )
    work.session.add(signature)
    work.flush()
    work.record(
        Event.POLICY_SIGNED, signature, version=version.version, policy=version.policy.title, text_hash=text_hash
    )
    return signature


def _of(draft: Draft) -> dict[str, str]:
    return {
        "version": draft.version,
        "text": draft.text,
        "text_hash": hash_of_text(draft.text),
        "summary_of_changes": draft.summary_of_changes,
    }


def _publication(version: PolicyVersion, earlier: list[PolicyVersion], approval: Approval) -> Publication:
    last = max((v.effective_on for v in earlier if v.effective_on is not None), default=date.min)
    return Publication(
        is_draft=version.state is VersionState.DRAFT,
        has_text=bool(version.text.strip()),
        is_first=not earlier,
        is_minor=approval.is_minor,
        effective_on=approval.effective_on,
        last_effective_on=last,
    )


def _assert_fits(verdict: Verdict, field: str) -> None:
    for reason in verdict:
        raise Invalid(field, str(reason))


def _assert_title_is_free(work: Work, title: str) -> None:
    if find_policy_by_title(work.session, work.council, title):
        raise Invalid("title", "There is a policy of this title already")


def _assert_gate_is_free(work: Work, policy: Policy | None) -> None:
    holder = find_gate_policy(work.session, work.council)
    if holder is not None and holder is not policy:
        raise Invalid("opens_gate", f"“{holder.title}” is the policy to be signed; only one can be")


def _assert_label_is_free(work: Work, policy_id: int, label: str) -> None:
    taken = [v.version for v in published(work.session, work.council, policy_id)]
    if label in taken:
        raise Invalid("version", "There is a version of this number already")
