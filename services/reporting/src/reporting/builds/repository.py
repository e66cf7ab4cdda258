"""SQL of built forms."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Row,
    Uuid,
    and_,
    column,
    exists,
    func,
    insert,
    literal,
    null,
    select,
    table,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from orgdirectory import Organization
from reporting.builds.model import report, report_fact
from reporting.engine.cells import Address, Value
from reporting.engine.counting import Count
from reporting.engine.definition import FormDefinition
from reporting.engine.fields import Dataset
from reporting.engine.measures import Over
from reporting.facts import datasets
from reporting.facts.sources import Scope, Shape
from reporting.units.service import ReportUnit
from servicekit.security import Principal


async def count_cells(session: AsyncSession, form: FormDefinition, scope: Scope) -> dict[Address, Value]:
    """Every cell that can be counted, one statement a section."""
    cells: dict[Address, Value] = {}
    for count in _counts(_Text(form), scope.shape):
        cells.update(count.cells((await session.execute(count.statement, scope.parameters)).all()))
    return cells


@dataclass(frozen=True)
class _Text:
    """A form by its text: what is made of it is made once."""

    form: FormDefinition = field(compare=False)
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", self.form.digest)


@lru_cache(maxsize=256)
def _counts(text: _Text, shape: Shape) -> tuple[Count, ...]:
    counts = (Count(section, partial(datasets.source, section.facts, shape)) for section in text.form.sections)
    return tuple(count for count in counts if not count.is_empty)


_submission = table("submission", column("report_id"), column("state"))
"""Another slice's: it is read by name."""
_HANDED_IN = exists().where(_submission.c.report_id == report.c.id, _submission.c.state.in_(["approved", "taken"]))
"""Whether a report is one that its unit has approved and that was not returned."""


async def add(session: AsyncSession, values: dict[str, Any]) -> None:
    """Store a report."""
    await session.execute(insert(report).values(values))


async def add_correction(session: AsyncSession, values: dict[str, Any]) -> bool:
    """Store a report that corrects another; false when that one was corrected before."""
    statement = postgresql.insert(report).values(values).on_conflict_do_nothing(index_elements=["corrects"])
    return (await session.scalar(statement.returning(report.c.id))) is not None


async def previous(session: AsyncSession, form: str, unit: ReportUnit, as_of: date) -> Any:
    """A unit's last report of a form as of a day or before it that was handed in or written into, of one day the one handed in.

    Another has nothing that its own source has not: a look at the form as of some day is no source. Reports as known at an instant
    of the past are for explaining figures: nothing goes on from them.
    """
    later = report.alias()
    statement = (
        select(report.c.cells, report.c.as_of)
        .where(
            _of_unit(form, unit),
            report.c.as_of <= as_of,
            _HANDED_IN | and_(report.c.corrects.is_not(None), ~exists().where(later.c.corrects == report.c.id)),
        )
        .order_by(report.c.as_of.desc(), _HANDED_IN.desc(), report.c.built_at.desc(), report.c.id.desc())
        .limit(1)
    )
    return (await session.execute(statement)).first()


def _of_unit(form: str, unit: ReportUnit) -> ColumnElement[bool]:
    """A unit's reports of a form as known now."""
    return and_(
        report.c.form == form,
        report.c.organization_id.is_not_distinct_from(unit.organization_id),
        report.c.municipality.is_not_distinct_from(unit.municipality),
        report.c.known_at.is_(None),
    )


def _is_one_of(reports: Collection[UUID]) -> ColumnElement[bool]:
    return report.c.id == func.any(literal(sorted(reports), ARRAY(Uuid)))


_MEMBERS: tuple[Over, ...] = ("fact", "subject", "group", "set")


async def keep_facts(
    session: AsyncSession, report_id: UUID, scope: Scope, named: Mapping[Dataset, frozenset[str]]
) -> None:
    """Store what a report was counted over, by the fields it was counted by, in the snapshot it was counted in."""
    columns = ["report_id", "dataset", "id", "statistical_id", "group_id", "set_id", "fields"]
    for dataset, fields in named.items():
        source = datasets.source(dataset, scope.shape, fields)
        told = [source.members.get(over, null().cast(Uuid)) for over in _MEMBERS]
        pairs = [part for name in sorted(fields) for part in (literal(name), source.columns[name])]
        counted = select(literal(report_id), literal(dataset), *told, func.jsonb_build_object(*pairs))
        statement = insert(report_fact).from_select(columns, counted.select_from(source.rows))
        await session.execute(statement, scope.parameters)


async def visible(session: AsyncSession, principal: Principal, report_id: UUID) -> Row[Any] | None:
    """A report on or below the principal's unit, and whether it stands handed in."""
    founder = select(Organization.founder_id).where(Organization.id == report.c.organization_id).scalar_subquery()
    mine = principal.visible(report.c.organization_id, report.c.municipality, founder)
    statement = select(report, _HANDED_IN.label("handed_in")).where(report.c.id == report_id, mine)
    return (await session.execute(statement)).first()


async def stored(session: AsyncSession, report_id: UUID) -> Row[Any] | None:
    """A report, whoever asks."""
    return (await session.execute(select(report).where(report.c.id == report_id))).first()


async def of_organizations(
    session: AsyncSession, form: str, as_of: date, municipality: str | None, preferred: Collection[UUID]
) -> Sequence[Any]:
    """A report of each organization of a municipality, or of the region.

    A preferred one, else the newest of those as known now that nobody corrected.
    """
    later = report.alias()
    is_preferred = _is_one_of(preferred)
    statement = (
        select(report.c.id, report.c.organization_id, report.c.municipality, report.c.unit_name)
        .ext(postgresql.distinct_on(report.c.organization_id))
        .where(
            report.c.form == form,
            report.c.as_of == as_of,
            report.c.organization_id.is_not(None),
            report.c.known_at.is_(None),
            is_preferred | ~exists().where(later.c.corrects == report.c.id),
        )
        .order_by(report.c.organization_id, is_preferred.desc(), report.c.built_at.desc(), report.c.id.desc())
    )
    if municipality is not None:
        statement = statement.where(report.c.municipality == municipality)
    found = (await session.execute(statement)).all()
    return sorted(found, key=lambda one: (one.municipality, one.unit_name, one.organization_id))


async def by_ids(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Any]:
    """Texts, cells and log positions of reports."""
    statement = select(report.c.id, report.c.definition_digest, report.c.cells, report.c.log_position)
    return (await session.execute(statement.where(report.c.id.in_(ids)).order_by(report.c.id))).all()


async def latest(
    session: AsyncSession,
    form: str,
    unit: ReportUnit,
    period: tuple[date, date],
    due: date,
) -> Row[Any] | None:
    """A unit's report of a period, both days included: the one it has handed in, else the newest as of the ``due`` day or the latest.

    But for those as known at an instant of the past.
    """
    newest = (report.c.as_of.desc(), report.c.built_at.desc(), report.c.id.desc())
    statement = (
        select(report)
        .where(_of_unit(form, unit), report.c.as_of.between(*period))
        .order_by(_HANDED_IN.desc(), (report.c.as_of == due).desc(), *newest)
        .limit(1)
    )
    return (await session.execute(statement)).first()
