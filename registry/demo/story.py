"""The demonstration's story, told through the register's own acts, so that its trail is a real one."""

from registry.audit.actions import make_checkpoint
from registry.audit.keys import TrailKeys
from registry.core.house import House
from registry.custody.opening import open_vault
from registry.demo import accounts, looks, requests, scenery
from registry.demo.cast import CAST, Player
from registry.demo.scenery import PASSWORD
from registry.demo.stage import BEGINNING, Act, Stage
from registry.flags.sweep import sweep
from registry.identity.passwords import Passwords
from registry.leavers import actions as leaving
from registry.policies import actions as policies
from registry.policies.queries import find_gate_policy, published
from registry.vocabulary.events import Event

__all__ = ["PASSWORD", "load"]

SWEEPS = (90, 60, 30, 14, 7, 3, 1)


def load(house: House, passwords: Passwords) -> None:
    """Load the demonstration: a year and a quarter of three councils, up to this moment."""
    stage = Stage.of(house, passwords)
    stage.plan(BEGINNING, lambda: _open(stage), hour=8)
    accounts.plan_accounts(stage)
    looks.plan_looks(stage)
    requests.plan_requests(stage)
    _plan_signatures(stage)
    _plan_leavers(stage)
    for ago in SWEEPS:
        stage.plan(ago, lambda: _sweep(stage), hour=2, minute=40)
    stage.play()
    stage.set_clock(stage.now)
    _sweep(stage)
    with stage.house.work(None, None, "demo") as work:
        open_vault(work.session, house.settings)
        work.record(Event.DEMO_MADE)


def _open(stage: Stage) -> None:
    scenery.set_up(stage)
    scenery.add_people(stage)
    scenery.add_areas(stage)
    scenery.publish_policies(stage)
    scenery.add_courses(stage)
    scenery.name_editors(stage)
    scenery.plan_training(stage)


def _sweep(stage: Stage) -> None:
    """What a night does: sign what was entered, flag what is due."""
    for council in stage.councils:
        with stage.work(council, None) as work:
            make_checkpoint(work, TrailKeys.of(stage.house))
    sweep(stage.house)


def _plan_signatures(stage: Stage) -> None:
    for index, player in enumerate(CAST):
        if player.signs:
            stage.plan(BEGINNING - 3 - index % 4, _signs(stage, player, 0), hour=13)
        if player.signs == "new":
            stage.plan(scenery.SECOND_IN_FORCE - index % 9, _signs(stage, player, 1), hour=13)


def _signs(stage: Stage, player: Player, which: int) -> Act:
    def act() -> None:
        for council in player.councils:
            with stage.work(council, player.name) as work:
                policy = find_gate_policy(work.session, work.council)
                assert policy is not None  # noqa: S101 (published on the first day)
                version = sorted(published(work.session, work.council, policy.id), key=lambda v: v.id)[which]
                policies.sign(work, version.id, version.text_hash)

    return act


def _plan_leavers(stage: Stage) -> None:
    for player in CAST:
        if player.left is not None:
            stage.plan(player.left + 10, _leaves(stage, player, player.left))


def _leaves(stage: Stage, player: Player, ago: int) -> Act:
    def act() -> None:
        for council in player.councils:
            with stage.work(council, scenery.KEEPER[council]) as work:
                leaver = stage.people[player.name].id
                address = f"{stage.house.settings.base_url}/c/{council}/people/{leaver}/leaver"
                leaving.leave(work, leaver, stage.day(ago), address)

    return act
