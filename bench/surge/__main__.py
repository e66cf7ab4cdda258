"""``python -m bench.surge``: a replayed 1 April; a table, ``.local/surge/last.json``, 1 when anything does not agree."""

import argparse
import asyncio
import json
import sys
from pathlib import Path

import uvloop

from bench.surge.replay import replay
from bench.surge.report import figures, table
from servicekit.log import configure_logging
from servicekit.memory import settle

_OUT = Path(".local/surge/last.json")
_SHOWN = 20


def main() -> int:
    """Run as the command line says."""
    parser = argparse.ArgumentParser(prog="make surge", description="A replayed 1 April")
    parser.add_argument("--senders", type=int, default=50_000)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    configure_logging("bench", "surge", "ERROR")
    settle()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        result = runner.run(replay(asked.senders, asked.processes, asked.seed))
    told = figures(result, asked.seed, asked.processes)
    _OUT.parent.mkdir(parents=True, exist_ok=True)
    _OUT.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(table(told))
    for doubt in result.doubts[:_SHOWN]:
        print(f"  {doubt}", file=sys.stderr)
    return 1 if result.doubts else 0


if __name__ == "__main__":
    sys.exit(main())
