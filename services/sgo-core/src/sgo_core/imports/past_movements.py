"""Movement of past years from another system: one movement a row, the rows of a child together, leavers with their cards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from asu_contracts.access import OFFICE
from servicekit.uow import UnitOfWork
from sgo_core.catalogue.definition import CATALOGUE, CardKind
from sgo_core.imports.cells import BadCellError, Row, RowError, day, line
from sgo_core.imports.children import GROUP, IDENTITY, MISMATCHES, TITLES, identity_of, student_record
from sgo_core.imports.columns import Column, card_readers, columns_of, one_of, optional, read_fields, required
from sgo_core.imports.kinds import ImportKind, Outcome, Status, Target, beside
from sgo_core.imports.students import group_key
from sgo_core.movements import service as movements
from sgo_core.movements.reasons import REASONS
from sgo_core.movements.service import CLOSING, PastAnswer, PastEvent
from sgo_core.people import service as people
from sgo_core.people.records import FamilyRecord, StudentRecord

EVENT = "Движение"
YEAR = "Учебный год"
DAY = "Дата"
ORDER_NUMBER = "Приказ №"
ORDER_DATE = "Дата приказа"
REASON = "Причина выбытия"
DESTINATION = "Куда выбыл"
_KINDS = {
    "зачисление": "enrolled",
    "перевод в другой класс (группу)": "transferred_between_groups",
    "перевод в следующий класс": "promoted",
    "оставлен на повторное обучение": "repeated",
    "выпуск": "graduated",
    "выбытие": "departed",
}
EVENT_TITLES = {code: title for title, code in _KINDS.items()}
_PLACES = {"kind": EVENT, "day": DAY, "group": GROUP, "order": ORDER_NUMBER}
_FIRST, _LAST = 2000, 2100

READERS = card_readers(
    CardKind.STUDENT, titles=TITLES, required=IDENTITY, skipped=sorted(CATALOGUE.cards[CardKind.STUDENT].on_consent)
)
EVENT_COLUMNS = (
    Column(EVENT, required=True, choices=tuple(_KINDS), example="зачисление"),
    Column(DAY, required=True, hint="С какого дня, ДД.ММ.ГГГГ", example="01.09.2019"),
    Column(YEAR, hint="Год начала или «2019/2020»; не нужен для выпуска и выбытия", example="2019/2020"),
    Column(GROUP, hint="Класс, в который зачислен или переведён; не нужен для выпуска и выбытия", example="1А"),
    Column(ORDER_NUMBER, required=True, example="12-К"),
    Column(ORDER_DATE, required=True, hint="ДД.ММ.ГГГГ", example="28.08.2019"),
    Column(REASON, hint="Для выбытия", choices=tuple(one.title for one in REASONS.values())),
    Column(DESTINATION, hint="Для выбытия, если причина требует"),
)


@dataclass(frozen=True)
class MovementRow:
    """A good row; a class is named by year and name."""

    number: int
    student: StudentRecord
    kind: str
    day: date
    year: int | None
    group: str | None
    order_number: str
    order_date: date
    reason: str | None
    destination: str | None


def read(row: Row, target: Target) -> MovementRow | None:
    """The row, if nothing is wrong with it."""
    student = student_record(row, read_fields(row, READERS), target.today)
    kind = required(row, EVENT, one_of(_KINDS))
    when = required(row, DAY, day)
    if when is not None and when > target.today:
        row.wrong(DAY, BadCellError("date-range", "Дата ещё не наступила"))
    order_number, order_date = required(row, ORDER_NUMBER, line), required(row, ORDER_DATE, day)
    closing = kind in CLOSING
    year = None if closing else required(row, YEAR, _year)
    group = None if closing else required(row, GROUP, line)
    reason = _reason(row) if kind == "departed" else None
    destination = optional(row, DESTINATION, line) if kind == "departed" else None
    if reason is not None and REASONS[reason].destination and destination is None and not row.has(DESTINATION):
        row.wrong(DESTINATION, BadCellError("empty", "Укажите, куда выбыл обучающийся"))
    if student is not None and (student.snils is not None or student.document is not None):
        row.unit = identity_of(student)
    if row.errors or student is None:
        return None
    return MovementRow(row.number, student, kind, when, year, group, order_number, order_date, reason, destination)


def _reason(row: Row) -> str | None:
    found: str | None = required(row, REASON, one_of({one.title: code for code, one in REASONS.items()}))
    return found


def _year(text: str) -> int:
    first, _, second = text.replace("-", "/").partition("/")
    good = first.isascii() and first.isdigit() and _FIRST <= int(first[:5]) <= _LAST
    if not good or second not in {"", str(int(first) + 1), str(int(first) + 1)[2:]}:
        raise BadCellError("year", "Учебный год пишется «2019» или «2019/2020»")
    return int(first)


def check(_rows: Sequence[MovementRow]) -> list[RowError]:
    """Whether a child's rows agree is found out when they are carried out together."""
    return []


