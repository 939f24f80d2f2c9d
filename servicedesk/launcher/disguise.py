"""PostgreSQL refuses to run as root. This finds the way in which root may run it all the same."""

import os
import pwd
import subprocess
from functools import cache
from pathlib import Path

from servicedesk.launcher.messages import Refusal
from servicedesk.launcher.processes import Disguise

NOBODY = 65534
_NAMESPACE = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}")


def disguise_for(folder: Path, binaries: Path) -> Disguise:
    """How to run the server on this data folder, which may not exist yet.

    An existing folder decides: PostgreSQL opens only a folder that its own user owns. For a new one,
    root takes a user namespace (files stay root's, so a checkout in a closed home works) or `nobody`.
    A user without a name, as containers like to have, takes a user namespace as well.
    """
    me = os.geteuid()
    owner = folder.stat().st_uid if folder.exists() else me
    if me != 0:
        if owner != me:
            raise Refusal(
                f"The database in {folder} belongs to another user (number {owner}).\n"
                "Run ./desk as that user, or set DATA_DIR to another folder."
            )
        return Disguise() if _has_name(me) else Disguise(prefix=_NAMESPACE if _namespaces_allowed() else ())
    if owner == 0 and _namespaces_allowed():
        return Disguise(prefix=_NAMESPACE)
    if owner == 0 and folder.exists():
        raise Refusal(
            f"The database in {folder} was made by root in a user namespace, which is not allowed here.\n"
            "Run ./desk as an ordinary user with another DATA_DIR, or allow user namespaces."
        )
    return _other_user(owner or NOBODY, folder, binaries)


def hand_over(folder: Path, disguise: Disguise) -> None:
    """Give a folder that root has made to the user the server runs as."""
    if disguise.uid is not None:
        os.chown(folder, disguise.uid, disguise.gid if disguise.gid is not None else -1)


def _other_user(uid: int, folder: Path, binaries: Path) -> Disguise:
    disguise = Disguise(uid=uid, gid=folder.stat().st_gid if folder.exists() else NOBODY)
    folder.parent.chmod(0o711)  # may be passed through, not listed; the secrets in it are closed files
    for needed in (folder.parent, binaries):
        if not _reaches(disguise, needed):
            raise Refusal(
                f"PostgreSQL refuses to run as root, and the user it would run as cannot reach {needed}.\n"
                "Run ./desk as an ordinary user, or put the checkout and DATA_DIR under /srv, where others may read."
            )
    return disguise


def _reaches(disguise: Disguise, folder: Path) -> bool:
    test = subprocess.run(
        ["test", "-x", str(folder)], user=disguise.uid, group=disguise.gid, extra_groups=[], cwd="/", check=False
    )
    return test.returncode == 0


def _has_name(uid: int) -> bool:
    try:
        return bool(pwd.getpwuid(uid).pw_name)
    except KeyError:
        return False


@cache
def _namespaces_allowed() -> bool:
    try:
        return subprocess.run([*_NAMESPACE, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False
