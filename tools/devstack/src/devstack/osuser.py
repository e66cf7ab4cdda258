"""Operating-system users, files and programs. Started by root, the servers run as their own unprivileged users; otherwise as the caller."""

import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from devstack.errors import StackError
from servicekit.testing.find import search_path


@dataclass(frozen=True)
class OsUser:
    """An account to drop to."""

    name: str
    uid: int
    gid: int


def server_user(preferred: str) -> OsUser | None:
    """The user a server runs as: ``preferred`` or ``nobody`` when we are root, ``None`` (ourselves) otherwise."""
    if os.geteuid() != 0:
        return None
    for name in (preferred, "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return OsUser(name, entry.pw_uid, entry.pw_gid)
    raise StackError(f"Нет пользователя системы «{preferred}»: серверы нельзя запускать от имени root")


def run_as(
    user: OsUser | None,
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    timeout: float = 120,
) -> "subprocess.CompletedProcess[str]":
    """Run a command as ``user`` with its output captured; the exit code is the caller's to judge."""
    identity = {} if user is None else {"user": user.uid, "group": user.gid, "extra_groups": []}
    return subprocess.run(  # type: ignore[call-overload,no-any-return]  # the stubs do not take user and group from a mapping
        command,
        env=base_environment() | dict(environment or {}),
        cwd=cwd or Path("/"),
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
        stdin=subprocess.DEVNULL,
        **identity,
    )


def can_reach(user: OsUser | None, folder: Path) -> bool:
    """Whether ``user`` can enter ``folder``: root's home, for one, is closed to others."""
    return run_as(user, ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]).returncode == 0


def own(path: Path, user: OsUser | None) -> None:
    """Hand a file or a folder to ``user``."""
    if user is not None:
        os.chown(path, user.uid, user.gid)


def make_folder(path: Path, user: OsUser | None = None, mode: int = 0o700) -> Path:
    """A folder of ``user`` with exactly ``mode``, whatever the umask."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(mode)
    own(path, user)
    return path


def write_file(path: Path, text: str, user: OsUser | None = None, mode: int = 0o600) -> None:
    """Replace a file at once: a reader sees the old or the new one. Closed to others from its first byte."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    draft.chmod(mode)
    own(draft, user)
    draft.replace(path)


def base_environment() -> dict[str, str]:
    """What every process of the stack inherits: nothing of PG*, DATABASE_URL, PYTHON* or ASU_* leaks in."""
    kept = {
        name: os.environ[name] for name in ("HOME", "TMPDIR", "DOCKER_HOST", "DOCKER_CONTEXT") if name in os.environ
    }
    return kept | {"PATH": search_path(), "LANG": "C.UTF-8"}
