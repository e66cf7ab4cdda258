"""How much memory the running stack takes at its peak."""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path

import psutil

_EVERY = 3.0
_MEGABYTE = 1024 * 1024


class MemoryWatch:
    """Samples the memory of every process below the stack's supervisor; a page shared by several counts once.

    ``stack`` is the folder of the stack's instance; its supervisor leaves its process id there.
    """

    def __init__(self, stack: Path) -> None:
        self._stack = stack
        self.peak = 0

    async def watch(self) -> None:
        """Sample until cancelled."""
        while True:
            self.peak = max(self.peak, await asyncio.to_thread(self._sample))
            await asyncio.sleep(_EVERY)

    @property
    def peak_mb(self) -> int:
        return self.peak // _MEGABYTE

    def _sample(self) -> int:
        with contextlib.suppress(OSError, ValueError):
            pid = int((self._stack / "supervisor" / "supervisord.pid").read_text("utf-8"))
            return sum(_memory_of(process) for process in _tree(pid))
        return 0


def _tree(pid: int) -> Iterator[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        root = psutil.Process(pid)
        yield root
        yield from root.children(recursive=True)


def _memory_of(process: psutil.Process) -> int:
    """Proportional share of a process, or its resident set where the system does not tell."""
    with contextlib.suppress(psutil.Error):
        full = process.memory_full_info()
        return int(getattr(full, "pss", 0) or full.rss)
    return 0
