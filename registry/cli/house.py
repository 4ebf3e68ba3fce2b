"""What commands share: the house they work in, or the one sentence why there is none."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from registry.core.errors import Conflict, Invalid, NotFound, Refused, Throttled
from registry.core.house import House
from registry.core.keyfile import KeyTrouble
from registry.core.secret import Secret
from registry.core.work import Work
from registry.custody.passphrase import FEWEST_WORDS, drawn


def in_house(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the house as its first argument; a register that cannot start, or a refusal, is one sentence."""

    @with_appcontext
    @wraps(command)
    def run(*arguments: Any, **options: Any) -> Any:
        trouble = current_app.extensions.get("trouble")
        if trouble:
            raise click.ClickException(trouble)
        try:
            return command(current_app.extensions["house"], *arguments, **options)
        except (Refused, Conflict, Invalid, KeyTrouble) as no:
            raise click.ClickException(str(no)) from no
        except Throttled as no:
            raise click.ClickException(f"This was tried too often. Try again {no.when}.") from no
        except NotFound as no:
            raise click.ClickException("There is no such thing in this register.") from no

    return run


def ask_passphrase() -> Secret[str]:
    """Ask twice for a new passphrase over custody, with one to take for whoever has none."""
    click.echo(f"Drawn by chance for you, should you want it; write it on paper, then clear the screen:\n  {drawn()}")
    asked = f"A passphrase of {FEWEST_WORDS} or more words drawn by chance"
    return Secret(str(click.prompt(asked, hide_input=True, confirmation_prompt=True)))


def begin(house: House) -> "partial[Work]":
    """Opens work of whoever sits at the server, which concerns the whole installation."""
    return partial(house.work, None, None, "custody")
