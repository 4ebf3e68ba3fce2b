"""Whom the register speaks to as an identity provider has shown a certificate that somebody trusted vouches for."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from registry.core.clock import SystemClock
from registry.core.providers import Provider
from registry.core.secret import Secret
from registry.identity.outside import wire
from registry.identity.outside.troubles import OutsideTrouble, Trouble


class Impostor(BaseHTTPRequestHandler):
    """Answers as a provider would, to whoever takes its certificate."""

    asked = 0

    def do_GET(self) -> None:
        Impostor.asked += 1
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"issuer": "anybody"}')

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def impostor(tmp_path: Path) -> Iterator[Provider]:
    """A server under the provider's address whose certificate it made itself."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    today = SystemClock().now()  # as TLS counts
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "impostor.pem"
    plain = serialization.NoEncryption()
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server = HTTPServer(("127.0.0.1", 0), Impostor)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"https://127.0.0.1:{server.server_port}"
    yield Provider("work", "Work", address, "us", Secret("secret"), frozenset({"127.0.0.1"}))
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_certificate_that_nobody_vouches_for_is_not_taken(impostor: Provider) -> None:
    with pytest.raises(OutsideTrouble) as told:
        wire.fetch(impostor, impostor.issuer + "/keys")
    assert told.value.trouble is Trouble.UNREACHABLE
    assert Impostor.asked == 0


def test_no_address_without_tls_is_asked_but_on_this_machine(impostor: Provider) -> None:
    elsewhere = replace(impostor, hosts=frozenset({"idp.example"}))
    for address in ("http://idp.example/keys", "https://evil.example/keys", "https://idp.example@evil.example/", None):
        assert not wire.is_its_own(elsewhere, address)
    assert wire.is_its_own(elsewhere, "https://idp.example/keys")
