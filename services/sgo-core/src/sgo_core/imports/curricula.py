"""Curricula of a school: a subject of a plan a row, the rows of one plan together; they enter as drafts, to be checked and approved."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from identifiers import normal_name
from servicekit.errors import DomainError
from servicekit.uow import UnitOfWork
from sgo_core.curricula import policies
from sgo_core.curricula import service as curricula
from sgo_core.curricula.schemas import CurriculumIn, CurriculumPatch, LineIn
from sgo_core.groups import service as groups
from sgo_core.imports import parts
from sgo_core.imports.cells import BadCellError, Row, RowError, line
from sgo_core.imports.columns import Column, one_of, optional, required
from sgo_core.imports.kinds import ImportKind, Outcome, Status, Target, beside
from sgo_core.imports.naming import subjects_by_name
from sgo_core.imports.students import group_key
from sgo_core.reference_books import service as reference_books
from sgo_core.subjects import service as subjects

TITLE, GRADE, CLASSES = "Учебный план", "Параллель", "Классы"
SUBJECT, COMPONENT, HOURS = "Предмет", "Компонент", "Часов в неделю"
_KINDS = {"классический": "classical", "индивидуальный": "individual"}
_LEVELS = {"базовый": "base", "углублённый": "advanced"}
_OF_PLAN = {
    "kind": "Вид плана",
    "profile": "Профиль",
    "week_days": "Учебных дней в неделе",
    "weeks": "Учебных недель в году",
}
_OF_LINE = {
    "subject_id": SUBJECT,
    "component": COMPONENT,
    "level": "Уровень",
    "hours_week": HOURS,
    "hours_year": "Часов в год",
    "subgroups": "Деление на подгруппы",
}
COLUMNS = (
    Column(TITLE, required=True, example="Учебный план 5 классов"),
    Column(GRADE, required=True, hint="Число", example="5"),
    Column(CLASSES, hint="Через точку с запятой", example="5А; 5Б"),
    Column(_OF_PLAN["kind"], choices=tuple(_KINDS), example="классический"),
    Column(_OF_PLAN["profile"], hint="Название или код профиля"),
    Column(_OF_PLAN["week_days"], choices=("5", "6"), example="5"),
    Column(_OF_PLAN["weeks"], hint="Число", example="34"),
    Column(SUBJECT, required=True, hint="Название или код предмета", example="Математика"),
    Column(COMPONENT, required=True, hint="Название или код компонента", example="Обязательная часть"),
    Column(_OF_LINE["level"], choices=tuple(_LEVELS), example="базовый"),
    Column(HOURS, required=True, hint="Число, кратное 0,5", example="5"),
    Column(_OF_LINE["hours_year"], hint="Если отличается от произведения недель на часы"),
    Column(_OF_LINE["subgroups"], choices=("да", "нет"), example="нет"),
)
_PLACES = {**_OF_PLAN, **_OF_LINE, "group_ids": CLASSES, "curricula.classes": CLASSES, "grade": GRADE}
_PLACES["curricula.profile-unknown"] = _OF_PLAN["profile"]


@dataclass(frozen=True)
class PlanRow:
    """A good row: what it says of the plan, and of one subject of it."""

    number: int
    title: str
    grade: int
    classes: tuple[str, ...]
    plan: Mapping[str, Any]
    subject: str
    component: str
    more: Mapping[str, Any]


def read(row: Row, _target: Target) -> PlanRow | None:
    """The row, if nothing is wrong with it."""
    title, grade = required(row, TITLE, line), required(row, GRADE, _whole)
    row.unit = None if title is None or grade is None else (normal_name(title), grade)
    classes = tuple(part.strip() for part in row.text(CLASSES).split(";") if part.strip())
    plan = {
        "kind": optional(row, _OF_PLAN["kind"], one_of(_KINDS)),
        "profile": optional(row, _OF_PLAN["profile"], line),
        "week_days": optional(row, _OF_PLAN["week_days"], _whole),
        "weeks": optional(row, _OF_PLAN["weeks"], _whole),
    }
    subject, component = required(row, SUBJECT, line), required(row, COMPONENT, line)
    more = {
        "level": optional(row, _OF_LINE["level"], one_of(_LEVELS)),
        "hours_week": required(row, HOURS, _hours),
        "hours_year": optional(row, _OF_LINE["hours_year"], _hours),
        "subgroups": optional(row, _OF_LINE["subgroups"], one_of(parts.YES_NO)),
    }
    if row.errors:
        return None
    return PlanRow(row.number, title, grade, classes, _said(plan), subject, component, _said(more))


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < len("1000")):
        raise BadCellError("number", "Нужно целое число")
    return int(text)


def _hours(text: str) -> Decimal:
    whole, _, rest = text.replace(",", ".").partition(".")
    if not (whole + rest).isascii() or not (whole + rest).isdigit() or len(text) > len("1000.0"):
        raise BadCellError("number", "Часы пишутся числом, например 2,5")
    return Decimal(f"{whole or 0}.{rest or 0}")


def check(rows: Sequence[PlanRow]) -> list[RowError]:
    """Rows of one plan that say different things of it."""
    first: dict[Hashable, PlanRow] = {}
    errors = []
    for row in rows:
        begun = first.setdefault(_plan_of(row), row)
        if (begun.classes, begun.plan) != (row.classes, row.plan):
            title = f"Сведения о плане не те, что в строке {begun.number}"
            errors.append(RowError(row.number, TITLE, "imports.row.plan-differs", title))
    return errors


def _plan_of(row: PlanRow) -> Hashable:
    return normal_name(row.title), row.grade


async def apply(uow: UnitOfWork, target: Target, rows: Sequence[PlanRow]) -> list[Outcome]:
    """Draft the new plans, change the drafts that differ; an approved plan that differs is replaced by a new edition only."""
    books = await _Books.read(uow, target)
    plans: dict[Hashable, list[PlanRow]] = {}
    for row in rows:
        plans.setdefault(_plan_of(row), []).append(row)
    outcomes: dict[int, Outcome] = {}
    for mine in plans.values():
        outcomes |= {one.row: one for one in await _plan(uow, target, books, mine)}
    return [outcomes[row.number] for row in rows]


async def _plan(uow: UnitOfWork, target: Target, books: "_Books", rows: Sequence[PlanRow]) -> list[Outcome]:
    try:
        async with uow.attempt():
            status = await _enter(uow, target, books, rows)
    except _WrongError as wrong:
        return _refused(rows, wrong.row, wrong.column, wrong.code, wrong.title)
    except DomainError as error:
        if not error.errors:
            return _refused(rows, rows[0], _PLACES.get(error.code, TITLE), error.code, error.title)
        one = error.errors[0]
        path = one.pointer.split("/")
        row = rows[int(path[3])] if path[2:3] == ["lines"] and path[3:4] and path[3].isdigit() else rows[0]
        return _refused(rows, row, _PLACES.get(path[-1], TITLE), one.code, one.title)
    return [Outcome(row.number, status) for row in rows]


def _refused(rows: Sequence[PlanRow], wrong: PlanRow, column: str, code: str, title: str) -> list[Outcome]:
    return [
        Outcome(
            row.number,
            Status.REFUSED,
            (RowError(row.number, column, code, title) if row is wrong else beside(row.number, wrong.number, TITLE),),
        )
        for row in rows
    ]


class _WrongError(Exception):
    def __init__(self, row: PlanRow, column: str, code: str, title: str) -> None:
        super().__init__(code)
        self.row = row
        self.column = column
        self.code = f"imports.row.{code}"
        self.title = title


@dataclass(frozen=True)
class _Books:
    """What the names of a file mean in this organization and year."""

    subjects: Mapping[str, UUID]
    components: Mapping[str, str]
    profiles: Mapping[str, str]
    classes: Mapping[str, UUID]

    @classmethod
    async def read(cls, uow: UnitOfWork, target: Target) -> "_Books":
        assert target.organization_id is not None
        assert target.academic_year is not None
        starts_on = await curricula.first_day(uow, target.academic_year)
        components = (await subjects.terms_in_use(uow, "component", starts_on)).values()
        profiles = await reference_books.list_entries(
            uow, target.principal, "profiles", target.organization_id, day=uow.clock.today()
        )
        classes = await groups.named(uow, target.organization_id, target.academic_year)
        named = await subjects_by_name(uow, target)
        return cls(named, _codes(components), _codes(profiles), {group_key(one.name): one.id for one in classes})


def _codes(entries: Iterable[Any]) -> dict[str, str]:
    """Codes of a reference book's entries by what a table may call them."""
    return {normal_name(name): one.code for one in entries for name in (one.title, one.code)}


