"""What others are told of a lesson, as values."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Counted:
    """What others are told of a lesson: its counts, and whether everybody's attendance was looked at."""

    id: UUID
    learners_id: UUID
    date: dt.date
    told_version: int
    learners: int
    absent: int
    marks: int
    attendance_checked: bool
