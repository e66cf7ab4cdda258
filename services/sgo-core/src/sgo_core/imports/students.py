"""Students with their guardians: one child a row, with the class, the order of enrolment and the consent."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from asu_contracts.access import OFFICE
from servicekit.uow import UnitOfWork
from sgo_core.catalogue.definition import CATALOGUE, CardKind
from sgo_core.groups import service as groups
from sgo_core.imports.cells import Row, RowError, day, line
from sgo_core.imports.children import (
    GROUP,
    GUARDIANS,
    MISMATCHES,
    STUDENT_READERS,
    document_of,
    past_day,
    student_record,
)
from sgo_core.imports.columns import Column, card_readers, columns_of, one_of, read_fields, required
from sgo_core.imports.kinds import ImportKind, Outcome, Status, Target
from sgo_core.movements import service as movements
from sgo_core.movements.service import Enrollment, Refusal
from sgo_core.people import service as people
from sgo_core.people.records import (
    ConsentRecord,
    FamilyRecord,
    Found,
    GuardianRecord,
)

ENROLLED_ON = "Дата зачисления"
ORDER_NUMBER = "Приказ №"
ORDER_DATE = "Дата приказа"
CONSENT = "Согласие от"
KINSHIP = {"мать": "mother", "отец": "father", "опекун": "guardian", "иное": "other"}
_PURPOSES = tuple(CATALOGUE.purposes)

GUARDIAN_READERS = {
    prefix: card_readers(
        CardKind.GUARDIAN,
        prefix=prefix,
        titles={"last_name": "фамилия", "first_name": "имя", "middle_name": "отчество", "mobile_phone": "телефон"},
        required=("last_name", "first_name"),
    )
    for prefix in GUARDIANS
}
KINSHIP_TITLES = {GUARDIANS[0]: "Родство", GUARDIANS[1]: f"{GUARDIANS[1]}родство"}


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
        for column in (Column(KINSHIP_TITLES[prefix], choices=tuple(KINSHIP)), *columns_of(readers))
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
    student = student_record(row, read_fields(row, STUDENT_READERS), target.today)
    group = required(row, GROUP, line)
    enrolled_on = required(row, ENROLLED_ON, day)
    order_number = required(row, ORDER_NUMBER, line)
    order_date = past_day(row, ORDER_DATE, required(row, ORDER_DATE, day), target.today)
    guardians = [one for prefix in GUARDIANS if (one := _guardian(row, prefix, target.today)) is not None]
    consented_on = past_day(row, CONSENT, required(row, CONSENT, day), target.today)
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


def _guardian(row: Row, prefix: str, today: date) -> GuardianRecord | None:
    readers, kinship_title = GUARDIAN_READERS[prefix], KINSHIP_TITLES[prefix]
    if not row.has(kinship_title, *(column.title for column in columns_of(readers))):
        return None
    values = read_fields(row, readers)
    kinship = required(row, kinship_title, one_of(KINSHIP))
    document = values.get("document")
    if document is not None:
        past_day(row, f"{prefix}Дата выдачи", document.issued_on, today, years=100)
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


def check(rows: Sequence[StudentRow]) -> list[RowError]:
    """A child that stands in the file twice."""
    errors = []
    seen: set[object] = set()
    for row in rows:
        student = row.family.student
        keys = {"СНИЛС": student.snils, "Номер": None if student.document is None else document_of(student)}
        for title, key in keys.items():
            if key is not None and key in seen:
                errors.append(RowError(row.number, title, "imports.row.repeated", "Ребёнок указан в файле дважды"))
                break
        seen |= {key for key in keys.values() if key is not None}
    return errors


_REFUSALS = {
    Refusal.GROUP_NOT_FOUND: (ENROLLED_ON, "outside-year", "Дата зачисления вне учебного года класса (группы)"),
    Refusal.GROUP_FULL: (GROUP, "group-full", "В классе (группе) нет свободных мест"),
    Refusal.ALREADY_MEMBER: (
        GROUP,
        "already-member",
        "Ребёнок уже числится в другой организации или в другом классе (группе)",
    ),
    Refusal.ORGANIZATION_CLOSED: (GROUP, "organization-closed", "Организация закрыта"),
    Refusal.YEAR_CLOSED: (GROUP, "year-closed", "Учебный год класса (группы) завершён"),
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
        row.number: _refused(row, MISMATCHES[one.mismatch])
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
