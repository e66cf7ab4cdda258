"""Files over HTTP."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from sgo_journal.files.service import MOST_FILES

UploadIds = Annotated[
    tuple[UUID, ...], Field(max_length=MOST_FILES, title="Загруженные файлы", description="Ответы POST /uploads")
]


class UploadOut(BaseModel):
    """A file taken in: to be attached within a day."""

    upload_id: UUID
    name: str
    media_type: str
    size: int = Field(title="Размер, байт")


class FileOut(BaseModel):
    """A file to download."""

    id: UUID
    name: str
    media_type: str
    size: int
