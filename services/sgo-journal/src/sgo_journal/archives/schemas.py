"""Archives of journals over HTTP."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from servicekit.http import Body


class ArchiveIn(Body):
    """Which journals to archive: of a class or group with its subgroups, or all of the year."""

    academic_year: Annotated[int, Field(ge=2000, le=2100, title="Год начала учебного года")]
    learners_id: Annotated[UUID | None, Field(title="Класс или группа")] = None


class SealOut(BaseModel):
    """The head of the sealed history when the archive was begun; ``hash`` in hexadecimal."""

    block: int
    hash: str


class ArchiveOut(BaseModel):
    """An archive: ``done`` of ``total`` files are made; with a manifest (its SHA-256 in hexadecimal) it is finished.

    With ``failed_at`` it never will be; ``failure`` says why.
    """

    id: UUID
    academic_year: int
    learners_id: UUID | None
    made_by: UUID
    made_at: dt.datetime
    seal: SealOut | None
    done: int
    total: int
    finished_at: dt.datetime | None
    manifest_sha256: str | None
    failed_at: dt.datetime | None
    failure: str | None


class ArchiveFileOut(BaseModel):
    """A journal of an archive as it was at ``read_at``; without ``sha256`` it is still to be made."""

    id: UUID
    journal_id: UUID
    learners_id: UUID
    name: str
    read_at: dt.datetime | None
    size: int | None
    sha256: str | None
