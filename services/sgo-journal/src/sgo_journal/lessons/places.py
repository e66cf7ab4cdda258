"""Where a lesson stands among others, and how lists go on from there: whatever becomes of that lesson meanwhile."""

import datetime as dt
import re
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from servicekit.errors import InvalidValueError

Place = tuple[dt.date, int, UUID]
"""Date, number, id."""
_KEY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.([0-9]{1,2})\.([0-9a-f]{32})")


def key(day: dt.date, number: int, of: UUID) -> str:
    """A place as ``next`` of a page tells it."""
    return f"{day.isoformat()}.{number}.{of.hex}"


def _place(after: Annotated[str | None, Query(max_length=50)] = None) -> Place | None:
    if after is None:
        return None
    found = _KEY.fullmatch(after)
    try:
        if found is not None:
            return dt.date.fromisoformat(found[1]), int(found[2]), UUID(found[3])
    except ValueError:
        pass
    raise InvalidValueError


After = Annotated[Place | None, Depends(_place)]
"""The place after which a page begins, as ``next`` of the page before told it."""
