"""Results of exams as their readers see them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, PlainSerializer

from reporting.exams.service import Loaded

Exam = Literal["oge", "ege", "gve", "vpr"]
Number = Annotated[Decimal, PlainSerializer(float, return_type=float)]
_SHOWN = 200


class ResultOut(BaseModel):
    """How a grade did in a subject on a day. Counts of marks, those below the minimum and the mean score are empty where nobody told."""

    organization_id: UUID
    exam: Exam
    academic_year: int
    subject: str
    grade: int
    date: date
    participants: int
    twos: int | None
    threes: int | None
    fours: int | None
    fives: int | None
    below_minimum: int | None
    mean_score: Number | None


class StandingResult(ResultOut):
    """A result that stands, by which import."""

    id: UUID
    short_name: str
    import_id: UUID


class ReadRow(ResultOut):
    """A row as it was read; ``replaces``: there were results of this grade, subject, exam and year."""

    row: int
    replaces: bool


class LoadedOut(BaseModel):
    """A table that was loaded or, without ``import_id``, only read. ``items`` are its first rows."""

    import_id: UUID | None
    file_digest: str
    rows: int
    organizations: int
    replacing: int
    items: list[ReadRow]

    @classmethod
    def of(cls, loaded: Loaded) -> "LoadedOut":
        """As it was read."""
        items = [
            ReadRow.model_validate({**_fields(one), "replaces": one.row in loaded.replacing})
            for one in loaded.rows[:_SHOWN]
        ]
        return cls(
            import_id=loaded.import_id,
            file_digest=loaded.file_digest,
            rows=len(loaded.rows),
            organizations=len({one.organization_id for one in loaded.rows}),
            replacing=len(loaded.replacing),
            items=items,
        )


class ImportOut(BaseModel):
    """An import: of ``rows``, ``shown`` are of organizations the reader sees."""

    id: UUID
    file_digest: str
    rows: int
    shown: int
    imported_at: datetime
    imported_by: str
    role: str


class Shares(BaseModel):
    """Percent of each mark."""

    twos: Number
    threes: Number
    fours: Number
    fives: Number


class ComparedOut(BaseModel):
    """A grade in a subject: marks of the exam beside those of the journal.

    ``gap``: by how many points the journal's mean is higher; ``confirmed``: percent of marks that may have been confirmed at most.
    """

    exam: Exam
    subject: str
    grade: int
    participants: int
    marks: int
    exam_shares: Shares
    journal_shares: Shares
    exam_mean: Number
    journal_mean: Number
    gap: Number
    confirmed: Number


def _fields(row: object) -> dict[str, object]:
    return {name: getattr(row, name) for name in (*ResultOut.model_fields, "row")}
