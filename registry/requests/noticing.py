"""What the register knows about a request that its deciders should notice before they decide."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from registry.accounts.identify import Identity
from registry.accounts.lookalike import similar
from registry.accounts.models import Account, ServiceArea
from registry.accounts.platforms import find_platform
from registry.accounts.queries import find_namesake
from registry.core.rule import Verdict
from registry.core.wording import long_day
from registry.councils.models import Council
from registry.editors.rules import EMPLOYED, SIGNED, TRAINED
from registry.editors.standing import person_facts
from registry.identity.models import Employment, Person
from registry.requests.models import AccountRequest, RequestState
from registry.requests.questions import Answers
from registry.requests.rules import NOTICED, Proposal

SHOWN = 3


@dataclass(frozen=True)
class Proposed:
    """A proposed editor and what still keeps them out; nothing when they could be let in today."""

    person_id: int
    name: str
    lacks: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What they lack, in a sentence."""
        return f"{self.name} {' and '.join(self.lacks)}." if self.lacks else f"{self.name} is trained and has signed."


def proposed_editors(session: Session, council_id: int, answers: Answers, on: date) -> list[Proposed]:
    """The editors a request proposes, with their standing on this day, in one statement (002 §19.2)."""
    ids = [answers[name] for name in ("editor_one", "editor_two") if answers.get(name)]
    query = person_facts(on).add_columns(Person.name).join(Person, Person.id == Employment.person_id)
    rows = session.execute(query.where(Employment.council_id == council_id, Employment.person_id.in_(ids)))
    found = {row.person_id: row for row in rows}
    return [Proposed(i, found[i].name, _lacks(found[i], on)) for i in ids if i in found]


def _lacks(facts: Row[Any], on: date) -> tuple[str, ...]:
    said = (
        (EMPLOYED, "no longer works for the council"),
        (TRAINED, _untrained(facts.trained_until)),
        (SIGNED, _unsigned(facts.signed_until)),
    )
    return tuple(words for condition, words in said if not condition.test(facts, on))


def _untrained(until: date) -> str:
    return "has no confirmed editor training" if until == date.min else f"has training that lapsed on {long_day(until)}"


def _unsigned(until: date) -> str:
    return "has not signed the policy" if until == date.min else f"had until {long_day(until)} to sign the new policy"


def notices(session: Session, council: Council, request: AccountRequest, viewer_id: int, on: date) -> Verdict:
    """What this viewer should notice about a request, with the clause behind each."""
    return NOTICED.judge(proposal_of(session, council, request, viewer_id, on), on)


def proposal_of(session: Session, council: Council, request: AccountRequest, viewer_id: int, on: date) -> Proposal:
    """The facts that are noticed: names, platform, area, editors, children, mailbox, end."""
    answers = request.answers
    platform = find_platform(answers.get("platform") or "")
    editors = proposed_editors(session, council.id, answers, on)
    identity = identity_of(answers)
    twin = find_namesake(session, council.id, identity) if identity else None
    return Proposal(
        twin=twin.sentence if twin else "",
        rivals=_rivals(session, request, identity) if identity else (),
        lookalikes=_lookalikes(session, council.id, identity, answers.get("name") or "") if identity else (),
        closed_because="" if platform is None or platform.is_open else platform.closed_because,
        has_area=_has_area(session, request, on),
        editors=len(editors),
        unready=tuple(editor.sentence for editor in editors if editor.lacks),
        for_children=answers.get("for_children") == "yes",
        has_safeguarding=bool(answers.get("safeguarding")),
        minimum_age=(platform.minimum_age or 0) if platform else 0,
        platform=platform.name if platform else "",
        mailbox_is_ours=_is_ours(answers.get("login_mailbox") or "", _domains(session, council, request.asker_id)),
        ends_on=date.fromisoformat(answers.get("trial_ends_on") or answers.get("planned_end_on") or "9999-12-31"),
        is_viewers_own=request.asker_id == viewer_id,
    )


def identity_of(answers: Answers) -> Identity | None:
    """Which account a request asks for, once its handle was understood."""
    if not answers.get("handle_key"):
        return None
    return Identity(answers["platform"], answers["handle"], answers["handle_key"], answers["url"])


def _rivals(session: Session, request: AccountRequest, identity: Identity) -> tuple[str, ...]:
    query = (
        select(AccountRequest.id, Person.name)
        .join(Person, Person.id == AccountRequest.asker_id)
        .where(
            AccountRequest.council_id == request.council_id,
            AccountRequest.id != request.id,
            AccountRequest.state.in_((RequestState.SUBMITTED, RequestState.RETURNED)),
            AccountRequest.answers["platform"].as_string() == identity.platform,
            AccountRequest.answers["handle_key"].as_string() == identity.handle_key,
        )
        .order_by(AccountRequest.id)
        .limit(SHOWN)
    )
    return tuple(f"request {number} of {asker}" for number, asker in session.execute(query))


def _lookalikes(session: Session, council_id: int, identity: Identity, name: str) -> tuple[str, ...]:
    """Accounts on the same platform that a hurried reader would take it for; the same name elsewhere is welcome."""
    query = select(Account.name, Account.handle).where(
        Account.council_id == council_id,
        Account.platform == identity.platform,
        Account.handle_key != identity.handle_key,
    )
    found = [
        f"“{theirs}” ({handle})"
        for theirs, handle in session.execute(query.order_by(Account.sort_name))
        if similar(handle, identity.handle) or similar(theirs, name)
    ]
    return tuple(found[:SHOWN])


def _has_area(session: Session, request: AccountRequest, on: date) -> bool:
    area = session.get(ServiceArea, request.service_area_id) if request.service_area_id else None
    return area is not None and area.answers_on(on)


def _domains(session: Session, council: Council, asker_id: int) -> Collection[str]:
    """The domains the council is known by: of its website, and of the asker's work address."""
    address = session.scalar(select(Person.email).where(Person.id == asker_id)) or ""
    site = council.website.partition("://")[2].partition("/")[0].removeprefix("www.")
    return {domain for domain in (site.casefold(), address.rpartition("@")[2]) if domain}


def _is_ours(mailbox: str, domains: Collection[str]) -> bool:
    own = mailbox.rpartition("@")[2].casefold()
    return not own or any(own == domain or own.endswith(f".{domain}") for domain in domains)
