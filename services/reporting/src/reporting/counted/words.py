"""What a reader is shown instead of the codes of facts; a code from a newer producer is shown as it is."""

from collections.abc import Mapping


def worded(words: Mapping[str, str], code: str | None) -> str:
    """The words for a code."""
    return "не указано" if code in {None, "unknown"} else words.get(str(code), str(code))


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
STATUSES = {
    "registered": "зарегистрировано",
    "documents_required": "ждёт документов",
    "queued": "в очереди",
    "referred": "направлено",
    "accepted": "место принято",
    "contract": "заключается договор",
    "contracted": "договор заключён",
    "ordered": "издан приказ",
    "enrolled": "зачислен",
    "declined": "отказ семьи от места",
    "no_show": "не явились",
    "frozen": "приостановлено",
    "redirected": "перенаправлено",
    "refused": "отказано",
    "withdrawn": "отозвано",
    "archived": "в архиве",
}
WAITING = ("registered", "documents_required", "queued", "frozen", "redirected", "declined", "no_show")
"""Statuses of an application that holds no place and may get one."""
PLACED = ("referred", "accepted", "contract", "contracted", "ordered", "enrolled")
"""Statuses of an application that holds a place, or has got it."""
CARDS = {"organization": "организации", "worker": "работники", "student": "обучающиеся", "guardian": "родители"}
STANDINGS = {
    "excellent": "отличники",
    "good": "хорошисты",
    "one_three": "с одной «3»",
    "satisfactory": "успевающие",
    "failing": "неуспевающие",
    "not_attested": "не аттестованы",
    "unmarked": "без отметок",
}
EDUCATIONS = {
    "higher": "высшее",
    "secondary_special": "среднее профессиональное",
    "secondary": "среднее общее",
    "basic": "основное общее",
}
QUALIFICATIONS = {
    "highest": "высшая",
    "first": "первая",
    "fits_post": "соответствие должности",
    "methodist": "педагог-методист",
    "mentor": "педагог-наставник",
    "none": "нет",
}
CATEGORIES = {
    "head": "руководители",
    "teaching": "педагогические работники",
    "support": "учебно-вспомогательный персонал",
    "service": "обслуживающий персонал",
    "civil": "служащие",
}
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
NEEDS = {
    "hearing": "нарушения слуха",
    "sight": "нарушения зрения",
    "speech": "нарушения речи",
    "motor": "нарушения опорно-двигательного аппарата",
    "mental_delay": "задержка психического развития",
    "intellectual": "нарушения интеллекта",
    "autism": "расстройства аутистического спектра",
    "multiple": "множественные нарушения",
    "other": "иные",
}
STUDY_FORMS = {
    "full_time": "очная",
    "part_time": "очно-заочная",
    "extramural": "заочная",
    "at_home": "на дому",
    "family": "семейное образование",
    "self_education": "самообразование",
    "external": "экстернат",
}
