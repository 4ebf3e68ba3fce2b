"""The register refuses to start as long as it is set unsafely, with a sentence that says what to do."""

import os
from pathlib import Path

import pytest

from registry.core.settings import WrongSettings, load

SECRET = "a secret of enough letters, 0123456789"


def settings_in(folder: Path, text: str = f'secret_key = "{SECRET}"\n', **environment: str):
    (folder / "settings.toml").write_text(text)
    return load(folder, {f"REGISTER_{name.upper()}": value for name, value in environment.items()})


def test_a_secret_and_a_folder_are_enough_for_one_small_machine(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path / 'register.sqlite'}"
    assert settings.root_key_file == tmp_path / "root.key"
    assert not settings.is_secure
    assert SECRET not in repr(settings)


def test_the_environment_overrules_the_file(tmp_path: Path) -> None:
    settings = settings_in(
        tmp_path,
        base_url="https://register.example/",
        trusted_hosts="a.example,b.example",
        proxies="1",
        instance="ignored",
    )
    assert settings.is_secure
    assert settings.base_url == "https://register.example"
    assert settings.trusted_hosts == ("a.example", "b.example")
    assert settings.proxies == 1


@pytest.mark.parametrize(
    ("text", "environment", "sentence"),
    [
        ("", {}, "secret_key is missing or weak"),
        ('secret_key = "short"', {}, "secret_key is missing or weak"),
        (f'secret_key = "{"a" * 64}"', {}, "secret_key is missing or weak"),
        (None, {"base_url": "http://register.example"}, "must begin with https://"),
        (None, {"base_url": "http://localhost.evil.example"}, "must begin with https://"),
        (None, {"base_url": "https://register.example", "debug": "yes"}, "debug is on"),
        (None, {"idle_minutes": "soon"}, "wrong kind of value"),
        (
            None,
            {"database_url": "postgres://register@db.example/register"},
            "database_url must begin with postgresql://",
        ),
        (None, {"migrations_url": "the owner's"}, "migrations_url must begin with postgresql://"),
        (None, {"colour": "red"}, "Unknown setting 'colour'. Known ones are: acts_a_minute, auth_key_file"),
        ("secret_key = ", {}, "cannot be read"),
        (None, {"codes_beside": "2"}, "must be 0 or 1"),
        (None, {"database_url": "postgresql://r:x@db.example/r"}, "database_url leads over the network without TLS"),
        (None, {"database_url": "postgresql://r:x@db.example/r?sslmode=prefer"}, "without TLS"),
        (None, {"database_url": "postgresql+psycopg://r:x@/r?host=db.example"}, "without TLS"),
        (None, {"migrations_url": "postgresql://o:x@db.example/r"}, "migrations_url leads over the network"),
    ],
)
def test_unsafe_settings_are_refused(
    tmp_path: Path, text: str | None, environment: dict[str, str], sentence: str
) -> None:
    with pytest.raises(WrongSettings, match=sentence.replace("//", "//")):
        settings_in(tmp_path, text if text is not None else f'secret_key = "{SECRET}"\n', **environment)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://r:x@db.example/r?sslmode=verify-full",
        "postgresql://r:x@127.0.0.1:5433/r",
        "postgresql:///r?host=/var/run/postgresql",
        "postgresql:///r",
    ],
)
def test_a_database_on_this_machine_or_by_tls_is_taken(tmp_path: Path, url: str) -> None:
    assert settings_in(tmp_path, database_url=url, migrations_url=url).database_url == url


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_a_root_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    key = tmp_path / "root.key"
    key.write_bytes(os.urandom(32))
    key.chmod(0o644)
    with pytest.raises(WrongSettings, match="chmod 600"):
        settings_in(tmp_path)
    key.chmod(0o600)
    settings_in(tmp_path)
    (tmp_path / "link.key").symlink_to(key)
    with pytest.raises(WrongSettings, match="symbolic link"):
        settings_in(tmp_path, root_key_file=str(tmp_path / "link.key"))


def test_without_a_file_the_environment_may_hold_everything(tmp_path: Path) -> None:
    assert load(tmp_path, {"REGISTER_SECRET_KEY": SECRET}).secret_key == SECRET


def test_only_its_own_names_are_answered_to_where_others_can_reach_it(tmp_path: Path) -> None:
    given = {"REGISTER_SECRET_KEY": SECRET, "REGISTER_BASE_URL": "https://register.example:8443"}
    assert load(tmp_path, given).hosts == ["register.example"]
    assert load(tmp_path, {**given, "REGISTER_TRUSTED_HOSTS": "other.example"}).hosts == [
        "register.example",
        "other.example",
    ]
    assert load(tmp_path, {"REGISTER_SECRET_KEY": SECRET}).hosts == []
