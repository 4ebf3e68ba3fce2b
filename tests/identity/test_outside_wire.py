"""Whom the register speaks to as an identity provider has shown a certificate that somebody trusted vouches for."""

from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from registry.core.providers import Provider
from registry.core.secret import Secret
from registry.identity.outside import wire
from registry.identity.outside.troubles import OutsideTrouble, Trouble
from tests.certificate import make_certificate, served_with


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
    server = HTTPServer(("127.0.0.1", 0), Impostor)
    server.socket = served_with(make_certificate(tmp_path)).wrap_socket(server.socket, server_side=True)
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
