"""HTTP shapes of reference books."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from servicekit.http import ABSENT, Body, Line, Text
from sgo_core.catalogue.values import Day
from sgo_core.reference_books.definition import Book

Code = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$"),
    Field(
        title="Код", description="У региона обязателен; организация указывает код региональной записи, которую заменяет"
    ),
]
Title = Annotated[Line, StringConstraints(max_length=200), Field(title="Наименование")]
Abbreviation = Annotated[Line, StringConstraints(max_length=20), Field(title="Сокращение")]
Position = Annotated[int, Field(ge=0, le=10_000, title="Порядок")]
From = Annotated[Day, Field(title="Действует с")]
To = Annotated[Day, Field(title="Больше не действует с")]


class BooksOut(Body):
    """The reference books there are."""

    items: list[Book]


class EntryIn(Body):
    """An entry for the caller's level, the region's or the organization's, and why."""

    code: Code | None = None
    title: Title
    abbreviation: Abbreviation | None = None
    position: Position
    valid_from: From | None = None
    valid_to: To | None = None
    active: bool = True
    reason: Text


class EntryPatch(Body):
    """What to change in an entry, and why; one that is not active is offered no more."""

    reason: Text
    title: Title = ABSENT
    abbreviation: Abbreviation | None = ABSENT
    position: Position = ABSENT
    valid_from: From | None = ABSENT
    valid_to: To | None = ABSENT
    active: bool = ABSENT


class EntryOut(Body):
    """An entry and whose it is: ``organization_id`` is empty for the region's."""

    id: UUID
    book: str
    organization_id: UUID | None
    code: str
    title: str
    abbreviation: str | None
    position: int
    valid_from: date | None
    valid_to: date | None
    active: bool
    version: int


class EntriesOut(Body):
    """A book as an organization, or the region, has it, in order."""

    items: list[EntryOut]
