import pytest

from registry.custody.models import Credential
from registry.identity.models import Person
from tests.custody.conftest import hall
from tests.custody.hall import Hall, with_password

__all__ = ["hall"]


@pytest.fixture
def colleague(hall: Hall) -> Person:
    """A second cleared editor, who has a password."""
    return with_password(hall.world, hall.world.cleared(hall.area, "Bob Example"))


@pytest.fixture
def seen(hall: Hall, colleague: Person) -> Credential:
    """A password that Ann deposited and Bob saw."""
    credential = hall.deposit()
    hall.look(credential, colleague)
    return credential
