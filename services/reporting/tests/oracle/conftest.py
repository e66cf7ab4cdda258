import fcntl
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from .asking import Ask, asking

HERE = Path(__file__).parent
LOCK = HERE / "requirements.lock"
HOME = HERE.parents[3] / ".local" / "oracle"


def _made(home: Path) -> Path:
    """The python of an environment with what the lock names, made once for each lock and each version of Python."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    place = home / f"{sha256(LOCK.read_bytes()).hexdigest()[:16]}-{version}"
    ready, python = place / "ready", place / "bin" / "python"
    home.mkdir(parents=True, exist_ok=True)
    with (home / "making").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)  # several runs may begin at once
        if not ready.exists():
            shutil.rmtree(place, ignore_errors=True)
            pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
            for command in (
                [sys.executable, "-m", "venv", str(place)],
                [*pip, "--no-deps", "--only-binary", ":all:", "--require-hashes", "--requirement", str(LOCK)],
            ):
                done = subprocess.run(command, capture_output=True, text=True, check=False)
                assert done.returncode == 0, done.stderr
            ready.touch()
    return python


@pytest.fixture(scope="session")
def ask() -> Ask:
    """Judges many reports by the oracle, in one process."""
    return asking(_made(HOME), HERE / "driver.py")
