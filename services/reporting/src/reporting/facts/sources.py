"""What forms are counted over: facts joined as of a day, and as they were known, a dataset at a time."""

from collections.abc import Iterator, Mapping
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
    Select,
    Subquery,
    Table,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    column,
    extract,
    func,
    select,
    table,
    text,
    true,
)

from asu_contracts.core import GroupKind, StudyFormKind
from reporting.engine.counting import Source
from reporting.engine.fields import CLASS_FORMS, Dataset
from reporting.engine.measures import Over
from reporting.facts.model import learner, organization, placement, post, study_form, study_group, worker

_DAY, _AGE_DAY = bindparam("day", type_=Date), bindparam("age_day", type_=Date)
_AT_LAST = text("'infinity'")
_KNOWN_AT = bindparam("known_at", type_=DateTime(timezone=True))


VERSIONS = table("versions", *map(column, ("valid_from", "valid_to", "known_from", "known_to")))
"""Any table of versions: for conditions of statements that are written as text."""

Shape = tuple[str, bool]
"""Whether facts are of an organization, a municipality or the region, and whether they are as known at an instant."""


@dataclass(frozen=True)
class Scope:
    """Whose facts, and when: of an organization, of a municipality (ОКТМО) or, without either, of the region.

    Placements, posts and groups in force on ``day``, with learners, workers and organizations as they were on it, believed as of
    ``known_at`` (now, if it is empty); ages and lengths of service are full years on ``age_day``. What is counted over days is counted
    over those of the calendar year up to ``day``.
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
        since = date(self.day.year, 1, 1)
        given = {
            "unit": unit,
            "day": self.day,
            "since": since,
            "age_day": self.age_day,
            "known_at": self.known_at,
        }
        return {name: value for name, value in given.items() if value is not None}


def as_of(
    facts: FromClause, day: date | ColumnElement[date], known_at: datetime | ColumnElement[datetime] | None = None
) -> ColumnElement[bool]:
    """What of a table of versions holds on a day, as far as it is known now or was known at an instant."""
    return and_(believed(facts, known_at), facts.c.valid_from <= day, facts.c.valid_to > day)


def believed(facts: FromClause, known_at: datetime | ColumnElement[datetime] | None = None) -> ColumnElement[bool]:
    """What of a table of versions is known now or was known at an instant, on whatever days it holds."""
    if known_at is None:
        return facts.c.known_to == _AT_LAST
    return and_(facts.c.known_from <= known_at, facts.c.known_to > known_at)


def branches(day: date) -> Select[tuple[UUID]]:
    """Ids of the organizations that are branches on a day."""
    return select(organization.c.id).where(organization.c.parent_id.is_not(None), as_of(organization, day))


@dataclass(frozen=True)
class _Joined:
    """Facts joined to those of a dataset, one at most to each: by what, and the fields they have."""

    facts: Table | Subquery
    on: ColumnElement[bool]
    columns: Mapping[str, ColumnElement[Any]]


@cache
def source(dataset: Dataset, shape: Shape, fields: frozenset[str]) -> Source:
    """What to count over in scopes of a shape: only tables that have one of ``fields`` are looked into."""
    of, known = shape
    known_at = _KNOWN_AT if known else None
    base, members, own = _BASES[dataset]
    needed = fields | ({"organization_kind"} if of == "municipality" else set())
    joined: FromClause = base
    if "combined_set" in fields:
        members = {**members, "set": _set_of(base)}
    own = {**own, "organization": cast(base.c.organization_id, Text)}
    picked = {name: column for name, column in own.items() if name in fields}
    for one in _joined(dataset, base, of, known_at):
        if needed & one.columns.keys():
            held = as_of(one.facts, _DAY, known_at) if isinstance(one.facts, Table) else true()
            joined = joined.outerjoin(one.facts, and_(one.on, held))
            picked |= {name: column for name, column in one.columns.items() if name in fields}
    where = [_in_unit(base, of), as_of(base, _DAY, known_at)]
    if dataset == "learners":
        where.append(placement.c.main)
    facts = (
        select(*(column.label(f"of_{over}") for over, column in members.items()))
        .add_columns(*(picked[name].label(name) for name in sorted(picked)))
        .select_from(joined)
        .where(*where)
        .subquery("facts")
    )
    return Source(facts, {name: facts.c[name] for name in fields}, {over: facts.c[f"of_{over}"] for over in members})


def _set_of(base: Table) -> ColumnElement[Any]:
    """Classes are taught together within an organization: what it calls their set names it there alone."""
    return cast(func.md5(cast(base.c.organization_id, Text).concat(study_group.c.combined_set)), Uuid)


def _in_unit(base: Table, of: str) -> ColumnElement[bool]:
    if of == "organization":
        return base.c.organization_id == bindparam("unit", type_=Uuid)
    return organization.c.municipality == bindparam("unit", type_=Text) if of == "municipality" else true()


def _joined(dataset: Dataset, base: Table, of: str, known_at: ColumnElement[datetime] | None) -> Iterator[_Joined]:
    yield _Joined(organization, organization.c.id == base.c.organization_id, _OF_ORGANIZATION)
    if dataset == "workers":
        yield _Joined(worker, worker.c.statistical_id == post.c.statistical_id, _OF_WORKER)
    elif dataset == "groups":
        sizes = _sizes(of, known_at)
        yield _Joined(sizes, sizes.c.group_id == study_group.c.id, {"size": _size(sizes)})
    else:
        yield _Joined(learner, learner.c.statistical_id == placement.c.statistical_id, _OF_LEARNER)
        same = and_(
            study_group.c.organization_id == placement.c.organization_id,
            study_group.c.academic_year == placement.c.academic_year,
            study_group.c.id == placement.c.group_id,
        )
        yield _Joined(study_group, same, _OF_GROUP)
        if dataset == "learners":
            sizes = _sizes(of, known_at)
            yield _Joined(sizes, sizes.c.group_id == placement.c.group_id, {"size": sizes.c.mainly})
            forms = _forms_of_classes(of, known_at)
            yield _Joined(forms, forms.c.group_id == placement.c.group_id, {"class_form": forms.c.form})
        ways = _ways_of_study(of, known_at)
        yield _Joined(ways, _studies(ways), _of_ways(ways))


def _within(statement: Select[Any], facts: Table, of: str, known_at: ColumnElement[datetime] | None) -> Select[Any]:
    """What of facts is in force; of one organization where that is asked, lest all the region's be grouped for it."""
    inside = _in_unit(facts, of) if of == "organization" else true()
    return statement.where(inside, as_of(facts, _DAY, known_at))


