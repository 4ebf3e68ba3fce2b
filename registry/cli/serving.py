"""Serving the register, and running its jobs."""

import socket
import time
from dataclasses import replace

import click
from apscheduler.schedulers.background import BackgroundScheduler
from flask.cli import ScriptInfo, pass_script_info

from registry.cli import stopping
from registry.cli.house import in_house
from registry.cli.installation import ensure_demo, prepare
from registry.core import logs
from registry.core.house import House
from registry.core.settings import Settings
from registry.core.tenants import Beyond
from registry.councils.queries import find_installation
from registry.custody.unsealed import seal_all
from registry.jobs.figures import Jobs
from registry.jobs.runner import start_scheduler
from registry.jobs.schedule import SCHEDULE, Job
from registry.upkeep import metrics


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--demo", "with_demo", is_flag=True, help="Prepare everything and load the demonstration first.")
@click.option("--without-jobs", is_flag=True, help="Leave the nightly jobs to `flask scheduler`.")
@pass_script_info
def serve(info: ScriptInfo, host: str, port: int, with_demo: bool, without_jobs: bool) -> None:
    """Serve the register with waitress, the scheduler in the same process."""
    _assert_free(host, port)
    app = prepare(info)
    app.extensions["house"] = _found_at(app.extensions["house"], host, port)
    if with_demo:
        click.echo(ensure_demo(app))
    notice, house = stopping.Notice(), app.extensions["house"]
    _start_sealed(house)
    jobs = _work_beside(house, None if without_jobs else SCHEDULE)
    _greet(host, port, with_demo)
    # what proxies said is for the application to weigh, by its setting `proxies`; where there are none it is dropped
    dropped = not house.settings.proxies
    stopping.serve(app, notice, host=host, port=port, threads=8, ident=None, clear_untrusted_proxy_headers=dropped)
    stopping.end(house, jobs)


def _work_beside(house: House, schedule: tuple[Job, ...] | None) -> BackgroundScheduler | None:
    """Start what every serving process has beside its answers: its log, its figures, its jobs."""
    logs.start()
    if house.settings.metrics_port:
        metrics.serve(house.settings.metrics_port, metrics.Register(house), Jobs(house))
    return start_scheduler(house, schedule) if schedule else None


def _found_at(house: House, host: str, port: int) -> House:
    """The house, whose links lead to where it is served, unless its settings say where people find it."""
    if house.settings.base_url != Settings.base_url:
        return house
    return replace(house, settings=replace(house.settings, base_url=f"http://{host}:{port}"))


def _start_sealed(house: House) -> None:
    """A custody with a passphrase begins sealed whenever the server is started anew."""
    with house.reading(Beyond.INSTALLATION) as session:
        installation = find_installation(session)
    if installation is not None:
        seal_all(house.settings, installation.public_id)


def _greet(host: str, port: int, with_demo: bool) -> None:
    name = "localhost" if host == "127.0.0.1" else host  # passkeys are bound to names
    click.echo(f"\nThe register is at http://{name}:{port}   (Ctrl+C stops it)")
    if with_demo:
        click.echo(f"Sign in by choosing a person: http://{name}:{port}/demo")


@click.command()
@in_house
def scheduler(house: House) -> None:
    """Run only the jobs, as a process of its own beside one or many that serve."""
    notice, jobs = stopping.Notice(), _work_beside(house, SCHEDULE)
    click.echo("The scheduler runs. Ctrl+C stops it.")
    while not notice.given:
        time.sleep(stopping.TICK)
    stopping.end(house, jobs)


def _assert_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"Port {port} is taken. Stop what uses it, or choose another with --port."
            ) from error
