"""Documents that tell the truth: links lead somewhere, requirements name what exists, the glossary knows the contract."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from asu_contracts import core, enrollment, people
from asu_contracts.access import Role, UnitKind
from asu_contracts.base import OpenEnum
from tools import documents

ROOT = Path(__file__).resolve().parents[2]
LISTING = subprocess.run(["git", "-C", str(ROOT), "ls-files", "*.md"], check=True, capture_output=True, text=True)
PAGES = [ROOT / name for name in LISTING.stdout.splitlines()]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs/requirements.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| [A-IX]\d+ \|", line)
]
COUNTS = {"A": 11, "B": 7, "C": 4, "D": 11, "E": 5, "F": 8, "G": 7, "H": 5, "I": 8, "X": 16}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    broken = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert broken == []


def test_every_decision_is_in_the_index() -> None:
    index = (ROOT / "docs/adr/README.md").read_text(encoding="utf-8")
    files = sorted(path.name for path in (ROOT / "docs/adr").glob("[0-9]*.md"))
    assert [name for name in files if f"[{name[:4]}]({name})" not in index] == []
    assert [name[:4] for name in files] == [f"{number:04d}" for number in range(1, len(files) + 1)]


def test_every_requirement_stands_once() -> None:
    wanted = [f"{letter}{number}" for letter, count in COUNTS.items() for number in range(1, count + 1)]
    assert sorted(row[0] for row in ROWS) == sorted(wanted)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_requirement_names_what_exists(row: list[str]) -> None:
    code, test, status = row[-3:]
    assert re.match(r"(done|part|not yet)\b", status)
    for cell in (code, test):
        paths = re.findall(r"`([^`]+)`", cell)
        assert [path for path in paths if not (ROOT / path).exists()] == []
        assert bool(paths) == (not status.startswith("not yet"))
    assert not status.startswith("part") or ":" in status


def test_the_glossary_knows_the_words_of_the_contract() -> None:
    glossary = (ROOT / "docs/glossary.md").read_text(encoding="utf-8").lower()
    enumerations: list[type[Role | UnitKind | OpenEnum]] = [Role, UnitKind]
    for module in (core, enrollment, people):
        found = (value for value in vars(module).values() if isinstance(value, type) and issubclass(value, OpenEnum))
        enumerations += [value for value in found if value is not OpenEnum]
    words = {member.value for enumeration in enumerations for member in enumeration} - {"unknown"}
    assert [word for word in sorted(words) if word not in glossary and word.replace("_", " ") not in glossary] == []


def test_a_stale_document_of_a_service_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    texts: Mapping[Path, str] = {tmp_path / "openapi.json": "{}\n"}
    monkeypatch.setattr(documents, "ROOT", tmp_path)
    monkeypatch.setattr(documents, "generated", lambda: texts)
    assert documents.main("check") == 1
    assert "openapi.json: differs" in capsys.readouterr().err
    assert documents.main("write") == 0
    assert documents.main("check") == 0
    (tmp_path / "openapi.json").write_text("{ }\n", encoding="utf-8")
    assert documents.main("check") == 1
