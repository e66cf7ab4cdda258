"""Calendars that a program reads by an address alone."""

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from sgo_journal.base import Base


class Feed(Base):
    """A calendar of lessons and class events: a child's for ``owner_id``, the child or a guardian (``role``), or a teacher's somewhere.

    Whoever knows the secret of its address reads it; ``secret_hash`` is the SHA-256 of it, the secret itself is kept nowhere.
    ``label`` stands before each of them. ``version`` is raised by a new secret. ``read_on`` is the day it was last read.
    """

    __tablename__ = "feed"
    __table_args__ = (
        CheckConstraint("role IN ('guardian', 'student', 'teacher')", name="role"),
        CheckConstraint("(role = 'teacher') = (student_id IS NULL)", name="student"),
        CheckConstraint("(role = 'teacher') = (organization_id IS NOT NULL)", name="organization"),
        CheckConstraint("octet_length(secret_hash) = 32", name="secret_hash"),
        Index("uq_feed_secret_hash", "secret_hash", unique=True),
        Index("ix_feed_owner_id", "owner_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary)
    owner_id: Mapped[UUID]
    role: Mapped[str]
    student_id: Mapped[UUID | None]
    organization_id: Mapped[UUID | None]
    label: Mapped[str | None]
    homework: Mapped[bool]
    version: Mapped[int]
    made_at: Mapped[dt.datetime]
    read_on: Mapped[dt.date | None]


class FeedReading(Base):
    """A calendar that was read on a day, with whose it is: kept until it is on record as part of an outward exchange."""

    __tablename__ = "feed_reading"
    __table_args__ = ({"comment": "Which calendars were read on a day, until they are on record as outward exchanges"},)

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    feed_id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str]
    student_id: Mapped[UUID | None]
    organization_id: Mapped[UUID | None]
    read_at: Mapped[dt.datetime]
