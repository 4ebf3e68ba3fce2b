"""How the register speaks to a mail server: never unencrypted over a network, never a password to whoever listens."""

from pathlib import Path

import pytest

from registry.core.mailserver import Encryption, MailServer
from registry.core.secret import Secret
from registry.outbox.carrier import Unreachable, connected
from tests.certificate import make_certificate, served_with
from tests.outbox.postoffice import PASSWORD, USER, open_post_office


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of this machine, that nobody has signed but itself."""
    return make_certificate(tmp_path_factory.mktemp("tls"))


def at(port: int, encryption: Encryption = Encryption.DEMANDED, password: str = "") -> MailServer:
    user = USER if password else ""
    return MailServer("127.0.0.1", port, encryption, user, Secret(password), "register@exampleton.example", "")


def trouble(mail: MailServer) -> str:
    with pytest.raises(Unreachable) as raised, connected(mail):
        pass
    return str(raised.value)


def test_a_name_and_a_password_are_given_under_encryption_alone(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with open_post_office(served_with(certificate), knows_users=True) as office:
        with connected(at(office.port, password=PASSWORD)):
            pass
        told = trouble(at(office.port, password="a wrong one"))
    assert told.startswith("The mail server does not know our name and password: ")


def test_a_server_that_offers_no_encryption_is_told_nothing() -> None:
    with open_post_office(knows_users=True) as office:
        told = trouble(at(office.port, password=PASSWORD))
        assert not office.taken
    assert told == "The mail server does not offer what is needed: STARTTLS extension not supported by server."


def test_a_certificate_that_nobody_vouches_for_will_not_do(certificate: Path) -> None:
    with open_post_office(served_with(certificate)) as office:
        assert "certificate" in trouble(at(office.port))


def test_a_server_that_speaks_no_tls_where_it_must_from_the_start_is_left() -> None:
    with open_post_office() as office:
        assert trouble(at(office.port, Encryption.FROM_START)).startswith("The mail server")


def test_nobody_at_home_is_a_sentence() -> None:
    assert trouble(at(9)) == "The mail server does not answer (ConnectionRefusedError)."
