"""A mail server, and a register that sends by it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from registry.core.house import House
from tests.outbox.postoffice import PostOffice, open_post_office
from tests.world import World

SENDER = "register@exampleton.example"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server that takes everything until it is told otherwise."""
    with open_post_office() as office:
        yield office


@pytest.fixture
def sender(world: World, office: PostOffice) -> House:
    """The register, with that mail server in its settings."""
    return sending_by(world.house, f"smtp://127.0.0.1:{office.port}")


def sending_by(house: House, address: str, password: str = "") -> House:
    """The same register, sending by the mail server at an address."""
    settings = replace(house.settings, mail_server=address, mail_sender=SENDER, mail_password=password)
    return replace(house, settings=settings)
