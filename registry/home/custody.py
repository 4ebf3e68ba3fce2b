"""What custody awaits of somebody: to be a second person, to look now that one agreed, to review, to give back."""

from collections.abc import Iterator
from datetime import timedelta

from flask import url_for

from registry.custody.looks import looked_at
from registry.custody.models_looking import LookState
from registry.custody.pending import list_check_outs, list_glass, looks_asked, looks_by_exception, looks_to_decide
from registry.editors.rules import CLEARED
from registry.editors.standing import ROLES_THAT_ACT
from registry.home.lines import Asked, Line, When
from registry.identity.queries import names_of
from registry.vocabulary.permissions import Permission, Role
from registry.web import context
from registry.web.filters import due, moment

TOLD_FOR, WATCHED_FOR = timedelta(days=2), timedelta(days=7)
"""How long somebody is reminded on their first page that a second person said no, and an auditor that somebody looked
alone."""


def custody_lines(asked: Asked) -> Iterator[Line]:
    """Everything in custody that waits for this person, or for another at their asking."""
    if asked.may(Permission.CUSTODY_REVEAL):
        yield from _to_decide(asked)
        yield from _asked(asked)
        yield from _checked_out(asked)
    if asked.may(Permission.CUSTODY_REVIEW):
        yield from _to_review(asked)
    elif Role.AUDITOR in asked.roles:
        yield from _not_reviewed(asked)
    if Role.AUDITOR in asked.roles:
        yield from _seen_alone(asked)


def _to_decide(asked: Asked) -> Iterator[Line]:
    by_role = bool(asked.roles & set(ROLES_THAT_ACT))
    if not by_role and not CLEARED.judge(asked.facts, asked.today):
        return
    rows = looks_to_decide(
        asked.session, asked.council.id, asked.person_id, context.now(), asked.today, by_role=by_role
    )
    names = names_of(asked.session, [look.asker_id for look, _, _ in rows])
    for look, credential, account in rows:
        what = looked_at(credential.kind, look.purpose)
        text = f"May {names[look.asker_id]} see the {what} of {account.name}?"
        href = url_for("custody.decide_look", look_id=look.id)
        yield Line(When.NOW, text, "Decide", href, f"until {moment(look.expires_at, asked.council.time_zone)}")


def _asked(asked: Asked) -> Iterator[Line]:
    now = context.now()
    for look, credential, account in looks_asked(asked.session, asked.council.id, asked.person_id, now, now - TOLD_FOR):
        what, href = (
            f"the {looked_at(credential.kind, look.purpose)} of {account.name}",
            url_for("custody.look", look_id=look.id),
        )
        until = f"until {moment(look.expires_at, asked.council.time_zone)}"
        if look.state is LookState.APPROVED:
            yield Line(When.NOW, f"You may see {what} once", "See it", href, until)
        elif look.state is LookState.REFUSED:
            yield Line(When.WEEK, f"You may not see {what}: {look.words}", "See the answer", href)
        else:
            yield Line(When.WAITING, f"A second person to agree that you see {what}", "See the request", href, until)


def _checked_out(asked: Asked) -> Iterator[Line]:
    for out, _, account in list_check_outs(asked.session, asked.council.id):
        if out.person_id == asked.person_id:
            is_late = out.due_at <= context.now()
            yield Line(
                When.NOW if is_late else When.WEEK, f"Give back what you checked out of {account.name}", "Give it back",
                url_for("custody.account", account_id=account.id),
                f"until {moment(out.due_at, asked.council.time_zone)}",
            )  # fmt: skip


def _to_review(asked: Asked) -> Iterator[Line]:
    rows = [row for row in list_glass(asked.session, asked.council.id) if row[0].person_id != asked.person_id]
    names = names_of(asked.session, [glass.person_id for glass, _, _ in rows])
    for glass, _, account in rows:
        yield Line(
            When.NOW, f"Review that {names[glass.person_id]} broke the glass for {account.name}", "Review it",
            url_for("custody.review_glass", glass_id=glass.id), due(glass.due_on, asked.today),
        )  # fmt: skip


def _not_reviewed(asked: Asked) -> Iterator[Line]:
    """For the auditor, who sees to it that others review."""
    rows = list_glass(asked.session, asked.council.id)
    names = names_of(asked.session, [glass.person_id for glass, _, _ in rows])
    for glass, _, account in rows:
        yield Line(
            When.WAITING, f"Somebody to review that {names[glass.person_id]} broke the glass for {account.name}",
            "See it", url_for("custody.waiting"), due(glass.due_on, asked.today),
        )  # fmt: skip


def _seen_alone(asked: Asked) -> Iterator[Line]:
    rows = looks_by_exception(asked.session, asked.council.id, context.now() - WATCHED_FOR)
    names = names_of(asked.session, [look.asker_id for look, _, _ in rows])
    for look, credential, account in rows:
        what = looked_at(credential.kind, look.purpose)
        text = f"By the council’s exception {names[look.asker_id]} alone could see the {what} of {account.name}"
        is_there = credential.destroyed_at is None
        href = (
            url_for("custody.look", look_id=look.id) if is_there else url_for("custody.account", account_id=account.id)
        )
        yield Line(When.WEEK, text, "See why", href, moment(look.decided_at, asked.council.time_zone))
