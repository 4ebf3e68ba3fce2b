"""A decider answers at their step; the answer binds exactly the version they saw (002 §6.3, §16.1; 003)."""

from dataclasses import dataclass
from datetime import date

from registry.core.clock import day_in
from registry.core.errors import Invalid, NotFound
from registry.core.work import Work
from registry.councils.models import Council
from registry.councils.queries import get_council_by_id
from registry.requests.actions.losing import refuse_unseen
from registry.requests.actions.opening import open_account
from registry.requests.desk import deputises, holders, turn_of
from registry.requests.lifecycle import REQUEST
from registry.requests.models import AccountRequest, Answer, Decision
from registry.requests.queries import get_locked
from registry.requests.rules import MAY_DECIDE, Turn, exception_used
from registry.requests.seen import Seen
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role


@dataclass(frozen=True)
class Ruling:
    """What a decider says, of which version, and on what day it was decided."""

    seen: Seen
    answer: Answer
    decided_on: date
    conditions: str = ""
    reason: str = ""
    minute_ref: str = ""


def decide(work: Work, request_id: int, ruling: Ruling) -> Decision:
    """Answer at the step whose turn it is: agree (with conditions), return with comments, or refuse with a reason.

    The last agreement enters the account in the register. Whoever decides on what is no longer so, because it was
    changed or somebody else was first, is told what happened (`Conflict`) and nothing is decided.
    """
    request = get_locked(work.session, work.council, request_id)
    if request.submitted_at is None:
        raise NotFound
    council = get_council_by_id(work.session, work.council)
    refuse_unseen(work, council, request, ruling.seen, (ruling.answer, ruling.conditions or ruling.reason))
    turn = turn_of(work.session, council, request, work.actor, work.today)
    MAY_DECIDE.judge(turn, work.today).or_refuse()
    _refuse_unsaid(work, request, ruling)
    decision = _enter(work, council, request, ruling, turn)
    happened = _follow(work, request, decision.answer)
    work.record(
        happened,
        request,
        role=council.title(decision.role),
        version=decision.request_version,
        content_hash=decision.content_hash,
        answer=decision.answer,
        minute_ref=decision.minute_ref,
        deputy=decision.as_deputy,
        exception=decision.exception,
    )
    return decision


def _refuse_unsaid(work: Work, request: AccountRequest, ruling: Ruling) -> None:
    """Refuse a ruling without the words that must go with it, or of an impossible day."""
    if ruling.answer is Answer.AGREE_WITH_CONDITIONS and not ruling.conditions:
        raise Invalid("conditions", "Enter the conditions")
    if ruling.answer is Answer.RETURN and not ruling.reason:
        raise Invalid("comments", "Say what must change")
    if ruling.answer is Answer.REFUSE and not ruling.reason:
        raise Invalid("reason", "Enter the reason")
    if ruling.decided_on > work.today:
        raise Invalid("decided_on", "The day of the decision cannot be in the future")
    if request.submitted_at and ruling.decided_on < day_in(work.zone, request.submitted_at):
        raise Invalid("decided_on", "The day of the decision cannot be before the request was submitted")


def _enter(work: Work, council: Council, request: AccountRequest, ruling: Ruling, turn: Turn) -> Decision:
    role, actor = Role(request.chain[request.step]), work.actor
    decision = Decision(
        council_id=work.council,
        request_id=request.id,
        request_version=request.version,
        content_hash=request.content_hash,
        step=request.step,
        role=role,
        decider_id=actor,
        answer=ruling.answer,
        reason=ruling.reason if ruling.answer in (Answer.RETURN, Answer.REFUSE) else "",
        conditions=ruling.conditions if ruling.answer is Answer.AGREE_WITH_CONDITIONS else "",
        minute_ref=ruling.minute_ref,
        decided_on=ruling.decided_on,
        as_deputy=deputises(holders(work.session, work.council, work.today), role, actor),
        exception=exception_used(turn, council.exception_minute),
        decided_at=work.now,
    )
    work.session.add(decision)
    work.flush()
    return decision


def _follow(work: Work, request: AccountRequest, answer: Answer) -> Event:
    """What comes of the answer: the end, the next step, or after the last one an account the council may open."""
    request.waiting_since = None
    if answer in _ENDS:
        verb, happened = _ENDS[answer]
        REQUEST.move(request, verb)
        return happened
    if request.step + 1 < len(request.chain):
        REQUEST.move(request, "be_agreed")
        request.step, request.waiting_since = request.step + 1, work.now
        return Event.REQUEST_AGREED
    request.account_id = open_account(work, request).id
    REQUEST.move(request, "be_approved")
    return Event.REQUEST_APPROVED


_ENDS = {
    Answer.RETURN: ("be_returned", Event.REQUEST_RETURNED),
    Answer.REFUSE: ("be_refused", Event.REQUEST_REFUSED),
}
