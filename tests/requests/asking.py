"""A parish or a district in which somebody asks for an account, step by step."""

from typing import Any

from registry.accounts.models import ServiceArea
from registry.identity.models import Person
from registry.requests import actions
from registry.requests.actions import Ruling
from registry.requests.models import AccountRequest, Answer, Decision
from registry.requests.parts import PARTS
from registry.requests.queries import get_request
from registry.requests.seen import Seen
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.world import World

DISTRICT = [Role.MANAGER.value, Role.COMMS.value, Role.MANAGEMENT_TEAM.value]
PARISH = [Role.COMMS.value, Role.CLERK.value]


class Asking:
    """Everybody whom a request concerns, and a request as far as a test needs it."""

    def __init__(self, world: World, chain: list[str] | None = None, **settings: Any) -> None:
        self.world = world
        self.settle(chain=chain or DISTRICT, **settings)
        self.manager = world.person("Manager Example", Role.MANAGER)
        self.comms = world.person("Comms Example", Role.COMMS)
        self.team = world.person("Team Example", Role.MANAGEMENT_TEAM)
        self.clerk = world.person("Clerk Example", Role.CLERK)
        self.auditor = world.person("Auditor Example", Role.AUDITOR)
        self.asker = world.person("Asker Example")
        self.other = world.person("Other Example")
        self.area: ServiceArea = world.area("Waste", self.manager)

    def settle(self, **settings: Any) -> None:
        """Give the council other settings, as its Clerk would."""
        with self.world.work() as work:
            council = work.session.merge(self.world.council)
            for name, value in settings.items():
                setattr(council, name, value)
            work.record(Event.COUNCIL_SETTINGS_CHANGED, fields=sorted(settings))
        self.world.council = council

    def answers(self, **other: Any) -> dict[str, Any]:
        """A complete set of answers."""
        return {
            "platform": "x",
            "handle": "@ExampleBins",
            "name": "Example Bins",
            "service_area_id": self.area.id,
            "language": "English",
            "purpose": "Tell people about collections.",
            "why_not_corporate": "Too many messages.",
            "benchmarks": "300 followers in a year.",
            "audience": "Households.",
            "for_children": "no",
            "engagement": "answer",
            "cadence_days": 7,
            "resources": "Two hours a week.",
            "life": "open",
            "exit_plan": "Close it and say so.",
            "monitoring": "Each editor on weekdays.",
            "moderation": "By the house rules.",
            "editor_one": self.asker.id,
            "editor_two": self.other.id,
            "login_mailbox": "bins@exampleton.example",
            "mailbox_is_ours": True,
            "risk": "low",
            "advertising": "Looked at weekly.",
            "terms_read": True,
        } | other

    def draft(self, **other: Any) -> AccountRequest:
        """A complete draft; an answer given as None is left out."""
        answers = self.answers(**other)
        with self.world.work(self.asker) as work:
            request = actions.start(work)
            for part in PARTS:
                names = [question.name for question in part.questions]
                actions.save_part(work, request.id, part.key, {name: answers.get(name) for name in names})
        return self.now(request)

    def submitted(self, **other: Any) -> AccountRequest:
        """A request on its way."""
        return self.submit(self.draft(**other))

    def submit(self, request: AccountRequest) -> AccountRequest:
        """Submit what there is."""
        with self.world.work(self.asker) as work:
            actions.submit(work, request.id, self.now(request).version)
        return self.now(request)

    def change(self, request: AccountRequest, key: str, **given: Any) -> AccountRequest:
        """Answer one part anew, on top of what was answered."""
        with self.world.work(self.asker) as work:
            actions.save_part(work, request.id, key, {**self.now(request).answers, **given})
        return self.now(request)

    def decide(self, person: Person, request: AccountRequest, answer: Answer = Answer.AGREE, **words: Any) -> Decision:
        """Somebody decides on what they see now."""
        words.setdefault("seen", Seen.of(self.now(request)))
        words.setdefault("decided_on", self.world.today)
        with self.world.work(person) as work:
            return actions.decide(work, request.id, Ruling(answer=answer, **words))

    def now(self, request: AccountRequest) -> AccountRequest:
        """The request as it stands now."""
        with self.world.house.reading() as session:
            return get_request(session, self.world.council.id, request.id)
