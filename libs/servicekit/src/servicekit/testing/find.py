"""Finding PostgreSQL, RabbitMQ and a container engine on this machine: one answer for the tests and the local stack."""

import os
import re
import shutil
import subprocess
from pathlib import Path

POSTGRES_OLDEST = 15
"""The first version with ICU as a database's locale provider."""
POSTGRES_IMAGE = f"postgres:{POSTGRES_OLDEST}"
RABBITMQ_IMAGE = "rabbitmq:4"
MANAGED_RABBITMQ_IMAGE = f"{RABBITMQ_IMAGE}-management"
"""The same broker with the management API."""


def search_path() -> str:
    """``PATH`` with the folders of servers, which ordinary users seldom have on theirs."""
    path = os.environ.get("PATH", "/usr/local/bin:/usr/bin:/bin").split(":")
    return ":".join([*path, *(extra for extra in ("/usr/sbin", "/sbin") if extra not in path)])


def program(name: str) -> Path | None:
    """A program of the system."""
    found = shutil.which(name, path=search_path())
    return Path(found) if found else None


def engine() -> str | None:
    """The client of a container engine that answers. A client alone counts as none."""
    client = program("docker")
    if client is None:
        return None
    try:
        answer = _run(str(client), "info", "--format", "{{.ServerVersion}}", seconds=15)
    except subprocess.TimeoutExpired:
        return None
    return str(client) if answer.returncode == 0 and answer.stdout.strip() else None


def has_images(client: str, *images: str, may_pull: bool) -> bool:
    """Whether the engine has these images or can fetch them."""
    return all(
        _run(client, "image", "inspect", image).returncode == 0
        or (may_pull and _run(client, "pull", "--quiet", image, seconds=900).returncode == 0)
        for image in images
    )


def postgres() -> Path | None:
    """Folder of ``initdb`` and ``postgres`` of the newest installed version that is new enough."""
    folders = {path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")}
    folders |= {path.parent for path in Path("/usr").glob("pgsql-*/bin/initdb")}
    on_path = program("initdb")
    if on_path:
        folders.add(on_path.resolve().parent)
    usable = [(version, folder) for folder in folders if (version := postgres_version(folder)) >= POSTGRES_OLDEST]
    return max(usable)[1] if usable else None


def postgres_version(folder: Path) -> int:
    """Major version of the server in a folder, 0 when there is none."""
    if not (folder / "postgres").exists():
        return 0
    found = re.search(r"\) (\d+)", _run(str(folder / "postgres"), "--version").stdout)
    return int(found[1]) if found else 0


def rabbitmq() -> Path | None:
    """Folder of the real ``rabbitmq-server`` and ``rabbitmqctl``. Debian's wrapper in PATH insists on one system account."""
    candidates = [
        Path("/usr/lib/rabbitmq/bin"),
        *sorted(Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*/sbin"), reverse=True),
    ]
    on_path = program("rabbitmq-server")
    if on_path:
        candidates.append(on_path.resolve().parent)
    for folder in candidates:
        if (folder / "rabbitmq-server").exists() and (folder / "rabbitmq-env").exists():
            return folder
    return None


def epmd() -> Path | None:
    """The port mapper of the Erlang that is installed."""
    on_path = program("epmd")
    if on_path:
        return on_path
    found = sorted(Path("/usr/lib").glob("erlang/erts-*/bin/epmd"), reverse=True)
    return found[0] if found else None


def _run(*command: str, seconds: float = 120) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=seconds, stdin=subprocess.DEVNULL
    )
