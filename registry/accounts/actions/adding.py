"""Accounts enter the register."""

import os
from datetime import date, timedelta
from typing import Any

from registry.accounts.identify import Identity, Unrecognised, identify
from registry.accounts.models import ENDED, Account, AccountState, ServiceArea
from registry.accounts.platforms import PLATFORMS
from registry.accounts.queries import find_namesake
from registry.accounts.rules import MAY_BE_ENTERED, Presence
from registry.core.clock import year_after
from registry.core.errors import Invalid, NotFound
from registry.core.rule import Verdict
from registry.core.work import Work
from registry.councils.models import Risk
from registry.councils.queries import get_council_by_id
from registry.identity.models import Employment
from registry.vocabulary.events import Event

REVIEWED_WHILE = (AccountState.LIVE, AccountState.MOTHBALLED)

_BY_KEY = {platform.key: platform for platform in PLATFORMS}


def add_account(
    work: Work,
    address: str,
    *,
    service_area_id: int,
    how: str,
    platform: str | None = None,
    name: str = "",
    state: AccountState = AccountState.AUTHORISED,
    **facts: Any,
) -> Account:
    """Enter an account in the register: `address` in any spelling, on `platform` where that is known.

    `how` is "request" or "import" and stands in the trail. Refuses what is in the register already, under its
    present or a former name, by `Invalid("address", …)`; and an account in use on a platform that has gone.
    """
    identity = recognised(address, platform)
    namesake = find_namesake(work.session, work.council, identity)
    if namesake:
        raise Invalid("address", namesake.sentence)
    may_be_entered(identity.platform, state, work.today).or_refuse()
    refuse_misfits(work, {"service_area_id": service_area_id, **facts})
    account = new_account(work, identity, state, name=name, service_area_id=service_area_id, **facts)
    work.session.add(account)
    work.flush()
    enter(work, account, how)
    return account


def new_account(work: Work, identity: Identity, state: AccountState, *, name: str, **facts: Any) -> Account:
    """The row of an account that is to be entered, with the days that follow from its state."""
    shown = name or identity.handle
    account = Account(
        council_id=work.council,
        public_id=os.urandom(16),
        platform=identity.platform,
        handle=identity.handle,
        handle_key=identity.handle_key,
        url=identity.url,
        name=shown,
        sort_name=shown.casefold(),
        state=state,
        added_at=work.now,
        **facts,
    )
    if state is not AccountState.PROPOSED:
        account.authorised_on = account.authorised_on or work.today
    if state in ENDED:
        account.ended_on = account.ended_on or work.today
    if state is AccountState.MOTHBALLED:
        account.mothball_review_on = account.mothball_review_on or year_after(work.today)  # at the latest: 002 §12.12
    if state in REVIEWED_WHILE:
        account.live_on = account.live_on or account.authorised_on
        account.next_review_on = account.next_review_on or next_review(work, account)
    return account


def enter(work: Work, account: Account, how: str) -> None:
    """Tell the trail that an account is in the register."""
    work.record(
        Event.ACCOUNT_ADDED, account, how=how, platform=account.platform, handle=account.handle, state=account.state
    )


def recognised(address: str, platform: str | None) -> Identity:
    """The account that an address names, or why it names none, beside the field."""
    try:
        return identify(address, platform)
    except Unrecognised as trouble:
        raise Invalid("address", trouble.reason) from trouble


def may_be_entered(platform_key: str, state: AccountState, on: date) -> Verdict:
    """Whether an account in this state may be entered on this platform."""
    platform = _BY_KEY[platform_key]
    out_of_use = state in ENDED or state is AccountState.MOTHBALLED
    return MAY_BE_ENTERED.judge(Presence(platform.is_open, platform.closed_because, out_of_use), on)


def refuse_misfits(work: Work, facts: dict[str, Any]) -> None:
    """Refuse a service area or a responsible person that this council does not have."""
    if "service_area_id" in facts:
        area = work.session.get(ServiceArea, facts["service_area_id"])
        if area is None or area.council_id != work.council:
            raise NotFound
        if not area.answers_on(work.today):
            raise Invalid("service_area_id", f"{area.name} was ended: choose the service area that answers now")
    responsible = facts.get("responsible_id")
    if responsible is not None and work.session.get(Employment, (work.council, responsible)) is None:
        raise NotFound


def next_review(work: Work, account: Account) -> date:
    """When the security settings are to be reviewed next; the risk sets the distance (004 §6.5)."""
    every = get_council_by_id(work.session, work.council).review_every(account.risk or Risk.NORMAL)
    return (account.last_reviewed_on or work.today) + timedelta(days=every)
