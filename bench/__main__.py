"""``python -m bench <name>``: one bench. Each ``bench/<name>.py`` has ``async def run()`` that returns a Comparison or several."""

import asyncio
import importlib
import sys
from pathlib import Path

import uvloop

from bench.runner import BelowFloorError, Comparison, conclude
from servicekit.log import configure_logging
from servicekit.memory import settle

_NOT_BENCHES = {"__init__", "__main__", "runner", "servers"}


def main() -> int:
    """Run the bench named on the command line."""
    names = sorted({path.stem for path in Path(__file__).parent.glob("*.py")} - _NOT_BENCHES)
    if len(sys.argv) != 2 or sys.argv[1] not in names:
        print(f"usage: make bench NAME={{{'|'.join(names)}}}", file=sys.stderr)
        return 2
    configure_logging("bench", sys.argv[1], "WARNING")
    try:
        bench = importlib.import_module(f"bench.{sys.argv[1]}")
        settle()
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # as the services run
            found = runner.run(bench.run())
        conclude([found] if isinstance(found, Comparison) else found)
    except BelowFloorError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
