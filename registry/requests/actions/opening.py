"""The last agreement enters the account in the register with everything that was asked and agreed (002 §16.1)."""

from datetime import date
from typing import Any

from registry.accounts.actions import add_account
from registry.accounts.models import Account, AccountState
from registry.accounts.queries import get_area
from registry.core.work import Work
from registry.councils.models import Risk
from registry.requests.models import AccountRequest
from registry.requests.parts import ENGAGEMENT
from registry.requests.queries import list_decisions
from registry.requests.questions import Answers

NOTED = (
    ("login_mailbox", "Sign-in mailbox"),
    ("exit_plan", "When it is no longer needed"),
    ("monitoring", "Watched by"),
    ("moderation", "Moderation"),
    ("safeguarding", "Safeguarding"),
    ("advertising", "Advertising"),
    ("risks", "Risks"),
)
"""Answers that the account has no place of their own for; they go to its notes."""


def open_account(work: Work, request: AccountRequest) -> Account:
    """Enter the account as authorised. Its editors are not named by this: the manager does that (002 §19.2)."""
    answers = request.answers
    area = get_area(work.session, work.council, answers["service_area_id"])
    return add_account(
        work,
        answers["url"],
        service_area_id=area.id,
        how="request",
        platform=answers["platform"],
        name=answers["name"],
        state=AccountState.AUTHORISED,
        responsible_id=answers.get("responsible_id") or area.manager_id,
        notes=_notes(work, request),
        **_facts(answers),
    )


def _facts(answers: Answers) -> dict[str, Any]:
    return {
        "purpose": answers["purpose"],
        "audience": answers["audience"],
        "for_children": answers["for_children"] == "yes",
        "language": answers["language"],
        "engagement": next(option.label for option in ENGAGEMENT if option.value == answers["engagement"]),
        "cadence_days": answers["cadence_days"],
        "resources": answers["resources"],
        "benchmarks": answers["benchmarks"],
        "risk": Risk(answers["risk"]),
        "trial_ends_on": _day(answers.get("trial_ends_on")),
        "planned_end_on": _day(answers.get("planned_end_on")),
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _notes(work: Work, request: AccountRequest) -> str:
    """What was asked besides, and the conditions of those who agreed to this version."""
    said = [f"{label}: {request.answers[name]}" for name, label in NOTED if request.answers.get(name)]
    agreed = (d for d in list_decisions(work.session, request) if d.request_version == request.version)
    return "\n".join([*said, *(f"Condition: {d.conditions}" for d in agreed if d.conditions)])
