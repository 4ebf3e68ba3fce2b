"""How credentials came to be seen: alone, once a second person agreed, and what waits for one now."""

from registry.core.work import Work
from registry.custody.actions.asking import Asked, Asking, ask, pick_up
from registry.custody.actions.deciding import decide
from registry.custody.actions.reveal import open_one, open_value, redeem
from registry.custody.models import Credential, Kind
from registry.custody.models_looking import LookRequest, LookState
from registry.custody.opening import open_vault
from registry.custody.wording import Occasion
from registry.demo.cast import HILLFORD, LITTLE_MERE, RIVERTON
from registry.demo.stage import Act, Stage
from registry.identity.actions.sign_in import admit

LOOKS = (
    (RIVERTON, "x", "RivertonExample", "Robin Sample", 34, "Scheduled the budget consultation"),
    (RIVERTON, "x", "RivertonExample", "Jules Placeholder", 16, "Flood warning on a Sunday"),
    (RIVERTON, "x", "RivWasteExample", "Kit Example", 12, "New phone for the waste team"),
    (HILLFORD, "x", "HillfordExample", "Robin Sample", 8, "Answering questions on the market"),
    (HILLFORD, "instagram", "hillfordmuseums.example", "Nico Fictional", 5, "Late opening at the museum"),
    (LITTLE_MERE, "x", "LittleMereEx", "Penny Onlyone", 39, "Agenda of the parish meeting"),
    (RIVERTON, "flickr", "rivertonexample", "Tate Imaginary", 23, "Photographs for the summer fair"),
    (HILLFORD, "x", "HillCPTExample", "Mika Placeholder", 55, "Answering about noise at night"),
)
"""Who looked at which password, how many days ago, and why."""
ASKER, SECOND = "Jules Placeholder", "Robin Sample"
"""Who asks for recovery codes, and who agrees."""


def plan_looks(stage: Stage) -> None:
    """Plan the times somebody opened a credential."""
    for look in LOOKS:
        stage.plan(look[4], _looks(stage, *look), hour=9)
    stage.plan(24, _asks_for_codes(stage, "The phone with the authenticator broke", whole=False), hour=9)
    stage.plan(24, lambda: _agrees(stage), hour=10)
    stage.plan(24, lambda: _takes_the_code(stage), hour=11)
    stage.plan(0, _asks_for_codes(stage, "Comparing the list with the platform's", whole=True), hour=0)


def _looks(stage: Stage, council: str, platform: str, handle: str, who: str, _ago: int, words: str) -> Act:
    def act() -> None:
        session_id = _signs_in(stage, who)
        with stage.work(council, who) as work:
            credential = _credential(stage, work, council, platform, handle, Kind.PASSWORD)
            asked = ask(work, credential.id, Asking(Occasion.POST, words, session_id))
        with stage.work(council, who) as work:
            redeemed = redeem(work, credential.id, asked.token, session_id)
            vault = open_vault(work.session, stage.house.settings)
        open_value(vault, redeemed)

    return act


def _asks_for_codes(stage: Stage, words: str, *, whole: bool) -> Act:
    def act() -> None:
        session_id = _signs_in(stage, ASKER)
        with stage.work(RIVERTON, ASKER) as work:
            credential = _codes(stage, work)
            ask(work, credential.id, Asking(Occasion.DEVICE, words, session_id, whole=whole))

    return act


def _agrees(stage: Stage) -> None:
    with stage.work(RIVERTON, SECOND) as work:
        look = work.session.query(LookRequest).filter_by(state=LookState.WAITING).one()
        decide(work, look.id, "We spoke; she is at the repair shop.", agrees=True)


def _takes_the_code(stage: Stage) -> None:
    session_id = _signs_in(stage, ASKER)
    with stage.work(RIVERTON, ASKER) as work:
        look = work.session.query(LookRequest).filter_by(state=LookState.APPROVED).one()
        asked: Asked = pick_up(work, look.id, session_id)
    with stage.work(RIVERTON, ASKER) as work:
        redeemed = redeem(work, look.credential_id, asked.token, session_id)
        vault = open_vault(work.session, stage.house.settings)
    open_one(vault, redeemed)


def _signs_in(stage: Stage, who: str) -> int:
    with stage.house.work(None, None, "demo") as work:
        return admit(work, stage.people[who], "The demonstration", confirmed=True).session_id


def _codes(stage: Stage, work: Work) -> Credential:
    return _credential(stage, work, RIVERTON, "x", "RivertonExample", Kind.RECOVERY_CODES)


def _credential(stage: Stage, work: Work, council: str, platform: str, handle: str, kind: Kind) -> Credential:
    account = stage.accounts[council, platform, handle]
    return work.session.query(Credential).filter_by(account_id=account.id, kind=kind).one()
