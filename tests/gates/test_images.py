"""Images: one shape for all services, only the service's own requirements, not root, nothing unpinned."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVICES = sorted(path.parent for path in ROOT.glob("services/*/pyproject.toml"))
WORKSPACE = {
    tomllib.loads(path.read_text(encoding="utf-8"))["project"]["name"]: path.parent
    for path in ROOT.glob("libs/*/pyproject.toml")
}


def _instructions(service: Path) -> list[str]:
    text = (service / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return [" ".join(line.split()) for line in text.splitlines() if line and not line.startswith("#")]


def _libraries(package: Path) -> set[str]:
    """Folders of the workspace libraries a package needs, directly or through another."""
    project = tomllib.loads((package / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.split(r"[\[<>=~! ]", requirement)[0] for requirement in project["dependencies"]} & WORKSPACE.keys()
    return {WORKSPACE[name].name for name in names}.union(*(_libraries(WORKSPACE[name]) for name in names))


def test_every_service_has_an_image_of_the_same_shape() -> None:
    assert len(SERVICES) == 5
    shapes = set()
    for service in SERVICES:
        text = "\n".join(_instructions(service)).replace(service.name, "SERVICE")
        text = re.sub(r"(\./libs/\w+ )+", "LIBRARIES ", text)
        shapes.add(re.sub(r'"-m", "\w+"', '"-m", "PACKAGE"', text))
    assert len(shapes) == 1


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_image(service: Path) -> None:
    lines = _instructions(service)
    assert lines[0].startswith("ARG BASE_IMAGE=")
    assert not lines[0].endswith(":latest")
    assert [line.split(" AS ")[0] for line in lines if line.startswith("FROM ")] == ["FROM ${BASE_IMAGE}"] * 2
    final = lines[len(lines) - lines[::-1].index("FROM ${BASE_IMAGE}") :]
    assert "USER 10001:10001" in final
    assert not any("pip" in line for line in final)
    installs = re.findall(r"install --require-hashes -r (\S+)", "\n".join(lines))
    assert installs == ["/locks/build.lock", "/locks/requirements.lock"]
    package = next((service / "src").glob("*/__init__.py")).parent.name
    assert f'ENTRYPOINT ["python", "-m", "{package}"]' in final


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_image_holds_the_libraries_the_service_needs(service: Path) -> None:
    wheels = next(line for line in _instructions(service) if " wheel " in line)
    assert set(re.findall(r"\./libs/(\w+)", wheels)) == _libraries(service)
