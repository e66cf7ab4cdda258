"""What forms are counted over: facts joined as of a day, and as they were known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    FromClause,
    Integer,
    Table,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    extract,
    func,
    select,
    true,
)

from reporting.engine.counting import Source
from reporting.facts.model import learner, organization, placement, study_group
from reporting.facts.versions import AT_LAST

_DAY, _AGE_DAY = bindparam("day", type_=Date), bindparam("age_day", type_=Date)
_KNOWN_AT = bindparam("known_at", type_=DateTime(timezone=True))


Shape = tuple[str, bool]
"""Whether facts are of an organization, a municipality or the region, and whether they are as known at an instant."""


@dataclass(frozen=True)
class Scope:
    """Whose facts, and when: of an organization, of a municipality (ОКТМО) or, without either, of the region.

    Main placements in force on ``day``, with learners, classes and organizations as they were on it, believed as of ``known_at``
    (now, if it is empty); ages are full years on ``age_day``.
    """

    organization_id: UUID | None
    municipality: str | None
    day: date
    age_day: date
    known_at: datetime | None = None

    @property
    def shape(self) -> Shape:
        """What statements over it differ by; values are parameters."""
        in_unit = "municipality" if self.municipality is not None else "region"
        return ("organization" if self.organization_id is not None else in_unit, self.known_at is not None)

    @property
    def parameters(self) -> dict[str, Any]:
        """Values of the source's parameters."""
        unit = self.municipality if self.organization_id is None else self.organization_id
        given = {"unit": unit, "day": self.day, "age_day": self.age_day, "known_at": self.known_at}
        return {name: value for name, value in given.items() if value is not None}


def as_of(
    facts: Table, day: date | ColumnElement[date], known_at: datetime | ColumnElement[datetime] | None = None
) -> ColumnElement[bool]:
    """What of a table of versions holds on a day, as far as it is known now or was known at an instant."""
    known = facts.c.known_to == AT_LAST
    if known_at is not None:
        known = and_(facts.c.known_from <= known_at, facts.c.known_to > known_at)
    return and_(known, facts.c.valid_from <= day, facts.c.valid_to > day)


@cache
def source(shape: Shape, fields: frozenset[str]) -> Source:
    """What to count over in scopes of a shape: only tables that have one of ``fields`` are looked into."""
    of, known = shape
    known_at = _KNOWN_AT if known else None
    joined: FromClause = placement
    in_unit: ColumnElement[bool] = true()
    if of == "organization":
        in_unit = placement.c.organization_id == bindparam("unit", type_=Uuid)
    elif of == "municipality":
        in_unit = organization.c.municipality == bindparam("unit", type_=Text)
    needed = fields | ({"organization_kind"} if of == "municipality" else set())
    for table, on in _JOINS.items():
        if needed & _COLUMNS[table].keys():
            joined = joined.outerjoin(table, and_(on, as_of(table, _DAY, known_at)))
    picked = [column.label(name) for found in _COLUMNS.values() for name, column in found.items() if name in fields]
    facts = (
        select(placement.c.id, placement.c.statistical_id, placement.c.group_id, *picked)
        .select_from(joined)
        .where(in_unit, placement.c.main, as_of(placement, _DAY, known_at))
        .subquery("facts")
    )
    columns = {name: facts.c[name] for name in fields}
    return Source(facts, columns, facts.c.group_id, facts.c.id, facts.c.statistical_id)


_JOINS: Mapping[Table, ColumnElement[bool]] = {
    learner: learner.c.statistical_id == placement.c.statistical_id,
    organization: organization.c.id == placement.c.organization_id,
    study_group: and_(
        study_group.c.organization_id == placement.c.organization_id,
        study_group.c.academic_year == placement.c.academic_year,
        study_group.c.id == placement.c.group_id,
    ),
}
_COLUMNS: Mapping[Table, Mapping[str, ColumnElement[Any]]] = {
    placement: {"grade": placement.c.grade, "main": placement.c.main},
    learner: {
        "age": cast(extract("year", func.age(_AGE_DAY, learner.c.birth_date)), Integer),
        "sex": learner.c.sex,
        "citizenship": learner.c.citizenship,
        "second_citizenship": learner.c.second_citizenship,
    },
    organization: {"locality": organization.c.locality, "organization_kind": organization.c.kind},
    study_group: {"class_type": study_group.c.class_type},
}
"""Where the whitelisted fields are."""
