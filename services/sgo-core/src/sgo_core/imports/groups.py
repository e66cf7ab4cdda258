"""Classes and groups of an academic year with all their attributes: opened, or brought up to date; one a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from asu_contracts.access import OFFICE
from identifiers import normal_name
from reportkit.tables import Cell
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.groups import service as groups
from sgo_core.groups.schemas import GroupIn, GroupPatch, GroupsIn
from sgo_core.imports.cells import BadCellError, Row, RowError, line
from sgo_core.imports.children import GROUP
from sgo_core.imports.columns import Column, one_of, optional, required
from sgo_core.imports.kinds import ImportKind, Outcome, Status, Target
from sgo_core.imports.single import RefusedRowError, one_by_one
from sgo_core.imports.students import group_key
from sgo_core.programmes import service as programmes

KIND = "Вид"
PROGRAMME = "Программа дополнительного образования"
_KINDS = {"класс": "class", "группа": "preschool_group", "группа дополнительного образования": "additional_group"}
_CHOICES: Mapping[str, Mapping[str, str]] = {
    "class_type": {
        "обычный": "ordinary",
        "адаптированный": "adapted",
        "с углублённым изучением предметов": "in_depth",
        "гимназический": "gymnasium",
        "лицейский": "lyceum",
        "кадетский": "cadet",
    },
    "plan_type": {"классический": "classical", "индивидуальный": "individual"},
    "orientation": {
        "общеразвивающая": "general",
        "компенсирующая": "compensating",
        "комбинированная": "combined",
        "оздоровительная": "wellness",
        "по присмотру и уходу": "care",
        "раннего возраста": "early",
        "семейная": "family",
    },
    "disorder": {
        "нарушения слуха": "hearing",
        "нарушения речи": "speech",
        "нарушения зрения": "vision",
        "нарушения интеллекта": "intellect",
        "задержка психического развития": "mental_delay",
        "нарушения опорно-двигательного аппарата": "musculoskeletal",
        "расстройства аутистического спектра": "autism",
        "сложные дефекты": "complex",
        "иные": "other",
    },
    "stay_mode": {
        "полный день": "full_day",
        "сокращённый день": "shortened_day",
        "продлённый день": "extended_day",
        "кратковременное пребывание": "short_stay",
        "круглосуточно": "round_the_clock",
    },
}
_TITLES = {
    "grade": "Параллель",
    "letter": "Буква",
    "class_type": "Вид класса",
    "plan_type": "Учебный план",
    "profile": "Профиль",
    "combined_set": "Класс-комплект",
    "age_from": "Возраст от",
    "age_to": "Возраст до",
    "orientation": "Направленность",
    "disorder": "Вид нарушения",
    "stay_mode": "Режим пребывания",
    "shift": "Смена",
    "reference_headcount": "Численность на 20 сентября",
    "capacity": "Число мест",
}
_NUMBERS = frozenset({"grade", "age_from", "age_to", "shift", "reference_headcount", "capacity"})
_EXAMPLES = {"grade": "5", "letter": "А", "capacity": "25", "shift": "1"}
COLUMNS = (
    Column(KIND, required=True, choices=tuple(_KINDS), example="класс"),
    Column(GROUP, required=True, synonyms=("Название",), example="5А"),
    *(
        Column(
            title,
            name == "capacity",
            hint="Число" if name in _NUMBERS else "",
            choices=tuple(_CHOICES.get(name, ())),
            example=_EXAMPLES.get(name, ""),
        )
        for name, title in _TITLES.items()
    ),
    Column(PROGRAMME, hint="Название программы организации, для группы дополнительного образования"),
)
_PLACES = {
    **_TITLES,
    "name": GROUP,
    "groups.name-taken": GROUP,
    "groups.kind-mismatch": KIND,
    "groups.programme-unknown": PROGRAMME,
    "groups.capacity-below-occupancy": _TITLES["capacity"],
    "groups.letter": _TITLES["letter"],
    "groups.ages": _TITLES["age_from"],
    "groups.disorder": _TITLES["disorder"],
    "groups.class-fields": KIND,
    "groups.preschool-fields": KIND,
    "groups.additional-fields": KIND,
}
_FIXED = ("kind", "grade")
_PAGE = 200


@dataclass(frozen=True)
class GroupRow:
    """A good row."""

    number: int
    sent: GroupIn
    programme: str | None


def read(row: Row, _target: Target) -> GroupRow | None:
    """The row, if nothing is wrong with it."""
    values: dict[str, Any] = {"kind": required(row, KIND, one_of(_KINDS)), "name": required(row, GROUP, line)}
    for name, title in _TITLES.items():
        read_one = one_of(_CHOICES[name]) if name in _CHOICES else _number if name in _NUMBERS else line
        values[name] = (required if name == "capacity" else optional)(row, title, read_one)
    programme = optional(row, PROGRAMME, line)
    if row.errors:
        return None
    if values["kind"] == "additional_group":
        values["programme_id"] = _UNKNOWN  # which one it is, the organization's programmes say
    try:
        sent = GroupIn(**{name: value for name, value in values.items() if value is not None})
    except ValidationError as error:
        for one in error.errors(include_input=False, include_url=False, include_context=False):
            field = str(one["loc"][0]) if one["loc"] else one["type"]
            own = "." in one["type"]
            title = one["msg"] if own else "Недопустимое значение"
            row.wrong(_PLACES.get(field, GROUP), BadCellError(one["type"] if own else "value", title))
        return None
    return GroupRow(row.number, sent, programme)


_UNKNOWN = UUID(int=0)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < len("10000")):
        raise BadCellError("number", "Нужно целое число")
    return int(text)


def check(rows: Sequence[GroupRow]) -> list[RowError]:
    """A class or group that stands in the file twice."""
    seen: set[str] = set()
    errors = []
    for row in rows:
        key = group_key(row.sent.columns()["name"])
        if key in seen:
            errors.append(RowError(row.number, GROUP, "imports.row.repeated", "Класс (группа) указан в файле дважды"))
        seen.add(key)
    return errors


async def apply(uow: UnitOfWork, target: Target, rows: Sequence[GroupRow]) -> list[Outcome]:
    """Open the new ones, change what differs on those of the same name."""
    organization_id, year = target.organization_id, target.academic_year
    assert organization_id is not None
    assert year is not None
    known = {group_key(one.name): one.id for one in await groups.named(uow, organization_id, year)}
    named: dict[str, UUID] = {}
    if any(row.programme for row in rows):
        found = await programme_titles(uow, target.principal, organization_id)
        named = {normal_name(title): programme_id for programme_id, title in found.items()}

    async def enter(row: GroupRow) -> Status:
        sent = _with_programme(row, named)
        group_id = known.get(group_key(sent.columns()["name"]))
        if group_id is None:
            await groups.open_groups(
                uow, target.principal, organization_id, GroupsIn(academic_year=year, groups=[sent])
            )
            return Status.CREATED
        return await _change(uow, target, group_id, sent)

    return await one_by_one(uow, rows, enter, _PLACES)


async def _change(uow: UnitOfWork, target: Target, group_id: UUID, sent: GroupIn) -> Status:
    group = await groups.get_group(uow, target.principal, group_id)
    said = sent.columns() if sent.letter is not None else {**sent.columns(), "letter": group.letter}
    for name in _FIXED:
        if getattr(group, name) != said[name]:
            title = "Вид и параллель класса (группы) в течение года не меняются"
            raise RefusedRowError(KIND if name == "kind" else _TITLES[name], "group-fixed", title)
    patch = {
        name: said[name]
        for name in (*_TITLES, "name")
        if name not in _FIXED
        and (name in sent.model_fields_set)
        and said[name] is not None
        and getattr(group, name) != said[name]
        and not (name == "name" and group_key(said[name]) == group_key(group.name))
    }
    if not patch:
        return Status.UNCHANGED
    patched = GroupPatch(reason=target.author.reason, **patch)
    await groups.edit_group(uow, target.principal, group_id, group.version, patched)
    return Status.CHANGED


async def programme_titles(uow: UnitOfWork, principal: Principal, organization_id: UUID) -> dict[UUID, str]:
    """Programmes that an organization carries out."""
    found: dict[UUID, str] = {}
    after: UUID | None = None
    while True:
        page = await programmes.list_programmes(uow, principal, organization_id, True, _PAGE, after)
        found |= {one.id: one.title for one in page[:_PAGE]}
        if len(page) <= _PAGE:
            return found
        after = page[_PAGE - 1].id


def _with_programme(row: GroupRow, named: Mapping[str, UUID]) -> GroupIn:
    if row.sent.programme_id is None:
        return row.sent
    programme_id = None if row.programme is None else named.get(normal_name(row.programme))
    if programme_id is None:
        raise RefusedRowError(PROGRAMME, "programme-unknown", "Нет такой программы в организации")
    return row.sent.model_copy(update={"programme_id": programme_id})


def cells(group: Any, programme: str | None) -> list[Cell]:
    """A class or group as a row of the table."""
    kinds = {code: title for title, code in _KINDS.items()}
    row: list[Cell] = [kinds[group.kind], group.name]
    for name in _TITLES:
        value = getattr(group, name)
        titles = {code: title for title, code in _CHOICES.get(name, {}).items()}
        row.append(titles.get(value, value))
    return [*row, programme]


GROUPS = ImportKind(
    name="groups",
    title="Классы и группы",
    roles=OFFICE,
    columns=COLUMNS,
    read=read,
    check=check,
    apply=apply,
    of_year=True,
)
