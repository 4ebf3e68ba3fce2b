"""The top floor: commands for those who keep the installation, as `flask --app app …`."""

import sys

import click
from flask import Flask

from registry.application import create_app, settings_folder
from registry.cli import (
    accounts,
    admitting,
    audit,
    custody,
    database,
    docs,
    doctor,
    installation,
    keeping,
    mail,
    serving,
    sweep,
)  # fmt: skip
from registry.core import logs
from registry.core.settings import WrongSettings, load

GROUPS = (
    installation.init, installation.demo, database.db, serving.serve, serving.scheduler, audit.audit, accounts.accounts,
    sweep.sweep, doctor.doctor, keeping.backup, keeping.restore, custody.custody, admitting.people, admitting.councils,
    mail.mail,
    docs.docs,
)  # fmt: skip

CANNOT_START = 4
"""With this code gunicorn ends, and its service manager sees it; a worker that ends with another it begins anew at
once, without end."""


def make_app() -> Flask:
    """The application for the `flask` command or a server.

    Where it cannot start, a server is told why at once; the `flask` command still gets its set-up commands.
    """
    is_server = click.get_current_context(silent=True) is None
    if is_server:
        logs.start()
    try:
        app = create_app(load(settings_folder()))
    except WrongSettings as trouble:
        if is_server or "run" in sys.argv:
            click.echo(f"The register cannot start. {trouble}", err=True)
            raise SystemExit(CANNOT_START) from trouble
        app = Flask("registry")
        app.extensions["trouble"] = str(trouble)
    for command in GROUPS:
        app.cli.add_command(command)
    return app
