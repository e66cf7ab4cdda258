"""Students with their guardians: one child a row, with the class, the order of enrolment and the consent."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from asu_contracts.access import OFFICE
from identifiers import DocumentKind, normal_name
from servicekit.uow import UnitOfWork
from sgo_core.catalogue.definition import CATALOGUE, CardKind
from sgo_core.groups import service as groups
from sgo_core.imports.cells import BadCellError, Row, RowError, day, line
from sgo_core.imports.columns import Column, card_readers, columns_of, one_of, read_fields, required
from sgo_core.imports.kinds import ImportKind, Outcome, Status, Target
from sgo_core.movements import service as movements
from sgo_core.movements.service import Enrollment, Refusal
from sgo_core.people import service as people
from sgo_core.people.records import (
    ConsentRecord,
    DocumentRecord,
    FamilyRecord,
    Found,
    GuardianRecord,
    Mismatch,
    StudentRecord,
)

GROUP = "Класс (группа)"
ENROLLED_ON = "Дата зачисления"
ORDER_NUMBER = "Приказ №"
ORDER_DATE = "Дата приказа"
CONSENT = "Согласие от"
BIRTH_DATE = "Дата рождения"
_GUARDIANS = ("Родитель: ", "Родитель 2: ")
GUARDIAN_SNILS = f"{_GUARDIANS[0]}СНИЛС"
_KINSHIP = {"мать": "mother", "отец": "father", "опекун": "guardian", "иное": "other"}
_RUSSIA = "643"
_OLDEST_YEARS = 30
_PURPOSES = tuple(CATALOGUE.purposes)
_IDENTITY = ("last_name", "first_name", "birth_date", "sex")

STUDENT_READERS = card_readers(
    CardKind.STUDENT,
    titles={
        "citizenship": "Гражданство",
        "second_citizenship": "Второе гражданство",
        "special_needs": "ОВЗ",
    },
    required=_IDENTITY,
)
GUARDIAN_READERS = {
    prefix: card_readers(
        CardKind.GUARDIAN,
        prefix=prefix,
        titles={"last_name": "фамилия", "first_name": "имя", "middle_name": "отчество", "mobile_phone": "телефон"},
        required=("last_name", "first_name"),
    )
    for prefix in _GUARDIANS
}
_KINSHIP_TITLES = {_GUARDIANS[0]: "Родство", _GUARDIANS[1]: f"{_GUARDIANS[1]}родство"}


COLUMNS = (
    Column(GROUP, required=True),
    *columns_of(STUDENT_READERS),
    Column(ENROLLED_ON, required=True, hint="ДД.ММ.ГГГГ"),
    Column(ORDER_NUMBER, required=True),
    Column(ORDER_DATE, required=True, hint="ДД.ММ.ГГГГ"),
    Column(CONSENT, required=True, hint="Дата согласия на обработку персональных данных, ДД.ММ.ГГГГ"),
    *(
        column
        for prefix, readers in GUARDIAN_READERS.items()
        for column in (Column(_KINSHIP_TITLES[prefix], choices=tuple(_KINSHIP)), *columns_of(readers))
    ),
)
# A row need not have a guardian, so no guardian's column must be in the file.
COLUMNS = tuple(replace(one, required=False) if one.title.startswith("Родитель") else one for one in COLUMNS)


@dataclass(frozen=True)
class StudentRow:
    """A good row."""

    number: int
    group: str
    family: FamilyRecord
    enrolled_on: date
    order_number: str
    order_date: date


def read(row: Row, target: Target) -> StudentRow | None:
    """The row, if nothing is wrong with it."""
    student = _student(row, target.today)
    group = required(row, GROUP, line)
    enrolled_on = required(row, ENROLLED_ON, day)
    order_number = required(row, ORDER_NUMBER, line)
    order_date = _known(row, ORDER_DATE, required(row, ORDER_DATE, day), target.today)
    guardians = [one for prefix in _GUARDIANS if (one := _guardian(row, prefix, target.today)) is not None]
    consented_on = _known(row, CONSENT, required(row, CONSENT, day), target.today)
    if row.errors or student is None or order_date is None or consented_on is None:
        return None
    given_at = datetime.combine(consented_on, time(), target.zone)
    family = FamilyRecord(
        student,
        tuple(guardians),
        ConsentRecord(given_at, target.organization_name, _PURPOSES, organization_id=target.organization_id),
        valid_from=enrolled_on,
    )
    return StudentRow(row.number, group, family, enrolled_on, order_number, order_date)


def _student(row: Row, today: date) -> StudentRecord | None:
    values = read_fields(row, STUDENT_READERS)
    born = values.get("birth_date")
    if born is not None and not _oldest(today) <= born <= today:
        row.wrong(BIRTH_DATE, BadCellError("birth-date", "Неверная дата рождения"))
    document, snils = values.pop("document", None), values.pop("snils", None)
    if document is not None:
        _known(row, "Дата выдачи", document.issued_on, today)
    if snils is None and document is None:
        row.wrong("Номер", BadCellError("no-identity", "Укажите СНИЛС или документ"))
    if any(name not in values for name in _IDENTITY):
        return None
    return StudentRecord(
        **{name: values.pop(name) for name in _IDENTITY},
        middle_name=values.pop("middle_name", None),
        citizenship=values.pop("citizenship", _RUSSIA),
        snils=snils,
        document=None if document is None else DocumentRecord.of(document),
        more=values,
    )


def _guardian(row: Row, prefix: str, today: date) -> GuardianRecord | None:
    readers, kinship_title = GUARDIAN_READERS[prefix], _KINSHIP_TITLES[prefix]
    if not row.has(kinship_title, *(column.title for column in columns_of(readers))):
        return None
    values = read_fields(row, readers)
    kinship = required(row, kinship_title, one_of(_KINSHIP))
    document = values.get("document")
    if document is not None:
        _known(row, f"{prefix}Дата выдачи", document.issued_on, today, years=100)
    if kinship is None or "last_name" not in values or "first_name" not in values:
        return None
    return GuardianRecord(
        last_name=values.pop("last_name"),
        first_name=values.pop("first_name"),
        middle_name=values.pop("middle_name", None),
        kinship=kinship,
        phone=values.pop("mobile_phone", None),
        email=values.pop("email", None),
        snils=values.pop("snils", None),
        more=values,
    )


def _known(row: Row, title: str, when: date | None, today: date, years: int = _OLDEST_YEARS) -> date | None:
    """A day of something that has happened, in a lifetime."""
    if when is None or _oldest(today, years) <= when <= today:
        return when
    row.wrong(title, BadCellError("date-range", "Дата слишком давняя или ещё не наступила"))
    return None


def _oldest(today: date, years: int = _OLDEST_YEARS) -> date:
    return date(today.year - years, 1, 1)


def check(rows: Sequence[StudentRow]) -> list[RowError]:
    """A child that stands in the file twice."""
    errors = []
    seen: set[object] = set()
    for row in rows:
        student = row.family.student
        keys = {"СНИЛС": student.snils, "Номер": None if student.document is None else _document_of(student)}
        for title, key in keys.items():
            if key is not None and key in seen:
                errors.append(RowError(row.number, title, "imports.row.repeated", "Ребёнок указан в файле дважды"))
                break
        seen |= {key for key in keys.values() if key is not None}
    return errors


def _document_of(student: StudentRecord) -> object:
    """What tells a document apart from any other child's; many of no known kind have the same number, such as «Б/Н»."""
    document = student.document
    assert document is not None
    number = document.kind, document.series, document.number
    if document.kind != DocumentKind.OTHER:
        return number
    return *number, normal_name(student.last_name), normal_name(student.first_name), student.birth_date


