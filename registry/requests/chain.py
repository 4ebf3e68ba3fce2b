"""The chain of a request as its readers see it: each step with who may decide, who did, and since when it waits."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from registry.accounts.models import ServiceArea
from registry.core.clock import day_in
from registry.core.wording import long_day
from registry.councils.models import Council
from registry.identity.queries import names_of
from registry.requests.desk import Holders, holders
from registry.requests.models import AccountRequest, Answer, Decision, RequestState
from registry.requests.queries import list_decisions
from registry.requests.rules import who_decides
from registry.requests.wording import OUTCOMES
from registry.vocabulary.permissions import Role
from registry.web.filters import in_days

BAD = (Answer.RETURN, Answer.REFUSE)


@dataclass(frozen=True)
class Step:
    """One step of a chain, in the shape that the page's component draws."""

    office: str
    person: str
    outcome: str
    when: str
    words: str
    state: str


@dataclass(frozen=True)
class Course:
    """The steps of the latest round, and the decisions of the rounds before it."""

    steps: list[Step]
    earlier: list[Step]


def course_of(session: Session, council: Council, request: AccountRequest, on: date) -> Course:
    """How far a request has come; for a draft, the way it will go."""
    decisions = list_decisions(session, request)
    names = names_of(session, (decision.decider_id for decision in decisions))
    is_waiting = request.state is RequestState.SUBMITTED
    latest = request.version if is_waiting else max((d.request_version for d in decisions), default=0)
    made = {d.step: d for d in decisions if d.request_version == latest}
    area = session.get(ServiceArea, request.service_area_id) if request.service_area_id else None
    desk = _Desk(council, request, area.manager_id if area else None, holders(session, council.id, on), on)
    steps = [
        _decided(council, made[number], names) if number in made else desk.step(number, Role(value))
        for number, value in enumerate(request.chain or council.chain)
    ]
    earlier = [_decided(council, d, names) for d in decisions if d.request_version != latest]
    return Course(steps, earlier)


def _decided(council: Council, decision: Decision, names: dict[int, str]) -> Step:
    outcome = OUTCOMES[decision.answer] + (" as deputy" if decision.as_deputy else "")
    minute = f", minute {decision.minute_ref}" if decision.minute_ref else ""
    exception = f". {decision.exception}" if decision.exception else ""
    return Step(
        office=council.title(decision.role),
        person=names.get(decision.decider_id, ""),
        outcome=outcome,
        when=f"{long_day(decision.decided_on)}{minute}{exception}",
        words=decision.conditions or decision.reason,
        state="bad" if decision.answer in BAD else "done",
    )


@dataclass(frozen=True)
class _Desk:
    """What it takes to say on whose desk an undecided step is."""

    council: Council
    request: AccountRequest
    manager_id: int | None
    held: Holders
    on: date

    def step(self, number: int, role: Role) -> Step:
        """A step that nobody has decided in this round."""
        theirs = who_decides(role, self.manager_id, self.request.asker_id, self.held.get(role, ()))
        allowed = self.council.own_request_exception
        people = [h.name for h in theirs if allowed or h.person_id != self.request.asker_id]
        since = self.request.waiting_since if number == self.request.step else None
        return Step(
            office=self.council.title(role),
            person=" or ".join(people) if people else "nobody holds this role today",
            outcome=self._waiting(since) if since else "Not yet reached",
            when="",
            words="",
            state="next" if since else "waiting",
        )

    def _waiting(self, since: datetime) -> str:
        day = day_in(self.council.time_zone, since)
        return f"Waiting since {long_day(day)} ({in_days(day, self.on)})"
