"""Reports over HTTP."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from reporting.builds.checking import ControlResult
from reporting.builds.correction import Correction, Number
from reporting.builds.documents import lines_of
from reporting.days import Day, Instant
from reporting.engine.cells import Address
from reporting.engine.definition import FormDefinition
from reporting.engine.section import Section, Status
from servicekit.http import Body, Text

FormCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,30}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+)*$", max_length=20)]
SectionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+)*[а-яё]{0,3}$", max_length=20)]
KeyCode = Annotated[str, StringConstraints(pattern=r"^[0-9a-zа-яё_.]+$", max_length=40)]
Oktmo = Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")]


class ReportRequest(Body):
    """A form to build: of one organization, of one municipality or of the region, as of a day.

    ``known_at`` believes only what was recorded by that instant.
    """

    form: FormCode
    organization_id: UUID | None = None
    municipality: Oktmo | None = None
    region: bool = False
    as_of: Day
    known_at: Instant | None = None


class CellChange(Body):
    """A cell's new value; ``reason`` is needed where the cell is counted from facts. Empty ``value`` empties the cell.

    ``keys`` name the line of a repeated row.
    """

    section: SectionCode
    row: Code
    column: Code
    keys: Annotated[list[KeyCode], Field(max_length=3)] = Field(default_factory=list)
    value: Annotated[Decimal, Field(ge=0, le=Decimal("1e12"), max_digits=15, decimal_places=3)] | None
    reason: Text | None = None

    @property
    def address(self) -> Address:
        """Where it is."""
        return self.section, self.row, self.column, *self.keys


class Corrections(Body):
    """Cells to write, each once."""

    cells: Annotated[list[CellChange], Field(min_length=1, max_length=2000)]


class ReportColumn(BaseModel):
    """A column; a ``derived`` one is calculated of others and never written, ``input`` tells those that are filled by hand.

    ``okei`` and ``decimals`` are null where they are those of the rows.
    """

    code: str
    title: str
    okei: int | None
    decimals: int | None
    input: str
    derived: bool

    def digits(self, row: "ReportRow") -> int:
        """How many digits after the point its cell of a row has."""
        return row.decimals if self.decimals is None else self.decimals


class ReportLine(BaseModel):
    """A line of a repeated row: codes of its keys, what they stand for, and its cells."""

    keys: list[str]
    titles: list[str]
    cells: dict[str, Number | None]


class ReportRow(BaseModel):
    """A row; ``cells`` by column code, null where nothing is counted. ``input`` tells rows that are filled by hand.

    A ``derived`` row is calculated of others; one that is ``repeated`` has ``lines`` and no cells of its own.
    """

    code: str
    title: str
    okei: int
    decimals: int
    input: str
    derived: bool
    repeated: bool
    note: str | None
    cells: dict[str, Number | None]
    lines: list[ReportLine]


@dataclass(frozen=True)
class PrintedLine:
    """A line of a section's table: a row, or one of its repetitions."""

    title: str
    code: str
    cells: Mapping[str, Number | None]
    row: ReportRow


class ReportSection(BaseModel):
    """A section of a built form."""

    code: str
    title: str
    status: Status
    columns: list[ReportColumn]
    rows: list[ReportRow]

    def printed(self) -> Iterator[PrintedLine]:
        """Its table as it is printed; a repeated row that has no lines stands once, empty."""
        for row in self.rows:
            if not row.lines:
                yield PrintedLine(row.title, row.code, row.cells, row)
            for line in row.lines:
                title, keys = ", ".join(line.titles), ", ".join(line.keys)
                yield PrintedLine(f"{row.title}: {title}", f"{row.code} ({keys})", line.cells, row)


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
    """One that a cell counts; its events are asked by its ``id``.

    It is a placement, a post, a worker, a class or group, a set of classes, a month of a group.
    ``statistical_id`` is the learner's or worker's pseudonym, ``fields`` what the form counts by, without what is said of health for
    whoever is not of the organization. Members that are counted once for several placements or posts have no fields. Members of a sum
    are those whose numbers it adds. A set of classes has the ``name`` its organization calls it by.
    """

    id: UUID
    name: str | None = None
    group_id: UUID | None = None
    placement_id: UUID | None = None
    post_id: UUID | None = None
    statistical_id: UUID | None = None
    fields: dict[str, Any] | None = None


class Compared(BaseModel):
    """A report that is compared."""

    id: UUID
    edition: str
    unit_name: str
    as_of: date
    known_at: datetime | None
    built_at: datetime


class CellDifference(BaseModel):
    """A cell that is not the same in two reports of a form. ``only``: the edition of one of them alone has it.

    ``came`` and ``went`` are how many members the cell has in one report and not in the other, of one organization's two reports where
    it is counted in both.
    """

    section: str
    row: str
    column: str
    keys: list[str]
    row_title: str
    column_title: str
    old: Number | None
    new: Number | None
    only: Literal["old", "new"] | None
    came: int | None
    went: int | None


class ReportDifference(BaseModel):
    """Cells that differ between two reports of a form, in the form's order; those of the older edition alone come last."""

    old: Compared
    new: Compared
    cells: list[CellDifference]


class Reason(BaseModel):
    """An event that the member's facts are made of, as the log has it."""

    event_id: UUID
    type: str
    occurred_at: datetime
    payload: dict[str, Any]


def _notice(form: FormDefinition, as_of: date) -> str | None:
    due = form.snapshot.of(as_of.year) if form.snapshot else as_of
    return None if due == as_of else f"не для сдачи: на дату {as_of:%d.%m.%Y}, форма сдаётся на {due:%d.%m.%Y}"


def _section(section: Section, cells: dict[str, dict[str, Any]], *, confirmed: bool) -> ReportSection:
    return ReportSection(
        code=section.code,
        title=section.title,
        status=section.status if confirmed else "assumed",
        columns=[
            ReportColumn(
                code=one.code,
                title=one.title,
                okei=one.okei,
                decimals=one.decimals,
                input=one.input,
                derived=one.derive is not None,
            )
            for one in section.columns
        ],
        rows=[
            ReportRow(
                code=row.code,
                title=row.title,
                okei=row.okei,
                decimals=row.decimals,
                input=row.input,
                derived=row.derive is not None,
                repeated=row.repeated,
                note=row.note,
                cells=dict.fromkeys(section.sheet.columns) if row.repeated else cells[row.code],
                lines=list(_lines(section, cells[row.code])) if row.repeated else [],
            )
            for row in section.rows
        ],
    )


def _lines(section: Section, document: dict[str, Any]) -> Iterator[ReportLine]:
    """Lines in the form's order."""
    titles = [{term.code: term.title for term in key.terms} for key in section.keys]
    order = [list(one) for one in titles]
    found = sorted(
        lines_of(document), key=lambda line: [codes.index(key) for codes, key in zip(order, line[0], strict=True)]
    )
    for keys, cells in found:
        named = [one[key] for one, key in zip(titles, keys, strict=True)]
        yield ReportLine(keys=list(keys), titles=named, cells=dict(cells))
