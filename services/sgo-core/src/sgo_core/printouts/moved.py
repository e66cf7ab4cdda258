"""Who came, who left and who graduated."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from reportkit.sheets import Column, Section, Sheet, figure
from reportkit.tables import Cell
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.audience import audience_of
from sgo_core.certificates import service as certificates
from sgo_core.certificates.documents import HANDED, TITLES
from sgo_core.contingents import service as contingents
from sgo_core.groups import service as groups
from sgo_core.groups.errors import UnknownYearError
from sgo_core.movements.titles import kind_title
from sgo_core.printouts import repository
from sgo_core.printouts.books import cards, person, where
from sgo_core.printouts.parameters import Parameters

_NUMBER = figure("№", 9)
_NAME = Column("Фамилия, имя, отчество", 58)
_BORN = Column("Дата рождения", 24)
_CLASS = Column("Класс (группа)", 24)
_DATE = Column("Дата", 22)
_ORDER = Column("Приказ", 36)
_ARRIVALS = (_NUMBER, _NAME, _BORN, _CLASS, _DATE, Column("Прибыл", 40), Column("Откуда"), _ORDER)
_LEAVERS = (_NUMBER, _NAME, _BORN, _CLASS, _DATE, Column("Выбыл", 40), Column("Причина, куда выбыл"), _ORDER)
_NO_DOCUMENT = "не составлен"
_GRADUATES = (
    _NUMBER,
    _NAME,
    _BORN,
    _CLASS,
    Column("Документ"),
    Column("Бланк", 28),
    figure("Рег. №", 14),
    Column("Внесён в книгу", 22),
    Column("Вручён", 32),
    Column("Приказ об отчислении", 32),
)


async def arrivals(
    uow: UnitOfWork, principal: Principal, organization: Any, asked: Parameters
) -> tuple[Sheet, Sequence[UUID]]:
    """Who came in the period by which order, and where a transfer brought them from; raises ``PeriodError``."""
    since, until = asked.period(uow)
    found = await contingents.arrivals(uow, principal, organization.id, since, until)
    audience = audience_of(principal)
    rows = [
        (
            number,
            *person(row, audience),
            row.group_name,
            row.effective_date,
            kind_title(row.kind, opens=True, closes=False),
            row.origin,
            _order(row),
        )
        for number, row in enumerate(found, start=1)
    ]
    return _of_period("Прибывшие", _ARRIVALS, rows, since, until), [row.student_id for row in found]


async def leavers(
    uow: UnitOfWork, principal: Principal, organization: Any, asked: Parameters
) -> tuple[Sheet, Sequence[UUID]]:
    """Who left in the period, why, where to and by which order; raises ``PeriodError``."""
    since, until = asked.period(uow)
    found = await contingents.leavers(uow, principal, organization.id, since, until)
    audience = audience_of(principal)
    rows = [
        (
            number,
            *person(row, audience),
            row.group_name,
            row.effective_date,
            kind_title(row.kind, opens=False, closes=True),
            where(row.reason, row.destination),
            _order(row),
        )
        for number, row in enumerate(found, start=1)
    ]
    return _of_period("Выбывшие", _LEAVERS, rows, since, until), [row.student_id for row in found]


def _order(row: Any) -> str:
    return f"№ {row.order_number} от {row.order_date:%d.%m.%Y}"


def _of_period(
    title: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], since: date, until: date
) -> Sheet:
    return Sheet(title, f"с {since:%d.%m.%Y} по {until:%d.%m.%Y}", [Section(title, columns, rows)])


async def graduates(
    uow: UnitOfWork, principal: Principal, organization: Any, asked: Parameters
) -> tuple[Sheet, Sequence[UUID]]:
    """Who finished a level in the year, with certificates: who left as a graduate, and who got a certificate and stays.

    Raises ``UnknownYearError``.
    """
    number = asked.year(uow)
    year = await groups.academic_year(uow, number)
    if year is None:
        raise UnknownYearError
    first, last = year.starts_on, year.ends_on - timedelta(days=1)
    left = {
        row.student_id: row
        for row in await contingents.leavers(uow, principal, organization.id, first, last, kind="graduated")
    }
    issued: dict[UUID, list[Any]] = {}
    for certificate in await certificates.of_year(uow, principal, organization.id, number):
        issued.setdefault(certificate.student_id, []).append(certificate)
    student_ids = list(left.keys() | issued.keys())
    classes = await repository.members_by_class(uow.session, organization.id, first, last)
    known = await cards(uow, principal, student_ids, ["birth_date"])
    lines: list[tuple[tuple[int, str], Sequence[Cell]]] = []
    for one in known:
        klass = classes.get(one.student_id, (0, ""))
        who = (one.name, one.printed("birth_date"), klass[1])
        lines += [(klass, (*who, *told)) for told in _documents(issued.get(one.student_id), left.get(one.student_id))]
    rows = [(place, *line) for place, (_, line) in enumerate(sorted(lines, key=lambda it: it[0]), start=1)]
    sheet = Sheet("Выпускники", f"{number}/{number + 1} учебный год", [Section("Выпускники", _GRADUATES, rows)])
    return sheet, student_ids


def _documents(issued: Sequence[Any] | None, left: Any | None) -> list[Sequence[Cell]]:
    """Each certificate of a graduate; nothing but the order of one who has none yet."""
    order = None if left is None else _order(left)
    if issued is None:
        return [(_NO_DOCUMENT, None, None, None, None, order)]
    return [
        (
            ", ".join(
                said
                for said in (
                    TITLES[one.kind],
                    "с отличием" if one.honours else "",
                    "дубликат" if one.duplicate_of else "",
                    "проект" if one.state == "draft" else "",
                )
                if said
            ),
            one.blank,
            one.registration_number,
            one.registered_on,
            None if one.handed_on is None else f"{one.handed_on:%d.%m.%Y} {HANDED[one.handed_to]}",
            order,
        )
        for one in issued
    ]