def _ways_of_study(of: str, known_at: ColumnElement[datetime] | None) -> Subquery:
    """How learners study in an organization: one form, and what goes beside it."""
    beside = [func.bool_or(study_form.c.kind == kind.value).label(name) for name, kind in _BESIDE.items()]
    form = func.min(study_form.c.kind).filter(study_form.c.kind.not_in([kind.value for kind in _BESIDE.values()]))
    statement = select(study_form.c.statistical_id, study_form.c.organization_id, form.label("study_form"), *beside)
    grouped = statement.group_by(study_form.c.statistical_id, study_form.c.organization_id)
    return _within(grouped, study_form, of, known_at).subquery("ways")


def _studies(ways: Subquery) -> ColumnElement[bool]:
    """Whose ways of study, and where, are those of a placement."""
    return and_(
        ways.c.statistical_id == placement.c.statistical_id, ways.c.organization_id == placement.c.organization_id
    )


def _forms_of_classes(of: str, known_at: ColumnElement[datetime] | None) -> Subquery:
    """The form most learners of a class study in, of as many the first one."""
    ways = _ways_of_study(of, known_at)
    form = _of_ways(ways)["study_form"]
    studying = {
        kind.value: func.count().filter(form.in_([one.value for one in kinds])) for kind, kinds in CLASS_FORMS.items()
    }
    most = func.greatest(*studying.values())
    chosen = case(*((and_(number == most, number > 0), kind) for kind, number in studying.items()))
    counted = select(placement.c.group_id, chosen.label("form")).where(placement.c.main).group_by(placement.c.group_id)
    return _within(counted.select_from(placement.outerjoin(ways, _studies(ways))), placement, of, known_at).subquery(
        "forms"
    )


