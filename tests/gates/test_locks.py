"""Locks: with hashes, without addresses, and holding everything that the packages ask for."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVICES = sorted(path.parent for path in ROOT.glob("services/*/pyproject.toml"))
LOCKS = [
    ROOT / "requirements.lock",
    ROOT / "deploy/build.lock",
    ROOT / "bench/peers/requirements.lock",
    *(service / "requirements.lock" for service in SERVICES),
]


def _project(folder: Path) -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project


WORKSPACE = {
    _project(path.parent)["name"]: path.parent
    for pattern in ("libs/*/pyproject.toml", "services/*/pyproject.toml", "tools/*/pyproject.toml")
    for path in ROOT.glob(pattern)
}


def _name(requirement: str) -> str:
    return re.split(r"[\[<>=~!; ]", requirement)[0].lower().replace("_", "-")


def _needed(folder: Path) -> set[str]:
    """Names of the outside packages a package asks for, directly or through the workspace."""
    names = {_name(requirement) for requirement in _project(folder)["dependencies"]}
    inside = names & WORKSPACE.keys()
    return (names - inside).union(*(_needed(WORKSPACE[name]) for name in inside))


def _locked(lock: Path) -> dict[str, str]:
    pinned = re.findall(r"^([\w.-]+)==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    return {_name(name): version for name, version in pinned}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.relative_to(ROOT)))
def test_every_line_is_pinned_by_hash_and_names_no_address(lock: Path) -> None:
    entries = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip())
    assert all(re.match(r"[\w.-]+==\S+ .*--hash=sha256:", entry, re.DOTALL) for entry in entries)
    assert "://" not in lock.read_text(encoding="utf-8")


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_a_service_locks_what_it_needs_in_the_common_versions(service: Path) -> None:
    locked = _locked(service / "requirements.lock")
    assert _needed(service) <= locked.keys()
    assert locked.items() <= _locked(ROOT / "requirements.lock").items()
    assert not {"pytest", "mypy", "ruff", "hatchling"} & locked.keys()


def test_the_common_lock_serves_every_package() -> None:
    assert (
        set().union(*(_needed(folder) for folder in WORKSPACE.values())) <= _locked(ROOT / "requirements.lock").keys()
    )
