"""Single-use links by which people set a password: at first, and when they forgot it."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import delete, func, select, update

from registry.core.errors import Conflict, Invalid
from registry.core.work import Subject, Work
from registry.identity.actions.notices import tell
from registry.identity.actions.sign_in import end_all_sessions
from registry.identity.factors import HalfSignIn
from registry.identity.link_queries import is_new, opens
from registry.identity.models import LinkPurpose, PasswordLink, Person
from registry.identity.passwords import Passwords, trouble_with
from registry.identity.queries import (
    find_person_by_email,
    get_employment,
    list_identities,
    may_sign_in,
    works_only_here,
)
from registry.identity.rules.sign_in import MAY_BE_SENT_LINK, Linking
from registry.identity.tokens import hash_of, new_token
from registry.outbox.actions import post
from registry.outbox.links import PLACE, Link
from registry.vocabulary.events import Event

INVITATION = """Hello {name},

you can now use the register of social media accounts. Choose your password here within 72 hours:

{address}

The link works once. If you did not expect this message, tell your Clerk.
"""

RESET = """Hello {name},

somebody, probably you, asked for a new password. Choose it here within 20 minutes:

{address}

The link works once and does not sign you in. If it was not you, ignore this message.
"""

LASTS = {LinkPurpose.SET_UP: timedelta(hours=72), LinkPurpose.RESET: timedelta(minutes=20)}
MOST_RESETS = 3
"""In the time that a reset link lasts."""
OVER = "This link has been used or has run out. Ask for a new one."


def make_link(work: Work, person: Person, purpose: LinkPurpose) -> str:
    """Make a single-use link for somebody and give its token; earlier ones for the same stop working."""
    token = new_token()
    _void_links(work, person.id, purpose)
    link = PasswordLink(
        token_hash=hash_of(token),
        person_id=person.id,
        purpose=purpose,
        made_at=work.now,
        expires_at=work.now + LASTS[purpose],
    )
    work.session.add(link)
    happened = Event.SETUP_LINK_MADE if purpose is LinkPurpose.SET_UP else Event.PASSWORD_RESET_ASKED
    work.record(happened, Subject("Person", person.id))
    return token


def invite(work: Work, person: Person, address_of: str, name: str = "") -> str:
    """Send somebody the link that sets their first password; `address_of` has `{token}` where it goes. `name`: what
    who invites calls them, where that is not the name they go by."""
    token = make_link(work, person, LinkPurpose.SET_UP)
    post(
        work,
        person.email,
        "Set your password for the social media register",
        INVITATION.format(name=name or person.name, address=PLACE),
        dedupe=f"link:{hash_of(token)}",
        link=Link(address_of.format(token=token), work.now + LASTS[LinkPurpose.SET_UP]),
        person_id=person.id,
    )
    return token


def ask_reset(work: Work, email: str, address_of: str) -> None:
    """Send a reset link, if there is such a person and they may sign in; nothing shows whether there is.

    Nor is anybody sent link upon link, each of which ends the one before, because somebody else keeps asking. Who
    signs in by a provider alone has no password to forget: whoever reads their mail must not give them one.
    """
    person = find_person_by_email(work.session, email)
    if person is None or not _may_be_sent_reset(work, person):
        work.record(Event.PASSWORD_RESET_ASKED, Subject("Person", None))
        return
    _send_reset(work, person, address_of)


def send_link(work: Work, person_id: int, address_of: str) -> LinkPurpose:
    """Send somebody of the council's own the link that sets their first password, or, once they have proved
    themselves, a short one to choose another. Whoever sends it never sees it."""
    person = get_employment(work.session, work.council, person_id).person
    is_ours = works_only_here(work.session, work.council, person_id, work.today)
    MAY_BE_SENT_LINK.judge(Linking(is_ours, _goes_by_password(work, person)), work.today).or_refuse()
    if is_new(work.session, person_id):
        invite(work, person, address_of)
        return LinkPurpose.SET_UP
    if _has_links_enough(work, person):
        raise Conflict(f"They were sent {MOST_RESETS} links within 20 minutes. Let them use the last one.")
    _send_reset(work, person, address_of)
    return LinkPurpose.RESET


def _send_reset(work: Work, person: Person, address_of: str) -> None:
    token = make_link(work, person, LinkPurpose.RESET)
    post(
        work,
        person.email,
        "Choose a new password for the social media register",
        RESET.format(name=person.name, address=PLACE),
        dedupe=f"link:{hash_of(token)}",
        link=Link(address_of.format(token=token), work.now + LASTS[LinkPurpose.RESET]),
        person_id=person.id,
    )


def _void_links(work: Work, person_id: int, *purposes: LinkPurpose) -> None:
    unused = update(PasswordLink).where(PasswordLink.person_id == person_id, PasswordLink.used_at.is_(None))
    work.session.execute(unused.where(PasswordLink.purpose.in_(purposes)).values(used_at=work.now))


def _may_be_sent_reset(work: Work, person: Person) -> bool:
    works = may_sign_in(work.session, person.id, work.today)
    return works and _goes_by_password(work, person) and not _has_links_enough(work, person)


def _has_links_enough(work: Work, person: Person) -> bool:
    lately = work.now - LASTS[LinkPurpose.RESET]
    made = select(func.count()).where(PasswordLink.person_id == person.id, PasswordLink.made_at > lately)
    return (work.session.scalar(made.where(PasswordLink.purpose == LinkPurpose.RESET)) or 0) >= MOST_RESETS


def _goes_by_password(work: Work, person: Person) -> bool:
    return person.password_hash is not None or not list_identities(work.session, person.id)


def use_link(work: Work, token: str, hashed: str) -> Person:
    """Set a password by a link, once; every session of the person ends. It does not sign them in."""
    person = claim(work, token)
    set_password(work, person, hashed)
    end_all_sessions(work, person.id, "password set by link")
    _tell(work, person)
    return person


def claim(work: Work, token: str, purposes: Collection[LinkPurpose] = tuple(LinkPurpose)) -> Person:
    """Use a link up, and act from here on as its person; of any number who try at once, one finds it unused."""
    used = (
        update(PasswordLink)
        .where(opens(token, work.now), PasswordLink.purpose.in_(purposes))
        .values(used_at=work.now)
        .returning(PasswordLink.person_id)
    )
    person_id = work.session.scalars(used).one_or_none()
    if person_id is None:
        raise Conflict(OVER)
    work.actor_id = person_id
    return work.session.get_one(Person, person_id)


def change_password(work: Work, person_id: int, hashed: str, session_id: int) -> None:
    """Change one's own password, having proved with the present one that it is still them; other sessions end."""
    set_password(work, work.session.get_one(Person, person_id), hashed)
    end_all_sessions(work, person_id, "password changed", besides=session_id)
    _tell(work, work.session.get_one(Person, person_id))


def _tell(work: Work, person: Person) -> None:
    tell(work, person, "Your password was set anew", f"password:{person.id}:{work.now.isoformat()}")


def hashed_for(passwords: Passwords, person: Person, password: str) -> str:
    """What to keep of a password that will do. It takes time on purpose, so it is done before any work is open."""
    trouble = trouble_with(password, person.name, person.email)
    if trouble:
        raise Invalid("password", trouble)
    return passwords.hash(password)


def set_password(work: Work, person: Person, hashed: str) -> None:
    """Give somebody a password of which this is to be kept (see `hashed_for`).

    Whoever came half in by the one before, or holds a link that was sent before, gets no further.
    """
    person.password_hash = hashed
    _void_links(work, person.id, *LinkPurpose)
    work.session.execute(delete(HalfSignIn).where(HalfSignIn.person_id == person.id))
    work.record(Event.PASSWORD_SET, Subject("Person", person.id))
