"""A name for what one organization takes over from another, where a name of its own may be taken."""

from collections.abc import Callable
from uuid import UUID

LONGEST = 60
"""Characters the name of a class, a group or a division may have."""


def free_name(name: str, whose: str, key: UUID, taken: Callable[[str], bool]) -> str | None:
    """The name, else the name with that of the organization it comes from, else with the end of its id; None: all are taken."""
    tail = f" ({whose})"
    told = f"{name[: max(LONGEST - len(tail), 10)]}{tail}"[:LONGEST]
    return next((one for one in (name, told, f"{name[:50]} {str(key)[-8:]}") if not taken(one.lower())), None)
