"""Reports over HTTP."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from reporting.builds.checking import ControlResult
from reporting.builds.correction import Correction, Number
from reporting.engine.cells import Address
from reporting.engine.definition import FormDefinition, Section, Status
from servicekit.http import Body

FormCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,30}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+)*$", max_length=20)]
Reasoning = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Oktmo = Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")]


class ReportRequest(Body):
    """A form to build: of one organization, of one municipality or of the region, as of a day.

    ``known_at`` believes only what was recorded by that instant.
    """

    form: FormCode
    organization_id: UUID | None = None
    municipality: Oktmo | None = None
    region: bool = False
    as_of: date = Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))
    known_at: AwareDatetime | None = None


class CellChange(Body):
    """A cell's new value; ``reason`` is needed where the cell is counted from facts. Empty ``value`` empties the cell."""

    section: Code
    row: Code
    column: Code
    value: Annotated[Decimal, Field(ge=0, le=Decimal("1e12"), max_digits=15, decimal_places=3)] | None
    reason: Reasoning | None = None

    @property
    def address(self) -> Address:
        """Where it is."""
        return self.section, self.row, self.column


class Corrections(Body):
    """Cells to write, each once."""

    cells: Annotated[list[CellChange], Field(min_length=1, max_length=2000)]


class ReportColumn(BaseModel):
    """A column's code and title."""

    code: str
    title: str


class ReportRow(BaseModel):
    """A row; ``cells`` by column code, null where nothing is counted. ``input`` tells rows that are filled by hand."""

    code: str
    title: str
    okei: int
    input: str
    note: str | None
    cells: dict[str, Number | None]


class ReportSection(BaseModel):
    """A section of a built form."""

    code: str
    title: str
    status: Status
    columns: list[ReportColumn]
    rows: list[ReportRow]


class Report(BaseModel):
    """A built form. ``status`` is ``assumed`` while the definition has not been checked against the order in force.

    ``previous_report_id`` is the report of the previous period its controls were compared with, if any compares.
    ``notice`` says why a form as of another day than the form's own may not be handed in; it is null on that day.
    ``corrections`` tells what was written by hand or carried over, in order; ``corrects`` the version before. ``parts`` are the reports a
    consolidated one is the sum of.
    """

    id: UUID
    form: str
    name: str
    edition: str
    title: str
    okud: str | None
    status: Status
    organization_id: UUID | None
    municipality: str | None
    unit_name: str
    as_of: date
    notice: str | None
    known_at: datetime | None
    log_position: int
    definition_digest: str
    sections: list[ReportSection]
    controls: list[ControlResult]
    corrects: UUID | None
    corrections: list[Correction]
    parts: list[UUID] | None
    previous_report_id: UUID | None
    built_at: datetime

    @classmethod
    def of(cls, row: Any) -> "Report":
        """From the table's row, by the definition that was frozen with it."""
        form = FormDefinition.model_validate(row.definition)
        confirmed = form.confirmed_on(row.as_of)
        return cls(
            id=row.id,
            form=form.form,
            name=form.name,
            edition=form.edition,
            title=form.title,
            okud=form.okud,
            status=form.status if confirmed else "assumed",
            organization_id=row.organization_id,
            municipality=row.municipality,
            unit_name=row.unit_name,
            as_of=row.as_of,
            notice=_notice(form, row.as_of),
            known_at=row.known_at,
            log_position=row.log_position,
            definition_digest=row.definition_digest,
            sections=[_section(section, row.cells[section.code], confirmed=confirmed) for section in form.sections],
            controls=row.controls,
            corrects=row.corrects,
            corrections=row.corrections,
            parts=row.parts,
            previous_report_id=row.previous_id,
            built_at=row.built_at,
        )


class Member(BaseModel):
    """One that a cell counts. ``statistical_id`` is the learner's pseudonym, ``fields`` what the form may filter by.

    A cell that counts classes has a member a class: ``placement_id``, ``statistical_id`` and ``fields`` are empty.
    """

    group_id: UUID
    placement_id: UUID | None = None
    statistical_id: UUID | None = None
    fields: dict[str, Any] | None = None


class Reason(BaseModel):
    """An event that the member's facts are made of, as the log has it."""

    event_id: UUID
    type: str
    occurred_at: datetime
    payload: dict[str, Any]


def _notice(form: FormDefinition, as_of: date) -> str | None:
    due = form.snapshot.of(as_of.year) if form.snapshot else as_of
    return None if due == as_of else f"не для сдачи: на дату {as_of:%d.%m.%Y}, форма сдаётся на {due:%d.%m.%Y}"


def _section(section: Section, cells: dict[str, dict[str, Number | None]], *, confirmed: bool) -> ReportSection:
    return ReportSection(
        code=section.code,
        title=section.title,
        status=section.status if confirmed else "assumed",
        columns=[ReportColumn(code=column.code, title=column.title) for column in section.columns],
        rows=[
            ReportRow(
                code=row.code, title=row.title, okei=row.okei, input=row.input, note=row.note, cells=cells[row.code]
            )
            for row in section.rows
        ],
    )
