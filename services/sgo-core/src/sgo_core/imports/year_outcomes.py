"""What becomes of students at the end of a year from a table: decisions on the outcomes of a closing that is a draft."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic import ValidationError

from servicekit.uow import UnitOfWork
from sgo_core.groups import service as groups
from sgo_core.imports import pupils
from sgo_core.imports.cells import BadCellError, Row, RowError, day, line
from sgo_core.imports.columns import Column, one_of, optional, required
from sgo_core.imports.kinds import ImportKind, Outcome, Status, Target
from sgo_core.imports.pupils import CLASS, Pupils, Sought, read_sought
from sgo_core.imports.students import group_key
from sgo_core.movements.reasons import REASONS
from sgo_core.year_closing import outcomes as decisions
from sgo_core.year_closing import policies
from sgo_core.year_closing import service as years
from sgo_core.year_closing.bases import BASES, CARRIED_ON
from sgo_core.year_closing.bases import Outcome as Becomes
from sgo_core.year_closing.schemas import Decision

OUTCOME = "Итог года"
BASIS = "Основание"
DEBTS = "Предметы задолженности"
DUE = "Срок ликвидации"
TARGET = "Класс следующего года"
REASON = "Причина выбытия"
DESTINATION = "Куда выбывает"
LEAVES = "Дата выбытия"
NOTE = "Примечание"
_OUTCOMES = {
    "переведён": Becomes.PROMOTED,
    "переведён условно": Becomes.CONDITIONAL,
    "оставлен на повторное обучение": Becomes.REPEATED,
    "окончил": Becomes.GRADUATED,
    "выбывает": Becomes.DEPARTED,
    "в академическом отпуске": Becomes.ON_LEAVE,
}
_BASES = {title: code for code, (title, _) in BASES.items()}
_REASONS = {one.title: code for code, one in REASONS.items()}
_FAULTS = {
    "years.basis-required": BASIS,
    "years.basis-mismatch": BASIS,
    "years.debts-required": DEBTS,
    "years.departure-not-expected": REASON,
    "years.departure-required": REASON,
    "years.destination-required": DESTINATION,
}
COLUMNS = (
    *pupils.COLUMNS,
    Column(OUTCOME, required=True, choices=tuple(_OUTCOMES), example="переведён"),
    Column(BASIS, hint="Пусто: обычное основание итога", choices=tuple(_BASES)),
    Column(DEBTS, hint="Для условного перевода; через точку с запятой"),
    Column(DUE, hint="Для условного перевода, ДД.ММ.ГГГГ"),
    Column(TARGET, hint="Пусто: следующий по названию", example="6А"),
    Column(REASON, hint="Для выбывающих", choices=tuple(_REASONS)),
    Column(DESTINATION, hint="Для выбывающих, если причина требует"),
    Column(LEAVES, hint="Для выбывающих, ДД.ММ.ГГГГ"),
    Column(NOTE),
)


@dataclass(frozen=True)
class OutcomeRow:
    """A good row; the class of the next year is named."""

    number: int
    student: Sought
    decision: Decision
    next_class: str | None


def read(row: Row, _target: Target) -> OutcomeRow | None:
    """The row, if nothing is wrong with it."""
    student, outcome = read_sought(row), required(row, OUTCOME, one_of(_OUTCOMES))
    said = {
        "basis": optional(row, BASIS, one_of(_BASES)),
        "debts_due": optional(row, DUE, day),
        "departure_reason": optional(row, REASON, one_of(_REASONS)),
        "destination": optional(row, DESTINATION, line),
        "leaves_on": optional(row, LEAVES, day),
        "note": optional(row, NOTE, line),
    }
    debts, next_class = optional(row, DEBTS, _subjects) or [], optional(row, TARGET, line)
    if outcome is not None and next_class is not None and outcome not in CARRIED_ON:
        row.wrong(TARGET, BadCellError("target-not-expected", "Класс следующего года здесь не указывается"))
    if row.errors or student is None:
        return None
    try:
        decision = Decision(outcome=outcome, debts=debts, **said)
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False, include_context=False)[0]
        own = fault["type"].startswith("years.")
        column = _FAULTS.get(fault["type"], OUTCOME)
        why = BadCellError(fault["type"].removeprefix("years."), fault["msg"]) if own else None
        row.wrong(column, why or BadCellError("value", "Недопустимое значение"))
        return None
    return OutcomeRow(row.number, student, decision, next_class)


def _subjects(text: str) -> list[str]:
    return [line(one.strip()) for one in text.split(";") if one.strip()]


def check(rows: Sequence[OutcomeRow]) -> list[RowError]:
    """Students who stand in the file twice."""
    seen: set[Hashable] = set()
    errors = []
    for row in rows:
        if row.student.key in seen:
            title = "Обучающийся указан в файле дважды"
            errors.append(RowError(row.number, row.student.column, "imports.row.repeated", title))
        seen.add(row.student.key)
    return errors


async def apply(uow: UnitOfWork, target: Target, rows: Sequence[OutcomeRow]) -> list[Outcome]:
    """Decide for those whom the rows name where it is not decided so; confirmations of a draft that changes are taken back."""
    organization_id, year = target.organization_id, target.academic_year
    assert organization_id is not None
    assert year is not None
    closing = await years.draft_of(uow, target.principal, organization_id, year)
    if closing is None:
        title = "Завершение этого учебного года не подготовлено или уже подтверждено"
        return [_refused(row, OUTCOME, "no-draft", title) for row in rows]
    known = await Pupils.read(uow, target)
    classes = {group_key(one.name): one.id for one in await groups.named(uow, organization_id, year + 1)}
    wanted: dict[UUID, tuple[OutcomeRow, Decision]] = {}
    made: list[Outcome] = []
    for row in rows:
        student = known.find(row.number, row.student)
        if isinstance(student, RowError):
            made.append(Outcome(row.number, Status.REFUSED, (student,)))
        elif student in wanted:
            made.append(_refused(row, row.student.column, "repeated", "Обучающийся указан в файле дважды"))
        elif row.next_class is not None and group_key(row.next_class) not in classes:
            made.append(_refused(row, TARGET, "group-unknown", "Нет такого класса (группы) в следующем учебном году"))
        else:
            target_id = None if row.next_class is None else classes[group_key(row.next_class)]
            wanted[student] = row, row.decision.model_copy(update={"target_group_id": target_id})
    decided = await decisions.decide_each(uow, closing, target.author, {one: said for one, (_, said) in wanted.items()})
    if any(decided.values()):
        years.unconfirm(closing, target.author, uow)
    return made + [_outcome(row, decided.get(student)) for student, (row, _) in wanted.items()]


def _outcome(row: OutcomeRow, changed: bool | None) -> Outcome:
    if changed is None:
        title = "Обучающегося нет среди предварительных итогов: обновите их"
        return _refused(row, CLASS, "not-listed", title)
    return Outcome(row.number, Status.CHANGED if changed else Status.UNCHANGED)


def _refused(row: OutcomeRow, column: str, code: str, title: str) -> Outcome:
    return Outcome(row.number, Status.REFUSED, (RowError(row.number, column, f"imports.row.{code}", title),))


YEAR_OUTCOMES = ImportKind(
    name="year-outcomes",
    title="Итоги учебного года",
    roles=policies.PREPARE.roles,
    columns=COLUMNS,
    read=read,
    check=check,
    apply=apply,
    of_year=True,
)
