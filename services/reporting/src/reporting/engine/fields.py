"""The whitelist: datasets that are counted, and the fields of each that a definition may name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from asu_contracts.core import (
    ClassType,
    EducationLevel,
    GroupKind,
    GroupOrientation,
    Locality,
    OrganizationKind,
    PlanType,
    QualificationCategory,
    StaffCategory,
    StayMode,
    StudyFormKind,
)
from asu_contracts.people import Sex

Dataset = Literal["learners", "placements", "workers", "groups", "daycare"]
"""What a section counts: main placements of learners, all of their placements, posts of workers, classes and groups of themselves;
child-days of preschool groups by closed months of the reporting year."""

Scalar = int | str | bool | Decimal
Told = Scalar | tuple[str, ...] | None
"""A value of a field: one, or a list of words; ``None`` has not come yet (an event on its way) or does not apply."""

_MANY = 100


@dataclass(frozen=True)
class FactField:
    """A field of what is counted, as of the form's date.

    ``samples`` stand for every value the field can take: the linter tries them all to see whether two filters overlap. ``is_open``:
    other words come too, and those that the filters name are tried beside. A field of ``tuple`` kind is a list of words. ``health``
    is read of a single learner by the office of its organization alone. Where one word alone tells of health, ``covered`` is it and the
    usual word: a filter that takes both alike tells of nobody's health.
    """

    kind: type[Scalar] | type[tuple[str, ...]]
    samples: tuple[Told, ...]
    title: str
    health: bool = False
    is_open: bool = False
    covered: tuple[str, str] | None = None


def _words(
    title: str, values: Iterable[StrEnum] | None = None, *, health: bool = False, always: bool = False
) -> FactField:
    """A field of one word: of an enumeration, or of a list that nobody closed."""
    missing: tuple[None, ...] = () if always else (None,)
    if values is None:
        return FactField(str, (*missing, "другое"), title, health, is_open=True)
    return FactField(str, (*missing, *(one.value for one in values)), title, health)


def _flag(title: str, *, health: bool = False, missing: bool = False) -> FactField:
    return FactField(bool, (None, False, True) if missing else (False, True), title, health)


def _number(title: str, values: Iterable[int]) -> FactField:
    return FactField(int, (None, *values), title)


_ORGANIZATION: Mapping[str, FactField] = {
    "organization_kind": _words("Вид организации", OrganizationKind),
    "locality": _words("Местность", Locality),
    "branch": _flag("Филиал", missing=True),
    "private": _flag("Частная организация", missing=True),
}
_GROUP: Mapping[str, FactField] = {
    "group_kind": _words("Вид группы", GroupKind),
    "grade": _number("Год обучения (класс)", range(1, 12)),
    "class_type": _words("Вид класса", ClassType),
    "plan_type": _words("Вид учебного плана", PlanType),
    "profile": _words("Профиль"),
    "combined_set": _words("Класс-комплект"),
    "shift": _number("Смена", (1, 2, 3)),
    "age_from": _number("Возраст группы, от", range(8)),
    "age_to": _number("Возраст группы, до", range(9)),
    "orientation": _words("Направленность группы", GroupOrientation),
    "disorder": _words("Нарушение, для которого группа"),
    "stay_mode": _words("Режим пребывания", StayMode),
}
_GROUP_OF_LEARNER: Mapping[str, FactField] = {
    **_GROUP,
    "orientation": replace(_GROUP["orientation"], health=True),
    "disorder": replace(_GROUP["disorder"], health=True),
    "class_type": replace(_GROUP["class_type"], health=True, covered=(ClassType.ADAPTED, ClassType.ORDINARY)),
}
"""Who is in a group for children with a disorder has it: what is no secret of a group is one of its child."""
_BESIDE = frozenset({StudyFormKind.INDIVIDUAL_PLAN, StudyFormKind.NETWORK, StudyFormKind.TEMPORARY_STAY})
"""Ways of study that go beside a form of study."""
CLASS_FORMS: Mapping[StudyFormKind, frozenset[StudyFormKind]] = MappingProxyType(
    {
        StudyFormKind.FULL_TIME: frozenset({StudyFormKind.FULL_TIME, StudyFormKind.AT_HOME}),
        StudyFormKind.PART_TIME: frozenset({StudyFormKind.PART_TIME}),
        StudyFormKind.EXTRAMURAL: frozenset({StudyFormKind.EXTRAMURAL}),
    }
)
"""Forms that classes study in, and the learners whose form that is; others study outside of classes."""
_LEARNER: Mapping[str, FactField] = {
    "age": _number("Возраст", range(_MANY)),
    "sex": _words("Пол", Sex),
    "citizenship": FactField(str, (None, "643", "000", "112", "398", "999"), "Гражданство (ОКСМ)", is_open=True),
    "second_citizenship": FactField(str, (None, "643", "112", "398", "999"), "Второе гражданство (ОКСМ)", is_open=True),
    "native_language": _words("Родной язык"),
    "instruction_language": _words("Язык обучения"),
    "foreign_languages": FactField(tuple, (None, (), ("другое",)), "Изучаемые иностранные языки", is_open=True),
    "special_needs": _words("Ограничение возможностей здоровья", health=True),
    "adapted_programme": _words("Вариант адаптированной программы", health=True),
    "disability": _flag("Инвалидность", health=True, missing=True),
    "extended_day": _flag("Группа продлённого дня", missing=True),
    "boarding": _flag("Интернат", missing=True),
    "distance_learning": _flag("Дистанционные технологии", missing=True),
    "main": _flag("Основное место обучения"),
    "study_form": replace(
        _words("Форма обучения", [one for one in StudyFormKind if one not in _BESIDE], health=True, always=True),
        covered=(StudyFormKind.AT_HOME, StudyFormKind.FULL_TIME),
    ),
    "individual_plan": _flag("Индивидуальный учебный план"),
    "network_form": _flag("Сетевая форма"),
    "temporary_stay": _flag("Временное пребывание"),
}
_WORKER: Mapping[str, FactField] = {
    "code": _words("Должность", always=True),
    "category": _words("Категория должности", StaffCategory, always=True),
    "terms": FactField(str, ("main", "internal", "external"), "Условия работы"),
    "rate": FactField(Decimal, tuple(Decimal(one) / 4 for one in range(9)), "Ставка", is_open=True),
    "education": _words("Образование", EducationLevel),
    "pedagogical": _flag("Педагогическое образование", missing=True),
    "qualification": _words("Квалификационная категория", QualificationCategory),
    "staff_category": _words("Категория работника", StaffCategory),
    "sex": _words("Пол", Sex),
    "age": _number("Возраст", range(_MANY)),
    "service_years": _number("Стаж, лет", range(_MANY)),
    "teaching_years": _number("Педагогический стаж, лет", range(_MANY)),
    "degree": _flag("Учёная степень или звание", missing=True),
}
_SIZE: Mapping[str, FactField] = {
    "capacity": FactField(int, (0, _MANY), "Вместимость", is_open=True),
    "size": FactField(int, (0, _MANY), "Численность", is_open=True),
}

_DAYCARE: Mapping[str, FactField] = {
    "age_from": _GROUP["age_from"],
    "longest": _flag("Больше всех дней работы в месяце"),
    "working_days": FactField(int, (0, _MANY), "Дни работы группы", is_open=True),
    "planned": FactField(int, (0, _MANY), "Детодни по списку", is_open=True),
    "attended": FactField(int, (0, _MANY), "Детодни посещения", is_open=True),
    "missed_illness": FactField(int, (0, _MANY), "Детодни, пропущенные по болезни", is_open=True),
    "missed_other": FactField(int, (0, _MANY), "Детодни, пропущенные по другим причинам", is_open=True),
}

DATASETS: Mapping[Dataset, Mapping[str, FactField]] = MappingProxyType(
    {
        "learners": {
            **_ORGANIZATION,
            **_GROUP_OF_LEARNER,
            "class_form": _words("Форма обучения класса", CLASS_FORMS),
            "size": _SIZE["size"],
            **_LEARNER,
        },
        "placements": {**_ORGANIZATION, **_GROUP_OF_LEARNER, **_LEARNER},
        "workers": {**_ORGANIZATION, **_WORKER},
        "groups": {**_ORGANIZATION, **_GROUP, **_SIZE},
        "daycare": _DAYCARE,
    }
)
"""What a filter over each dataset may name.

