"""A district council with everybody a request concerns."""

import pytest

from tests.laid_out import laid_out
from tests.requests.asking import Asking
from tests.world import World


@pytest.fixture
def asking(world: World) -> Asking:
    """Somebody asks for an account in a district: Manager, then Communications, then the Management Team."""
    begun: Asking = laid_out(Asking)(world)
    return begun