_REFUSALS = {
    Refusal.GROUP_NOT_FOUND: (ENROLLED_ON, "outside-year", "Дата зачисления вне учебного года класса (группы)"),
    Refusal.GROUP_FULL: (GROUP, "group-full", "В классе (группе) нет свободных мест"),
    Refusal.ALREADY_MEMBER: (
        GROUP,
        "already-member",
        "Ребёнок уже числится в другой организации или в другом классе (группе)",
    ),
    Refusal.ORGANIZATION_CLOSED: (GROUP, "organization-closed", "Организация закрыта"),
}
_MISMATCHES = {
    Mismatch.CHILD: (
        BIRTH_DATE,
        "child-differs",
        "Такой СНИЛС или документ уже указан у ребёнка с другой датой рождения",
    ),
    Mismatch.GUARDIAN: (
        GUARDIAN_SNILS,
        "guardian-differs",
        "Такой СНИЛС уже указан у родителя с другой фамилией или другим именем",
    ),
}
_WITHDRAWN = (CONSENT, "consent-withdrawn", "Это согласие отозвано: укажите дату нового")
_NO_GROUP = (GROUP, "group-unknown", "Нет такого класса (группы) в этом учебном году")


def _refused(row: StudentRow, why: tuple[str, str, str]) -> Outcome:
    title, code, text = why
    return Outcome(row.number, Status.REFUSED, (RowError(row.number, title, f"imports.row.{code}", text),))


