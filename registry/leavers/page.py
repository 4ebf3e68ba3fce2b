"""What the leaver page shows: a checklist for a bad day, from data alone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from registry.closures.queries import steps_of
from registry.councils.models import Council
from registry.identity.models import Employment
from registry.identity.queries import roles_worn, works_only_here
from registry.identity.session_queries import list_live_sessions
from registry.leavers.queries import (
    RECENT,
    Seen,
    answers_for,
    editorships_of,
    managed_areas,
    own_login_accounts,
    seen_by,
    short_of_editors,
)
from registry.reviews.queries import open_actions_of
from registry.web.filters import away, plural


@dataclass(frozen=True)
class Asked:
    """For whom and when the page is made, and how long a sign-in lasts."""

    session: Session
    council: Council
    employment: Employment
    today: date
    now: datetime
    idle: timedelta
    longest: timedelta

    @property
    def council_id(self) -> int:
        """The council's number."""
        return self.council.id

    @property
    def person_id(self) -> int:
        """Whose page it is."""
        return self.employment.person_id


@dataclass(frozen=True)
class Progress:
    """How many of the values that must change are done with."""

    done: int
    total: int


def is_over(employment: Employment, today: date) -> bool:
    """Whether nothing opens to them in this council: they left, or are suspended."""
    return not employment.holds_on(today) or employment.suspended_on is not None


def what_ended(asked: Asked, areas: list[Any]) -> list[dict[str, Any]]:
    """What ends when somebody goes, each as a tick: it has, or it has not (yet)."""
    employment, today = asked.employment, asked.today
    ended = is_over(employment, today)
    return [
        _tick(ended, "Nothing opens to them here", "They work here", _when(employment, today)),
        *_sign_ins(asked),
        _roles(asked),
        _named([row for row in areas if row.ends_on is None or row.ends_on >= today]),
    ]


def _tick(ok: bool, yes: str, no: str, detail: str = "") -> dict[str, Any]:
    return {"ok": ok, "text": yes if ok else no, "detail": detail}


def _when(employment: Employment, today: date) -> str:
    if employment.suspended_on is not None and employment.holds_on(today):
        return f"kept from the accounts since {away(employment.suspended_on, today)}"
    return f"last day {away(employment.ends_on, today)}" if employment.ends_on else "no last day is set"


def _sign_ins(asked: Asked) -> list[dict[str, Any]]:
    """Where they are signed in; of whoever works for another council too, that is not this one's to know."""
    if not works_only_here(asked.session, asked.council_id, asked.person_id, asked.today):
        return []
    count = len(list_live_sessions(asked.session, asked.person_id, asked.now, asked.idle, asked.longest))
    browsers = plural(count, "browser") if count else ""
    return [_tick(not count, "They are signed in nowhere", "They are signed in", browsers)]


def _roles(asked: Asked) -> dict[str, Any]:
    held = roles_worn(asked.session, asked.council_id, asked.person_id, asked.today)
    titles = ", ".join(asked.council.title(role) for role in held)
    return _tick(not held, "They hold no role", "They hold a role", titles)


def _named(areas: list[Any]) -> dict[str, Any]:
    names = ", ".join(row.name for row in areas)
    return _tick(not areas, "They are named as an editor nowhere", "They are named as an editor", names)


def left_behind(asked: Asked) -> list[tuple[str, str, str]]:
    """What waits on their desk for somebody else: what it is, what to do, and where."""
    session, council_id, person_id, today = asked.session, asked.council_id, asked.person_id, asked.today
    return [
        *(
            (f"Responsible for {row.name}", "Name somebody else", url_for("accounts.change", account_id=row.id))
            for row in answers_for(session, council_id, person_id)
        ),
        *(
            (f"Manager of {row.name}", "Name another manager", url_for("accounts.service_area", area_id=row.id))
            for row in managed_areas(session, council_id, person_id, today)
        ),
        *(
            (
                f"{step.title} for {step.account}",
                "Hand the step on",
                url_for("closures.step", closure_id=step.closure_id, key=step.key),
            )
            for step in steps_of(session, council_id, person_id, today)
        ),
        *(
            (f"{row.account}: {row.what}", "See the review", url_for("reviews.account", account_id=row.account_id))
            for row in open_actions_of(session, council_id, person_id)
        ),
    ]


def facts(asked: Asked) -> dict[str, Any]:
    """Everything the template asks for."""
    session, council_id = asked.session, asked.council_id
    named = list(editorships_of(session, council_id, asked.person_id))
    since = asked.today - RECENT
    areas = {row.area_id: row.name for row in named if row.ends_on is None or row.ends_on >= since}
    seen = seen_by(session, council_id, asked.person_id)
    return {
        "employment": asked.employment,
        "is_over": is_over(asked.employment, asked.today),
        "ended": what_ended(asked, named),
        "seen": seen,
        "progress": progress(seen),
        "short": short_of_editors(session, council_id, areas, asked.council.ideal_editors, asked.today),
        "own_logins": own_login_accounts(session, council_id, areas),
        "behind": left_behind(asked),
    }


def progress(seen: list[Seen]) -> Progress:
    """Of the values they know that are in force or were due, how many are finished with, and in force nowhere else."""
    values = {(each.credential_id, each.version): each for each in seen if each.is_in_force or each.rotation_id}
    done = [each for each in values.values() if each.is_finished and not (each.is_in_force or each.elsewhere)]
    return Progress(len(done), len(values))
