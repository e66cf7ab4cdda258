"""What a course consists of, as it is kept and shown."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from sgo_journal.files.schemas import FileOut

Kind = Literal["text", "link", "file", "task"]
MOST_ITEMS = 300
MOST_SECTIONS = 50


class CourseItem(BaseModel):
    """A text to read, a link to follow, a file to open, a task to do; it keeps its id from edition to edition."""

    id: UUID
    kind: Kind
    title: str
    text: str | None
    link: str | None
    file: FileOut | None


class CourseSection(BaseModel):
    """A part of a course with its items in order."""

    title: str | None
    items: list[CourseItem]


_SECTIONS = TypeAdapter(list[CourseSection])


def kept(contents: Any) -> list[CourseSection]:
    """Contents as they were kept."""
    return _SECTIONS.validate_python(contents)


def to_keep(sections: Sequence[CourseSection]) -> list[dict[str, Any]]:
    """Contents to be kept."""
    dumped: list[dict[str, Any]] = _SECTIONS.dump_python(list(sections), mode="json")
    return dumped


def items(sections: Sequence[CourseSection]) -> Iterator[CourseItem]:
    """All items in order."""
    for section in sections:
        yield from section.items


def holds_file(sections: Sequence[CourseSection], file_id: UUID) -> bool:
    """Whether a file is among the items."""
    return any(item.file is not None and item.file.id == file_id for item in items(sections))
