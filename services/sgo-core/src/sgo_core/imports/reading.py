"""Reading an upload in a process of its own: a file made to eat memory or time ends that process, not the worker."""

import asyncio
import multiprocessing
import resource
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from sgo_core.imports.errors import BrokenFileError
from sgo_core.imports.tables import Table, read_table

_MEMORY = 2 * 1024**3
_SECONDS = 120


async def read_apart(content: bytes) -> Table:
    """``read_table`` within limits of memory and processor time; a file that breaks them is ``BrokenFileError``."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context, _limit, (_MEMORY, _SECONDS)) as pool:
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, read_table, content)
        except (BrokenProcessPool, MemoryError):
            raise BrokenFileError from None


def _limit(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
