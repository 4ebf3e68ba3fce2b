import pytest

from tests.custody.hall import Hall, build
from tests.world import World


@pytest.fixture
def hall(world: World) -> Hall:
    return build(world)
