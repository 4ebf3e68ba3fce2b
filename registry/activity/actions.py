"""Recording that an account posted, and taking a wrong record back (002 §12.3, §15.1).

Every act keeps `Account.last_posted_on` at the latest day on record, under the account's lock. It is set without
raising the account's version: somebody who is changing the account's facts need not start again because it posted.
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select, update

from registry.accounts.models import Account
from registry.activity.models import Observation, Source
from registry.activity.queries import (
    days_known,
    find_observation,
    get_observation,
    lock_account,
    telling_of,
)
from registry.activity.rules import MAY_TELL, MAY_WITHDRAW, POSSIBLE, PostingDay, TakingBack
from registry.core.errors import Invalid
from registry.core.work import Work
from registry.editors.standing import standing_of
from registry.vocabulary.events import Event


def observe(work: Work, account_id: int, posted_on: date, posts: int = 1) -> Observation:
    """Record that the account posted on a day. A day that is on record already stays as it is, and nothing happens."""
    account = _account_to_tell_of(work, account_id)
    _assert_possible(work, account, posted_on, "posted_on")
    known = find_observation(work.session, account, posted_on)
    if known is not None:
        return known
    observation = _observation(work, account, posted_on, posts, Source.SAID)
    work.session.add(observation)
    _keep_last_day(work, account)
    work.record(Event.ACTIVITY_OBSERVED, observation, account=account.name, posted_on=posted_on, posts=posts)
    return observation


def import_days(work: Work, account_id: int, days: Mapping[date, int], filename: str) -> int:
    """Record the days of a file with their posts, all or none; tell how many were new.

    A day that is on record already stays as it is.
    """
    account = _account_to_tell_of(work, account_id)
    for posted_on in days:
        _assert_possible(work, account, posted_on, "file")
    new = sorted(days.keys() - days_known(work.session, account, days))
    if new:
        work.session.add_all(_observation(work, account, day, days[day], Source.IMPORTED) for day in new)
        _keep_last_day(work, account)
        work.record(Event.ACTIVITY_IMPORTED, account, account=account.name, rows=len(new), file=filename)
    return len(new)


def withdraw(work: Work, observation_id: int) -> Account:
    """Take a wrong record back. The trail keeps that it was made and that it was withdrawn."""
    account_id = get_observation(work.session, work.council, observation_id).account_id
    account = lock_account(work.session, work.council, account_id)
    observation = get_observation(work.session, work.council, observation_id)  # somebody may just have withdrawn it
    standing = standing_of(work.session, account, work.actor, work.today)
    back = TakingBack(standing.is_employed, observation.recorded_by == work.actor, standing.acts_by_role)
    MAY_WITHDRAW.judge(back, work.today).or_refuse()
    work.record(Event.ACTIVITY_WITHDRAWN, observation, account=account.name, posted_on=observation.posted_on)
    work.session.delete(observation)
    _keep_last_day(work, account)
    return account


def _account_to_tell_of(work: Work, account_id: int) -> Account:
    account = lock_account(work.session, work.council, account_id)
    MAY_TELL.judge(telling_of(work.session, account, work.actor, work.today), work.today).or_refuse()
    return account


def _assert_possible(work: Work, account: Account, posted_on: date, field: str) -> None:
    for reason in POSSIBLE.judge(PostingDay.of(account, posted_on), work.today):
        raise Invalid(field, reason.text)


def _observation(work: Work, account: Account, posted_on: date, posts: int, source: Source) -> Observation:
    return Observation(
        council_id=work.council,
        account_id=account.id,
        posted_on=posted_on,
        source=source,
        posts=posts,
        recorded_by=work.actor,
        recorded_at=work.now,
    )


def _keep_last_day(work: Work, account: Account) -> None:
    work.flush()
    latest = select(func.max(Observation.posted_on)).where(
        Observation.council_id == account.council_id, Observation.account_id == account.id
    )
    keep = update(Account).where(Account.council_id == account.council_id, Account.id == account.id)
    keep = keep.values(last_posted_on=latest.scalar_subquery()).execution_options(synchronize_session=False)
    work.session.execute(keep)
    work.session.refresh(account, ["last_posted_on"])
