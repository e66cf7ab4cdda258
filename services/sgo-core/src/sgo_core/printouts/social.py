"""The social passport of a class or an organization: how many children of each kind, and who they are.

It is made of the cards as the reader may see them: a child without a consent or another ground counts among those of whom nothing is
known. What is said of health is the office's alone, though a class teacher reads it on the card of a child.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from asu_contracts.access import OFFICE
from reportkit.sheets import Column, Section, Sheet, figure, narrow
from reportkit.tables import Cell
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.catalogue.definition import CATALOGUE, CardKind
from sgo_core.printouts import repository
from sgo_core.printouts.books import Listed, cards
from sgo_core.printouts.health import Class
from sgo_core.printouts.parameters import Parameters

_FIELDS = CATALOGUE.cards[CardKind.STUDENT].fields
_RUSSIA = "643"
_ORDINARY = frozenset({"none", "full"})
"""Options that say that there is nothing to say."""
_ON_PAPER = ("family_composition", "social_status", "deviant_behaviour")
_NOTE = "Нет сведений: они не внесены, или нет согласия либо иного основания их использовать."
_NO_HEALTH = "Сведения о здоровье показываются только администрации организации."


@dataclass(frozen=True)
class Indicator:
    """What is counted: children whose ``field`` of the card ``holds`` it. ``named``: they are listed by name."""

    title: str
    field: str
    holds: Callable[[Any], bool]
    named: bool = True


def _chosen(field: str, code: str, *, named: bool) -> Indicator:
    one = _FIELDS[field]
    assert one.options is not None
    title = one.options[code] if field not in {"sex", "health_group"} else f"{one.title}: {one.options[code]}"
    several = one.type == "choices"
    return Indicator(title, field, lambda value: code in value if several else value == code, named)


def _options(field: str, *, named: bool = True) -> list[Indicator]:
    """An indicator for each option of a field."""
    options = _FIELDS[field].options or {}
    return [_chosen(field, code, named=named and code not in _ORDINARY) for code in options if code != "none"]


_OPEN = (
    *_options("sex", named=False),
    Indicator("Иностранные граждане, лица без гражданства", "citizenship", lambda value: value != _RUSSIA),
    *(one for field in _ON_PAPER for one in _options(field)),
    Indicator("Нет компьютера дома", "home_computer", lambda value: value is False, named=False),
)
_HEALTH = (
    *_options("health_group", named=False),
    Indicator("Ограниченные возможности здоровья", "special_needs", bool),
    Indicator("Инвалидность", "disability", lambda value: value is not None),
)


async def of_group(
    uow: UnitOfWork, principal: Principal, group: Any, asked: Parameters
) -> tuple[Sheet, Sequence[UUID]]:
    """The passport of a class or group on the day."""
    day = asked.day(uow)
    student_ids = await repository.members(uow.session, group.id, day, day)
    return await _passport(uow, principal, dict.fromkeys(student_ids, (group.grade or 0, group.name)), day)


async def of_organization(
    uow: UnitOfWork, principal: Principal, organization: Any, asked: Parameters
) -> tuple[Sheet, Sequence[UUID]]:
    """The passport of an organization on the day, class by class."""
    day = asked.day(uow)
    classes = await repository.members_by_class(uow.session, organization.id, day, day)
    sheet, student_ids = await _passport(uow, principal, classes, day, by_class=True)
    return sheet, student_ids


async def _passport(
    uow: UnitOfWork, principal: Principal, classes: Mapping[UUID, Class], day: date, *, by_class: bool = False
) -> tuple[Sheet, Sequence[UUID]]:
    with_health = principal.role in OFFICE
    indicators = (*_OPEN, *_HEALTH) if with_health else _OPEN
    columns = ["birth_date", *dict.fromkeys(one.field for one in indicators)]
    students = await cards(uow, principal, list(classes), columns)
    found = {
        one: [it for it in students if (value := it.values.get(one.field)) is not None and one.holds(value)]
        for one in indicators
    }
    sections = [Section("Показатели", (Column("Показатель"), figure("Человек", 24)), _totals(students, found))]
    if by_class:
        sections.append(_by_class(classes, found))
    sections.append(_named(classes, found))
    notes = (_NOTE,) if with_health else (_NOTE, _NO_HEALTH)
    sheet = Sheet("Социальный паспорт", f"на {day:%d.%m.%Y}", sections, notes, landscape=by_class)
    return sheet, list(classes)


_Found = Mapping[Indicator, Sequence[Listed]]


def _totals(students: Sequence[Listed], found: _Found) -> list[Sequence[Cell]]:
    unknown = Counter(field for one in students for field in _ON_PAPER if one.values.get(field) is None)
    return [
        ("Обучающихся", len(students)),
        *((one.title, len(those)) for one, those in found.items()),
        *((f"{_FIELDS[field].title}: нет сведений", unknown[field]) for field in _ON_PAPER),
    ]


def _by_class(classes: Mapping[UUID, Class], found: _Found) -> Section:
    sizes = Counter(classes.values())
    counts = {one: Counter(classes[it.student_id] for it in those) for one, those in found.items()}
    rows: list[Sequence[Cell]] = [
        (klass[1], size, *(counts[one][klass] for one in found)) for klass, size in sorted(sizes.items())
    ]
    columns = (Column("Класс (группа)", 22), narrow("Обучающихся"), *(narrow(one.title, 9) for one in found))
    return Section("По классам (группам)", columns, rows)


def _named(classes: Mapping[UUID, Class], found: _Found) -> Section:
    columns = (
        Column("Показатель", 60),
        Column("Фамилия, имя, отчество"),
        Column("Класс (группа)", 26),
        Column("Дата рождения", 26),
    )
    rows = [
        (one.title, it.name, classes[it.student_id][1], it.printed("birth_date"))
        for one, those in found.items()
        if one.named
        for it in sorted(those, key=lambda it: classes[it.student_id])
    ]
    return Section("Поимённо", columns, rows)
