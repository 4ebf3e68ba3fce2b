"""Going to the provider and coming back, as a browser does."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from registry.core.clock import FixedClock
from registry.core.providers import Provider
from registry.core.secret import Secret
from registry.identity.outside.knowledge import Knowledge
from tests.identity.provider import CLIENT, SECRET

BACK = "/sign-in/from/work"


@dataclass
class Outside:
    """The provider's process, and how it is told what to do."""

    issuer: str
    clock: FixedClock

    def trusted(self, app: Flask) -> None:
        """Have its two steps count as two here."""
        reset(app, replace(app.extensions["house"].settings.providers[0], trust_two_steps=True))

    def behaves(self, **told: Any) -> None:
        """From now on like this; with nothing said, well."""
        given = {"now": self.clock.now().timestamp(), **told}
        requests.post(self.issuer + "/control", json=given, timeout=20).raise_for_status()

    @property
    def seen(self) -> dict[str, Any]:
        """What was asked of it since it was last told how to behave."""
        found: dict[str, Any] = requests.get(self.issuer + "/control", timeout=20).json()
        return found

    def goes(self, client: FlaskClient, address: str = "/sign-in/with/work") -> dict[str, str]:
        """Follow a link there, sign in, and be sent back: with these parameters."""
        leaves = client.get(address)
        assert leaves.status_code == 302, leaves.text
        assert leaves.headers["Location"].startswith(self.issuer + "/authorize?")
        back = requests.get(leaves.headers["Location"], allow_redirects=False, timeout=20).headers["Location"]
        assert urlsplit(back).path == BACK
        return dict(parse_qsl(urlsplit(back).query))

    def returns(self, client: FlaskClient, answer: dict[str, str]) -> TestResponse:
        """Come back: the page that is shown posts the answer on."""
        page = client.get(BACK, query_string=answer)
        assert page.status_code == 200
        fields = dict(re.findall(r'type="hidden" name="(state|code|error|iss)" value="([^"]*)"', page.text))
        assert set(fields) == set(answer)
        return client.post(BACK, data=answer)

    def signs_in(self, client: FlaskClient, address: str = "/sign-in/with/work") -> TestResponse:
        """There and back again."""
        return self.returns(client, self.goes(client, address))


@pytest.fixture(scope="session")
def provider_process() -> Iterator[str]:
    """A provider of identities on this machine; its issuer."""
    with subprocess.Popen([sys.executable, "-m", "tests.identity.provider"], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.terminate()


@pytest.fixture
def outside(app: Flask, provider_process: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Outside:
    """The provider, well behaved, known to the register as `work`."""
    chosen = Provider("work", "Example Work", provider_process, CLIENT, Secret(SECRET), frozenset({"127.0.0.1"}))
    reset(app, chosen)
    monkeypatch.setitem(app.extensions, "providers", Knowledge())
    made = Outside(provider_process, clock)
    made.behaves()
    return made


def reset(app: Flask, *providers: Provider) -> None:
    """Give the register these providers."""
    house = app.extensions["house"]
    app.extensions["house"] = replace(house, settings=replace(house.settings, providers=providers))
