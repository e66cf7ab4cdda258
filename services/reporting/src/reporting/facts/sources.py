"""What forms are counted over: facts joined as of a day, and as they were known."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Table, and_, cast, extract, func, select, true

from reporting.engine.counting import Source
from reporting.engine.fields import FACT_FIELDS
from reporting.facts.model import learner, organization, placement, study_group
from reporting.facts.versions import AT_LAST


def as_of(facts: Table, day: date, known_at: datetime | None = None) -> ColumnElement[bool]:
    """What of a table of versions holds on a day, as far as it is known now or was known at an instant."""
    known = facts.c.known_to == AT_LAST
    if known_at is not None:
        known = and_(facts.c.known_from <= known_at, facts.c.known_to > known_at)
    return and_(known, facts.c.valid_from <= day, facts.c.valid_to > day)


def source(
    organization_id: UUID | None, municipality: str | None, day: date, age_day: date, known_at: datetime | None
) -> Source:
    """Facts a form of an organization, of a municipality (ОКТМО) or, without either, of the region is counted over.

    Main placements in force on ``day``, with learners, classes and organizations as they were on it, believed as of ``known_at``;
    ages are full years on ``age_day``.
    """
    age = cast(extract("year", func.age(age_day, learner.c.birth_date)), Integer)
    in_unit: ColumnElement[bool] = true()
    if organization_id is not None:
        in_unit = placement.c.organization_id == organization_id
    elif municipality is not None:
        in_unit = organization.c.municipality == municipality
    joined = (
        placement.outerjoin(
            learner,
            and_(learner.c.statistical_id == placement.c.statistical_id, as_of(learner, day, known_at)),
        )
        .outerjoin(
            organization,
            and_(organization.c.id == placement.c.organization_id, as_of(organization, day, known_at)),
        )
        .outerjoin(
            study_group,
            and_(
                study_group.c.organization_id == placement.c.organization_id,
                study_group.c.academic_year == placement.c.academic_year,
                study_group.c.id == placement.c.group_id,
                as_of(study_group, day, known_at),
            ),
        )
    )
    facts = (
        select(
            placement.c.id,
            placement.c.statistical_id,
            placement.c.group_id,
            placement.c.grade,
            placement.c.main,
            age.label("age"),
            learner.c.sex,
            learner.c.citizenship,
            organization.c.locality,
            organization.c.kind.label("organization_kind"),
            study_group.c.class_type,
        )
        .select_from(joined)
        .where(in_unit, placement.c.main, as_of(placement, day, known_at))
        .subquery("facts")
    )
    columns = {name: facts.c[name] for name in FACT_FIELDS}
    return Source(facts, columns, facts.c.group_id, facts.c.id, facts.c.statistical_id)
