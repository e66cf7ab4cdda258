"""Settings of study as core last told them: the journal reads them and never writes them but from core's events."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Integer, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sgo_journal.base import Base


class Subject(Base):
    """A subject of the region's list, or (``organization_id``) an organization's own, which ``counts_as`` one of the region's.

    ``retitled`` counts its new titles (trigger ``count_titles``).
    """

    __tablename__ = "subject"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID | None]
    code: Mapped[str]
    title: Mapped[str]
    short_title: Mapped[str]
    area: Mapped[str]
    grade_from: Mapped[int]
    grade_to: Mapped[int]
    counts_as: Mapped[UUID | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    sequence: Mapped[str]
    retitled: Mapped[int] = mapped_column(server_default=text("0"))


class Building(Base):
    """A building of an organization, by the name its rooms are found under."""

    __tablename__ = "building"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    name: Mapped[str]
    sequence: Mapped[str]


class Room(Base):
    """A room of an organization; ``kind`` is a code of the book ``room_kinds``, ``capacity`` learners at a time."""

    __tablename__ = "room"
    __table_args__ = (Index("ix_room_organization_id", "organization_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    building_id: Mapped[UUID | None]
    number: Mapped[str]
    title: Mapped[str | None]
    kind: Mapped[str]
    capacity: Mapped[int | None]
    floor: Mapped[int | None]
    active: Mapped[bool]
    sequence: Mapped[str]


class BellSchedule(Base):
    """Lesson times ``{number, starts_at, ends_at}`` of a shift; what they are for: ``BellScheduleChanged``."""

    __tablename__ = "bell_schedule"
    __table_args__ = (Index("ix_bell_schedule_organization_id", "organization_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    title: Mapped[str]
    shift: Mapped[int]
    day_kind: Mapped[str]
    weekdays: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    grade_from: Mapped[int]
    grade_to: Mapped[int]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    lessons: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    active: Mapped[bool]
    sequence: Mapped[str]


class Calendar(Base):
    """The calendar of an organization over a school year; ``grades`` are ``GradeCalendar`` of the event, as JSON."""

    __tablename__ = "calendar"
    __table_args__ = (Index("ix_calendar_organization_id", "organization_id", "academic_year"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    academic_year: Mapped[int]
    first_day: Mapped[date]
    last_day: Mapped[date]
    grades: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    sequence: Mapped[str]


class ReferenceEntry(Base):
    """An entry of a reference book; of an organization (``organization_id``) or, for all of them, of the region."""

    __tablename__ = "reference_entry"
    __table_args__ = (Index("ix_reference_entry_book", "book", "organization_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    book: Mapped[str]
    organization_id: Mapped[UUID | None]
    code: Mapped[str]
    title: Mapped[str]
    abbreviation: Mapped[str | None]
    position: Mapped[int]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    active: Mapped[bool]
    sequence: Mapped[str]
