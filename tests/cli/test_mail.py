"""Sending from the command line, and trying the mail server before anybody relies on it."""

from collections.abc import Iterator

import pytest
from click.testing import Result
from flask import Flask

from registry.cli.mail import mail
from tests.outbox.conftest import sending_by
from tests.outbox.postoffice import PostOffice, open_post_office
from tests.outbox.test_sending import ANN, wrote
from tests.world import World


@pytest.fixture
def office(world: World, app: Flask) -> Iterator[PostOffice]:
    """A mail server that the register sends by."""
    with open_post_office() as office:
        app.extensions["house"] = sending_by(world.house, f"smtp://127.0.0.1:{office.port}")
        yield office


def run(app: Flask, *arguments: str) -> Result:
    app.cli.add_command(mail)
    return app.test_cli_runner().invoke(args=["mail", *arguments])


def test_what_is_due_is_sent_and_counted(app: Flask, world: World, office: PostOffice) -> None:
    office.of_recipient["gone@exampleton.example"] = "550 No such user"
    wrote(world, "one")
    done = run(app, "send")
    assert (done.exit_code, done.output) == (0, "Sent: 1. To be tried again: 0. Given up: 0.\n")
    wrote(world, "two", to="gone@exampleton.example")
    done = run(app, "send")
    assert done.exit_code == 1
    assert "Given up: 1." in done.output
    assert "550: No such user" in done.output


def test_a_trial_goes_past_what_waits_and_says_what_the_server_made_of_it(
    app: Flask, world: World, office: PostOffice
) -> None:
    wrote(world, "one")
    done = run(app, "test", ANN)
    assert done.exit_code == 0
    assert f"took a message to {ANN}" in done.output
    assert [letter["Subject"] for letter in office.taken] == ["Social media accounts: a trial"]
    office.of_recipient[ANN] = "550 No such user"
    assert "Error: The mail server said 550: No such user" in run(app, "test", ANN).output
    assert "not one that mail can be sent to" in run(app, "test", "nobody").output


def test_without_a_mail_server_a_sentence_says_what_to_set(app: Flask, world: World) -> None:
    for command in (("send",), ("test", ANN)):
        done = run(app, *command)
        assert done.exit_code == 1
        assert "Put mail_server and mail_sender into settings.toml" in done.output
