"""SQLite stands on a disk of this machine alone."""

from pathlib import Path

import pytest

from registry.core.database import Database
from registry.core.disk import filesystem_of, refuse_remote
from registry.core.settings import WrongSettings

MOUNTS = """\
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
31 22 0:27 / /srv rw,relatime shared:5 - nfs4 files:/srv rw
32 31 254:1 / /srv/local\\040disk rw - ext4 /dev/vdb rw
33 22 0:28 / /share rw - cifs //files/share rw
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    path = tmp_path / "mountinfo"
    path.write_text(MOUNTS)
    return path


@pytest.mark.parametrize(
    ("folder", "kind"),
    [("/srv/data", "nfs4"), ("/srv", "nfs4"), ("/srv/local disk/x", "ext4"), ("/share/x", "cifs"), ("/srvx", "ext4")],
)
def test_the_deepest_mount_says_of_what_kind_a_folder_s_disk_is(mounts: Path, folder: str, kind: str) -> None:
    assert filesystem_of(Path(folder), mounts) == kind


def test_sqlite_on_a_network_disk_is_refused_and_postgresql_is_not_asked(mounts: Path) -> None:
    with pytest.raises(WrongSettings, match="network disk"):
        refuse_remote(Database("sqlite:////share/register.sqlite"), mounts)
    refuse_remote(Database("sqlite:////var/register.sqlite"), mounts)
    refuse_remote(Database("postgresql+psycopg://nobody@nowhere/share"), mounts)
    refuse_remote(Database("sqlite:////share/register.sqlite"), Path("/no/such/mounts"))
