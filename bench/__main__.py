"""``python -m bench <name>``: one bench. Each ``bench/<name>.py`` has ``async def run() -> Comparison``."""

import asyncio
import importlib
import sys
from pathlib import Path

from bench.runner import BelowFloorError, conclude
from servicekit.log import configure_logging

_NOT_BENCHES = {"__init__", "__main__", "runner", "servers"}


def main() -> int:
    """Run the bench named on the command line."""
    names = sorted({path.stem for path in Path(__file__).parent.glob("*.py")} - _NOT_BENCHES)
    if len(sys.argv) != 2 or sys.argv[1] not in names:
        print(f"usage: make bench NAME={{{'|'.join(names)}}}", file=sys.stderr)
        return 2
    configure_logging("bench", sys.argv[1], "WARNING")
    try:
        conclude(asyncio.run(importlib.import_module(f"bench.{sys.argv[1]}").run()))
    except BelowFloorError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
