"""What awaits one person: each line a verb, an object, since when, and the link that does it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from flask import url_for
from sqlalchemy import select

from registry.accounts.models import Account, AccountState
from registry.closures.queries import steps_of
from registry.core.clock import day_in
from registry.councils.queries import kept_here
from registry.custody.key_queries import shares_of
from registry.editors.rules import TRAINED
from registry.flags.rules.people import LAPSING
from registry.home.custody import custody_lines
from registry.home.flags import flag_lines
from registry.home.lines import Asked, Line, When
from registry.identity.offer_queries import offers_to
from registry.identity.queries import hats_waiting, names_of
from registry.outbox.models import MessageState
from registry.outbox.queries import count_not_sent
from registry.policies.queries import versions_to_sign
from registry.requests.desk import waiting_for
from registry.requests.models import RequestState
from registry.requests.queries import asked_by, requests_listed
from registry.reviews.queries import open_actions_of
from registry.training.models import CourseKind, RecordState
from registry.training.queries import count_to_confirm, holdings
from registry.vocabulary.permissions import Permission, Role
from registry.web import context
from registry.web.filters import away, day, due, in_days, plural

WEEK = timedelta(days=7)
MOST = 10
"""Accounts to make ready that are shown at once."""


def awaiting(asked: Asked) -> list[Line]:
    """Everything that awaits this person, what is late or blocking first."""
    sources = (
        _offers,
        _requests,
        custody_lines,
        _roles,
        _messages,
        _policy,
        _training,
        _steps,
        _actions,
        _posts,
        _confirmations,
        _launches,
        flag_lines,
        _own_requests,
        _own_training,
        _share,
    )
    lines = [line for source in sources for line in source(asked)]
    return sorted(lines, key=lambda line: list(When).index(line.when))


def _offers(asked: Asked) -> Iterator[Line]:
    for offer, council in offers_to(asked.session, asked.person_id, asked.today):
        yield Line(
            When.NOW, f"{council.name} asks you to work with it", "Answer", url_for("identity.offer", offer_id=offer.id)
        )


def _requests(asked: Asked) -> Iterator[Line]:
    for waiting in waiting_for(asked.session, asked.council, asked.person_id, asked.roles, asked.today):
        since = _since(asked, waiting.since)
        yield Line(
            When.NOW, f"Decide on {waiting.name}, asked for by {waiting.asker}", "Decide",
            url_for("requests.decide", request_id=waiting.request_id), since,
        )  # fmt: skip


def _policy(asked: Asked) -> Iterator[Line]:
    for version in versions_to_sign(asked.session, asked.council.id, asked.person_id, asked.today):
        in_force = version.effective_on is not None and version.effective_on <= asked.today
        by = version.sign_by_on
        since = due(by, asked.today) if by and by >= asked.today else f"in force since {day(version.effective_on)}"
        when = When.NOW if in_force else When.WEEK
        yield Line(
            when,
            f"Sign {version.policy.title}, version {version.version}",
            "Read and sign",
            url_for("policies.sign_current"),
            since,
        )


def _training(asked: Asked) -> Iterator[Line]:
    if not asked.may(Permission.CUSTODY_REVEAL):
        return
    until = asked.facts.trained_until
    if holdings(asked.records)[CourseKind.EDITOR].is_waiting:
        return  # a line of what waits for others says so
    if until == date.min:
        yield Line(When.NOW, "Complete your editor training", "Record it", url_for("training.record"))
    elif not TRAINED.test(asked.facts, asked.today):
        yield Line(
            When.NOW, f"Your editor training lapsed on {day(until)}", "Record training", url_for("training.record")
        )
    elif until <= asked.today + LAPSING:
        since = in_days(until, asked.today)
        yield Line(
            When.WEEK,
            f"Your editor training lapses on {day(until)}",
            "Record training",
            url_for("training.record"),
            since,
        )


def _steps(asked: Asked) -> Iterator[Line]:
    for step in steps_of(asked.session, asked.council.id, asked.person_id, asked.today):
        if step.due_on <= asked.today + WEEK:
            yield Line(
                _when(asked, step.due_on), f"{step.title} for {step.account}", "Open the step",
                url_for("closures.step", closure_id=step.closure_id, key=step.key), due(step.due_on, asked.today),
            )  # fmt: skip


def _actions(asked: Asked) -> Iterator[Line]:
    for action in open_actions_of(asked.session, asked.council.id, asked.person_id):
        if action.due_on <= asked.today + WEEK:
            yield Line(
                _when(asked, action.due_on), f"{action.account}: {action.what}", "Mark as done",
                url_for("reviews.finish", action_id=action.action_id), due(action.due_on, asked.today),
            )  # fmt: skip


def _posts(asked: Asked) -> Iterator[Line]:
    for account in asked.silent:
        last = (
            f"last post on record {in_days(account.last_posted_on, asked.today)}"
            if account.last_posted_on
            else "no post on record"
        )
        yield Line(
            _when(asked, account.due_on), f"Was anything posted on {account.name}?", "Record a post",
            url_for("activity.account", account_id=account.account_id), last,
        )  # fmt: skip


def _roles(asked: Asked) -> Iterator[Line]:
    """Roles of power that somebody gave and another must confirm."""
    if not asked.may(Permission.ROLES_GRANT):
        return
    waiting = list(asked.session.scalars(hats_waiting(asked.council.id, asked.today)))
    names = names_of(asked.session, [grant.person_id for grant in waiting])
    for grant in waiting:
        if asked.person_id not in (grant.granted_by, grant.person_id):
            text = f"Confirm or refuse that {names[grant.person_id]} becomes {asked.council.title(grant.role)}"
            yield Line(When.NOW, text, "Decide", url_for("identity.person", person_id=grant.person_id))


def _messages(asked: Asked) -> Iterator[Line]:
    """What the register wrote to people and could not send: nobody else would miss it."""
    if not asked.may(Permission.MESSAGES_SEND):
        return
    not_sent = count_not_sent(asked.session, asked.council.id, context.now())
    if not_sent:
        href = url_for("outbox.index", state=MessageState.NOT_SENT)
        yield Line(When.NOW, f"{plural(not_sent, 'message')} could not be sent", "See why", href)


def _confirmations(asked: Asked) -> Iterator[Line]:
    if asked.may(Permission.TRAINING_CONFIRM):
        waiting = count_to_confirm(asked.session, asked.council.id)
        if waiting:
            yield Line(
                When.WEEK, f"Confirm {plural(waiting, 'training record')}", "Confirm", url_for("training.to_confirm")
            )


def _launches(asked: Asked) -> Iterator[Line]:
    """Accounts that were agreed to and are not live yet: nobody else asks after them."""
    if not asked.may(Permission.ACCOUNT_GO_LIVE):
        return
    agreed = select(Account.id, Account.name, Account.authorised_on).where(
        Account.council_id == asked.council.id, Account.state == AccountState.AUTHORISED
    )
    for account_id, name, on in asked.session.execute(agreed.order_by(Account.authorised_on, Account.id).limit(MOST)):
        since = f"authorised {in_days(on, asked.today)}" if on else ""
        href = url_for("register.account", account_id=account_id, _anchor="checklist")
        yield Line(When.WEEK, f"Make {name} ready to go live", "See what is left", href, since)


def _own_requests(asked: Asked) -> Iterator[Line]:
    wanted = (RequestState.DRAFT, RequestState.RETURNED, RequestState.SUBMITTED)
    query = asked_by(requests_listed(asked.council.id), asked.person_id)
    for row in asked.session.execute(query):
        if row.state not in wanted:
            continue
        name, href = row.name or "a new account", url_for("requests.request_page", request_id=row.id)
        if row.state is RequestState.RETURNED:
            yield Line(When.NOW, f"Your request for {name} was returned with comments", "Change it", href)
        elif row.state is RequestState.DRAFT:
            yield Line(When.WEEK, f"Finish your request for {name}", "Go on", href, _since(asked, row.started_at))
        else:
            office = asked.council.title(Role(row.chain[row.step]))
            yield Line(
                When.WAITING, f"{office} to decide on {name}", "See the request", href, _since(asked, row.waiting_since)
            )


def _own_training(asked: Asked) -> Iterator[Line]:
    if any(record.state is RecordState.RECORDED for record in asked.records):
        office = asked.council.title(Role.COMMS)
        yield Line(When.WAITING, f"{office} to confirm your training", "See my training", url_for("training.mine"))


def _share(asked: Asked) -> Iterator[Line]:
    mine = any(share.confirmed_at is None for share, _ in shares_of(asked.session, asked.person_id))
    if mine and kept_here(asked.session, asked.council.id, asked.today):
        yield Line(
            When.NOW, "You hold a recovery share: see it once, write it down and type it back", "Open my share",
            url_for("custody.my_share"), "so that it counts",
        )  # fmt: skip


def _when(asked: Asked, due_on: date) -> When:
    return When.NOW if due_on < asked.today else When.WEEK


def _since(asked: Asked, moment: Any) -> str:
    return f"since {away(day_in(asked.council.time_zone, moment), asked.today)}" if moment else ""
