"""A council with people who do everything at once, each at a browser of their own, over the wire."""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import requests
from flask import Flask
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from registry.accounts.models import Account, ServiceArea
from registry.activity.models import Observation
from registry.closures.models import Closure
from registry.custody.models import Credential, Kind, RevealGrant, SecretVersion
from registry.custody.models_looking import LookRequest, LookState
from registry.editors.models import Editorship
from registry.identity.actions.people import grant_role
from registry.identity.actions.sign_in import admit
from registry.identity.models import Employment, Person, RoleGrant, SignInSession
from registry.outbox.models import Message
from registry.policies.models import PolicyVersion, SignOff
from registry.requests.models import AccountRequest, RequestState
from registry.requests.seen import Seen
from registry.rotations.models import Rotation
from registry.training.models import TrainingRecord
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.custody.hall import CODES, Hall
from tests.requests.asking import Asking
from tests.world import World

Claim = tuple[str, Callable[[Session], bool]]
"""An acknowledged act, and what must be found of it afterwards."""
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Refusal(AssertionError):
    """An answer that no act of these people should ever get."""


class Browser:
    """Somebody signed in at the real server, without scripts."""

    def __init__(self, base: str, cookie: str, person: Person) -> None:
        self.base, self.http, self.token = base, requests.Session(), ""
        self.signer: Person | None = person
        self.begun = set[str]()
        self.http.trust_env = False
        self.http.cookies.set("register", cookie, domain="127.0.0.1", path="/")

    def get(self, path: str) -> str:
        """Open a page."""
        return self._taken(self.http.get(self.base + path, timeout=20)).text

    def post(self, path: str, files: Any = None, too: int = 0, **fields: Any) -> requests.Response:
        """Send a form, with the token of our own pages; `too`: an answer that is as good as done."""
        if not self.token:
            found = TOKEN.search(self.get("/me/sessions"))
            assert found
            self.token = found[1]
        data = {"csrf_token": self.token, **fields}
        answer = self.http.post(self.base + path, data=data, files=files, allow_redirects=False, timeout=20)
        return answer if answer.status_code == too else self._taken(answer)

    def begins(self, what: str) -> bool:
        """Whether this is the first time here for something of which there is one a round."""
        is_first = what not in self.begun
        self.begun.add(what)
        return is_first

    def _taken(self, answer: requests.Response) -> requests.Response:
        if answer.status_code in (503,):
            raise requests.ConnectionError("the server said that it is going")
        if answer.status_code not in ((200,) if answer.request.method == "GET" else (302, 303)):
            said = " ".join(re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2]).split())
            raise Refusal(f"{answer.request.method} {answer.url} gave {answer.status_code}: {said[52:330]}")
        return answer


BEFORE = 200
"""Days ago of the first post and the first training that are recorded: each has a day that nothing else has."""


