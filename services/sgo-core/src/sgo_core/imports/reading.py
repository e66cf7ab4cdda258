"""Reading an upload in a process of its own: a file made to eat memory or time ends that process, not the worker."""

import asyncio
import pickle
import resource
import sys

from servicekit.errors import DomainError
from sgo_core.imports.errors import BrokenFileError
from sgo_core.imports.tables import Table, read_table

_MEMORY = 640 * 1024**2
"""Address space. The worker's container has room for it beside the worker itself (deploy/k8s/base/sgo-core)."""
_SECONDS = 120


async def read_apart(content: bytes) -> Table:
    """``read_table`` within limits of memory and processor time; a file that breaks them is ``BrokenFileError``."""
    command = (sys.executable, "-m", "sgo_core.imports.reading", str(_MEMORY), str(_SECONDS))
    pipe = asyncio.subprocess.PIPE
    reader = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL)
    try:
        answer, _ = await reader.communicate(content)
    finally:
        if reader.returncode is None:  # the run is cut short
            reader.kill()
    if reader.returncode:
        raise BrokenFileError
    read: Table | DomainError = await asyncio.to_thread(pickle.loads, answer)
    if isinstance(read, DomainError):
        raise read
    return read


def _main(memory: int, seconds: int) -> None:
    """Read standard input, write the table or the refusal to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    read: Table | DomainError
    try:
        read = read_table(sys.stdin.buffer.read())
    except DomainError as error:
        read = error
    pickle.dump(read, sys.stdout.buffer)


if __name__ == "__main__":
    _main(int(sys.argv[1]), int(sys.argv[2]))
