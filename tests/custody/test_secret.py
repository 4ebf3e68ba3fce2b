import copy
import json
import pickle
import traceback

import pytest

from registry.core.secret import Secret

SECRET = Secret("correct horse")


def test_a_secret_comes_out_only_when_asked() -> None:
    assert SECRET.reveal() == "correct horse"
    assert Secret(b"bytes").reveal() == b"bytes"


@pytest.mark.parametrize("shown", [repr(SECRET), str(SECRET), f"{SECRET:>40}", f"{[SECRET]}"])
def test_a_secret_shows_dots(shown: str) -> None:
    assert "•••" in shown
    assert "horse" not in shown


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_secret_is_never_pickled(protocol: int) -> None:
    with pytest.raises(TypeError, match="never pickled"):
        pickle.dumps(SECRET, protocol)


def test_a_secret_is_never_copied_or_written_as_json() -> None:
    with pytest.raises(TypeError):
        copy.deepcopy(SECRET)
    with pytest.raises(TypeError):
        SECRET.__getstate__()
    with pytest.raises(TypeError) as refusal:
        json.dumps({"value": SECRET})
    assert "horse" not in "".join(traceback.format_exception(refusal.value))


def test_secrets_compare_with_one_another_only() -> None:
    assert Secret("ö") == Secret("ö")
    assert Secret("a") != Secret("b")
    assert SECRET != "correct horse"
    with pytest.raises(TypeError):
        hash(SECRET)


def test_a_secret_has_no_attributes_to_dump() -> None:
    with pytest.raises(TypeError):
        vars(SECRET)