``age`` and years of service are full ones on the day the form's ``age_at`` rule names; ``citizenship`` is ОКСМ, or ``000`` for those
who have none, for which ОКСМ has no code, and ``second_citizenship`` that of those who have two; only school classes have a ``grade``.
A ``private`` organization was founded by no governing body. ``size`` are the learners of a group on the day, those of a class or a
preschool group by their main placement. ``class_form`` is the form most learners of a class study in, of as many the first one; a class
has one, whatever its learners have. ``longest`` is, of the groups of an organization, one of those that worked most days of a month:
its days are those the organization worked.
"""


def _merged() -> Mapping[str, FactField]:
    """Fields by name; one name means one kind of values, whatever the dataset, or filters could not be read apart from theirs."""
    found: dict[str, FactField] = {}
    for fields in DATASETS.values():
        for name, one in fields.items():
            if found.setdefault(name, one).kind is not one.kind:
                raise TypeError(f"field {name} has two kinds of values")
    return MappingProxyType(found)


FIELDS = _merged()
"""Fields of all datasets: what a filter may name at all."""

OF_GROUP = frozenset(_ORGANIZATION) | frozenset(_GROUP) | {"class_form"}
"""Fields that are the same for all rows of a class or group."""
OF_SET = frozenset(_ORGANIZATION) | {"combined_set"}
"""Fields that are the same for all rows of a set of classes taught together."""
OF_LEARNER = frozenset(_LEARNER) - {"main", "study_form", "individual_plan", "network_form", "temporary_stay"}
"""Fields that are the same for all placements of a learner."""
OF_WORKER = frozenset(_WORKER) - {"code", "category", "terms", "rate"}
"""Fields that are the same for all posts of a worker."""


def of_health(dataset: Dataset) -> frozenset[str]:
    """Fields of a dataset that say something of a person's health."""
    return frozenset(name for name, field in DATASETS[dataset].items() if field.health)


AGED = frozenset({"age", "service_years", "teaching_years"})
"""Fields that are counted up to a day of the form."""
