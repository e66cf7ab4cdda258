"""Organizations, their classes and their movement as tables."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from asu_contracts.access import BODIES, OFFICE
from reportkit.tables import Column, Kind
from servicekit.uow import UnitOfWork
from sgo_core.catalogue.definition import CardKind
from sgo_core.exports.cards import cells_of, items_of, seen
from sgo_core.exports.kinds import PAGE, ExportKind, Item, Line, Scope, fact, organizations_in
from sgo_core.groups import service as groups
from sgo_core.imports.organizations import FOUNDER, READERS
from sgo_core.imports.past_movements import EVENT_TITLES
from sgo_core.movements import service as movements
from sgo_core.movements.reasons import REASONS
from sgo_core.organizations import service as organizations
from sgo_core.people import service as people
from sgo_core.staff import service as staff

_ORGANIZATION = CardKind.ORGANIZATION
_HEADS = {
    "director": "Директор",
    "deputy_education": "Заместитель директора по УВР",
    "deputy_facilities": "Заместитель директора по АХЧ",
    "deputy_it": "Заместитель директора по ИТ",
}
_GROUP_COLUMNS = {
    "name": Column("Класс (группа)"),
    "academic_year": Column("Учебный год", 12, Kind.NUMBER),
    "grade": Column("Параллель", 12, Kind.NUMBER),
    "letter": Column("Буква", 12),
    "profile": Column("Профиль"),
    "shift": Column("Смена", 12, Kind.NUMBER),
    "age_from": Column("Возраст от", 12, Kind.NUMBER),
    "age_to": Column("Возраст до", 12, Kind.NUMBER),
    "capacity": Column("Число мест", 12, Kind.NUMBER),
    "occupied": Column("Занято мест", 12, Kind.NUMBER),
    "active": Column("Действует", 12),
}
_SEPTEMBER = 9


async def _in_books(uow: UnitOfWork, scope: Scope) -> int:
    """The books are of all times, whatever the day: so are the people in them."""
    return await movements.count_in_books(uow, scope.principal, scope.organization_id)


async def _nobody(_uow: UnitOfWork, _scope: Scope) -> int:
    return 0


async def _organizations(uow: UnitOfWork, scope: Scope) -> AsyncIterator[Sequence[Line]]:
    async for organization in organizations_in(uow, scope):
        plain = await organizations.card_values(uow, organization)
        plain |= await staff.heads_of(uow, organization.id, scope.day)
        values = seen(_ORGANIZATION, plain, scope.audience, frozenset())
        facts = {name: (values.get(name),) for name in (*_HEADS, "governing_body", "parent", "municipality")}
        yield [Line(cells_of(READERS, values) | facts | {"active": (organization.active,)})]


async def _groups(uow: UnitOfWork, scope: Scope) -> AsyncIterator[Sequence[Line]]:
    year = scope.day.year if scope.day.month >= _SEPTEMBER else scope.day.year - 1
    async for organization in organizations_in(uow, scope):
        name, after = organization.short_name, None
        while True:
            found = await groups.list_groups(uow, scope.principal, organization.id, year, None, PAGE, after)
            yield [
                Line({"organization": (name,), **{field: (getattr(one, field),) for field in _GROUP_COLUMNS}})
                for one in found[:PAGE]
            ]
            if len(found) <= PAGE:
                break
            after = found[PAGE - 1].id


async def _movement(uow: UnitOfWork, scope: Scope) -> AsyncIterator[Sequence[Line]]:
    async for organization in organizations_in(uow, scope):
        name, after = organization.short_name, None
        while True:
            book = await movements.movements_of_organization(uow, scope.principal, organization.id, PAGE, after)
            page = list(book[:PAGE])
            students = await people.students_by_ids(uow, [one[0].student_id for one in page])
            concerned = {group for one in page for group in (one.opened_group_id, one.closed_group_id)}
            named = await groups.names_of(uow, list(concerned.difference((None,))))
            yield [_movement_line(name, one, students[one[0].student_id], named) for one in page]
            if len(book) <= PAGE:
                break
            after = page[-1][0].id


def _movement_line(organization: str, entry: Any, student: Any, named: Any) -> Line:
    movement, opened, closed = entry[0], entry.opened_group_id, entry.closed_group_id
    whose = " ".join(part for part in (student.last_name, student.first_name, student.middle_name) if part)
    reason = REASONS.get(movement.reason or "")
    cells = {
        "organization": organization,
        "student": whose,
        "kind": _KINDS.get(movement.kind, movement.kind),
        "effective_date": movement.effective_date,
        "order_number": entry.number,
        "order_date": entry.date,
        "from_group": None if closed is None else named.get(closed),
        "to_group": None if opened is None else named.get(opened),
        "reason": None if reason is None else reason.title,
        "destination": movement.destination,
    }
    return Line({name: (value,) for name, value in cells.items()}, (movement.student_id,))


_KINDS = {
    **EVENT_TITLES,
    "transferred_between_organizations": "перевод в другую организацию",
    "restored": "восстановление",
    "academic_leave_started": "академический отпуск",
    "academic_leave_ended": "выход из академического отпуска",
    "cancelled": "отмена",
}
ORGANIZATIONS = ExportKind(
    name="organizations",
    title="Образовательные организации",
    roles=BODIES | OFFICE,
    items=[
        *items_of(_ORGANIZATION, READERS),
        Item("municipality", (Column("Муниципальное образование (ОКТМО)"),), _ORGANIZATION),
        Item("governing_body", (Column(FOUNDER, 40),), _ORGANIZATION),
        Item("parent", (Column("Головная организация", 40),), _ORGANIZATION),
        *(Item(name, (Column(title, 30),), _ORGANIZATION) for name, title in _HEADS.items()),
        fact("active", "Действует"),
    ],
    count=_nobody,
    rows=_organizations,
)
GROUPS = ExportKind(
    name="groups",
    title="Классы и группы",
    roles=BODIES | OFFICE,
    items=[fact("organization", "Организация"), *(Item(name, (one,)) for name, one in _GROUP_COLUMNS.items())],
    count=_nobody,
    rows=_groups,
)
_STUDENT = CardKind.STUDENT
MOVEMENT = ExportKind(
    name="movement",
    title="Книга движения обучающихся",
    roles=BODIES | OFFICE,
    items=[
        fact("organization", "Организация"),
        fact("student", "Обучающийся", _STUDENT, "last_name"),
        fact("kind", "Движение", _STUDENT, "movement"),
        Item("effective_date", (Column("Дата", 14, Kind.DATE),), _STUDENT, "movement"),
        fact("order_number", "Приказ №", _STUDENT, "movement"),
        Item("order_date", (Column("Дата приказа", 14, Kind.DATE),), _STUDENT, "movement"),
        fact("from_group", "Из класса (группы)", _STUDENT, "group"),
        fact("to_group", "В класс (группу)", _STUDENT, "group"),
        fact("reason", "Причина выбытия", _STUDENT, "movement"),
        fact("destination", "Куда выбыл", _STUDENT, "movement"),
    ],
    count=_in_books,
    rows=_movement,
)
