"""The keys of custody from the command line: how they stand, sealing and unsealing."""

from functools import partial

import click

from registry.cli.house import ask_passphrase, begin, in_house
from registry.cli.shares import recover, shares
from registry.core.house import House
from registry.core.secret import Secret
from registry.core.tenants import Beyond
from registry.core.work import Work
from registry.councils.actions import name_keeper
from registry.councils.queries import get_council, get_installation
from registry.custody.actions import keys, leaving, root, rotation
from registry.custody.key_queries import find_recovery, find_root_key, find_rotation, last_rotations
from registry.custody.models_keys import Renewal
from registry.custody.opening import custody_status, warnings
from registry.custody.roots import ENVIRONMENT, FILE, PASSPHRASE, named_beside
from registry.custody.shred import shred


@click.group()
def custody() -> None:
    """The keys of custody."""


@custody.command()
@in_house
def status(house: House) -> None:
    """Say how custody stands. Exit 0 open, 1 sealed or closed."""
    with house.reading(Beyond.INSTALLATION) as session:
        found, unwise = custody_status(session, house.settings), warnings(session, house.settings)
    click.echo(found.sentence)
    for sentence in unwise:
        click.echo(f"Warning: {sentence}")
    raise SystemExit(0 if found.is_open else 1)


@custody.command()
@in_house
def unseal(house: House) -> None:
    """Open custody with its passphrase, for every process of the register."""
    words = Secret(str(click.prompt("Passphrase", hide_input=True)))
    keys.unseal(house.settings, begin(house), words)
    click.echo("Custody is open.")


@custody.command()
@in_house
def seal(house: House) -> None:
    """Close custody until somebody unseals it. Everything else goes on."""
    keys.seal(house.settings, begin(house))
    click.echo("Custody is sealed.")


@custody.command("kept-by")
@click.argument("slug")
@in_house
def kept_by(house: House, slug: str) -> None:
    """Name the council that keeps what serves every council here: its people make the recovery shares, seal, unseal and
    run the jobs of the installation. Shares that people of another council hold go on to recover; make new ones."""
    with house.work(None, None, "custody") as work:
        council = get_council(work.session, slug)
        name_keeper(work, council)
        name = council.name
    click.echo(f"{name} keeps the keys of this installation.")


@custody.group()
def rotate() -> None:
    """Renew keys, while the register runs."""


@rotate.command("root")
@click.option(
    "--to", type=click.Choice((FILE, ENVIRONMENT, PASSPHRASE)), help="How it is kept from now on; as now if left out."
)
@in_house
def rotate_root(house: House, to: str | None) -> None:
    """Exchange the root key for a new one: in the key file, in SCR_ROOT_KEY (which holds the new one now), or words."""
    to = to or _kept_as(house)
    new = root.in_file(house.settings) if to == FILE else root.in_environment() if to == ENVIRONMENT else _words(house)
    old = root.rotate_root(house.settings, begin(house), new)
    click.echo(f"Root key {new.key.id()} is in use; {old} is retired.")
    aside = named_beside(house.settings.root_key_file, old)
    if aside.exists():
        click.echo(f"The old key lies in {aside}. Only older backups need it: keep it apart from here, or destroy it.")
    if to == ENVIRONMENT:
        click.echo("Give SCR_ROOT_KEY to every process of the register and start each of them again.")
    with house.reading(Beyond.INSTALLATION) as session:
        if find_recovery(session) is not None:
            click.echo("Make new recovery shares now: those of the old key lead to the new one only by way of the old.")


def _kept_as(house: House) -> str:
    with house.reading(Beyond.INSTALLATION) as session:
        present = find_root_key(session)
    return present.provider if present else FILE


def _words(house: House) -> root.NewRoot:
    words = ask_passphrase()
    with house.reading(Beyond.INSTALLATION) as session:
        return root.by_passphrase(house.settings, get_installation(session).public_id, words)


@rotate.command("council")
@click.argument("slug")
@in_house
def rotate_council(house: House, slug: str) -> None:
    """Renew a council's key and put every sealed value under it; a rotation that was cut off goes on."""
    _renew(house, slug, Renewal.COUNCIL)


@rotate.command("data")
@click.argument("slug")
@in_house
def rotate_data(house: House, slug: str) -> None:
    """Seal every value of a council afresh, under a new data key; a rotation that was cut off goes on."""
    _renew(house, slug, Renewal.DATA)


def _renew(house: House, slug: str, renews: Renewal) -> None:
    with house.reading(Beyond.INSTALLATION) as session:
        council = get_council(session, slug)
    with house.reading(council) as session:
        running = find_rotation(session, council.id)
    open_work = partial(house.work, None, council, "custody")
    if running is None:
        with open_work() as work:
            rotation.begin_rotation(work, house.settings, renews)
    else:
        click.echo(f"Going on with the renewal of the {running.renews.value} keys that began before.")
    while take_step(house, open_work):
        pass
    shred(house.database)
    with house.reading(council) as session:
        (last,) = last_rotations(session, council.id, limit=1)
    click.echo(f"Complete: {last.done} values renewed" + (f", {last.failed} did not open." if last.failed else "."))


def take_step(house: House, open_work: "partial[Work]") -> bool:
    """One batch, told as it is done."""
    with open_work() as work:
        goes_on = rotation.step(work, house.settings)
        running = find_rotation(work.session, work.council)
        if goes_on and running is not None:
            click.echo(f"  {running.done} values")
    return goes_on


@custody.command("destroy-council")
@click.argument("slug")
@in_house
def destroy_council(house: House, slug: str) -> None:
    """Destroy a council's keys: everything it ever had in custody is gone for good."""
    with house.reading(Beyond.INSTALLATION) as session:
        council = get_council(session, slug)
    click.echo(f"Everything that {council.name} has in custody will be gone for good. The record of who saw it stays.")
    typed = str(click.prompt("Type the council's name to confirm"))
    with house.work(None, council, "custody") as work:
        rows = leaving.destroy_keys(work, typed)
    shred(house.database)
    click.echo(f"The keys are destroyed, and {rows} credentials with them.")
    click.echo("Older backups still hold them, until you rotate the root key and destroy the old one everywhere.")


custody.add_command(shares)
custody.add_command(recover)
