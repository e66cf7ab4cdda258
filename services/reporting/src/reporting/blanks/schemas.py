"""Official blanks over HTTP."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, RootModel

from reporting.engine.definition import Anchor


class Anchors(RootModel[dict[str, Anchor]]):
    """The first cell of each section: ``{"7": "Раздел 7!C12"}``."""


class BlankOut(BaseModel):
    """A version of an edition's blank; the newest that was not withdrawn is filled. ``sha256`` (hex) is that of the workbook."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    form: str
    edition: str
    version: int
    sha256: str
    anchors: dict[str, str]
    supplied_at: datetime
    supplied_by: str
    withdrawn_at: datetime | None
    withdrawn_by: str | None
