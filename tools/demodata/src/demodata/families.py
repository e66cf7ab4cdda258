"""The people of one catchment: families whose children study in its school and preschools."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from demodata.dates import Calendar, full_years
from demodata.names import NameSource, feminine, patronymic
from demodata.numbers import birth_certificate, passport, phone, snils
from demodata.plan import Group, Organization

_SIBLING_GAP = timedelta(days=300)
_MORE_CHILDREN = (0.42, 0.2)  # chance of a second and of a third child of the family in the same catchment
_FOREIGN = ("051", "860", "762", "398", "112", "417")
_FOREIGN_SHARE = 0.02
_NO_SNILS_SHARE = 0.05
_PASSPORT_AGE = 14


class Serials:
    """Region-wide serial numbers of people: they make identifiers that never repeat."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> int:
        self._last += 1
        return self._last


@dataclass(frozen=True)
class Document:
    """An identity document; ``kind`` as the application schema names it."""

    kind: str
    series: str
    number: str
    issued_on: date


@dataclass(frozen=True)
class Guardian:
    """The parent or guardian who deals with the organization."""

    last_name: str
    first_name: str
    middle_name: str
    kinship: str
    phone: str
    snils: str | None


@dataclass(frozen=True)
class Child:
    """A child with the documents a family shows."""

    last_name: str
    first_name: str
    middle_name: str
    birth_date: date
    male: bool
    citizenship: str
    snils: str | None
    document: Document


@dataclass
class Family:
    """One household: the children share the surname and the father's name."""

    surname: str
    father: str
    citizenship: str
    guardian: Guardian
    births: list[date] = field(default_factory=list)
    preschools: list[str] = field(default_factory=list)

    def admits(self, birth: date) -> bool:
        """Whether a child born on that day can be a sibling of the others."""
        return all(abs(birth - other) >= _SIBLING_GAP for other in self.births)


@dataclass(frozen=True)
class Pupil:
    """A child in a class or group."""

    child: Child
    guardian: Guardian
    enrolled_on: date


def birth_window(group: Group, academic_year: int) -> tuple[date, date]:
    """First and last birth date (inclusive) of those who belong to a class or group this school year."""
    if group.grade is not None:
        first = date(academic_year - 6 - group.grade, 3, 1)
        return first, first + timedelta(days=364)
    assert group.age_from is not None
    assert group.age_to is not None
    return date(academic_year - group.age_to - 1, 9, 2), date(academic_year - group.age_from, 9, 1)


class Catchment:
    """Makes the families of one neighbourhood; memory is bounded by its size, not the region's."""

    def __init__(self, calendar: Calendar, serials: Serials, rng: Random) -> None:
        self.families: list[Family] = []
        self._calendar = calendar
        self._serials = serials
        self._rng = rng
        self._names = NameSource(rng)

    def settle(self, organizations: list[Organization]) -> Iterator[tuple[Organization, Group, list[Pupil]]]:
        """Fill every class and group of the catchment, siblings spread over them."""
        slots = [(org, group) for org in organizations for group in org.groups for _ in range(group.enrolled)]
        self._rng.shuffle(slots)
        pupils: dict[str, list[Pupil]] = {group.key: [] for org in organizations for group in org.groups}
        family: Family | None = None
        wanted = 0
        for organization, group in slots:
            birth = self.draw_birth(group)
            if family is None or len(family.births) >= wanted or not family.admits(birth):
                family = self.new_family()
                wanted = 1 + sum(self._rng.random() < chance for chance in _MORE_CHILDREN)
            if organization.kind == "preschool":
                family.preschools.append(organization.key)
            pupils[group.key].append(Pupil(self.new_child(family, birth), family.guardian, self._enrolled_on()))
        for organization in organizations:
            for group in organization.groups:
                ordered = sorted(
                    pupils[group.key], key=lambda p: (p.child.last_name, p.child.first_name, p.child.birth_date)
                )
                yield organization, group, ordered

    def draw_birth(self, group: Group) -> date:
        """A birth date that fits the class or group."""
        first, last = birth_window(group, self._calendar.academic_year)
        return first + timedelta(days=self._rng.randrange((last - first).days + 1))

    def new_family(self) -> Family:
        """A household without children yet."""
        rng, names = self._rng, self._names
        surname, father = names.surname(), names.father()
        roll = rng.random()
        serial = self._serials.next()
        kinship = "mother" if roll < 0.8 else "father" if roll < 0.97 else "guardian"
        is_father = kinship == "father"
        guardian = Guardian(
            last_name=surname if is_father else feminine(surname),
            first_name=father if is_father else names.mother(),
            middle_name=patronymic(names.father(), male=is_father),
            kinship=kinship,
            phone=phone(serial),
            snils=snils(serial) if rng.random() >= _NO_SNILS_SHARE else None,
        )
        citizenship = rng.choice(_FOREIGN) if rng.random() < _FOREIGN_SHARE else "643"
        family = Family(surname, father, citizenship, guardian)
        self.families.append(family)
        return family

    def new_child(self, family: Family, birth: date) -> Child:
        """A child of the family, born on ``birth``."""
        rng = self._rng
        male = rng.random() < 0.512
        serial = self._serials.next()
        foreign = family.citizenship != "643"
        family.births.append(birth)
        return Child(
            last_name=family.surname if male else feminine(family.surname),
            first_name=self._names.child(male=male),
            middle_name=patronymic(family.father, male=male),
            birth_date=birth,
            male=male,
            citizenship=family.citizenship,
            snils=snils(serial) if rng.random() >= (0.5 if foreign else _NO_SNILS_SHARE) else None,
            document=self._document(serial, birth, foreign=foreign),
        )

    def _document(self, serial: int, birth: date, *, foreign: bool) -> Document:
        soon = birth + timedelta(days=self._rng.randrange(5, 60))
        if foreign:
            return Document("other", "AN", f"{serial:07d}", soon)
        coming_of_age = date(birth.year + _PASSPORT_AGE, birth.month, min(birth.day, 28))
        issued = coming_of_age + timedelta(days=self._rng.randrange(5, 60))
        if full_years(birth, self._calendar.as_of) >= _PASSPORT_AGE and issued <= self._calendar.as_of:
            return Document("passport_rf", *passport(serial, issued), issued)
        return Document("birth_certificate", *birth_certificate(serial), soon)

    def _enrolled_on(self) -> date:
        """Most stand in their class since 1 September, a few arrived during the year."""
        start = self._calendar.year_start
        days = (self._calendar.as_of - start).days
        if days > 14 and self._rng.random() < 0.03:
            return start + timedelta(days=self._rng.randrange(1, days - 6))
        return start
