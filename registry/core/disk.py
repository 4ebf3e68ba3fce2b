"""Whether a folder lies on a disk of this machine: SQLite's locks mean nothing across a network."""

from pathlib import Path

from registry.core.database import Database
from registry.core.settings import WrongSettings

MOUNTS = Path("/proc/self/mountinfo")
REMOTE = frozenset(
    [
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "ncpfs",
        "afs",
        "coda",
        "ceph",
        "glusterfs",
        "lustre",
        "ocfs2",
        "gfs2",
        "9p",
        "fuse.sshfs",
        "fuse.glusterfs",
    ]
)


def refuse_remote(database: Database, mounts: Path = MOUNTS) -> None:
    """Refuse a SQLite database on a disk that other machines could open at the same time."""
    if database.file is None or not mounts.exists():
        return
    kind = filesystem_of(database.file.resolve().parent, mounts)
    if kind in REMOTE:
        raise WrongSettings(
            f"The database lies on a network disk ({kind}), where SQLite loses data. Put it on a disk of this machine, "
            "or use PostgreSQL."
        )


def filesystem_of(folder: Path, mounts: Path = MOUNTS) -> str:
    """The kind of filesystem that a folder lies on: that of the deepest mount above it."""
    deepest, kind = -1, ""
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        fields, _, rest = line.partition(" - ")
        mounted = Path(fields.split()[4].replace("\\040", " "))
        if (folder == mounted or mounted in folder.parents) and len(mounted.parts) >= deepest:
            deepest, kind = len(mounted.parts), rest.split()[0]
    return kind
