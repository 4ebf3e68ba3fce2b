"""Letting in from the command line: a person who lost their link, and a further council."""

import click

from registry.cli.house import in_house
from registry.cli.installation import first_clerk, hand_over_link, slug_of
from registry.core.house import House
from registry.core.tenants import Beyond
from registry.councils import actions
from registry.councils.queries import get_council
from registry.identity.actions.links import make_link
from registry.identity.actions.people import grant_role
from registry.identity.actions.resets import reset_at_once
from registry.identity.link_queries import is_new
from registry.identity.models import LinkPurpose
from registry.identity.queries import find_person_by_email, may_sign_in
from registry.vocabulary.permissions import Role


@click.group()
def people() -> None:
    """The people of the register."""


@people.command()
@click.argument("email")
@in_house
def link(house: House, email: str) -> None:
    """Make a link by which somebody sets a password: their first within 72 hours, another within 20 minutes.

    Hand it to them yourself, when you are sure who asks: whoever has the link can choose their password.
    """
    with house.work(None, None, "people link") as work:
        person = find_person_by_email(work.session, email)
        if person is None or not may_sign_in(work.session, person.id, work.today):
            raise click.ClickException(f"Nobody who works for a council here has the address {email}.")
        purpose = LinkPurpose.SET_UP if is_new(work.session, person.id) else LinkPurpose.RESET
        token = make_link(work, person, purpose)
    hand_over_link(house, person.name, token, purpose)


@people.command("reset-two-step")
@click.argument("email")
@in_house
def reset_two_step(house: House, email: str) -> None:
    """Take somebody's second step off them, where no two people are left who could: they set up another at their next
    sign-in. Be sure who asks; they are told by a message, and the trail says it was done from here."""
    with house.work(None, None, "people reset-two-step") as work:
        person = find_person_by_email(work.session, email)
        if person is None:
            raise click.ClickException(f"Nobody here has the address {email}.")
        reset_at_once(work, person, "from the command line")
    click.echo(f"{person.name} sets up a new second step at their next sign-in. Their sessions have ended.")


@people.command()
@click.argument("email")
@click.option("--council", "slug", required=True, help="The council's short name, as in its addresses.")
@in_house
def appoint(house: House, email: str, slug: str) -> None:
    """Make somebody of a council its Clerk, where no Clerk is left to do so; the trail says it was done from here."""
    with house.reading(Beyond.INSTALLATION) as session:
        council = get_council(session, slug)
    with house.work(None, council, "people appoint") as work:
        person = find_person_by_email(work.session, email)
        if person is None:
            raise click.ClickException(f"Nobody here has the address {email}.")
        grant_role(work, person.id, Role.CLERK, work.today, None, "Appointed from the command line")
    click.echo(f"{person.name} is Clerk of {council.name}.")


@click.group()
def councils() -> None:
    """The councils of this installation."""


@councils.command()
@click.option("--council", prompt="Name of the council", help="Its full name, as residents know it.")
@click.option("--clerk", prompt="Name of the Clerk", help="The first person, who then adds the others.")
@click.option("--email", prompt="Work email address of the Clerk", help="May be somebody of a council already here.")
@in_house
def add(house: House, council: str, clerk: str, email: str) -> None:
    """Add a further council with its first Clerk. Councils never see one another."""
    with house.work(None, None, "councils add") as work:
        added = actions.add_council(work, slug_of(council), council)
    token = first_clerk(house, added, clerk, email)
    click.echo(f"{council} is added, under /c/{added.slug}/.")
    hand_over_link(house, clerk, token)
