"""What a tracked file must not hold, and what it may."""

from pathlib import Path

import pytest

from tools.hygiene import complaints

ROOT = Path("/srv/checkouts/asu")


@pytest.mark.parametrize(
    "text",
    [
        "url = https://files.python" + "hosted.org/x",
        "https://registry.npm" + "js.org/left-pad",
        "deb http" + "://mirror/debian bookworm main",
        "pip install --extra-index-" + "url https://mirror x",
        'open("/home/' + 'ivan/asu/file")',
        "C:" + "\\Users\\ivan",
        "cd /srv/checkouts/" + "asu && make",
    ],
)
def test_refused(text: str) -> None:
    assert [line.split(":")[:2] for line in complaints("a.py", f"one\n{text}\n", ROOT)] == [["a.py", "2"]]


@pytest.mark.parametrize(
    "text", ["/srv/checkouts/asu-next", "/var/lib/postgresql", "~/asu", "docs/home/page", "pip install"]
)
def test_allowed(text: str) -> None:
    assert complaints("a.py", text, ROOT) == []
