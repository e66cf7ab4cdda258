"""Words for the codes of facts: those of ``reporting.titles``, and of what counted reports alone tell."""

from collections.abc import Mapping

from reporting.titles import MISSING


def worded(words: Mapping[str, str], code: str | None) -> str:
    """The words for a code; one from a newer producer is shown as it is."""
    return MISSING if code in {None, "unknown"} else words.get(str(code), str(code))


MOVEMENTS = {
    "enrolled": "зачисление",
    "transferred_between_groups": "перевод в другой класс (группу)",
    "transferred_between_organizations": "перевод между организациями",
    "promoted": "перевод в следующий класс",
    "repeated": "повторное обучение",
    "restored": "восстановление",
    "graduated": "окончание обучения",
    "departed": "отчисление",
    "cancelled": "отмена записи",
}
WAITING = ("registered", "documents_required", "queued", "frozen", "redirected", "declined", "no_show")
"""Statuses of an application that holds no place and may get one."""
PLACED = ("referred", "accepted", "contract", "contracted", "ordered", "enrolled")
"""Statuses of an application that holds a place, or has got it."""
CARDS = {"organization": "организации", "worker": "работники", "student": "обучающиеся", "guardian": "родители"}
POSTS = {
    "teacher": "учитель",
    "lecturer": "преподаватель",
    "additional_education_teacher": "педагог дополнительного образования",
    "educator": "воспитатель",
    "director": "директор",
    "deputy_education": "заместитель директора по учебно-воспитательной работе",
    "deputy_it": "заместитель директора по информационным технологиям",
    "deputy_other": "заместитель директора",
    "psychologist": "педагог-психолог",
    "social_pedagogue": "социальный педагог",
    "speech_therapist": "учитель-логопед",
    "special_teacher": "учитель-дефектолог",
    "organizer": "педагог-организатор",
    "safety_teacher": "преподаватель-организатор ОБЗР",
    "librarian_pedagogue": "педагог-библиотекарь",
    "methodist": "методист",
    "tutor": "тьютор",
    "coach": "тренер-преподаватель",
}
"""Posts in which lessons are taught."""