@dataclass
class Scene:
    """The council, and what each kind of person goes on doing; every act has a mark of its own."""

    world: World
    people: dict[str, Person]
    area: ServiceArea
    held: Account
    ending: list[Account]
    staff: list[Person]
    named: list[Person]
    course_id: int
    version: Any
    asked: list[AccountRequest]
    leaving: list[Person]
    codes: Credential

    def __post_init__(self) -> None:
        self._marks, self._days = itertools.count(1), itertools.count(BEFORE)
        self._held = 0
        self._asked, self._leaving = iter(self.asked), iter(self.leaving)
        self._closing, self._naming = itertools.cycle(self.ending), itertools.cycle(self.named)

    def mark(self) -> str:
        """A word that stands nowhere else."""
        return f"mark{next(self._marks):06d}"

    def somebody(self, who: str, number: int) -> Person:
        """The person of this kind in this round; a new member of staff each time."""
        return self.staff[number] if who == "staff" else self.people[who]

    def cookie(self, app: Flask, person: Person) -> str:
        """The cookie of somebody freshly signed in, as a browser would send it."""
        client = app.test_client()
        self.world.sign_in(client, person)
        kept = client.get_cookie("register")
        assert kept
        return kept.value

    def acts(self, who: str) -> list[Callable[[Browser], Claim]]:
        """What somebody of this kind does, over and over."""
        return {
            "clerk": [self.decides, self.leaves, self.adds_an_area, self.names_an_editor, self.imports_accounts],
            "comms": [self.records_training, self.agrees, self.ends_an_account, self.runs_the_sweep],
            "editor": [self.deposits, self.reveals, self.looks_with_another, self.replaces, self.records_activity],
            "staff": [self.signs, self.asks_for_an_account],
        }[who]

    def decides(self, browser: Browser) -> Claim:
        if not browser.begins("a decision"):
            return self.adds_an_area(browser)
        request = next(self._asked)
        day, seen = boxes(self.world.today), Seen.of(request).token
        path = self.world.path(f"requests/{request.id}/decide")
        browser.post(path, answer="agree", decided_on=day, seen=seen)
        return once(AccountRequest, AccountRequest.id == request.id, AccountRequest.state == RequestState.APPROVED)

    def leaves(self, browser: Browser) -> Claim:
        if not browser.begins("a leaver"):
            return self.adds_an_area(browser)
        person = next(self._leaving)
        browser.post(self.world.path(f"people/{person.id}/leave"), when="now")
        return f"{person.name} left", lambda session: self.ended(session, person) == {True}

    def ended(self, session: Session, person: Person) -> set[bool]:
        """Of all that ends when somebody leaves, and is begun because of it: whether it is. All or nothing (T04)."""
        theirs = f"leaver:{self.world.council.id}:{person.id}:%"
        done = (
            exists().where(Employment.person_id == person.id, Employment.ends_on.is_not(None)),
            ~exists().where(RoleGrant.person_id == person.id, RoleGrant.ends_on.is_(None)),
            ~exists().where(Editorship.person_id == person.id, Editorship.ends_on.is_(None)),
            ~exists().where(SignInSession.person_id == person.id, SignInSession.ended_at.is_(None)),
            exists().where(Rotation.person_id == person.id),
            exists().where(Message.dedupe.like(theirs)),
        )
        return {bool(session.scalar(select(each))) for each in done}

    def looks_with_another(self, browser: Browser) -> Claim:
        path = self.world.path(f"custody/{self.codes.id}/reveal/whole")
        asked = browser.post(path, occasion="post", words=self.mark()).headers["Location"]
        number = int(asked.rstrip("/").split("/")[-1])
        with self.world.house.reading() as session:
            if session.get_one(LookRequest, number).state is not LookState.APPROVED:
                return once(LookRequest, LookRequest.id == number)
        leave = browser.post(f"{asked}/pick-up", too=200)
        token = re.search(r'name="token" value="([^"]+)"', leave.text)
        assert token, "no leave to look was given"
        browser.post(self.world.path(f"custody/{self.codes.id}/show"), too=200, token=token[1])
        return once(LookRequest, LookRequest.id == number, LookRequest.state == LookState.USED)

    def agrees(self, browser: Browser) -> Claim:
        with self.world.house.reading() as session:
            number = session.scalar(select(LookRequest.id).where(LookRequest.state == LookState.WAITING))
        if number is None:
            return self.records_training(browser)
        browser.post(self.world.path(f"custody/looks/{number}/decide"), agrees="yes", words="")
        return once(LookRequest, LookRequest.id == number, LookRequest.decided_by == self.people["comms"].id)

    def adds_an_area(self, browser: Browser) -> Claim:
        mark = self.mark()
        browser.post(self.world.path("service-areas/new"), name=f"Area {mark}")
        return once(ServiceArea, ServiceArea.name == f"Area {mark}")

    def names_an_editor(self, browser: Browser) -> Claim:
        person, mark = next(self._naming), self.mark()
        day = boxes(self.world.today)
        path = self.world.path(f"service-areas/{self.area.id}/editors/name")
        browser.post(path, person_id=person.id, reason=mark, starts_on=day)
        return once(Editorship, Editorship.person_id == person.id)

    def imports_accounts(self, browser: Browser) -> Claim:
        handle = f"Ex{self.mark()}"
        sheet = f"Platform,Account,Service area\nX,@{handle},{self.area.name}\n"
        kept = browser.post(self.world.path("accounts/import"), files={"file": ("a.csv", sheet, "text/csv")})
        columns = kept.headers["Location"]
        page = browser.get(columns)
        browser.post(columns, **picked(page))
        browser.post(columns.removesuffix("/columns"))
        return once(Account, func.lower(Account.handle).in_((handle.lower(), f"@{handle.lower()}")))

    def records_training(self, browser: Browser) -> Claim:
        mark = self.mark()
        day = boxes(self.world.day(-next(self._days)))
        facts = {"person_id": self.people["editor"].id, "course_id": self.course_id, "evidence": mark}
        browser.post(self.world.path("training/record"), **facts, completed_on=day)
        return once(TrainingRecord, TrainingRecord.evidence == mark)

    def ends_an_account(self, browser: Browser) -> Claim:
        account, mark = next(self._closing), self.mark()
        day = boxes(self.world.day(40))
        path = self.world.path(f"accounts/{account.id}/close?ending=close")
        browser.post(path, ending="close", reason=mark, public_message="It has closed.", last_day_on=day)
        return once(Closure, Closure.reason == mark)

    def runs_the_sweep(self, browser: Browser) -> Claim:
        browser.post(self.world.path("jobs/sweep/run"), too=409)  # it may run already
        return "a sweep", lambda session: True

    def deposits(self, browser: Browser) -> Claim:
        mark = self.mark()
        value = f"{mark} a long secret"
        path = self.world.path(f"accounts/{self.held.id}/custody/deposit/password")
        browser.post(path, value=value, again=value, label=mark)
        with self.world.house.reading() as session:
            self._held = session.scalars(select(Credential.id).where(Credential.label == mark)).one()
        return once(Credential, Credential.label == mark)

    def reveals(self, browser: Browser) -> Claim:
        mark, number = self.mark(), self._held
        asked = browser.post(self.world.path(f"custody/{number}/reveal"), too=200, occasion="post", words=mark)
        token = re.search(r'name="token" value="([^"]+)"', asked.text)
        assert token, "no leave to look was given"
        shown = browser.post(self.world.path(f"custody/{number}/show"), too=200, token=token[1])
        assert re.search(r"mark\d+ a long secret", re.sub(r"<[^>]+>", "", shown.text)), "no value was shown"
        return once(RevealGrant, RevealGrant.reason.contains(mark), RevealGrant.used_at.is_not(None))

    def replaces(self, browser: Browser) -> Claim:
        number, value = self._held, f"{self.mark()} a long secret"
        with self.world.house.reading() as session:
            seen = session.get_one(Credential, number).current_version
        path = self.world.path(f"custody/{number}/replace")
        browser.post(path, version=seen, value=value, again=value)
        return once(SecretVersion, SecretVersion.credential_id == number, SecretVersion.version == seen + 1)

    def records_activity(self, browser: Browser) -> Claim:
        day = self.world.day(-next(self._days))
        path = self.world.path(f"accounts/{self.held.id}/activity/new")
        browser.post(path, posts="1", posted_on=boxes(day))
        return once(Observation, Observation.posted_on == day)

    def signs(self, browser: Browser) -> Claim:
        if browser.signer is None:
            return self.asks_for_an_account(browser)
        signer, browser.signer = browser.signer, None  # once a person
        facts = {"version_id": self.version.id, "text_hash": self.version.text_hash, "agree": "y"}
        browser.post(self.world.path("policies/sign"), **facts)
        return once(SignOff, SignOff.person_id == signer.id)

    def asks_for_an_account(self, browser: Browser) -> Claim:
        mark = self.mark()
        draft = browser.post(self.world.path("requests/new")).headers["Location"]
        browser.post(f"{draft}/parts/why", purpose=mark, why_not_corporate="It is too broad", later="y")
        number = int(draft.rstrip("/").split("/")[-1])

        def is_kept(session: Session) -> bool:
            request = session.get(AccountRequest, number)
            return request is not None and mark in str(request.answers)

        return f"a draft with {mark}", is_kept


