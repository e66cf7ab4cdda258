"""What a figure of a built form is made of: whom a cell counts, and the events that put each of them there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row as TableRow

from asu_contracts.access import OFFICE
from reporting.builds import counted, service
from reporting.builds.counted import Counted
from reporting.builds.errors import DerivedError, HealthError, NotCountedError, WholeError
from reporting.builds.schemas import Member, Reason
from reporting.engine import health
from reporting.engine.cells import Address, Keys
from reporting.engine.definition import FormDefinition
from reporting.engine.fields import of_health
from reporting.engine.filters import Filter
from reporting.engine.measures import Over, Tally
from reporting.engine.section import Column, Row, Section
from reporting.facts import service as facts
from reporting.ingest import service as log
from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_HEALTH = frozenset(name for field in of_health("placements") for name in (field, f"{field}_until"))
"""What events say of a child's health: the office of its organization alone reads it, as on the card in the registry."""


@dataclass(frozen=True)
class _Cell:
    section: Section
    row: Row
    column: Column
    tally: Tally
    line: Filter

    @property
    def filters(self) -> tuple[Filter, ...]:
        return self.section.filter, self.row.filter, self.column.filter, self.line


async def members(
    uow: UnitOfWork, principal: Principal, report_id: UUID, address: Address, *, after: UUID | None, limit: int
) -> Sequence[Member]:
    """Members of the cell ``address`` (section, row, column, keys of the line), exactly as many as a cell that counts says.

    Raises ``NotFoundError`` for a report outside the principal's view, ``WholeError`` for one of more than an organization,
    ``NotCountedError`` for a cell that is not counted, ``DerivedError`` for one that others make, ``HealthError``.
    """
    report = await _of_organization(uow, principal, report_id)
    cell = _cell(FormDefinition.model_validate(report.definition), address)
    if any((one["section"], one["row"], one["column"], *one.get("keys", ())) == address for one in report.corrections):
        raise NotCountedError
    dataset, over = cell.section.facts, cell.tally.over
    hidden = frozenset[str]() if principal.role in OFFICE else of_health(dataset)
    if hidden and health.tells(cell.section, cell.row, cell.column):
        raise HealthError
    passed = Counted(report.counted_as, dataset, cell.filters)
    if over != "fact":
        return [_member(over, *one) for one in await counted.distinct(uow.session, passed, cell.tally, after, limit)]
    return [
        Member(
            id=one.id,
            group_id=one.group_id,
            placement_id=one.id if dataset in {"learners", "placements"} else None,
            post_id=one.id if dataset == "workers" else None,
            statistical_id=one.statistical_id,
            fields={name: value for name, value in one.fields.items() if name not in hidden},
        )
        for one in await counted.facts(uow.session, passed, after, limit)
    ]


async def reasons(
    uow: UnitOfWork, principal: Principal, report_id: UUID, member_id: UUID, *, after: UUID | None, limit: int
) -> Sequence[Reason]:
    """Events, known when the report was built, that the facts of one it counted are made of.

    Raises ``NotFoundError`` for a report outside the principal's view or what it did not count, ``WholeError``.
    """
    report = await _of_organization(uow, principal, report_id)
    hidden = frozenset() if principal.role in OFFICE else _HEALTH
    rows = await counted.about(uow.session, report.counted_as, member_id)
    if not rows:
        raise NotFoundError
    subjects = {("organization", report.organization_id), *_subjects(rows, member_id)}
    if principal.role in OFFICE:  # that there is an event of a form of study tells of the one who is taught at home
        learners = [one.statistical_id for one in rows if ("learner", one.statistical_id) in subjects]
        forms = await facts.study_forms(uow.session, report.organization_id, learners)
        subjects |= {("study_form", one) for one in forms}
    ids = await facts.told_of(uow.session, subjects)
    found = await log.up_to(uow.session, ids, report.log_position, after=after, limit=limit)
    return [
        Reason(
            event_id=one.id,
            type=one.type,
            occurred_at=one.occurred_at,
            payload=dict(_shown(one.payload, hidden, report.organization_id)),
        )
        for one in found
    ]


def _cell(form: FormDefinition, address: Address) -> _Cell:
    section = next((one for one in form.sections if one.code == address[0]), None)
    row = next((one for one in section.rows if one.code == address[1]), None) if section else None
    column = next((one for one in section.columns if one.code == address[2]), None) if section else None
    if section is None or row is None or column is None or address[:3] in section.closed_cells():
        raise NotCountedError
    if row.derivation is not None or column.derivation is not None:
        raise DerivedError(members={"derive": row.derive or column.derive})
    tally = section.tally(row, column)
    keys: Keys = address[3:]
    line = section.lines(row).get(keys) if tally is not None else None
    if tally is None or line is None:
        raise NotCountedError
    return _Cell(section, row, column, tally, line)


def _member(over: Over, one: UUID, name: str | None) -> Member:
    of: Mapping[Over, dict[str, Any]] = {"group": {"group_id": one}, "subject": {"statistical_id": one}}
    return Member(id=one, name=name, **of.get(over, {}))


def _subjects(rows: Iterable[Any], member: UUID) -> Iterator[tuple[str, UUID]]:
    """Subjects of the facts behind a member, which is a row itself, whose it is, or a group of rows."""
    for row in rows:
        if row.dataset == "workers":
            yield from (("worker", row.statistical_id), ("post", row.statistical_id))
        elif row.dataset == "daycare":
            yield from (("daycare_month", row.id), ("study_group", row.group_id))
        elif member in {row.group_id, row.set_id}:
            yield "study_group", row.group_id
        else:
            yield from (("placement", row.id), ("learner", row.statistical_id), ("study_group", row.group_id))


def _shown(payload: dict[str, Any], hidden: frozenset[str], organization_id: UUID) -> Iterator[tuple[str, Any]]:
    """An event as the report's reader sees it; posts that a worker holds elsewhere are nobody's business here."""
    for name, value in payload.items():
        if name == "posts":
            yield name, [one for one in value if one["organization_id"] == str(organization_id)]
        elif name not in hidden:
            yield name, value


async def _of_organization(uow: UnitOfWork, principal: Principal, report_id: UUID) -> TableRow[Any]:
    report = await service.get(uow, principal, report_id)
    if report.organization_id is None:
        raise WholeError
    return report
