"""How the register speaks to a mail server: never unencrypted over a network, never a password to whoever listens."""

import ipaddress
import ssl
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from registry.core.clock import SystemClock
from registry.core.mailserver import Encryption, MailServer
from registry.core.secret import Secret
from registry.outbox.carrier import Unreachable, connected
from tests.outbox.postoffice import PASSWORD, USER, open_post_office


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of this machine with its key, that nobody has signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    begins = SystemClock().now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begins - timedelta(days=1))
        .not_valid_after(begins + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    own = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(serialization.Encoding.PEM, *own)
    )
    return path


def server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


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
    with open_post_office(server_context(certificate), knows_users=True) as office:
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
    with open_post_office(server_context(certificate)) as office:
        assert "certificate" in trouble(at(office.port))


def test_a_server_that_speaks_no_tls_where_it_must_from_the_start_is_left() -> None:
    with open_post_office() as office:
        assert trouble(at(office.port, Encryption.FROM_START)).startswith("The mail server")


def test_nobody_at_home_is_a_sentence() -> None:
    assert trouble(at(9)) == "The mail server does not answer (ConnectionRefusedError)."
