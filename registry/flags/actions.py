"""Acknowledging a finding until a day, and taking that back."""

from datetime import date

from registry.core.errors import Invalid
from registry.core.wording import long_day
from registry.core.work import Subject, Work
from registry.editors.standing import ROLES_THAT_ACT
from registry.flags.acknowledging import MAY_ACKNOWLEDGE, Reach, latest_day
from registry.flags.models import Flag
from registry.flags.queries import get_open_flag, manages
from registry.flags.rule import Severity
from registry.flags.sweep import one_council
from registry.flags.tally import recount
from registry.identity.queries import has_role
from registry.vocabulary.events import Event


def acknowledge(work: Work, flag_id: int, until: date, why: str) -> Flag:
    """Put a finding aside until a day (inclusive), for a reason; it asks for attention again on the day after.

    At most 90 days, a breach at most 14. It heals by itself meanwhile, and one that grows worse is loud at once.
    """
    flag = _mine(work, flag_id)
    _check_day(Severity(flag.severity), until, work.today)
    flag.acknowledged_until, flag.acknowledged_by, flag.acknowledged_why = until, work.actor_id, why
    work.record(Event.FLAG_ACKNOWLEDGED, _subject(flag), message=flag.message, until=until, rule=flag.rule)
    _figures(work)
    return flag


def end_acknowledgement(work: Work, flag_id: int) -> Flag:
    """Let an acknowledged finding ask for attention again."""
    flag = _mine(work, flag_id)
    if flag.acknowledged_until is not None:
        flag.acknowledged_until = None
        work.record(Event.FLAG_ACKNOWLEDGEMENT_ENDED, _subject(flag), message=flag.message, rule=flag.rule)
        _figures(work)
    return flag


def _mine(work: Work, flag_id: int) -> Flag:
    flag = get_open_flag(work.session, work.council, flag_id)
    actor = work.actor_id or 0
    keeps = has_role(work.session, work.council, actor, ROLES_THAT_ACT, work.today)
    reach = Reach(keeps, manages(work.session, flag, actor, work.today))
    MAY_ACKNOWLEDGE.judge(reach, work.today).or_refuse()
    return flag


def _check_day(severity: Severity, until: date, today: date) -> None:
    latest = latest_day(severity, today)
    if until < today:
        raise Invalid("until", "The day must be today or later")
    if until > latest:
        grave = "A breach" if severity is Severity.BREACH else "A flag"
        raise Invalid("until", f"{grave} can be acknowledged until {long_day(latest)} at the latest")


def _subject(flag: Flag) -> Subject:
    return Subject(flag.subject_kind, flag.subject_id, flag.account_id)


def _figures(work: Work) -> None:
    work.flush()
    recount(work.session, work.today, one_council(work.council))