async def apply(uow: UnitOfWork, target: Target, rows: Sequence[MovementRow]) -> list[Outcome]:
    """Enter the histories that are whole; what is known already stays as it is."""
    assert target.organization_id is not None
    outcomes: dict[int, Outcome] = {}
    classes = {
        (year, group_key(name)): group
        for (year, name), group in (
            await movements.classes_of_years(
                uow, target.organization_id, {row.year for row in rows if row.year is not None}
            )
        ).items()
    }
    families = [FamilyRecord(row.student, (), None, valid_from=row.day) for row in rows]
    found = await people.find_families(uow, families)
    children: dict[UUID, list[tuple[MovementRow, FamilyRecord, PastEvent]]] = {}
    wrong: dict[UUID, int] = {}
    for row, family, one in zip(rows, families, found, strict=True):
        group = None if row.year is None or row.group is None else classes.get((row.year, group_key(row.group)))
        if one.mismatch is not None:
            outcomes[row.number] = _refused(row, *MISMATCHES[one.mismatch])
        elif row.year is not None and group is None:
            title = "Нет такого класса (группы) в этом учебном году: сначала загрузите классы этого года"
            outcomes[row.number] = _refused(row, GROUP, "group-unknown", title)
            wrong.setdefault(one.student_id, row.number)
        else:
            event = PastEvent(row.kind, row.day, group, row.order_number, row.order_date, row.reason, row.destination)
            children.setdefault(one.student_id, []).append((row, family, event))
    for child, number in wrong.items():
        for row, _, _ in children.pop(child, ()):
            outcomes[row.number] = Outcome(row.number, Status.REFUSED, (beside(row.number, number, GROUP),))
    plan = await movements.plan_past(
        uow, target.organization_id, {child: [event for _, _, event in mine] for child, mine in children.items()}
    )
    entering = {child: mine[0][1] for child, mine in children.items() if any(one.new for one in plan.answers[child])}
    registered = await people.register_families(uow, list(entering.values()), target.author)
    await plan.write(dict(zip(entering, registered, strict=True)), target.author)
    for child, mine in children.items():
        for (row, _, _), answer in zip(mine, plan.answers[child], strict=True):
            outcomes[row.number] = _outcome(row, answer)
    return [outcomes[row.number] for row in rows]


def _outcome(row: MovementRow, answer: PastAnswer) -> Outcome:
    if answer.refusal is not None:
        field, code, title = answer.refusal
        return _refused(row, _PLACES[field], code, title)
    return Outcome(row.number, Status.CREATED if answer.new else Status.UNCHANGED)


def _refused(row: MovementRow, column: str, code: str, title: str) -> Outcome:
    return Outcome(row.number, Status.REFUSED, (RowError(row.number, column, f"imports.row.{code}", title),))


def columns() -> list[Column]:
    """Columns of the kind."""
    return [*columns_of(READERS), *EVENT_COLUMNS]


PAST_MOVEMENTS = ImportKind(
    name="past-movements",
    title="Движение прошлых лет",
    roles=OFFICE,
    columns=columns(),
    read=read,
    check=check,
    apply=apply,
    unit=READERS[0].columns[0].title,
)
