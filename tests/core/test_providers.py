"""Identity providers in the settings: said wrongly, the register does not start and says what is wrong."""

from pathlib import Path
from typing import Any

import pytest

from registry.core.providers import read_providers
from registry.core.settings import WrongSettings, load

GOOD = {"key": "work", "name": "Work", "issuer": "https://login.example/tenant/v2.0", "client_id": "register"}
SECRET = {"REGISTER_CLIENT_SECRET_WORK": "a secret"}


def test_a_provider_is_read_and_its_secret_is_not_shown(tmp_path: Path) -> None:
    (provider,) = read_providers([{**GOOD, "trust_two_steps": True}], tmp_path, SECRET)
    assert provider.hosts == {"login.example"}
    assert provider.trust_two_steps
    assert provider.client_secret.reveal() == "a secret"
    assert "a secret" not in repr(provider)


@pytest.mark.parametrize(
    ("set_for", "theirs", "lets_in", "proves_both"),
    [
        ([], {"a", "b"}, True, True),
        (["a"], {"a"}, True, True),
        (["a", "b"], {"a"}, True, True),
        (["a"], {"a", "b"}, True, False),
        (["a"], {"b"}, False, False),
        (["a"], set(), False, False),
    ],
)
def test_it_speaks_for_the_councils_it_is_set_for(
    tmp_path: Path, set_for: list[str], theirs: set[str], lets_in: bool, proves_both: bool
) -> None:
    for trusted in (True, False):
        given = GOOD | {"councils": set_for, "trust_two_steps": trusted}
        (provider,) = read_providers([given], tmp_path, SECRET)
        assert provider.lets_in(theirs) is lets_in
        assert provider.proves_both(theirs) is (proves_both and trusted)


def test_google_answers_under_further_names(tmp_path: Path) -> None:
    (google,) = read_providers([GOOD | {"issuer": "https://accounts.google.com"}], tmp_path, SECRET)
    assert google.hosts == {"accounts.google.com", "oauth2.googleapis.com", "www.googleapis.com"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"key": "Work!"}, "needs a key"),
        ({"key": ""}, "needs a key"),
        ({"name": " "}, "name is missing"),
        ({"client_id": ""}, "client_id is missing"),
        ({"isuer": "x"}, "unknown setting 'isuer'"),
        ({"issuer": "http://login.example"}, "https address"),
        ({"issuer": "https://login.example/?tenant=1"}, "https address"),
        ({"issuer": "https:///path"}, "https address"),
        ({"issuer": "https://login.example/{tenantid}/v2.0"}, "your own tenant"),
        ({"issuer": "https://login.microsoftonline.com/common/v2.0"}, "your own tenant"),
        ({"client_secret_file": "missing.secret"}, "no file missing.secret"),
        ({"councils": "exampleton"}, "councils is a list"),
        ({"councils": [1]}, "councils is a list"),
    ],
)
def test_what_is_wrong_with_a_provider_is_said(tmp_path: Path, given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_providers([GOOD | given], tmp_path, SECRET)


@pytest.mark.parametrize("given", [{"work": GOOD}, ["work"], "work"])
def test_providers_are_tables(tmp_path: Path, given: Any) -> None:
    with pytest.raises(ValueError, match="tables"):
        read_providers(given, tmp_path, SECRET)


@pytest.mark.parametrize(
    ("other", "same"), [({"issuer": "https://other.example"}, "key"), ({"key": "other"}, "issuer")]
)
def test_two_providers_are_two(tmp_path: Path, other: dict[str, str], same: str) -> None:
    secrets = SECRET | {"REGISTER_CLIENT_SECRET_OTHER": "another"}
    with pytest.raises(ValueError, match=f"same {same}"):
        read_providers([GOOD, GOOD | other], tmp_path, secrets)


def test_the_secret_comes_from_a_file_that_nobody_else_reads(tmp_path: Path) -> None:
    file, given = tmp_path / "work.secret", [GOOD | {"client_secret_file": "work.secret"}]
    file.write_text("from the file\n")
    file.chmod(0o644)
    with pytest.raises(ValueError, match="chmod 600"):
        read_providers(given, tmp_path, {})
    file.chmod(0o600)
    assert read_providers(given, tmp_path, {})[0].client_secret.reveal() == "from the file"
    with pytest.raises(ValueError, match="REGISTER_CLIENT_SECRET_WORK"):
        read_providers([GOOD], tmp_path, {})


def test_the_settings_file_names_providers(tmp_path: Path) -> None:
    lines = ['secret_key = "0123456789abcdefghijklmnopqrstuvwxyz"', "[[providers]]"]
    lines += [f'{name} = "{value}"' for name, value in GOOD.items()]
    (tmp_path / "settings.toml").write_text("\n".join(lines))
    assert [provider.key for provider in load(tmp_path, SECRET).providers] == ["work"]
    with pytest.raises(WrongSettings, match="provider work: give its client_secret_file"):
        load(tmp_path, {})
