"""Outcomes of a year and the bases they rest on (273-FZ, article 58), as the preview names them."""

from collections.abc import Mapping
from enum import StrEnum


class Outcome(StrEnum):
    """What becomes of a student when the year ends."""

    PROMOTED = "promoted"
    CONDITIONAL = "conditional"
    REPEATED = "repeated"
    GRADUATED = "graduated"
    DEPARTED = "departed"
    ON_LEAVE = "on_leave"


class Basis(StrEnum):
    """Why."""

    FINISHED_GRADE = "finished_grade"
    CONTINUES = "continues"
    AGE = "age"
    DEBT = "debt"
    DEBT_NOT_CLEARED = "debt_not_cleared"
    NOT_ADMITTED = "not_admitted"
    EXAM_FAILED = "exam_failed"
    COMMISSION = "commission"
    FINISHED_STAGE = "finished_stage"
    DEPARTURE = "departure"
    LEAVE = "leave"


BASES: Mapping[Basis, tuple[str, frozenset[Outcome]]] = {
    Basis.FINISHED_GRADE: ("Освоил программу класса", frozenset({Outcome.PROMOTED})),
    Basis.CONTINUES: ("Завершил основное общее образование, продолжает в 10 классе", frozenset({Outcome.PROMOTED})),
    Basis.AGE: ("По возрасту", frozenset({Outcome.PROMOTED, Outcome.REPEATED, Outcome.GRADUATED})),
    Basis.DEBT: ("Академическая задолженность", frozenset({Outcome.CONDITIONAL})),
    Basis.DEBT_NOT_CLEARED: ("Академическая задолженность не ликвидирована", frozenset({Outcome.REPEATED})),
    Basis.NOT_ADMITTED: ("Не допущен к государственной итоговой аттестации", frozenset({Outcome.REPEATED})),
    Basis.EXAM_FAILED: ("Не прошёл государственную итоговую аттестацию", frozenset({Outcome.REPEATED})),
    Basis.COMMISSION: (
        "По рекомендации психолого-медико-педагогической комиссии",
        frozenset({Outcome.REPEATED, Outcome.PROMOTED}),
    ),
    Basis.FINISHED_STAGE: ("Завершил уровень образования", frozenset({Outcome.GRADUATED})),
    Basis.DEPARTURE: ("Выбывает из организации", frozenset({Outcome.DEPARTED})),
    Basis.LEAVE: ("Академический отпуск", frozenset({Outcome.ON_LEAVE})),
}
"""Russian title of each basis, and the outcomes that may rest on it."""

CARRIED_ON = frozenset({Outcome.PROMOTED, Outcome.CONDITIONAL, Outcome.REPEATED, Outcome.ON_LEAVE})
"""Outcomes that lead into a class of the next year."""

ORDER_OF: Mapping[Outcome, str] = {
    Outcome.PROMOTED: "promotion",
    Outcome.CONDITIONAL: "promotion",
    Outcome.REPEATED: "promotion",
    Outcome.ON_LEAVE: "promotion",
    Outcome.GRADUATED: "graduation",
    Outcome.DEPARTED: "departure",
}
"""Which order carries an outcome."""

KIND_OF: Mapping[Outcome, str] = {
    Outcome.PROMOTED: "promoted",
    Outcome.CONDITIONAL: "promoted",
    Outcome.REPEATED: "repeated",
    Outcome.ON_LEAVE: "repeated",
    Outcome.GRADUATED: "graduated",
    Outcome.DEPARTED: "departed",
}
"""The line of the movement book that an outcome becomes."""


class Conflict(StrEnum):
    """Why an outcome cannot be carried out as it stands."""

    NO_CLASS = "no_class"
    WRONG_CLASS = "wrong_class"
    NO_PLACE = "no_place"
    MOVED = "moved"
    NOT_LISTED = "not_listed"
    DRAFT_ORDER = "draft_order"
    OPEN_TRANSFER = "open_transfer"
    ON_LEAVE = "on_leave"
    NOT_ON_LEAVE = "not_on_leave"
    NOT_A_LAST_GRADE = "not_a_last_grade"
    LAST_GRADE = "last_grade"
    GRADUATES_WITH_DEBTS = "graduates_with_debts"
    LEAVES_OUTSIDE_YEAR = "leaves_outside_year"
    DEBTS_TERM = "debts_term"


CONFLICTS: Mapping[Conflict, str] = {
    Conflict.NO_CLASS: "Не указан класс (группа) следующего года",
    Conflict.WRONG_CLASS: "Класс (группа) следующего года не подходит: другая параллель, другой год или закрыт",
    Conflict.NO_PLACE: "В классе (группе) следующего года не хватает мест",
    Conflict.MOVED: "Движение обучающегося изменилось: обновите предварительные итоги",
    Conflict.NOT_LISTED: "Обучающегося нет среди предварительных итогов: обновите их",
    Conflict.DRAFT_ORDER: "Обучающийся есть в неподписанном проекте приказа",
    Conflict.OPEN_TRANSFER: "По обучающемуся открыт перевод в другую организацию: проведите его или отзовите",
    Conflict.ON_LEAVE: "Обучающийся в академическом отпуске: он остаётся в своём классе (параллели)",
    Conflict.NOT_ON_LEAVE: "Обучающийся не был в этом учебном году в академическом отпуске",
    Conflict.NOT_A_LAST_GRADE: "Выпуск возможен из 9 и 11 классов и из детского сада",
    Conflict.LAST_GRADE: "После 11 класса перевода нет",
    Conflict.GRADUATES_WITH_DEBTS: "Выпуск при неудовлетворительных итоговых отметках",
    Conflict.LEAVES_OUTSIDE_YEAR: "Дата выбытия вне завершаемого учебного года",
    Conflict.DEBTS_TERM: "Срок ликвидации задолженности — не позже года после приказа о переводе",
}
