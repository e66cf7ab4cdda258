"""Where an instance of the stack keeps its files."""

import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from devstack.errors import StackError
from devstack.osuser import OsUser, can_reach, make_folder, write_file

_PLAIN = re.compile(r"[A-Za-z0-9._/+-]+")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
_SHARED_TEMPORARY = Path("/var/tmp")  # noqa: S108 - survives a reboot, and its folder's owner is checked


def checkout() -> Path:
    """The folder of the repository: the nearest one above the current folder, else above this file."""
    for start in (Path.cwd(), Path(__file__).resolve().parent):
        for folder in (start, *start.parents):
            if (folder / "tools" / "devstack" / "pyproject.toml").is_file():
                return folder
    raise StackError("Запустите команду из папки проекта")


@dataclass(frozen=True)
class Instance:
    """Folders of one instance. ``local`` is the checkout's ``.local`` unless a test brings its own."""

    name: str
    local: Path

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise StackError("Имя экземпляра: строчные латинские буквы, цифры и дефис")

    @property
    def key(self) -> str:
        """Tells this instance from every other on the machine."""
        return hashlib.sha256(f"{self.local.resolve()}\0{self.name}\0{os.geteuid()}".encode()).hexdigest()[:10]

    @property
    def home(self) -> Path:
        """Configuration, secrets and data."""
        return self.local / "stack" / self.name

    @property
    def logs(self) -> Path:
        """Logs of every process, rotated."""
        return self.local / "logs" / self.name

    @property
    def ports_file(self) -> Path:
        """One for all instances of the checkout."""
        return self.local / "ports.json"

    def create(self) -> None:
        """Make the folders. Those on a server's way are open to pass through, nothing in them to read."""
        self.local.mkdir(parents=True, exist_ok=True)
        for folder in (self.local / "stack", self.home):
            make_folder(folder, mode=0o711)
        make_folder(self.local / "logs")
        make_folder(self.logs)

    def server_home(self, user: OsUser | None) -> Path:
        """Where the servers' own folders live: under ``home`` if their user can reach it, else in the system's folder.

        Chosen once and remembered: data must not move because a permission changed.
        """
        chosen = self._chosen_home()
        if chosen is not None:
            return make_folder(chosen, mode=0o711)
        home = self.home / "servers"
        make_folder(home, mode=0o711)
        if not _PLAIN.fullmatch(str(home)) or not can_reach(user, home):
            home = self._outside()
        write_file(self.home / "server-home", f"{home}\n")
        return home

    def remove(self) -> None:
        """Delete everything but the ports, so that addresses stay."""
        for folder in (self._chosen_home(), self.home, self.logs):
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)

    def _chosen_home(self) -> Path | None:
        note = self.home / "server-home"
        return Path(note.read_text("utf-8").strip()) if note.exists() else None

    def _outside(self) -> Path:
        """Our folder outside the checkout, empty: what an earlier, deleted checkout left there has lost its secrets."""
        folder = _SHARED_TEMPORARY / f"asu-{self.key}"
        folder.mkdir(mode=0o711, exist_ok=True)
        status = folder.lstat()
        if folder.is_symlink() or status.st_uid != os.geteuid():
            raise StackError(f"Папка {folder} занята другим пользователем")
        shutil.rmtree(folder)
        folder.mkdir()
        return make_folder(folder, mode=0o711)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """One change of the instance at a time."""
        self.create()
        with (self.local / "stack" / f"{self.name}.lock").open("w") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StackError(f"С экземпляром «{self.name}» уже работает другая команда") from None
            yield
