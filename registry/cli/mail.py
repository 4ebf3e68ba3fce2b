"""Sending messages from the command line, and trying the mail server."""

import click

from registry.cli.house import in_house
from registry.core.house import House
from registry.core.mailserver import MailServer
from registry.core.wording import SERVICE_NAME
from registry.outbox.carrier import Later, Never, connected
from registry.outbox.letters import BadLetter, Letterhead
from registry.outbox.sending import send_waiting

TRIAL = """Hello,

this message shows that the register of social media accounts can send mail from {base_url}.
"""


@click.group()
def mail() -> None:
    """Send messages, or try the mail server."""


@mail.command()
@in_house
def send(house: House) -> None:
    """Send whatever is due now. A running server or scheduler does so by itself, four times a minute."""
    _server(house)
    done = send_waiting(house)
    click.echo(f"Sent: {done.sent}. To be tried again: {done.postponed}. Given up: {done.given_up}.")
    if done.trouble:
        raise click.ClickException(done.trouble)


@mail.command()
@click.argument("address")
@in_house
def test(house: House, address: str) -> None:
    """Send a message to ADDRESS now, past the messages that wait, and say what the mail server makes of it."""
    server, at = _server(house), house.clock.now()
    body = TRIAL.format(base_url=house.settings.base_url)
    try:
        head = Letterhead(server, house.settings.base_url)
        letter = head.write(address, f"{SERVICE_NAME}: a trial", body, f"trial {at}", at)
        with connected(server) as carrier:
            carrier.carry(letter)
    except (BadLetter, Later, Never) as trouble:
        raise click.ClickException(str(trouble)) from trouble
    click.echo(f"{server.host} took a message to {address} ({server.encryption}). Look whether it arrives.")


def _server(house: House) -> MailServer:
    server = house.settings.mail
    if server is None:
        raise click.ClickException("No mail server is named. Put mail_server and mail_sender into settings.toml.")
    return server
