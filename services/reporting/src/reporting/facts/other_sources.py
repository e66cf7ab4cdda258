"""What is not of learners, workers and groups as of a day: applications and teaching load; lessons, results, child-days over days."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    FromClause,
    Integer,
    Select,
    Table,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    true,
)

from asu_contracts.core import GroupKind
from reporting.engine.counting import Source
from reporting.engine.measures import Over
from reporting.facts.model import (
    application,
    daycare_month,
    lesson,
    organization,
    period_result,
    post,
    study_group,
    teaching_load,
)
from reporting.facts.sources import Shape, as_of, believed

_SINCE, _DAY = bindparam("since", type_=Date), bindparam("day", type_=Date)
_YEAR = 0
"""The period that is the whole year: its learners are those of the parts."""
_KNOWN_AT = bindparam("known_at", type_=DateTime(timezone=True))


@dataclass(frozen=True)
class _Counted:
    """Counts of classes and groups: of which day each is, which of them are counted, what they say.

    ``classes``: of classes alone, because who is in a teaching group is in a class too and would be counted again. ``until``: counts of
    days before it are of the group as it was last in them, since it may begin after the first.
    """

    table: Table
    day: ColumnElement[Any]
    columns: Mapping[str, ColumnElement[Any]]
    where: ColumnElement[bool] | None = None
    classes: bool = False
    until: ColumnElement[Any] | None = None


def _whole(counts: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    return func.coalesce(cast(counts[name].astext, Integer), 0)


def _named(table: Table, *names: str) -> dict[str, ColumnElement[Any]]:
    return {name: table.c[name] for name in names}


def _month(day: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.to_char(day, "YYYY-MM")


_COUNTED: Mapping[str, _Counted] = {
    "lessons": _Counted(
        lesson,
        lesson.c.valid_from,
        {
            **_named(lesson, "subject_name", "attendance_checked", "learners", "absent", "marks"),
            "month": _month(lesson.c.valid_from),
        },
    ),
    "results": _Counted(
        period_result,
        period_result.c.valid_to - 1,
        {
            **_named(period_result, "title", "with_gaps", "learners", "student_lessons", "absent_days"),
            **{
                name: _whole(period_result.c.standings, name)
                for name in ("excellent", "good", "one_three", "satisfactory", "not_attested", "failing", "unmarked")
            },
        },
        and_(period_result.c.closed, period_result.c.period > _YEAR),
        classes=True,
    ),
    "daycare": _Counted(
        daycare_month,
        daycare_month.c.valid_from,
        {
            **_named(daycare_month, "planned", "attended", "missed_illness", "missed_other", "working_days"),
            "month": _month(daycare_month.c.valid_from),
            "longest": func.row_number().over(
                partition_by=(daycare_month.c.organization_id, daycare_month.c.valid_from),
                order_by=(daycare_month.c.working_days.desc(), daycare_month.c.id),
            )
            == 1,
        },
        until=daycare_month.c.valid_to,
    ),
}


@cache
def source(dataset: str, shape: Shape) -> Source:
    """All there is of a dataset in scopes of a shape, over the days from ``since`` to ``day``; applications and load as of ``day``."""
    as_of_day = _AS_OF_DAY.get(dataset)
    return _counted(_COUNTED[dataset], shape) if as_of_day is None else as_of_day(shape)


def _applications(shape: Shape) -> Source:
    of, known = shape
    facts = application.c
    in_unit = {
        "organization": facts.organization_id == bindparam("unit", type_=Uuid),
        "municipality": facts.municipality == bindparam("unit", type_=Text),
    }.get(of, true())
    columns = {
        "organization": cast(facts.organization_id, Text),
        "municipality": facts.municipality,
        "status": facts.status,
        "campaign": cast(facts.campaign_id, Text),
    }
    found = select(*_labelled(columns)).where(in_unit, as_of(application, _DAY, _KNOWN_AT if known else None))
    return _source(found, columns)


def _loads(shape: Shape) -> Source:
    """Lines of the load; whose they are and in which post they are taught, the post says."""
    of, known = shape
    known_at = _KNOWN_AT if known else None
    facts = teaching_load.c
    in_unit = {
        "organization": facts.organization_id == bindparam("unit", type_=Uuid),
        "municipality": organization.c.municipality == bindparam("unit", type_=Text),
    }.get(of, true())
    held = and_(post.c.organization_id == facts.organization_id, post.c.id == facts.post_id)
    joined = teaching_load.outerjoin(
        organization, and_(organization.c.id == facts.organization_id, as_of(organization, _DAY, known_at))
    ).outerjoin(post, and_(held, as_of(post, _DAY, known_at)))
    columns = {
        "organization": cast(facts.organization_id, Text),
        "municipality": organization.c.municipality,
        "code": post.c.code,
        **_named(teaching_load, "subject_title", "grade", "hours_week"),
    }
    found = select(post.c.statistical_id.label("of_subject"), *_labelled(columns)).select_from(joined)
    return _source(found.where(in_unit, as_of(teaching_load, _DAY, known_at)), columns, "subject")


_AS_OF_DAY: Mapping[str, Callable[[Shape], Source]] = {"applications": _applications, "loads": _loads}
DATASETS = frozenset({*_AS_OF_DAY, *_COUNTED})
"""What is counted here."""


def _counted(one: _Counted, shape: Shape) -> Source:
    of, known = shape
    facts, known_at = one.table.c, _KNOWN_AT if known else None
    in_unit = {
        "organization": facts.organization_id == bindparam("unit", type_=Uuid),
        "municipality": organization.c.municipality == bindparam("unit", type_=Text),
    }.get(of, true())
    same_group = and_(
        study_group.c.organization_id == facts.organization_id,
        study_group.c.academic_year == facts.academic_year,
        study_group.c.id == facts.group_id,
    )
    joined: FromClause = one.table.outerjoin(
        organization, and_(organization.c.id == facts.organization_id, as_of(organization, one.day, known_at))
    )
    if one.until is None:
        group: FromClause = study_group
        joined = joined.outerjoin(group, and_(same_group, as_of(study_group, one.day, known_at)))
    else:
        group = _last_version(and_(same_group, believed(study_group, known_at)), one.day, one.until)
        joined = joined.outerjoin(group, true())
    counted = [believed(one.table, known_at)]
    if one.where is not None:
        counted.append(one.where)
    if one.classes:
        counted.append(group.c.kind == GroupKind.CLASS)
    columns = {
        "organization": cast(facts.organization_id, Text),
        "municipality": organization.c.municipality,
        "grade": group.c.grade,
        "age_from": group.c.age_from,
        "group_name": group.c.name,
        **one.columns,
    }
    members = (facts.id.label("of_fact"), facts.group_id.label("of_group"))
    found = select(*members, *_labelled(columns)).select_from(joined)
    return _source(
        found.where(
            in_unit,
            *counted,
            facts.academic_year.between(_year_of(_SINCE), _year_of(_DAY)),
            one.day.between(_SINCE, _DAY),
        ),
        columns,
        "fact",
        "group",
    )


def _last_version(of: ColumnElement[bool], since: ColumnElement[Any], until: ColumnElement[Any]) -> FromClause:
    """A group as it was last in some days."""
    found = select(study_group).where(of, study_group.c.valid_from < until, study_group.c.valid_to > since)
    return found.order_by(study_group.c.valid_from.desc()).limit(1).lateral("held")


def _year_of(day: ColumnElement[Any]) -> ColumnElement[Any]:
    """The academic year of a day, begun on 1 September: the table's partitions of other years are not read."""
    return cast(func.date_part("year", day - literal_column("interval '8 months'")), Integer)


def _labelled(columns: Mapping[str, ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    return [column.label(name) for name, column in columns.items()]


def _source(found: Select[Any], columns: Mapping[str, ColumnElement[Any]], *over: Over) -> Source:
    rows = found.subquery("facts")
    members = {one: rows.c[f"of_{one}"] for one in over}
    return Source(rows, {name: rows.c[name] for name in columns}, members)
