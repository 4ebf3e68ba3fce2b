"""Backing up and coming back, from the command line."""

import json
from collections.abc import Iterator
from pathlib import Path

import click
from flask.cli import ScriptInfo, pass_script_info

from registry.application import make_house, settings_folder
from registry.cli.house import in_house
from registry.cli.installation import make_settings
from registry.core.house import House
from registry.core.keyfile import KeyTrouble
from registry.core.settings import WrongSettings, load
from registry.upkeep.backup import make_backup, prune
from registry.upkeep.manifest import BadBackup, Manifest, read
from registry.upkeep.restore import restore as restore_backup

BREACHED = 2


@click.command()
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Folder of backups; unless given, backup_folder.")
@click.option(
    "--keep",
    type=click.IntRange(min=0),
    help="For how many days, and how many at least; 0: all stay. Unless given, backups_kept.",
)
@in_house
def backup(house: House, folder: Path | None, keep: int | None) -> None:
    """Copy the register while it runs, and check the copy. Exit 0 made, 2 made of a register that is not sound."""
    place = folder or house.settings.backup_folder or house.settings.instance / "backups"
    try:
        made = make_backup(house, place)
    except (BadBackup, KeyTrouble) as trouble:
        raise click.ClickException(str(trouble)) from trouble
    kept = house.settings.backups_kept if keep is None else keep
    gone = prune(place, kept, house.clock.now())
    click.echo(f"{made.folder}")
    click.echo(_told(made.manifest))
    if gone:
        click.echo(f"Removed, as they are kept for {kept} days: {', '.join(gone)}")
    for breach in made.breaches:
        click.echo(f"BROKEN  {breach}", err=True)
    raise SystemExit(BREACHED if made.breaches else 0)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--accept-rollback", is_flag=True, help="Although newer backups hold more; the trail will tell.")
@pass_script_info
def restore(info: ScriptInfo, folder: Path, accept_rollback: bool) -> None:
    """Make the register of a backup that of this empty installation. Exit 0 restored, 2 restored and not sound."""
    info.load_app()
    try:
        make_settings(settings_folder())
        house, found = make_house(load(settings_folder())), read(folder.resolve())
        done = restore_backup(house, found, accept_rollback=accept_rollback)
    except (WrongSettings, KeyTrouble, BadBackup) as trouble:
        raise click.ClickException(str(trouble)) from trouble
    click.echo(f"Restored: {_told(found.manifest)}")
    click.echo(f"Every way in is closed: {done.ended} sign-ins ended, links and leaves to see void.")
    click.echo("Recovery codes used and factors removed since count again: let everybody look at Two-step sign-in.")
    for sentence in (*done.missing, *_other_settings(house, found.manifest)):
        click.echo(f"Still to do: {sentence}")
    for breach in done.breaches:
        click.echo(f"BROKEN  {breach}", err=True)
    click.echo("Then: flask --app app doctor")
    raise SystemExit(BREACHED if done.breaches else 0)


def _told(manifest: Manifest) -> str:
    entries = sum(manifest.entries(chain) for chain in manifest.chains)
    return (
        f"the register as it was on {manifest.made_at:%d %B %Y at %H:%M} UTC: councils {manifest.councils}, entries "
        f"of the trail {entries:,}, {manifest.bytes / 1e6:,.1f} MB. Its keys, not in it: root key "
        f"{manifest.root_key_id}, register's own key {manifest.auth_key_id}."
    )


def _other_settings(house: House, manifest: Manifest) -> Iterator[str]:
    """Settings that were others where the backup was made."""
    for name, value in manifest.settings.items():
        ours = getattr(house.settings, name)
        if value != (list(ours) if isinstance(ours, tuple) else ours):
            yield f"settings.toml had {name} = {json.dumps(value)}; put it back where people are to find the register."
