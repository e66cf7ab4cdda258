"""The semantic layer: what a user may count, by what, and who may. Fields are those of the forms, defined once in ``engine.fields``."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from asu_contracts.access import BODIES, OFFICE, Role
from reporting import titles
from reporting.engine.fields import DATASETS as FACTS
from reporting.engine.fields import FactField

Value = int | str | bool | None
"""A value of a dimension; ``None``: unknown or does not apply."""


@dataclass(frozen=True)
class Dimension:
    """What rows, columns and filters may be made of.

    ``field`` is the column of the source; ``starts`` cut its numbers into bands, each named by its first number. ``titles`` are those
    of values, where the value is not its own title. ``health``: said of a child's health (see ``health``).
    """

    name: str
    title: str
    kind: type[int] | type[str] | type[bool]
    field: str
    titles: Mapping[str, str] | None = None
    starts: tuple[int, ...] = ()
    health: bool = False

    @property
    def values(self) -> tuple[Value, ...]:
        """All there are beside the missing one; empty where new ones come."""
        return self.starts or tuple(titles.FLAGS if self.kind is bool else self.titles or ())

    def banded(self, value: Value) -> Value:
        """A field's value as the dimension has it: the first number of its band."""
        if not self.starts or not isinstance(value, int):
            return value
        return max((start for start in self.starts if start <= value), default=None)

    def shown(self, value: Value) -> str:
        """A value for a reader."""
        if value is None:
            return titles.MISSING
        if isinstance(value, bool):
            return titles.FLAGS[value]
        if self.starts and isinstance(value, int):
            return self._band(value)
        return str(value) if self.titles is None else self.titles.get(str(value), str(value))

    def _band(self, start: int) -> str:
        later = [one for one in self.starts if one > start]
        return f"{start}–{min(later) - 1}" if later else f"{start} и старше"


@dataclass(frozen=True)
class Dataset:
    """What is counted.

    ``numbers`` are fields to take the mean of, and to sum up where a sum means something (true); ``keys`` what may be counted once
    each. ``people``: whose rows are people, so that small counts of them are hidden from outsiders; ``subject`` the key that tells
    them apart where one has several rows. ``withheld`` are fields that are not published, because they tell of few people where
    rows are no people. ``period``: counted over days, not as of one.
    """

    name: str
    title: str
    dimensions: Mapping[str, Dimension]
    keys: Mapping[str, str]
    numbers: Mapping[str, bool]
    roles: frozenset[Role] = BODIES | OFFICE
    people: bool = True
    subject: str | None = None
    published: bool = True
    withheld: frozenset[str] = frozenset()
    period: bool = False

    def number_title(self, name: str) -> str:
        """Title of a field that is summed up or averaged."""
        found = FACTS.get(self.name, {}).get(name)  # type: ignore[call-overload]  # datasets of its own are not among them
        return found.title if found else _NUMBERS[name]


def _own(*dimensions: Dimension, group: bool = False) -> dict[str, Dimension]:
    """Dimensions of a dataset that forms do not count."""
    return {one.name: one for one in (*_PLACES, *(_GROUPS if group else ()), *dimensions)}


def _word(name: str, title: str, *, closed: bool = False) -> Dimension:
    return Dimension(name, title, str, name, titles.VALUES[name] if closed else None)


_PLACES = (_word("organization", "Организация"), _word("municipality", "Муниципальное образование (ОКТМО)"))
_GROUP_NAME = _word("group_name", "Название класса или группы")
_GRADE = Dimension("grade", "Год обучения (класс)", int, "grade")
_GROUPS = (_GRADE, _GROUP_NAME)
_WITH_GROUPS = frozenset({"learners", "placements", "groups"})
_OF_WHOM = frozenset(name for name, field in FACTS["learners"].items() if field.health)
"""What is said of a child's health, of the group it is in as well: a group's size, or its name, would tell of the children."""


def _of_facts(name: str, bands: Mapping[str, tuple[str, str, Sequence[int]]]) -> dict[str, Dimension]:
    """Dimensions of a dataset of the forms: its fields, but for lists and fractions, the places, and bands of numbers."""
    found = [*_PLACES, *([_GROUP_NAME] if name in _WITH_GROUPS else [])]
    for field, one in FACTS[name].items():  # type: ignore[index]  # named below as they are there
        if one.kind in {int, str, bool}:
            found.append(_dimension(field, one, health=one.health or (name == "groups" and field in _OF_WHOM)))
    for band, (field, title, starts) in bands.items():
        found.append(Dimension(band, title, int, field, starts=tuple(starts)))
    return {one.name: one for one in found}


