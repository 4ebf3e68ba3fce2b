from tests.rotations.conftest import colleague, hall, seen

__all__ = ["colleague", "hall", "seen"]
