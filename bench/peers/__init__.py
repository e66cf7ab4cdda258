"""Packages that ours are held against, in an environment of their own: what they ask for need not fit what the services ask for."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
_HOME = _FOLDER.parents[1] / ".local" / "peers"


def ask(script: str, question: Any) -> Any:
    """What a script of this folder answers to a question; both are JSON."""
    python = _environment()
    command = [str(python), str(_FOLDER / f"{script}.py")]
    done = subprocess.run(command, input=json.dumps(question), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout)


def _environment() -> Path:
    """The interpreter, with the locked packages."""
    python, lock = _HOME / "bin" / "python", _FOLDER / "requirements.lock"
    ready = _HOME / ".ready"
    if not ready.exists() or ready.read_text(encoding="utf-8") != lock.read_text(encoding="utf-8"):
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(_HOME)], check=True)
        subprocess.run(
            [str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)], check=True
        )
        ready.write_text(lock.read_text(encoding="utf-8"), encoding="utf-8")
    return python
