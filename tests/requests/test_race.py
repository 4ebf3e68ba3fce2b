"""Two people decide at the same moment: one wins, the other is told who decided what."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from registry.core.errors import Conflict
from registry.identity.models import Person
from registry.requests import actions
from registry.requests.actions import Ruling
from registry.requests.models import Answer
from registry.requests.queries import list_decisions
from registry.requests.seen import Seen
from registry.vocabulary.permissions import Role
from tests.requests.asking import Asking


def test_two_deciders_at_once_give_exactly_one_winner(asking: Asking) -> None:
    asking.settle(chain=["comms", "comms"])
    people = [asking.comms, asking.world.person("Second Comms", Role.COMMS)]
    request = asking.submitted()
    ruling = Ruling(Seen.of(request), Answer.AGREE, asking.world.today)
    at_once = Barrier(2)

    def go(person: Person) -> str:
        at_once.wait(timeout=10)
        try:
            with asking.world.work(person) as work:
                actions.decide(work, request.id, ruling)
        except Conflict as lost:
            return lost.sentence
        return f"{person.name} won"

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(go, people))
    winner = next(text for text in told if text.endswith("won")).removesuffix(" won")
    assert sum(text.endswith("won") for text in told) == 1
    assert f"{winner} agreed to this request as Communications before you did." in told
    with asking.world.house.reading() as session:
        assert len(list_decisions(session, request)) == 1
    assert asking.now(request).step == 1
