"""Setting up: a real installation with its first Clerk, or a demonstration."""

import os
import re
import secrets
from pathlib import Path

import click
from flask import Flask
from flask.cli import ScriptInfo, pass_script_info
from sqlalchemy.orm import Session

from registry.application import create_app, settings_folder
from registry.audit.models import INSTALLATION_CHAIN
from registry.audit.queries import find_last
from registry.cli.house import ask_passphrase
from registry.core import migrations
from registry.core.database import Database
from registry.core.errors import Invalid
from registry.core.house import House
from registry.core.keyfile import KeyTrouble, make_key
from registry.core.secret import Secret
from registry.core.settings import Settings, WrongSettings, from_file, load
from registry.core.tenants import Beyond
from registry.councils import actions as councils
from registry.councils.models import Council
from registry.councils.queries import find_installation
from registry.custody.actions.keys import set_up_custody
from registry.custody.opening import custody_status
from registry.custody.roots import from_environment
from registry.demo import load as load_demo
from registry.identity.actions import links, people
from registry.identity.link_queries import is_new
from registry.identity.models import LinkPurpose
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role

SETTINGS = """# The settings of this installation; docs/administrator.md tells what they mean.
secret_key = "{secret}"
"""


@click.command()
@click.option("--council", prompt="Name of the council", help="Its full name, as residents know it.")
@click.option("--clerk", prompt="Name of the Clerk", help="The first person, who then adds the others.")
@click.option("--email", prompt="Work email address of the Clerk")
@click.option(
    "--passphrase", is_flag=True, help="Lock custody with a passphrase, asked for now, instead of a key file."
)
@pass_script_info
def init(info: ScriptInfo, council: str, clerk: str, email: str, passphrase: bool) -> None:
    """Set up a real register: settings, keys, database, one council and its Clerk's set-up link."""
    house: House = prepare(info, with_root_key=not passphrase).extensions["house"]
    with house.reading(Beyond.INSTALLATION) as session:
        if find_installation(session) is not None:
            raise click.ClickException(_said_already(session, house.settings))
    words = ask_passphrase() if passphrase else None
    try:
        token = found(house, council, clerk, email, words)
    except Invalid as no:
        raise click.ClickException(f"{no}. Nothing was set up.") from no
    click.echo(f"The register is set up for {council}.")
    hand_over_link(house, clerk, token)
    click.echo("Then start it:  flask --app app serve")


def _said_already(session: Session, settings: Settings) -> str:
    """What to tell who would set up again; above all that a missing key is looked for, not made anew."""
    custody = custody_status(session, settings)
    if custody.is_open or custody.is_sealed:
        return "This register is set up already; nothing was changed."
    return (
        f"This register is set up already, and its custody is locked with root key {custody.key_id or 'unknown'}. "
        f"{custody.sentence} No key was made and nothing was changed."
    )


def hand_over_link(house: House, name: str, token: str | None, purpose: LinkPurpose = LinkPurpose.SET_UP) -> None:
    """Tell the link by which somebody sets their password; without one they sign in already."""
    if token is None:
        click.echo(f"{name} is in this register already, and signs in as always.")
        return
    within = "72 hours" if purpose is LinkPurpose.SET_UP else "20 minutes"
    click.echo(f"Within {within}, {name} sets a password here (the link works once):")
    address = house.settings.base_url.replace("//127.0.0.1", "//localhost")  # passkeys are bound to names
    click.echo(f"  {address}/new-password/{token}")


def found(house: House, council_name: str, clerk: str, email: str, passphrase: Secret[str] | None = None) -> str | None:
    """Found the installation with its first council and Clerk; gives the token of the set-up link."""
    with house.work(None, None, "init") as work:
        councils.set_up(work, is_demo=False)
        set_up_custody(work, house.settings, passphrase)
        council = councils.add_council(work, slug_of(council_name), council_name)
    return first_clerk(house, council, clerk, email)


def first_clerk(house: House, council: Council, clerk: str, email: str) -> str | None:
    """Give a council its first Clerk, who lets in everybody else; gives the token of their set-up link, if they are
    new to the register."""
    with house.work(None, council, "init") as work:
        joiner = people.Joiner(clerk, email, council.title(Role.CLERK), work.today)
        person = people.add_person(work, joiner).person
        people.grant_role(work, person.id, Role.CLERK, work.today, None, "First Clerk, at set-up")
        return links.make_link(work, person, LinkPurpose.SET_UP) if is_new(work.session, person.id) else None


@click.command()
@pass_script_info
def demo(info: ScriptInfo) -> None:
    """Load the demonstration councils into an empty register, once."""
    click.echo(ensure_demo(prepare(info)))


def ensure_demo(app: Flask) -> str:
    """Load the demonstration unless it is there; a register with real people in it is never touched."""
    house: House = app.extensions["house"]
    with house.reading(Beyond.INSTALLATION) as session:
        installation = find_installation(session)
        is_whole = find_last(session, INSTALLATION_CHAIN, Event.DEMO_MADE) is not None
    if installation is None:
        click.echo("Loading the demonstration, once: a year of three councils. This takes some ten seconds …")
        load_demo(house, app.extensions["passwords"])
        return "The demonstration is loaded."
    if not installation.is_demo:
        raise click.ClickException("This register holds a real council; the demonstration was not loaded.")
    if not is_whole:
        raise click.ClickException(
            "The demonstration was cut off while it was loaded. Remove its database and start again."
        )
    return "The demonstration was loaded before; nothing was changed."


def prepare(info: ScriptInfo, *, with_root_key: bool = True) -> Flask:
    """The application that the command line made; where it could not, with settings, keys and database made first."""
    app = info.load_app()
    folder = settings_folder()
    try:
        make_files(folder, with_root_key=with_root_key)
        if "trouble" not in app.extensions:
            return app
        settings = load(folder)
        migrations.upgrade_as_owner(settings)
        return create_app(settings)
    except (WrongSettings, KeyTrouble) as trouble:
        raise click.ClickException(str(trouble)) from trouble


def make_settings(folder: Path) -> None:
    """Make the settings file, with a secret of its own; one written beforehand is given the secret it lacks."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "settings.toml"
    if "secret_key" in from_file(path) or "REGISTER_SECRET_KEY" in os.environ:
        return
    written = path.read_text(encoding="utf-8") if path.exists() else ""
    path.touch(mode=0o600)
    path.chmod(0o600)  # from now on it holds a secret
    path.write_text(SETTINGS.format(secret=secrets.token_urlsafe(48)) + written, encoding="utf-8")


def make_files(folder: Path, *, with_root_key: bool = True) -> None:
    """Make the settings file and the keys where there are none. A key is never made for a database
    that is set up already: what was sealed with the lost one would not open with it."""
    make_settings(folder)
    settings = load(folder)
    needs_file = with_root_key and from_environment() is None
    wanted = [settings.auth_key_file, *([settings.root_key_file] if needs_file else [])]
    missing = [path for path in wanted if not path.exists()]
    if missing and not _is_set_up(settings):
        for path in missing:
            make_key(path)


def _is_set_up(settings: Settings) -> bool:
    database = Database(settings.database_url)
    if database.file and not database.file.exists():
        return False
    migrations.upgrade_as_owner(settings)
    with database.reading(Beyond.INSTALLATION) as session:
        found = find_installation(session)
    database.engine.dispose()
    return found is not None


def slug_of(name: str) -> str:
    """A council's short name for addresses: Example Parish Council → example-parish."""
    words = re.sub(r"[^a-z0-9]+", "-", name.lower().replace(" council", "")).strip("-")
    return words[:60] or "council"
