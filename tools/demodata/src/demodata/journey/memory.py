"""How much memory the running stack takes at its peak."""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path

import psutil

_EVERY = 3.0
_MEGABYTE = 1024 * 1024


class MemoryWatch:
    """Samples the memory of the processes below the stack's supervisor; a shared page counts once."""

    def __init__(self, roots: list[int]) -> None:
        self._roots = roots
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
        return sum(_memory_of(process) for root in self._roots for process in _tree(root))


def stack_roots(folder: Path) -> list[int]:
    """Processes that were started from the stack's folder and whose parent was not."""
    mine = {process.pid: process for process in psutil.process_iter() if _belongs(process, str(folder))}
    return [pid for pid, process in mine.items() if process.ppid() not in mine]


def _belongs(process: psutil.Process, folder: str) -> bool:
    try:
        return any(folder in part for part in process.cmdline()) and "demodata" not in process.cmdline()
    except psutil.Error:
        return False


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
