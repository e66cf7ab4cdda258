"""Lines of the load before they are stored: whom they are about, by which employment, on which days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from servicekit.errors import FieldError
from servicekit.ids import new_id
from servicekit.uow import UnitOfWork
from sgo_core.history.recorded import Author, signature
from sgo_core.loads import repository
from sgo_core.loads.model import TeachingLoad
from sgo_core.loads.schemas import LoadIn
from sgo_core.staff.posts import POSTS
from sgo_core.subjects import service as subjects

_UNKNOWN_TAUGHT = ("loads.taught-unknown", "Нет такого класса (группы) в организации в этом учебном году")
_UNKNOWN_SUBJECT = ("loads.subject-unknown", "Нет такого предмета в справочнике организации")
_NOT_EMPLOYED = ("loads.not-employed", "Работник не состоит в организации всё это время")
_DATES = ("loads.dates", "Даты выходят за пределы учебного года класса (группы)")
_TWICE = ("loads.twice", "Строка повторяется: тот же предмет, класс (группа), работник и время")


@dataclass(frozen=True)
class Employed:
    """By which employment a worker teaches, and the day after its last one."""

    employment_id: UUID
    until: date | None


@dataclass(frozen=True)
class _Known:
    """What the lines of one call are about."""

    taught: Mapping[UUID, repository.AnyRow]
    subjects: Mapping[UUID, subjects.KnownSubject]
    employments: Sequence[repository.AnyRow]


def employed(
    employments: Sequence[repository.AnyRow],
    worker_id: UUID,
    employment_id: UUID | None,
    valid_from: date,
    valid_to: date | None,
) -> Employed | None:
    """The employment that holds on all the days (without an end: on the first), a pedagogical one if there are several."""
    fits = [
        one
        for one in employments
        if one.worker_id == worker_id
        and employment_id in {None, one.id}
        and one.hired_on <= valid_from
        and (one.dismissed_on is None or (valid_to or valid_from + timedelta(days=1)) <= one.dismissed_on)
    ]
    fits.sort(key=lambda one: (not POSTS[one.post_code].teaching, not one.main, one.id))
    return Employed(fits[0].id, fits[0].dismissed_on) if fits else None


async def prepare(
    uow: UnitOfWork, organization_id: UUID, academic_year: int, lines: Sequence[LoadIn], author: Author
) -> tuple[list[TeachingLoad], dict[int, list[FieldError]]]:
    """Lines of the load to store, and what is wrong with the others by place; nothing is stored yet."""
    known = _Known(
        await repository.taught(
            uow.session,
            organization_id,
            {one for line in lines for one in (line.group_id, line.teaching_group_id) if one},
        ),
        await subjects.usable_by(uow, organization_id, {line.subject_id for line in lines}),
        await repository.employments(uow.session, organization_id, {line.worker_id for line in lines}),
    )
    made: list[TeachingLoad] = []
    wrong: dict[int, list[FieldError]] = {}
    for number, line in enumerate(lines):
        found = _one(uow, organization_id, academic_year, number, line, known, author)
        if isinstance(found, FieldError):
            wrong[number] = [found]
        elif any(_same(found, other) for other in made):
            wrong[number] = [FieldError(f"/body/loads/{number}/subject_id", *_TWICE)]
        else:
            made.append(found)
    return made, wrong


def _same(one: TeachingLoad, other: TeachingLoad) -> bool:
    key = ("group_id", "teaching_group_id", "subject_id", "employment_id")
    together = one.valid_from < other.valid_to and other.valid_from < one.valid_to
    return together and all(getattr(one, name) == getattr(other, name) for name in key)


def _one(
    uow: UnitOfWork,
    organization_id: UUID,
    academic_year: int,
    number: int,
    line: LoadIn,
    known: _Known,
    author: Author,
) -> TeachingLoad | FieldError:
    place = f"/body/loads/{number}"
    taught = known.taught.get(line.group_id or line.teaching_group_id)  # type: ignore[arg-type]  # one of them is there
    if taught is None or taught.academic_year != academic_year:
        field = "group_id" if line.group_id is not None else "teaching_group_id"
        return FieldError(f"{place}/{field}", *_UNKNOWN_TAUGHT)
    subject = known.subjects.get(line.subject_id)
    valid_from = line.valid_from or taught.starts_on
    if subject is None or not subject.taught_on(valid_from):
        return FieldError(f"{place}/subject_id", *_UNKNOWN_SUBJECT)
    if not taught.starts_on <= valid_from < min(line.valid_to or taught.ends_on, taught.ends_on):
        return FieldError(f"{place}/valid_from", *_DATES)
    if line.valid_to is not None and line.valid_to > taught.ends_on:
        return FieldError(f"{place}/valid_to", *_DATES)
    by = employed(known.employments, line.worker_id, line.employment_id, valid_from, line.valid_to)
    if by is None:
        return FieldError(f"{place}/worker_id", *_NOT_EMPLOYED)
    return make(
        uow,
        author,
        organization_id=organization_id,
        academic_year=academic_year,
        group_id=line.group_id,
        teaching_group_id=line.teaching_group_id,
        subject_id=line.subject_id,
        worker_id=line.worker_id,
        employment_id=by.employment_id,
        hours_week=line.hours_week,
        valid_from=valid_from,
        valid_to=line.valid_to or min(by.until or taught.ends_on, taught.ends_on),
    )


def make(
    uow: UnitOfWork,
    author: Author,
    *,
    organization_id: UUID,
    academic_year: int,
    group_id: UUID | None,
    teaching_group_id: UUID | None,
    subject_id: UUID,
    worker_id: UUID,
    employment_id: UUID,
    hours_week: Decimal,
    valid_from: date,
    valid_to: date,
) -> TeachingLoad:
    """A new line of the load, not stored yet."""
    return TeachingLoad(
        id=new_id(),
        organization_id=organization_id,
        academic_year=academic_year,
        group_id=group_id,
        teaching_group_id=teaching_group_id,
        subject_id=subject_id,
        worker_id=worker_id,
        employment_id=employment_id,
        hours_week=hours_week,
        valid_from=valid_from,
        valid_to=valid_to,
        told_version=1,
        version=1,
        **signature(author, uow.now),
    )
