"""Free loopback ports, kept per checkout and instance in ``.local/ports.json``."""

import json
import random
import socket
from collections.abc import Iterable, Sequence
from pathlib import Path

from devstack.errors import StackError
from devstack.osuser import write_file

FIRST, LAST = 21000, 31999
"""Below the range from which the system takes ports of outgoing connections."""


def is_free(port: int) -> bool:
    """Whether a server could listen on the port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def is_open(port: int, host: str = "127.0.0.1") -> bool:
    """Whether something listens there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def assign(file: Path, instance: str, names: Sequence[str], *, running: bool) -> dict[str, int]:
    """Ports by name. Kept ones stay unless the stack is down and somebody else has taken one meanwhile."""
    book: dict[str, dict[str, int]] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    mine = {name: port for name, port in book.get(instance, {}).items() if running or is_free(port)}
    taken = {port for other, ports in book.items() if other != instance for port in ports.values()} | set(mine.values())
    for name in names:
        if name not in mine:
            mine[name] = _pick(taken)
            taken.add(mine[name])
    book[instance] = mine
    write_file(file, json.dumps(book, indent=2, sort_keys=True) + "\n")
    return mine


def kept(file: Path, instance: str) -> dict[str, int]:
    """Ports that an instance was given before."""
    book: dict[str, dict[str, int]] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return book.get(instance, {})


def _pick(taken: Iterable[int]) -> int:
    excluded = set(taken)
    for _ in range(1000):
        port = random.randint(FIRST, LAST)  # noqa: S311 - not a secret
        if port not in excluded and is_free(port):
            return port
    raise StackError(f"Нет свободных портов от {FIRST} до {LAST}")
