"""Outward exchanges over HTTP."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, StringConstraints

from servicekit.http import Body, Text

Words = Annotated[Text, StringConstraints(min_length=3, max_length=300)]


class HandOn(Body):
    """Where a file that was taken out went on to, and by what act or order."""

    kind: Literal["handover", "publication"]
    receiver: Words
    basis: Words


class Exchange(BaseModel):
    """What left (``title``): ``sha256`` (hex) and ``size`` (bytes) of the file, whose, in which format, when, by which account and role.

    ``service`` is the one that handed it out. ``kind``: ``download`` by a person, ``bundle`` (one file of an archive of many),
    ``handover`` and ``publication`` (of a file taken out before, ``handed_on``; a constructed
    report's is of what everybody reads, until its ``withdrawal``), ``table`` (a table of figures, or of the registry); of the registry
    ``package``, ``whole`` (of the journal an archive); ``notices`` sent to a portal and a ``feed`` that programs read are told as one for
    all of some time, a feed without a digest. What everybody may read since is a ``publication`` of other services as well.
    ``persons``: of how many people the file tells one by one; empty for reports, which tell of nobody.
    ``replayable``: the same bytes can be made again here; ``again``: the path by which the other service sends or gives the same again.
    """

    id: UUID
    at: datetime
    service: str
    kind: str
    title: str | None
    organization_id: UUID | None
    municipality: str | None
    format: str
    receiver: str | None
    basis: str | None
    persons: int | None
    sha256: str | None
    size: int | None
    role: str
    account_id: str | None
    report_id: UUID | None
    handed_on: UUID | None
    again: str | None
    replayable: bool

    @classmethod
    def of(cls, row: Any) -> "Exchange":
        """From the table's row."""
        own = {name: getattr(row, name) for name in cls.model_fields if name != "replayable"}
        return cls(**own, replayable=row.report_id is not None)
