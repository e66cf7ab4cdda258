"""What a reader is shown instead of the codes of facts: one list for forms' fields, tables users put together and counted reports."""

from collections.abc import Mapping

from asu_contracts.core import (
    ClassType,
    EducationLevel,
    GroupKind,
    GroupOrientation,
    Locality,
    OrganizationKind,
    PlanType,
    QualificationCategory,
    SpecialNeeds,
    StaffCategory,
    StayMode,
    StudyFormKind,
)
from asu_contracts.enrollment import ApplicationStatus
from asu_contracts.people import Sex

MISSING = "не указано"
OTHER = "прочее"
"""Words of a list that nobody closed, together."""
FLAGS: Mapping[bool, str] = {True: "да", False: "нет"}
_UNKNOWN = "иное"

_OF_CLASS: Mapping[str, str] = {
    StudyFormKind.FULL_TIME: "очная",
    StudyFormKind.PART_TIME: "очно-заочная",
    StudyFormKind.EXTRAMURAL: "заочная",
}
_CATEGORIES: Mapping[str, str] = {
    StaffCategory.HEAD: "руководители",
    StaffCategory.TEACHING: "педагогические работники",
    StaffCategory.SUPPORT: "учебно-вспомогательный персонал",
    StaffCategory.SERVICE: "обслуживающий персонал",
    StaffCategory.CIVIL: "служащие",
    StaffCategory.UNKNOWN: _UNKNOWN,
}

VALUES: Mapping[str, Mapping[str, str]] = {
    "organization_kind": {
        OrganizationKind.SCHOOL: "школа",
        OrganizationKind.PRESCHOOL: "дошкольная организация",
        OrganizationKind.ADDITIONAL: "организация дополнительного образования",
        OrganizationKind.UNKNOWN: _UNKNOWN,
    },
    "locality": {Locality.URBAN: "город", Locality.RURAL: "село", Locality.UNKNOWN: _UNKNOWN},
    "group_kind": {
        GroupKind.CLASS: "класс",
        GroupKind.PRESCHOOL_GROUP: "дошкольная группа",
        GroupKind.ADDITIONAL_GROUP: "группа дополнительного образования",
        GroupKind.UNKNOWN: _UNKNOWN,
    },
    "class_type": {
        ClassType.ORDINARY: "общеобразовательный",
        ClassType.ADAPTED: "для обучающихся с ОВЗ",
        ClassType.IN_DEPTH: "с углублённым изучением предметов",
        ClassType.GYMNASIUM: "гимназический",
        ClassType.LYCEUM: "лицейский",
        ClassType.CADET: "кадетский",
        ClassType.UNKNOWN: _UNKNOWN,
    },
    "plan_type": {
        PlanType.CLASSICAL: "общий учебный план",
        PlanType.INDIVIDUAL: "индивидуальные учебные планы",
        PlanType.UNKNOWN: _UNKNOWN,
    },
    "orientation": {
        GroupOrientation.GENERAL: "общеразвивающая",
        GroupOrientation.COMPENSATING: "компенсирующая",
        GroupOrientation.COMBINED: "комбинированная",
        GroupOrientation.WELLNESS: "оздоровительная",
        GroupOrientation.CARE: "по присмотру и уходу",
        GroupOrientation.EARLY: "для детей раннего возраста",
        GroupOrientation.FAMILY: "семейная",
        GroupOrientation.UNKNOWN: _UNKNOWN,
    },
    "stay_mode": {
        StayMode.FULL_DAY: "полный день",
        StayMode.SHORTENED_DAY: "сокращённый день",
        StayMode.EXTENDED_DAY: "продлённый день",
        StayMode.SHORT_STAY: "кратковременное пребывание",
        StayMode.ROUND_THE_CLOCK: "круглосуточное пребывание",
        StayMode.UNKNOWN: _UNKNOWN,
    },
    "sex": {Sex.MALE: "мужской", Sex.FEMALE: "женский", Sex.UNKNOWN: _UNKNOWN},
    "special_needs": {
        SpecialNeeds.HEARING: "нарушения слуха",
        SpecialNeeds.SIGHT: "нарушения зрения",
        SpecialNeeds.SPEECH: "тяжёлые нарушения речи",
        SpecialNeeds.MOTOR: "нарушения опорно-двигательного аппарата",
        SpecialNeeds.MENTAL_DELAY: "задержка психического развития",
        SpecialNeeds.INTELLECTUAL: "интеллектуальные нарушения",
        SpecialNeeds.AUTISM: "расстройства аутистического спектра",
        SpecialNeeds.MULTIPLE: "сложные дефекты",
        SpecialNeeds.OTHER: "другие ограничения",
        SpecialNeeds.UNKNOWN: _UNKNOWN,
    },
    "class_form": _OF_CLASS,
    "study_form": {
        **_OF_CLASS,
        StudyFormKind.AT_HOME: "на дому",
        StudyFormKind.FAMILY: "семейное образование",
        StudyFormKind.SELF_EDUCATION: "самообразование",
        StudyFormKind.EXTERNAL: "экстернат",
        StudyFormKind.UNKNOWN: _UNKNOWN,
    },
    "category": _CATEGORIES,
    "staff_category": _CATEGORIES,
    "terms": {
        "main": "основное место работы",
        "internal": "внутреннее совместительство",
        "external": "внешнее совместительство",
    },
    "education": {
        EducationLevel.HIGHER: "высшее",
        EducationLevel.SECONDARY_SPECIAL: "среднее профессиональное",
        EducationLevel.SECONDARY: "среднее общее",
        EducationLevel.BASIC: "основное общее",
        EducationLevel.UNKNOWN: _UNKNOWN,
    },
    "qualification": {
        QualificationCategory.HIGHEST: "высшая",
        QualificationCategory.FIRST: "первая",
        QualificationCategory.FITS_POST: "соответствие занимаемой должности",
        QualificationCategory.METHODIST: "педагог-методист",
        QualificationCategory.MENTOR: "педагог-наставник",
        QualificationCategory.NONE: "без категории",
        QualificationCategory.UNKNOWN: _UNKNOWN,
    },
    "status": {
        ApplicationStatus.REGISTERED: "новое, сведения проверяются",
        ApplicationStatus.DOCUMENTS_REQUIRED: "требуются документы",
        ApplicationStatus.QUEUED: "ожидает направления",
        ApplicationStatus.REFERRED: "направлено, ожидается ответ семьи",
        ApplicationStatus.ACCEPTED: "место принято",
        ApplicationStatus.CONTRACT: "ожидается подписание договора",
        ApplicationStatus.CONTRACTED: "договор заключён",
        ApplicationStatus.DECLINED: "от места отказались",
        ApplicationStatus.NO_SHOW: "не явились или не ответили в срок",
        ApplicationStatus.FROZEN: "заморожено",
        ApplicationStatus.REDIRECTED: "передано в орган управления",
        ApplicationStatus.ORDERED: "издан приказ",
        ApplicationStatus.ENROLLED: "зачислен",
        ApplicationStatus.REFUSED: "отказано",
        ApplicationStatus.WITHDRAWN: "отозвано",
        ApplicationStatus.ARCHIVED: "снято с учёта",
        ApplicationStatus.UNKNOWN: _UNKNOWN,
    },
    "standing": {
        "excellent": "отличники",
        "good": "хорошисты",
        "one_three": "с одной «3»",
        "satisfactory": "успевающие",
        "failing": "неуспевающие",
        "not_attested": "не аттестованы",
        "unmarked": "без отметок",
    },
}
"""By the name of the field."""
