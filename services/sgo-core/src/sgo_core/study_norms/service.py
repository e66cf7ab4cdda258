"""Use cases of the norms a curriculum is checked against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.study_norms import repository
from sgo_core.study_norms.errors import NormRowsError, NormSubjectError
from sgo_core.study_norms.model import MaximumLoad, NormEdition, ObligatorySubject
from sgo_core.study_norms.schemas import EditionIn
from sgo_core.subjects import service as subjects


@dataclass(frozen=True)
class Edition:
    """An edition with its rows; ``valid_to`` is the day the next one of its kind begins, or None."""

    edition: NormEdition
    valid_to: date | None
    maxima: Sequence[MaximumLoad]
    obligatory: Sequence[ObligatorySubject]


@dataclass(frozen=True)
class GradeNorms:
    """What is demanded of the curriculum of a grade on a day.

    ``maximum``: most hours a week by its length; ``obligatory``: ids of subjects. None where no edition is in force.
    """

    maximum: Mapping[int, Decimal] | None
    obligatory: frozenset[UUID] | None
    maximum_source: str | None = None


async def list_editions(uow: UnitOfWork, day: date | None) -> list[Edition]:
    """Editions with their rows: those in force on a day, or all (None)."""
    found = await repository.editions(uow.session)
    ends: dict[UUID, date | None] = {}
    later: dict[str, date | None] = {}
    for one in found:
        ends[one.id] = later.get(one.kind)
        later[one.kind] = one.valid_from
    if day is not None:
        found = [one for one in found if one.valid_from <= day and _lasts(ends[one.id], day)]
    ids = [one.id for one in found]
    maxima, obligatory = await repository.maxima(uow.session, ids), await repository.obligatory(uow.session, ids)
    return [
        Edition(
            one,
            ends[one.id],
            [row for row in maxima if row.edition_id == one.id],
            [row for row in obligatory if row.edition_id == one.id],
        )
        for one in found
    ]


def _lasts(ends: date | None, day: date) -> bool:
    return ends is None or ends > day


async def add_edition(uow: UnitOfWork, principal: Principal, body: EditionIn) -> Edition:
    """Enter a new edition of a norm."""
    of_loads = body.kind == "maximum_load"
    if (not body.maximum_load) == of_loads or (not body.obligatory_subjects) != of_loads:
        raise NormRowsError
    edition = NormEdition(
        id=new_id(),
        kind=body.kind,
        valid_from=body.valid_from,
        source=body.source,
        recorded_at=uow.now,
        recorded_by=principal.account_id,
    )
    maxima = [
        MaximumLoad(edition_id=edition.id, grade=row.grade, week_days=row.week_days, hours=row.hours)
        for row in body.maximum_load
    ]
    obligatory = [
        ObligatorySubject(edition_id=edition.id, grade=row.grade, subject_id=subject_id)
        for row in body.obligatory_subjects
        for subject_id in row.subject_ids
    ]
    if len({(row.grade, row.week_days) for row in maxima}) < len(maxima):
        raise NormRowsError
    if len({(row.grade, row.subject_id) for row in obligatory}) < len(obligatory):
        raise NormRowsError
    wanted = {row.subject_id for row in obligatory}
    known = await subjects.by_ids(uow, wanted)
    if any(known.get(one) is None or known[one].organization_id is not None for one in wanted):
        raise NormSubjectError
    uow.session.add(edition)
    await uow.session.flush()
    uow.session.add_all([*maxima, *obligatory])
    await uow.session.flush()
    return next(one for one in await list_editions(uow, None) if one.edition.id == edition.id)


async def of_grade(uow: UnitOfWork, grade: int, day: date) -> GradeNorms:
    """What is demanded of the curriculum of a grade that begins on a day."""
    load = await repository.in_force(uow.session, "maximum_load", day)
    lists = await repository.in_force(uow.session, "obligatory_subjects", day)
    maxima = [] if load is None else await repository.maxima(uow.session, [load.id])
    obligatory = [] if lists is None else await repository.obligatory(uow.session, [lists.id])
    return GradeNorms(
        maximum=None if load is None else {row.week_days: row.hours for row in maxima if row.grade == grade},
        obligatory=None if lists is None else frozenset(row.subject_id for row in obligatory if row.grade == grade),
        maximum_source=None if load is None else load.source,
    )
