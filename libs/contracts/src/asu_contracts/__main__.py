"""``python -m asu_contracts export|check|release``: the schemas of the event types.

``export`` writes the committed schemas from the code; ``check`` is the gate; ``release`` makes the committed schemas
the baseline for the compatibility check, once they pass it.
"""

import argparse
import sys
from pathlib import Path

from asu_contracts import schemas


def _write(folder: Path, texts: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in schemas.read_folder(folder).keys() - texts.keys():
        (folder / f"{name}.json").unlink()
    for name, text in texts.items():
        (folder / f"{name}.json").write_text(text, encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code is 1 when the gate is closed."""
    parser = argparse.ArgumentParser(prog="python -m asu_contracts", description=__doc__)
    parser.add_argument("command", choices=("export", "check", "release"))
    command = parser.parse_args(arguments).command
    if command == "export":
        _write(schemas.SCHEMAS, schemas.export_all())
        return 0
    found = schemas.problems()
    for line in found:
        sys.stderr.write(f"{line}\n")
    if found:
        sys.stderr.write("contracts: run `python -m asu_contracts export`, or declare a new .v2 type for a break\n")
        return 1
    if command == "release":
        _write(schemas.RELEASED, schemas.export_all())
    return 0


if __name__ == "__main__":
    sys.exit(main())
