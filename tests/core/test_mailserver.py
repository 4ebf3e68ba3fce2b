"""The mail server of the settings: one line says where, as whom and how encrypted; a wrong one is refused at start."""

from pathlib import Path

import pytest

from registry.core.mailserver import Encryption, read_mail_server
from registry.core.settings import WrongSettings
from tests.core.test_settings import settings_in

SENDER = "register@exampleton.example"


@pytest.mark.parametrize(
    ("address", "host", "port", "encryption"),
    [
        ("smtp://mail.example", "mail.example", 587, Encryption.DEMANDED),
        ("smtp://mail.example:25", "mail.example", 25, Encryption.DEMANDED),
        ("smtps://mail.example", "mail.example", 465, Encryption.FROM_START),
        ("smtp://127.0.0.1", "127.0.0.1", 25, Encryption.NONE),
        ("smtp://localhost:1025/", "localhost", 1025, Encryption.NONE),
    ],
)
def test_mail_is_unencrypted_to_this_machine_alone(address: str, host: str, port: int, encryption: Encryption) -> None:
    mail = read_mail_server(address, SENDER, "")
    assert mail
    assert (mail.host, mail.port, mail.encryption) == (host, port, encryption)


def test_a_user_may_be_an_address_and_the_sender_have_a_name() -> None:
    mail = read_mail_server("smtp://register%40exampleton.example@mail.example", f"Exampleton <{SENDER}>", "secret!")
    assert mail
    assert (mail.user, mail.sender, mail.sender_name) == ("register@exampleton.example", SENDER, "Exampleton")
    assert "secret!" not in repr(mail)


def test_no_address_is_no_mail_server() -> None:
    assert read_mail_server("", "", "") is None


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"mail_server": "mail.example:587"}, "smtp://user@host:port"),
        ({"mail_server": "https://mail.example"}, "smtp://user@host:port"),
        ({"mail_server": "smtp://mail.example/in?x=1"}, "smtp://user@host:port"),
        ({"mail_server": "smtp://mail.example:many"}, "Port could not be cast"),
        ({"mail_server": "smtp://u:secret@mail.example"}, "goes into mail_password"),
        ({"mail_server": "smtp://mail.example", "mail_sender": "nobody"}, "mail_sender is the address"),
        ({"mail_server": "smtp://u@mail.example"}, "or neither does"),
        ({"mail_server": "smtp://mail.example", "mail_password": "secret"}, "or neither does"),
    ],
)
def test_wrong_settings_of_mail_are_refused_at_start_without_telling_the_password(
    tmp_path: Path, wrong: dict[str, str], told: str
) -> None:
    with pytest.raises(WrongSettings) as refused:
        settings_in(tmp_path, **{"mail_sender": SENDER, **wrong})
    assert told in str(refused.value)
    assert "secret" not in str(refused.value)


def test_the_password_may_come_from_the_environment_and_shows_nowhere(tmp_path: Path) -> None:
    settings = settings_in(
        tmp_path, mail_server="smtp://u@mail.example", mail_sender=SENDER, mail_password="Mail-Raben-77"
    )
    assert settings.mail
    assert settings.mail.password.reveal() == "Mail-Raben-77"
    assert "Mail-Raben-77" not in repr(settings)
