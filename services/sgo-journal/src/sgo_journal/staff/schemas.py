"""Staff over HTTP."""

from uuid import UUID

from pydantic import BaseModel, Field


class TeacherOut(BaseModel):
    """A worker with a teaching post."""

    teacher_id: UUID
    name: str = Field(description="Фамилия, имя и отчество")
