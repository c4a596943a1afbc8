"""What the disk under a folder is like: its room, and whether it is a disk of this machine at all."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Final

_MOUNTS: Final = Path("/proc/self/mounts")
# The locks of SQLite do not hold there, or only sometimes.
_OF_A_NETWORK: Final = re.compile(
    r"nfs4?|cifs|smb3?|smbfs|9p|afs|ceph|lustre|glusterfs|fuse\.\w*(?:ssh|gluster|s3|rclone).*"
)
_ESCAPE: Final = re.compile(r"\\([0-7]{3})")


def free_bytes(folder: Path) -> int:
    """Return how many bytes we may still write where `folder` is, or would be made."""
    return shutil.disk_usage(_nearest(folder)).free


def network_kind(folder: Path, mounts: Path = _MOUNTS) -> str:
    """Return what kind of network folder it is on, such as nfs4; "" for a local disk, and where that cannot be seen."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    place, kinds = _nearest(folder).resolve(), {}
    for _, where, kind, *_ in (line.split(" ") for line in lines):
        # Of several in one place the last one is on top.
        kinds[Path(_ESCAPE.sub(lambda found: chr(int(found[1], 8)), where))] = kind
    under = next((each for each in (place, *place.parents) if each in kinds), None)
    return kinds[under] if under is not None and _OF_A_NETWORK.fullmatch(kinds[under]) else ""


def _nearest(folder: Path) -> Path:
    return next(each for each in (folder, *folder.parents) if each.exists())