async def apply(uow: UnitOfWork, target: Target, rows: Sequence[StudentRow]) -> list[Outcome]:
    """Enrol who is new, change what differs on the cards of who is there already; refuse the rest with a reason each."""
    assert target.organization_id is not None
    assert target.academic_year is not None
    named = {
        group_key(group.name): group.id
        for group in await groups.named(uow, target.organization_id, target.academic_year)
    }
    outcomes = {row.number: _refused(row, _NO_GROUP) for row in rows if group_key(row.group) not in named}
    left = [row for row in rows if row.number not in outcomes]
    found = await people.find_families(uow, [row.family for row in left])
    outcomes |= {
        row.number: _refused(row, _MISMATCHES[one.mismatch])
        for row, one in zip(left, found, strict=True)
        if one.mismatch is not None
    }
    outcomes |= {
        row.number: _refused(row, _WITHDRAWN)
        for row, one in zip(left, found, strict=True)
        if one.mismatch is None and one.withdrawn
    }
    kept = [(row, one) for row, one in zip(left, found, strict=True) if row.number not in outcomes]
    plan = await movements.plan_enrollment(uow, [_enrollment(target, named, row, one) for row, one in kept])
    accepted: list[tuple[StudentRow, Found, bool]] = []
    for (row, one), answer in zip(kept, plan.answers, strict=True):
        if answer.refusal is not None:
            outcomes[row.number] = _refused(row, _REFUSALS[answer.refusal])
        else:
            accepted.append((row, one, answer.new))
    registered = await people.register_families(
        uow, [row.family for row, _, _ in accepted], target.author, overwrite=True
    )
    for (row, _, new), person in zip(accepted, registered, strict=True):
        status = Status.CREATED if person.created else Status.CHANGED if new or person.changed else Status.UNCHANGED
        outcomes[row.number] = Outcome(row.number, status)
    await plan.write(
        {one.student_id: person for (_, one, _), person in zip(accepted, registered, strict=True)},
        target.author.account_id,
    )
    return [outcomes[row.number] for row in rows]


def _enrollment(target: Target, named: Mapping[str, UUID], row: StudentRow, one: Found) -> Enrollment:
    assert target.organization_id is not None
    return Enrollment(
        student_id=one.student_id,
        organization_id=target.organization_id,
        group_id=named[group_key(row.group)],
        effective_date=row.enrolled_on,
        order_number=row.order_number,
        order_date=row.order_date,
    )


def group_key(name: str) -> str:
    """Form in which names of groups are compared: case and spaces do not matter."""
    return " ".join(name.split()).casefold()


_read: Callable[[Row, Target], Any] = read
STUDENTS = ImportKind(
    name="students",
    title="Обучающиеся с родителями (законными представителями)",
    roles=OFFICE,
    columns=COLUMNS,
    read=_read,
    check=check,
    apply=apply,
    of_year=True,
)