def _dimension(name: str, field: FactField, *, health: bool) -> Dimension:
    kind = bool if field.kind is bool else int if field.kind is int else str
    return Dimension(name, field.title, kind, name, titles.VALUES.get(name), health=health)


_CHILDREN = {"age_band": ("age", "Возрастная группа", (0, 3, 7, 11, 15, 18))}
_STAFF = {
    "age_band": ("age", "Возрастная группа", (0, 25, 30, 35, 40, 45, 50, 55, 60, 65)),
    "service_band": ("service_years", "Стаж, группа лет", (0, 3, 5, 10, 15, 20)),
    "teaching_band": ("teaching_years", "Педагогический стаж, группа лет", (0, 3, 5, 10, 15, 20)),
}
_LEARNER, _GROUP, _PLACE = {"subject": "Обучающиеся"}, {"group": "Классы и группы"}, {"organization": "Организации"}
_NUMBERS = {
    "hours_week": "Часы в неделю",
    "learners": "Обучающиеся",
    "absent": "Пропуски",
    "marks": "Отметки",
    "student_lessons": "Уроки всех обучающихся",
    "absent_days": "Дни с пропусками",
    **{code: title.capitalize() for code, title in titles.VALUES["standing"].items()},
}


def _counted(name: str, title: str, numbers: Iterable[str], *dimensions: Dimension) -> Dataset:
    """Counts of classes over days. Not published: the number of them does not say of how few children they tell."""
    return Dataset(
        name,
        title,
        _own(*dimensions, group=True),
        {**_GROUP, **_PLACE},
        dict.fromkeys(numbers, True),
        people=False,
        published=False,
        period=True,
    )


_ALL = (
    Dataset(
        "learners",
        "Обучающиеся по основному месту обучения",
        _of_facts("learners", _CHILDREN),
        {**_LEARNER, **_GROUP, **_PLACE},
        {"age": False},
    ),
    Dataset(
        "placements",
        "Места обучения, основные и дополнительные",
        _of_facts("placements", _CHILDREN),
        {**_LEARNER, **_GROUP, **_PLACE},
        {"age": False},
        subject="subject",
    ),
    Dataset(
        "workers",
        "Должности, занятые работниками",
        _of_facts("workers", _STAFF),
        {"subject": "Работники", **_PLACE},
        {"rate": True, "age": False, "service_years": False, "teaching_years": False},
        subject="subject",
    ),
    Dataset(
        "groups",
        "Классы и группы",
        _of_facts("groups", {}),
        {**_GROUP, **_PLACE},
        {"capacity": True, "size": True},
        people=False,
        withheld=frozenset({"size"}),
    ),
    Dataset(
        "applications",
        "Заявления о приёме",
        _own(_word("status", "Состояние заявления", closed=True), _word("campaign", "Приёмная кампания")),
        dict(_PLACE),
        {},
        roles=frozenset({Role.REGION_ADMIN, Role.MINISTRY_OFFICER, Role.MUNICIPALITY_OPERATOR}),
    ),
    Dataset(
        "loads",
        "Учебная нагрузка",
        _own(_GRADE, _word("subject_title", "Предмет"), _word("code", "Должность")),
        {"subject": "Работники", **_PLACE},
        {"hours_week": True},
        people=False,
        published=False,
    ),
    _counted(
        "lessons",
        "Проведённые уроки",
        ("learners", "absent", "marks"),
        _word("subject_name", "Предмет"),
        _word("month", "Месяц"),
        Dimension("attendance_checked", "Посещаемость проверена", bool, "attendance_checked"),
    ),
    _counted(
        "results",
        "Итоги закрытых учебных периодов по классам",
        (
            *("learners", "excellent", "good", "one_three", "satisfactory", "not_attested", "failing", "unmarked"),
            *("student_lessons", "absent_days"),
        ),
        _word("title", "Учебный период"),
        Dimension("with_gaps", "Закрыт с пробелами", bool, "with_gaps"),
    ),
    _counted(
        "daycare",
        "Посещаемость дошкольных групп по месяцам",
        ("planned", "attended", "missed_illness", "missed_other", "working_days"),
        _word("month", "Месяц"),
        *(_dimension(name, FACTS["daycare"][name], health=False) for name in ("age_from", "longest")),
    ),
)

DATASETS: Mapping[str, Dataset] = MappingProxyType({one.name: one for one in _ALL})
"""By name, in the order they are offered."""