_PAGE = 500


async def _enter(uow: UnitOfWork, target: Target, books: _Books, rows: Sequence[PlanRow]) -> Status:
    organization_id, year = target.organization_id, target.academic_year
    assert organization_id is not None
    assert year is not None
    sent = _sent(books, rows, year)
    filters = {"academic_year": year, "grade": sent.grade, "title": sent.title}
    found = await curricula.list_curricula(uow, target.principal, organization_id, filters, _PAGE, None)
    standing = [one for one in found if one.state != "withdrawn"]
    if not standing:
        await curricula.draft(uow, target.principal, organization_id, sent)
        return Status.CREATED
    newest = max(standing, key=lambda one: one.edition)
    whole = await curricula.get_curriculum(uow, target.principal, newest.id)
    if _same(whole, sent):
        return Status.UNCHANGED
    if newest.state != "draft":
        title = "План утверждён: составьте его новую редакцию и загрузите снова"
        raise _WrongError(rows[0], TITLE, "plan-approved", title)
    patch = sent.model_dump(exclude={"academic_year", "grade"})
    await curricula.edit(uow, target.principal, newest.id, newest.version, CurriculumPatch.model_validate(patch))
    return Status.CHANGED


def _same(whole: curricula.Whole, sent: CurriculumIn) -> bool:
    plan = whole.curriculum
    if any(getattr(plan, name) != getattr(sent, name) for name in ("kind", "profile", "week_days", "weeks")):
        return False
    if {one.group_id for one in whole.classes} != set(sent.group_ids):
        return False
    stands = [
        (one.subject_id, one.component, one.level, one.hours_week, one.hours_year, one.subgroups) for one in whole.lines
    ]
    said = [
        (one.subject_id, one.component, one.level, one.hours_week, one.hours_year, one.subgroups) for one in sent.lines
    ]
    return stands == said


