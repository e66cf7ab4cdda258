"""The organizations of a municipality with their classes and groups: everything but the people."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from random import Random
from typing import Any, Literal

from demodata.names import NameSource
from demodata.numbers import inn, ogrn
from demodata.sizes import Municipality, share

SEATS_PER_APPLICATION = 0.85
"""Free preschool places for one application: scarce, so that some families wait on."""

_CLASS_CAPACITY = 30
_CLASS_TARGET = 25
_GRADES = tuple(range(1, 12))
# How likely an extra parallel is in a grade: intakes grow, and after grade 9 many leave for colleges.
_GRADE_WEIGHTS = (1.2, 1.15, 1.15, 1.1, 1.1, 1.05, 1.0, 1.0, 0.95, 0.55, 0.5)
_LETTERS = "АБВГДЕЖЗИКЛМ"
_FLOWERS = (
    *("Солнышко", "Ромашка", "Колокольчик", "Василёк", "Звёздочка", "Радуга", "Теремок", "Сказка", "Ласточка"),
    *("Капелька", "Бабочка", "Пчёлка", "Светлячок", "Берёзка", "Рябинка", "Подсолнушек", "Жемчужинка", "Росинка"),
    *("Журавлик", "Кораблик", "Непоседы", "Почемучки", "Гномики", "Ягодка"),
)


@dataclass(frozen=True)
class _Band:
    """A preschool age band: full years on 1 September, its shares of children and of free places."""

    title: str
    age_from: int
    age_to: int
    enrolled: float
    free: float
    capacity: int


BANDS = (
    _Band("Группа раннего возраста", 1, 2, 0.26, 0.55, 20),
    _Band("Младшая группа", 3, 3, 0.20, 0.25, 25),
    _Band("Средняя группа", 4, 4, 0.19, 0.10, 25),
    _Band("Старшая группа", 5, 5, 0.18, 0.06, 25),
    _Band("Подготовительная группа", 6, 7, 0.17, 0.04, 25),
)


@dataclass(frozen=True)
class Group:
    """A class or preschool group with the number of children who are in it already."""

    key: str
    kind: Literal["class", "preschool_group"]
    name: str
    capacity: int
    enrolled: int
    grade: int | None = None
    age_from: int | None = None
    age_to: int | None = None


@dataclass(frozen=True)
class Organization:
    """A school or preschool as it stands in the region's data file; ``catchment`` is its neighbourhood."""

    key: str
    kind: Literal["school", "preschool"]
    municipality: str
    full_name: str
    short_name: str
    locality: Literal["urban", "rural"]
    inn: str
    ogrn: str
    address: str
    catchment: int
    groups: list[Group] = field(default_factory=list)

    @property
    def enrolled(self) -> int:
        return sum(group.enrolled for group in self.groups)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"enrolled": self.enrolled}


def plan_organizations(municipality: Municipality, rng: Random) -> list[Organization]:
    """Schools, then preschools; each catchment is one school with the preschools around it."""
    names = NameSource(rng)
    school_sizes = share(municipality.school_students, [rng.uniform(0.8, 1.2) for _ in range(municipality.schools)])
    preschool_sizes = share(
        municipality.preschool_students, [rng.uniform(0.8, 1.2) for _ in range(municipality.preschools)]
    )
    free = share(round(municipality.applications * SEATS_PER_APPLICATION), preschool_sizes)
    schools = [
        _organization(
            municipality, "school", i, names, rng, list(_classes(f"{municipality.oktmo}-s{i:03d}", size, rng))
        )
        for i, size in enumerate(school_sizes, start=1)
    ]
    preschools = [
        _organization(
            municipality, "preschool", i, names, rng, list(_preschool_groups(f"{municipality.oktmo}-p{i:03d}", *counts))
        )
        for i, counts in enumerate(zip(preschool_sizes, free, strict=True), start=1)
    ]
    return schools + preschools


def _organization(
    municipality: Municipality,
    kind: Literal["school", "preschool"],
    number: int,
    names: NameSource,
    rng: Random,
    groups: list[Group],
) -> Organization:
    if kind == "school":
        short = f"МБОУ СОШ № {number}"
        full = f"Муниципальное бюджетное общеобразовательное учреждение средняя общеобразовательная школа № {number}"
    else:
        title = _FLOWERS[(number - 1) % len(_FLOWERS)]
        short = f"МБДОУ ДС № {number} «{title}»"
        full = f"Муниципальное бюджетное дошкольное образовательное учреждение детский сад № {number} «{title}»"
    rural = not municipality.is_city and rng.random() < 0.6
    return Organization(
        key=f"{municipality.oktmo}-{kind[0]}{number:03d}",
        kind=kind,
        municipality=municipality.oktmo,
        full_name=f"{full} ({municipality.name})",
        short_name=short,
        locality="rural" if rural else "urban",
        inn=inn(rng),
        ogrn=ogrn(rng),
        address=f"Краснодарский край, {municipality.name}, {names.street_address()}",
        catchment=(number - 1) % municipality.schools,
        groups=groups,
    )


def _classes(key: str, students: int, rng: Random) -> Iterator[Group]:
    """Classes of 20-30 where the school is large enough for a class in each grade."""
    count = max(len(_GRADES), round(students / _CLASS_TARGET))
    parallels = [1 + extra for extra in share(count - len(_GRADES), _GRADE_WEIGHTS)]
    grades = [grade for grade, number in zip(_GRADES, parallels, strict=True) for _ in range(number)]
    sizes = share(students, [rng.uniform(0.92, 1.08) for _ in grades])
    letters = [letter for number in parallels for letter in _LETTERS[:number]]
    for grade, letter, size in zip(grades, letters, sizes, strict=True):
        name = f"{grade}{letter}"
        yield Group(f"{key}-{name}", "class", name, max(_CLASS_CAPACITY, size), size, grade=grade)


def _preschool_groups(key: str, children: int, free: int) -> Iterator[Group]:
    """Groups by age: the youngest are the new intake and have most of the free places."""
    enrolled_by_band = share(children, [band.enrolled for band in BANDS])
    free_by_band = share(free, [band.free for band in BANDS])
    serial = 0
    for band, enrolled, spare in zip(BANDS, enrolled_by_band, free_by_band, strict=True):
        count = max(1, -(-(enrolled + spare) // band.capacity))
        capacities = share(enrolled + spare, [1.0] * count)
        for capacity, present in zip(capacities, share(enrolled, capacities), strict=True):
            name = f"{band.title} «{_FLOWERS[serial % len(_FLOWERS)]}»"
            if serial >= len(_FLOWERS):
                name += f" {serial // len(_FLOWERS) + 1}"
            serial += 1
            yield Group(
                f"{key}-g{serial:02d}",
                "preschool_group",
                name,
                capacity,
                present,
                age_from=band.age_from,
                age_to=band.age_to,
            )
