"""What the journey asks of the local stack: the gateway's address and the first administrator's account."""

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from demodata.journey.errors import JourneyError
from demodata.journey.keys import fresh_password

ADMIN_LOGIN = "region-admin"


def gateway_address(instance: str = "demo") -> str:
    """Address of the running gateway."""
    return _environment("gateway", instance)["ASU_GATEWAY_URL"]


def create_region_admin(instance: str = "demo") -> tuple[str, str]:
    """Make the region's first administrator the way an installation does; login and password."""
    password = fresh_password()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "password"
        file.touch(mode=0o600)
        file.write_text(password, "utf-8")
        command = ("-m", "auth", "create-admin", "--login", ADMIN_LOGIN, "--password-file", str(file))
        _run(*command, environment=os.environ | _environment("auth", instance))
    return ADMIN_LOGIN, password


def _environment(name: str, instance: str) -> dict[str, str]:
    """Variables ``NAME=value`` the stack gives a process."""
    lines = _run("-m", "devstack", "env", name, "--instance", instance).splitlines()
    pairs = (part.split("=", 1) for line in lines for part in shlex.split(line) if "=" in part)
    return {key: value for key, value in pairs}  # noqa: C416 - pairs are lists


def _run(*arguments: str, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise JourneyError(f"python {' '.join(arguments[:3])}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
