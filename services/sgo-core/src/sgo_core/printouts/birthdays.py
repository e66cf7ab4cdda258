"""Birthdays of a period: of a class, of an organization with its workers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from reportkit.sheets import Column, Section, Sheet, figure
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.fields import shown, to_plain
from sgo_core.catalogue.definition import CardKind
from sgo_core.consents.standing import closed_fields
from sgo_core.printouts import repository
from sgo_core.printouts.books import NAME, cards
from sgo_core.printouts.parameters import Parameters, Who
from sgo_core.staff import service as staff
from sgo_core.staff.posts import POSTS
from sgo_core.vault import vault_of

_WORKER = CardKind.WORKER
_WHOLE = len("2020-05-14")
_Met: TypeAlias = dict[tuple[UUID, date], list[str]]
"""Whose birthday is when, and where from."""
_COLUMNS = (
    Column("День рождения", 26),
    Column("Фамилия, имя, отчество"),
    Column("Класс (группа), должность", 50),
    Column("Дата рождения", 26),
    figure("Исполняется", 22),
)


@dataclass(frozen=True, order=True)
class Birthday:
    """Somebody's birthday: the day, who and from where, when born."""

    day: date
    name: str
    place: str
    born: date
    person_id: UUID

    @property
    def age(self) -> int:
        """The age reached."""
        return self.day.year - self.born.year


def within(born: date, since: date, until: date) -> Iterator[date]:
    """Birthdays between two days, both included, after the birth; of a 29 February, where there is none, the next day."""
    for year in range(max(since.year, born.year + 1), until.year + 1):
        try:
            day = born.replace(year=year)
        except ValueError:
            day = date(year, 3, 1)
        if since <= day <= until:
            yield day


async def of_group(
    uow: UnitOfWork, principal: Principal, group: Any, asked: Parameters
) -> tuple[Sheet, Sequence[UUID]]:
    """Birthdays of who is in the class or group on the day; raises ``PeriodError``."""
    since, until = asked.period(uow)
    stays = await repository.stays_of_group(uow.session, group.id, since, until)
    return _sheet(await _students(uow, principal, stays, since, until), since, until)


async def of_organization(
    uow: UnitOfWork, principal: Principal, organization: Any, asked: Parameters
) -> tuple[Sheet, Sequence[UUID]]:
    """Birthdays of students and workers who are in the organization on the day; raises ``PeriodError``."""
    since, until = asked.period(uow)
    found: list[Birthday] = []
    if asked.who is not Who.STAFF:
        stays = await repository.stays_of_organization(uow.session, organization.id, since, until)
        found += await _students(uow, principal, stays, since, until)
    if asked.who is not Who.STUDENTS:
        found += await _workers(uow, principal, organization.id, since, until)
    return _sheet(found, since, until)


async def _students(
    uow: UnitOfWork, principal: Principal, stays: Sequence[Any], since: date, until: date
) -> list[Birthday]:
    met: _Met = {}
    for stay in stays:
        for day in within(stay.birth_date, since, until):
            if stay.valid_from <= day and (stay.valid_to is None or day < stay.valid_to):
                met.setdefault((stay.student_id, day), []).append(stay.name)
    known = await cards(uow, principal, list({student_id for student_id, _ in met}), ["birth_date"])
    told = {one.student_id: (one.name, one.values.get("birth_date")) for one in known}
    return _whole(met, told)


async def _workers(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, since: date, until: date
) -> list[Birthday]:
    met: _Met = {}
    for row in await repository.employments(uow.session, organization_id, since, until):
        for day in within(row.birth_date, since, until):
            if row.hired_on <= day and (row.dismissed_on is None or day < row.dismissed_on):
                met.setdefault((row.worker_id, day), []).append(POSTS[row.post_code].title)
    known = await staff.by_ids(uow, {worker_id for worker_id, _ in met})
    audience, vault = staff.audience_in(principal, organization_id, None), vault_of(uow)
    closed = await closed_fields(uow, principal, audience, _WORKER, list(known))
    told = {}
    for worker_id, worker in known.items():
        plain = to_plain(_WORKER, worker, vault, dict.fromkeys((*NAME, "birth_date")))
        values, _ = shown(_WORKER, plain, audience, closed[worker_id])
        told[worker_id] = (" ".join(values[one] for one in NAME if values.get(one)), values.get("birth_date"))
    return _whole(met, told)


def _whole(met: _Met, told: Mapping[UUID, tuple[str, str | None]]) -> list[Birthday]:
    """The birthdays of those whose birth date is told whole: of one that is masked the year alone is known."""
    found = []
    for (person_id, day), places in met.items():
        name, born = told[person_id]
        if born is not None and len(born) == _WHOLE:
            where = ", ".join(dict.fromkeys(places))
            found.append(Birthday(day, name, where, date.fromisoformat(born), person_id))
    return found


def _sheet(found: Sequence[Birthday], since: date, until: date) -> tuple[Sheet, Sequence[UUID]]:
    rows = [(f"{one.day:%d.%m}", one.name, one.place, one.born, one.age) for one in sorted(found)]
    sheet = Sheet(
        "Дни рождения",
        f"с {since:%d.%m.%Y} по {until:%d.%m.%Y}",
        [Section("Дни рождения", _COLUMNS, rows)],
        landscape=False,
    )
    return sheet, sorted({one.person_id for one in found})
