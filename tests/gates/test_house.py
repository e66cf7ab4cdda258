"""House rules of the code that no linter has."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 400
"""Lines: a longer module is a slice that nobody has cut out yet."""


def _tracked(pattern: str) -> list[Path]:
    listing = subprocess.run(["git", "-C", str(ROOT), "ls-files", pattern], check=True, capture_output=True, text=True)
    return [ROOT / name for name in listing.stdout.splitlines() if (ROOT / name).is_file()]


def test_no_module_is_too_long() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in _tracked("*.py")}
    assert len(lengths) > 100
    assert [str(path.relative_to(ROOT)) for path, lines in lengths.items() if lines > LONGEST] == []


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    skipping = re.compile(r"pytest\.(skip|importorskip|xfail)|mark\." + r"(skip|skipif|xfail)")
    tests = [path for path in _tracked("*.py") if "tests" in path.parts and path != Path(__file__)]
    assert [str(path.relative_to(ROOT)) for path in tests if skipping.search(path.read_text(encoding="utf-8"))] == []


def test_nothing_is_left_to_be_done() -> None:
    marks = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b|raise NotImplemented" + r"Error")
    found = [path for path in _tracked("*.py") if marks.search(path.read_text(encoding="utf-8"))]
    assert [str(path.relative_to(ROOT)) for path in found] == []