def _of_ways(ways: Subquery) -> dict[str, ColumnElement[Any]]:
    """Who has no form on a day studies full time."""
    beside: dict[str, ColumnElement[Any]] = {name: func.coalesce(ways.c[name], False) for name in _BESIDE}
    return {"study_form": func.coalesce(ways.c.study_form, StudyFormKind.FULL_TIME.value), **beside}


def _sizes(of: str, known_at: ColumnElement[datetime] | None) -> Subquery:
    counted = select(
        placement.c.group_id,
        func.count().label("placed"),
        func.count().filter(placement.c.main).label("mainly"),
    ).group_by(placement.c.group_id)
    return _within(counted, placement, of, known_at).subquery("sizes")


def _size(sizes: Subquery) -> ColumnElement[Any]:
    """Additional education is nobody's main place of study."""
    additional = study_group.c.kind == GroupKind.ADDITIONAL_GROUP.value
    return func.coalesce(case((additional, sizes.c.placed), else_=sizes.c.mainly), 0)


def _years(since: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(extract("year", func.age(_AGE_DAY, since)), Integer)


def _named(table: Table, *names: str) -> dict[str, ColumnElement[Any]]:
    return {name: table.c[name] for name in names}


_BESIDE: Mapping[str, StudyFormKind] = {
    "individual_plan": StudyFormKind.INDIVIDUAL_PLAN,
    "network_form": StudyFormKind.NETWORK,
    "temporary_stay": StudyFormKind.TEMPORARY_STAY,
}
_OF_ORGANIZATION: Mapping[str, ColumnElement[Any]] = {
    "municipality": organization.c.municipality,
    "organization_kind": organization.c.kind,
    "locality": organization.c.locality,
    "branch": case((organization.c.id.is_not(None), organization.c.parent_id.is_not(None))),
    "private": case((organization.c.id.is_not(None), organization.c.founder_id.is_(None))),
}
_OF_GROUP: Mapping[str, ColumnElement[Any]] = {
    "group_name": study_group.c.name,
    "group_kind": study_group.c.kind,
    **_named(
        study_group,
        "class_type",
        "plan_type",
        "profile",
        "combined_set",
        "shift",
        "age_from",
        "age_to",
        "orientation",
        "disorder",
        "stay_mode",
    ),
}
_OF_LEARNER: Mapping[str, ColumnElement[Any]] = {
    "age": _years(learner.c.birth_date),
    **_named(
        learner,
        "sex",
        "citizenship",
        "second_citizenship",
        "native_language",
        "instruction_language",
        "foreign_languages",
        "special_needs",
        "adapted_programme",
        "disability",
        "extended_day",
        "boarding",
        "distance_learning",
    ),
}
_OF_WORKER: Mapping[str, ColumnElement[Any]] = {
    "age": _years(worker.c.birth_date),
    "service_years": _years(worker.c.service_since),
    "teaching_years": _years(worker.c.teaching_since),
    **_named(worker, "education", "pedagogical", "qualification", "staff_category", "sex", "degree"),
}
_OF_PLACEMENT: Mapping[str, ColumnElement[Any]] = {"grade": placement.c.grade, "main": placement.c.main}
_PLACED: Mapping[Over, ColumnElement[Any]] = {
    "fact": placement.c.id,
    "subject": placement.c.statistical_id,
    "group": placement.c.group_id,
}
_BASES: Mapping[Dataset, tuple[Table, Mapping[Over, ColumnElement[Any]], Mapping[str, ColumnElement[Any]]]] = {
    "learners": (placement, _PLACED, _OF_PLACEMENT),
    "placements": (placement, _PLACED, _OF_PLACEMENT),
    "workers": (
        post,
        {"fact": post.c.id, "subject": post.c.statistical_id},
        _named(post, "code", "category", "terms", "rate"),
    ),
    "groups": (
        study_group,
        {"fact": study_group.c.id, "group": study_group.c.id},
        {**_OF_GROUP, "grade": study_group.c.grade, "capacity": study_group.c.capacity},
    ),
}
"""A row of each dataset is one of these facts: which tells its members, and has fields of its own."""
