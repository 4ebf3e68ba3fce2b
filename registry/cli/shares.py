"""Recovery shares from the command line: made, shown, typed back, rehearsed, and used on the day they are needed."""

import click
from sqlalchemy.orm import Session

from registry.audit.erasures import erase_again
from registry.cli.house import begin, in_house
from registry.core.house import House
from registry.core.secret import Secret
from registry.core.tenants import Beyond
from registry.custody.actions import recovery
from registry.custody.key_queries import shares_of
from registry.identity.queries import find_person_by_email


@click.group()
def shares() -> None:
    """Recovery shares: any so many of their holders bring the keys back."""


@shares.command()
@click.option("--holder", "holders", multiple=True, required=True, help="A holder's work email address; once for each.")
@click.option("--needed", type=int, required=True, help="How many of them suffice to recover.")
@in_house
def make(house: House, holders: tuple[str, ...], needed: int) -> None:
    """Make new shares. Each holder then sees their own once, and types it back."""
    with house.reading(Beyond.INSTALLATION) as session:
        people = [_holder(session, email) for email in holders]
    with house.work(None, None, "custody") as work:
        recovery.make_shares(work, house.settings, people, needed)
    click.echo("The shares are made. Each holder signs in and finds theirs on the first page; or here:")
    click.echo("  flask --app app custody shares show EMAIL")


@shares.command()
@click.argument("email")
@in_house
def show(house: House, email: str) -> None:
    """Show a holder's new share, this once, for them to write down by hand."""
    with house.reading(Beyond.INSTALLATION) as session:
        theirs = shares_of(session, _holder(session, email))
    if not theirs:
        raise click.ClickException("This person holds no share.")
    with house.work(None, None, "custody") as work:
        share = recovery.show_share(work, house.settings, theirs[0][0].id)
    click.echo(f"Share {share.number}, of which any {share.needed} recover the keys. It is shown this once:")
    groups = share.text().split()
    for at in range(0, len(groups), 4):
        click.echo("  " + " ".join(groups[at : at + 4]))
    click.echo("Clear this screen, then type it back: flask --app app custody shares confirm")


@shares.command()
@in_house
def confirm(house: House) -> None:
    """Type one share back, so that it counts."""
    with house.work(None, None, "custody") as work:
        of = recovery.type_back(work, _typed(1)[0])
    click.echo(
        "It is right." + (" The shares count." if of.confirmed_at else " More holders have to type theirs back.")
    )


@shares.command("rehearse")
@in_house
def rehearse_shares(house: House) -> None:
    """Do with the shares all that a recovery does, but write nothing."""
    typed = _typed(click.prompt("How many shares", type=int))
    with house.work(None, None, "custody") as work:
        recovery.rehearse(work, typed)
    click.echo("They work: together they open this register’s keys. Nothing was written.")


@click.command()
@in_house
def recover(house: House) -> None:
    """Write the key files of a restored register anew, from the recovery shares of as many holders as are needed."""
    typed = _typed(click.prompt("How many shares", type=int))
    with house.reading(Beyond.INSTALLATION) as session:
        written = recovery.recover(house.settings, begin(house), session, typed)
    for path in written:
        click.echo(f"Written: {path}")
    if again := erase_again(house):
        click.echo(f"Erased again, as they were before: {again} people.")
    click.echo("Custody opens with the key in its file again. If it came from SCR_ROOT_KEY or a passphrase before, the")
    click.echo("file stands in their place now: unset the variable, or: custody rotate root --to passphrase")


def _holder(session: Session, email: str) -> int:
    person = find_person_by_email(session, email)
    if person is None:
        raise click.ClickException(f"Nobody here has the address {email}.")
    return person.id


def _typed(number: int) -> list[Secret[str]]:
    return [Secret(str(click.prompt(f"Share {each} of {number}", hide_input=True))) for each in range(1, number + 1)]
