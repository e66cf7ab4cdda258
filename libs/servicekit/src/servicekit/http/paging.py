"""Keyset pages: ``?limit=&after=`` → ``{items, next}``. No counts, no offsets."""

from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel

T = TypeVar("T")

Limit = Annotated[int, Query(ge=1, le=500, description="Сколько записей на странице")]
After = Annotated[
    str | None, Query(max_length=200, pattern=r"^[0-9A-Za-z._:-]+$", description="Ключ следующей страницы")
]


class Page(BaseModel, Generic[T]):
    """One page; ``next`` is the key to ask the following page by, null on the last."""

    items: list[T]
    next: str | None = None


def paginate(rows: Sequence[T], limit: int, key: Callable[[T], object]) -> Page[T]:
    """Make a page of ``limit + 1`` rows read in key order; ``key`` gives a row's key."""
    items = list(rows[:limit])
    return Page(items=items, next=str(key(items[-1])) if len(rows) > limit else None)