def once(model: Any, *which: Any) -> Claim:
    """That exactly one such row is there."""
    said = f"{model.__name__} {[clause.compile(compile_kwargs={'literal_binds': True}).string for clause in which]}"
    return said, lambda session: session.scalar(select(func.count()).select_from(model).where(*which)) == 1


def boxes(day: date) -> list[str]:
    """A day as its three boxes are filled in."""
    return [str(day.day), str(day.month), str(day.year)]


def picked(page: str) -> dict[str, str]:
    """What a form's lists have chosen already."""
    found = {}
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)"[^>]*selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


def set_the_scene(world: World, rounds: int) -> Scene:
    """A council with all it takes for so many rounds."""
    people = {
        "clerk": world.person("Clara Clerk", Role.CLERK),
        "comms": world.person("Cora Comms", Role.COMMS),
    }
    asking = Asking(world, [Role.CLERK.value])
    area = asking.area
    course = world.course()
    people["editor"] = world.cleared(area, "Ann Example")
    world.trained(people["comms"])
    world.signed(people["comms"])
    with world.house.reading() as session:
        version = session.scalars(select_version(world)).one()
    begun = world.day(-BEFORE - 20 * rounds)
    held = world.account(area, handle="ExampleHeld", authorised_on=begun, live_on=begun)
    ending = [world.account(area, handle=f"Ending{number}") for number in range(rounds * 4)]
    with world.work() as work:
        for account in (held, *ending):
            work.record(Event.ACCOUNT_ADDED, account, how="for the test")
    staff = [world.person(f"Staff {number}") for number in range(rounds)]
    named = [world.person(f"Editor {number}") for number in range(rounds * 4)]
    asked = [asking.submitted(handle=f"@Asked{number}", name=f"Asked {number}") for number in range(rounds)]
    hall = Hall(world, area, held, people["editor"])
    leaving = [leaver(hall, f"Leaver {number}") for number in range(rounds)]
    codes = hall.deposit(Kind.RECOVERY_CODES, CODES, label="Codes")
    return Scene(world, people, area, held, ending, staff, named, course.id, version, asked, leaving, codes)


def leaver(hall: Hall, name: str) -> Person:
    """Somebody with a role, named for the area, signed in, who knows a value that nobody else does."""
    person = hall.world.cleared(hall.area, name)
    with hall.world.work() as work:
        grant_role(work, person.id, Role.AUDITOR, hall.world.day(-300), None)
    hall.deposit(value=f"{name} knows a long secret", by=person, label=name)
    with hall.world.house.work(None, None, "test") as work:
        admit(work, work.session.get_one(Person, person.id), "test browser", confirmed=True)
    return person


def select_version(world: World) -> Any:
    """The version of the policy in force."""
    return select(PolicyVersion).where(PolicyVersion.council_id == world.council.id)
