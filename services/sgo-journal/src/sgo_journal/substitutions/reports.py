"""The board of a day, and the hours that are paid by."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from orgdirectory import Organization, require_visible
from reportkit.sheets import Column, Section, Sheet, figure, narrow
from servicekit import audit
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.lessons import planning
from sgo_journal.rosters import service as rosters
from sgo_journal.staff import service as staff
from sgo_journal.study import service as study
from sgo_journal.substitutions import repository
from sgo_journal.substitutions.errors import ReportDaysError

_YEAR = dt.timedelta(days=366)
KINDS = {
    "subject": "замена по предмету",
    "other": "замена другим предметом",
    "combined": "подгруппы объединены",
    "cancelled": "урок отменён",
}


@dataclass(frozen=True)
class OnDay:
    """A substitution as the board shows it."""

    lesson_id: UUID
    number: int
    starts_at: dt.time | None
    learners: str | None
    subject: str | None
    room: str | None
    kind: str
    own_teacher: str | None
    teacher: str | None


@dataclass(frozen=True)
class Hours:
    """Lessons of a teacher: own ones given, given for others by kind, own ones that others gave or nobody."""

    teacher_id: UUID
    name: str | None
    own: int
    subject: int
    other: int
    combined: int
    missed: int


async def on_day(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, day: dt.date
) -> tuple[Organization, list[OnDay]]:
    """Substitutions of a day, by number; the reading is audited."""
    organization = await require_visible(uow, principal, organization_id)
    rows = await repository.on_day(uow.session, organization_id, day)
    people = {row.own_teacher_id for row in rows} | {row.teacher_id for row in rows if row.teacher_id is not None}
    names = await staff.names_of(uow, people)
    learners = await rosters.learners(uow, {row.learners_id for row in rows})
    subjects = await planning.subjects_of_journals(uow.session, {row.journal_id for row in rows})
    rooms = await study.rooms_of(uow, organization_id) if rows else {}
    await audit.record(uow, principal, "substitutions.day", sorted(people))
    return organization, [
        OnDay(
            lesson_id=row.lesson_id,
            number=row.number,
            starts_at=row.starts_at,
            learners=learners[row.learners_id].name if row.learners_id in learners else None,
            subject=subjects.get(row.journal_id),
            room=rooms[row.room_id].number if row.room_id in rooms else None,
            kind=row.kind,
            own_teacher=names.get(row.own_teacher_id),
            teacher=names.get(row.teacher_id),
        )
        for row in rows
    ]


def board(day: dt.date, found: Sequence[OnDay]) -> Sheet:
    """The board of a day, to print and hang out."""
    columns = [
        figure("Урок", 12),
        Column("Класс", 22),
        Column("Предмет"),
        Column("Кабинет", 20),
        Column("Учитель"),
        Column("Заменяет"),
        Column("Вид", 42),
    ]
    rows = [
        (one.number, one.learners, one.subject, one.room, one.own_teacher, one.teacher, KINDS[one.kind])
        for one in found
    ]
    title = "Замены на день"
    return Sheet(title, f"{day:%d.%m.%Y}", [Section(title, columns, rows)])


async def hours(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, since: dt.date, until: dt.date
) -> tuple[Organization, list[Hours]]:
    """Hours of each teacher over days of [since, until] that have come; audited; raises ``ReportDaysError``."""
    organization = await require_visible(uow, principal, organization_id)
    if not dt.timedelta(0) <= until - since <= _YEAR:
        raise ReportDaysError
    rows = await repository.hours(uow.session, organization_id, since, min(until, uow.clock.today()))
    names = await staff.names_of(uow, {row.teacher_id for row in rows})
    await audit.record(uow, principal, "substitutions.hours", sorted(row.teacher_id for row in rows))
    found = [
        Hours(row.teacher_id, names.get(row.teacher_id), row.own, row.subject, row.other, row.combined, row.missed)
        for row in rows
    ]
    return organization, sorted(found, key=lambda one: (one.name is None, one.name or "", one.teacher_id))


def sheet(since: dt.date, until: dt.date, found: Sequence[Hours]) -> Sheet:
    """The hours, for whoever pays."""
    columns = [Column("Учитель"), *(narrow(title) for title in _COUNTS)]
    rows = [(one.name, one.own, one.subject, one.other, one.combined, one.missed) for one in found]
    title = "Часы замен"
    return Sheet(title, f"{since:%d.%m.%Y} – {until:%d.%m.%Y}", [Section(title, columns, rows)], landscape=False)


_COUNTS = ("Своих уроков", "По предмету", "Другим предметом", "Объединено", "Пропущено своих")
