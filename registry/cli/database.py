"""Bringing the database up to date, and checking that it matches the code."""

import secrets

import click
from alembic import command as alembic
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from registry.application import settings_folder
from registry.core import migrations
from registry.core.database import Base, Database
from registry.core.settings import WrongSettings, load


@click.group()
def db() -> None:
    """The database's shape."""


def _database() -> Database:
    try:
        settings = load(settings_folder())
        return Database(settings.migrations_url or settings.database_url)
    except WrongSettings as trouble:
        raise click.ClickException(str(trouble)) from trouble


@db.command()
def upgrade() -> None:
    """Apply the migrations that are missing. Back up first."""
    try:
        migrations.upgrade_as_owner(load(settings_folder()))
    except WrongSettings as trouble:
        raise click.ClickException(str(trouble)) from trouble
    click.echo("The database is up to date.")


ROLES = """-- Once, as the database's superuser (psql): one role that owns, one that serves and owns nothing.
CREATE ROLE register_owner LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '{owner}';
CREATE ROLE register_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOINHERIT PASSWORD '{serves}';
CREATE DATABASE register OWNER register_owner;
-- An installation that has used one role until now: REASSIGN OWNED BY thatrole TO register_owner;
-- Then, in the register's settings (a database elsewhere: its name, and ?sslmode=verify-full at the end):
--   database_url = "postgresql://register_app:{serves}@127.0.0.1/register"
--   migrations_url = "postgresql://register_owner:{owner}@127.0.0.1/register"
-- The passwords were drawn for you just now and are kept nowhere else. Then: flask --app app db upgrade, or init
"""


@db.command()
def roles() -> None:
    """Print the statements that make PostgreSQL's two roles, with new passwords."""
    click.echo(ROLES.format(owner=secrets.token_urlsafe(24), serves=secrets.token_urlsafe(24)), nl=False)


@db.command()
@click.argument("message")
def revision(message: str) -> None:
    """Write a migration from what differs between the models and the database (for developers)."""
    with _database().engine.execution_options(writes=True).connect() as connection:
        config = migrations.config(connection)
        alembic.revision(config, message, autogenerate=True)


@db.command()
def check() -> None:
    """Say whether the database matches the models."""
    migrations.import_models()
    with _database().engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    for difference in differences:
        click.echo(difference)
    if differences:
        raise SystemExit(1)
    click.echo("The database matches the models.")
