"""No tracked file names a package registry's host or a path of somebody's machine: ``python tools/hygiene.py``.

A region installs from its own mirror, and a path of one machine is true nowhere else.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# Written apart, so that this file passes its own check.
_HOSTS = (
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("npmjs", "org"),
    ("yarnpkg", "com"),
    ("debian", "org/debian"),
    ("crates", "io"),
    ("golang", "org"),
)
_NAMED_HOST = re.compile("|".join(rf"\b{name}\.{zone}\b" for name, zone in _HOSTS), re.IGNORECASE)
_DOWNLOAD_OPTION = re.compile(r"--(extra-)?index-" + r"url|^deb(-src)? +http|\"resolved\": \"http", re.MULTILINE)
_HOME = re.compile(r"(?<![\w.~-])/(home|Users)/[a-z_][\w.-]*/|(?<![\w.~-])[A-Z]:\\" + r"\\?Users")


def complaints(name: str, text: str, root: Path = ROOT) -> list[str]:
    """What one file's text must not hold, as ``file:line: what``; the checkout's own place is a machine's path too."""
    rules = (
        ("a package registry's host", _NAMED_HOST),
        ("a download option", _DOWNLOAD_OPTION),
        ("a machine's path", re.compile(rf"{_HOME.pattern}|{re.escape(str(root))}(?![\w-])")),
    )
    return [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {what}"
        for what, pattern in rules
        for match in pattern.finditer(text)
    ]


def tracked_files(root: Path = ROOT) -> list[Path]:
    """Files git knows in the checkout."""
    listing = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], check=True, capture_output=True, text=True)
    return [path for name in listing.stdout.split("\0") if name and (path := root / name).is_file()]


def main() -> int:
    """Check every tracked text file; the exit code is 1 when one complains."""
    found = []
    for path in tracked_files():
        data = path.read_bytes()
        if b"\0" not in data:
            found += complaints(str(path.relative_to(ROOT)), data.decode("utf-8", "replace"))
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
