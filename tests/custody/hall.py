"""What the tests of custody share: an account with a cleared editor, an open vault, and a secret to look for."""

from dataclasses import dataclass

from sqlalchemy import select

from registry.accounts.models import Account, ServiceArea
from registry.core.secret import Secret
from registry.core.work import Work
from registry.councils.models import Council
from registry.custody.actions import asking as asking_acts
from registry.custody.actions import deposit as deposits
from registry.custody.actions import reveal
from registry.custody.models import Credential, Exposure, Kind, SecretVersion
from registry.custody.opening import open_vault
from registry.custody.queries import list_kind
from registry.custody.vault import Vault
from registry.custody.wording import Occasion
from registry.identity.actions import sign_in
from registry.identity.actions.links import set_password
from registry.identity.models import Person
from registry.vocabulary.events import Event
from registry.vocabulary.looks import Look, Way
from tests.laid_out import laid_out
from tests.world import PASSWORD, PASSWORDS, World

VALUE = "Canary/ŵylan 7+tŷ=<&>"
SEED = "JBSWY3DPEHPK3PXP"
CODES = "wryneck-one\nwryneck-two\nwryneck-three"
REASON = "The notice about road works"


@dataclass
class Hall:
    """A council's account, its cleared editor `ann`, and custody around them."""

    world: World
    area: ServiceArea
    account: Account
    ann: Person

    def vault(self, work: Work) -> Vault:
        return open_vault(work.session, self.world.house.settings)

    def settle(self, **settings: object) -> None:
        """Change the council's settings."""
        with self.world.work() as work:
            council = work.session.get_one(Council, self.world.council.id)
            for name, value in settings.items():
                setattr(council, name, value)
            work.record(Event.COUNCIL_SETTINGS_CHANGED, council, fields=sorted(settings))

    def allow_alone(self) -> None:
        """Let one person see everything there is in custody."""
        self.settle(reveal_ways={look.value: Way.ALONE.value for look in Look})

    def deposit(
        self, kind: Kind = Kind.PASSWORD, value: str = VALUE, by: Person | None = None, **more: object
    ) -> Credential:
        account = more.pop("account", self.account)
        with self.world.work(by or self.ann) as work:
            present = list_kind(work.session, work.council, account.id, kind)
            label = {"label": f"Number {len(present) + 1}"} if present else {}  # what comes second has a name
            brought = deposits.Deposit(kind, Secret(value), **{**label, **more})
            return deposits.deposit(work, self.vault(work), account.id, brought).credential

    def replace(self, credential: Credential, value: str, seen: int = 1, by: Person | None = None) -> deposits.Kept:
        with self.world.work(by or self.ann) as work:
            return deposits.replace(work, self.vault(work), credential.id, seen, Secret(value))

    def session_of(self, person: Person) -> int:
        with self.world.house.work(None, None, "test") as work:
            return sign_in.admit(work, work.session.get_one(Person, person.id), "test", confirmed=True).session_id

    def ask(self, credential: Credential, session_id: int, by: Person | None = None, **asking: object) -> str:
        given = {"occasion": Occasion.POST, "words": REASON, **asking}
        with self.world.work(by or self.ann) as work:
            return asking_acts.ask(work, credential.id, asking_acts.Asking(session_id=session_id, **given)).token

    def redeem(self, credential: Credential, token: str, session_id: int, by: Person | None = None) -> reveal.Redeemed:
        with self.world.work(by or self.ann) as work:
            return reveal.redeem(work, credential.id, token, session_id)

    def open(self, redeemed: reveal.Redeemed) -> str:
        with self.world.house.reading() as session:
            return reveal.open_value(open_vault(session, self.world.house.settings), redeemed).reveal()

    def look(self, credential: Credential, by: Person | None = None, **asking: object) -> str:
        session_id = self.session_of(by or self.ann)
        token = self.ask(credential, session_id, by, **asking)
        assert token
        return self.open(self.redeem(credential, token, session_id, by))

    def exposures(self, credential: Credential) -> list[tuple[int, int, str, int]]:
        """(version, person, how, times) of everybody who knows a version of it."""
        query = (
            select(SecretVersion.version, Exposure.person_id, Exposure.kind, Exposure.times)
            .join(SecretVersion, SecretVersion.id == Exposure.secret_version_id)
            .where(SecretVersion.credential_id == credential.id)
            .order_by(Exposure.id)
        )
        with self.world.house.reading() as session:
            return [(version, person, kind.value, times) for version, person, kind, times in session.execute(query)]


def with_password(world: World, person: Person) -> Person:
    with world.house.work(None, None, "test") as work:
        set_password(work, work.session.get_one(Person, person.id), PASSWORDS.hash(PASSWORD))
    return person


@laid_out
def build(world: World, handle: str = "ExampleWaste", name: str = "Ann Example", area: str = "Waste") -> Hall:
    named = world.area(area)
    account = world.account(named, handle=handle)
    return Hall(world, named, account, with_password(world, world.cleared(named, name)))
