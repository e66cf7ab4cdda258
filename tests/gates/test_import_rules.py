"""Each import rule of the tree can fail: a small tree of the same packages with one bad import breaks that rule alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    *("auth", "sgo_core", "sgo_journal", "eu_enrollment", "reporting"),
    *("asu_contracts", "servicekit", "identifiers", "orgdirectory", "reportkit", "devstack", "demodata"),
)
GOOD = {
    "sgo_core/bootstrap.py": "from sgo_core.students import model, repository, routes",
    "sgo_core/students/__init__.py": "",
    "sgo_core/students/routes.py": "import fastapi\nfrom sgo_core.students import service",
    "sgo_core/students/service.py": "from sgo_core.students import repository\nfrom sgo_core.groups import service",
    "sgo_core/students/repository.py": "from sgo_core.students import model",
    "sgo_core/students/model.py": "from sgo_core.students import errors",
    "sgo_core/students/errors.py": "",
    "sgo_core/groups/__init__.py": "",
    "sgo_core/groups/service.py": "from sgo_core.groups import repository",
    "sgo_core/groups/repository.py": "from sgo_core.groups import model",
    "sgo_core/groups/model.py": "",
    "asu_contracts/base.py": "import pydantic",
    "servicekit/http.py": "",
    "servicekit/messaging.py": "import aio_pika",
}
BAD = [
    ("Services are independent", "sgo_core/bootstrap.py", "import auth"),
    ("Services are independent", "servicekit/http.py", "import reporting"),
    ("Services are independent", "orgdirectory/copy.py", "import sgo_core"),
    ("Services are independent", "asu_contracts/base.py", "import servicekit"),
    ("Services are independent", "reporting/facts.py", "import devstack"),
    ("Inside a slice", "sgo_core/students/model.py", "from sgo_core.students import repository"),
    ("Inside a slice", "sgo_core/students/errors.py", "from sgo_core.students import service"),
    ("Inside a slice", "sgo_core/students/service.py", "from sgo_core.students import routes"),
    ("A slice keeps", "sgo_core/students/service.py", "from sgo_core.groups import repository"),
    ("A slice keeps", "sgo_core/students/policies.py", "from sgo_core.groups.model import Group"),
    ("The model knows", "sgo_core/groups/model.py", "import fastapi"),
    ("The model knows", "sgo_core/groups/model.py", "from servicekit import messaging"),
    ("Contracts import only", "asu_contracts/base.py", "import aio_pika"),
    ("Identifiers import only", "identifiers/numbers.py", "import sqlalchemy"),
    ("Services are independent", "reportkit/footer.py", "import orgdirectory"),
    ("Documents import only", "reportkit/footer.py", "import pydantic"),
    ("Documents know", "reportkit/footer.py", "import servicekit.http"),
]


def _lint(tree: Path) -> tuple[int, list[str]]:
    """Exit code and the names of the broken rules."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tree), str(ROOT)])}
    command = [
        str(Path(sys.executable).with_name("lint-imports")),
        "--config",
        str(ROOT / "pyproject.toml"),
        "--no-cache",
    ]
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, [
        line.removesuffix(" BROKEN") for line in done.stdout.splitlines() if line.endswith(" BROKEN")
    ]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for package in PACKAGES:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    for name, text in GOOD.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    return tmp_path


def test_a_tree_that_keeps_the_rules_passes(tree: Path) -> None:
    assert _lint(tree) == (0, [])


@pytest.mark.parametrize(("rule", "file", "line"), BAD)
def test_a_bad_import_breaks_its_rule(tree: Path, rule: str, file: str, line: str) -> None:
    with (tree / file).open("a", encoding="utf-8") as source:
        source.write(line + "\n")
    code, broken = _lint(tree)
    assert code == 1
    assert any(name.startswith(rule) for name in broken)