def _sent(books: _Books, rows: Sequence[PlanRow], year: int) -> CurriculumIn:
    first = rows[0]
    plan = dict(first.plan)
    if "profile" in plan:
        plan["profile"] = books.profiles.get(normal_name(plan["profile"]), plan["profile"].casefold())
    missing = [name for name in first.classes if group_key(name) not in books.classes]
    if missing:
        raise _WrongError(first, CLASSES, "group-unknown", "Нет такого класса в этом учебном году")
    try:
        return CurriculumIn(
            academic_year=year,
            grade=first.grade,
            title=first.title,
            group_ids=[books.classes[group_key(name)] for name in first.classes],
            lines=[_line(books, row) for row in rows],
            **plan,
        )
    except ValidationError as error:
        one = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = str(one["loc"][0]) if one["loc"] else ""
        raise _WrongError(first, _PLACES.get(place, TITLE), "value", "Недопустимое значение") from None


def _line(books: _Books, row: PlanRow) -> LineIn:
    subject = books.subjects.get(normal_name(row.subject))
    if subject is None:
        raise _WrongError(row, SUBJECT, "subject-unknown", "Нет такого предмета в справочнике организации")
    component = books.components.get(normal_name(row.component))
    if component is None:
        raise _WrongError(row, COMPONENT, "component-unknown", "Нет такого компонента учебного плана")
    try:
        return LineIn(subject_id=subject, component=component, **row.more)
    except ValidationError as error:
        one = error.errors(include_input=False, include_url=False, include_context=False)[0]
        title = "Часы кратны 0,5 и не больше 40 в неделю"
        raise _WrongError(row, _PLACES.get(str(one["loc"][0]), HOURS), "hours", title) from None


CURRICULA = ImportKind(
    name="curricula",
    title="Учебные планы",
    roles=policies.KEEP.roles,
    columns=COLUMNS,
    read=read,
    check=check,
    apply=apply,
    of_year=True,
    unit=TITLE,
)
