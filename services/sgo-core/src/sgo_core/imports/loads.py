"""The teaching load from a table: who teaches which subject to whom, a line a row."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from identifiers import normal_name, parse_snils
from servicekit.uow import UnitOfWork
from sgo_core.groups import service as groups
from sgo_core.imports.cells import BadCellError, Row, RowError, day, line
from sgo_core.imports.columns import Column, optional, required
from sgo_core.imports.kinds import ImportKind, Outcome, Status, Target
from sgo_core.imports.naming import subjects_by_name
from sgo_core.imports.single import RefusedRowError, one_by_one
from sgo_core.imports.students import group_key
from sgo_core.loads import policies
from sgo_core.loads import service as loads
from sgo_core.loads.schemas import Hours, LoadIn, LoadPatch, LoadsIn
from sgo_core.staff import service as staff
from sgo_core.subgroups import service as subgroups
from sgo_core.vault import Vault, vault_of

CLASS = "Класс"
PART = "Подгруппа (группа)"
SUBJECT = "Предмет"
SNILS = "СНИЛС учителя"
TEACHER = "Учитель"
HOURS = "Часов в неделю"
FROM = "Ведёт с"
TO = "Не ведёт с"
_PLACES = {
    "group_id": CLASS,
    "teaching_group_id": PART,
    "subject_id": SUBJECT,
    "worker_id": TEACHER,
    "valid_from": FROM,
    "valid_to": TO,
    "loads.twice": SUBJECT,
    "loads.dates": TO,
}
COLUMNS = (
    Column(CLASS, hint="Пусто для группы из нескольких классов", example="5А"),
    Column(PART, hint="Если предмет ведётся не всему классу; одинаковые названия: «Деление: Подгруппа»"),
    Column(SUBJECT, required=True, hint="Название или код из справочника", example="Математика"),
    Column(SNILS, hint="СНИЛС или фамилия, имя и отчество", example="112-233-445 95"),
    Column(TEACHER, hint="Нужен, если не указан СНИЛС", example="Образцова Мария Тестовна"),
    Column(HOURS, required=True, hint="Кратно 0,5", example="5"),
    Column(FROM, hint="ДД.ММ.ГГГГ, пусто: с начала учебного года"),
    Column(TO, hint="Первый день, когда уже не ведёт, ДД.ММ.ГГГГ; пусто: до конца учебного года"),
)
_HOURS: TypeAdapter[Decimal] = TypeAdapter(Hours)


@dataclass(frozen=True)
class LoadRow:
    """A good row; class, group, subject and teacher as the file names them."""

    number: int
    group: str | None
    part: str | None
    subject: str
    snils: str | None
    teacher: str | None
    hours_week: Decimal
    valid_from: date | None
    valid_to: date | None

    @property
    def key(self) -> Hashable:
        """What a file says once."""
        names = (group_key(one or "") for one in (self.group, self.part, self.subject))
        return *names, self.snils or normal_name(self.teacher or ""), self.valid_from


def read(row: Row, _target: Target) -> LoadRow | None:
    """The row, if nothing is wrong with it."""
    group, part = optional(row, CLASS, line), optional(row, PART, line)
    if not row.has(CLASS, PART):
        row.wrong(CLASS, BadCellError("empty", "Укажите класс или группу"))
    subject = required(row, SUBJECT, line)
    snils, teacher = optional(row, SNILS, parse_snils, 11), optional(row, TEACHER, line)
    if not row.has(SNILS, TEACHER):
        row.wrong(SNILS, BadCellError("empty", "Укажите СНИЛС или фамилию, имя и отчество учителя"))
    found = required(row, HOURS, _hours)
    begins, ends = optional(row, FROM, day), optional(row, TO, day)
    return None if row.errors else LoadRow(row.number, group, part, subject, snils, teacher, found, begins, ends)


def _hours(text: str) -> Decimal:
    try:
        return _HOURS.validate_python(text.replace(",", "."))
    except ValidationError:
        raise BadCellError("hours", "Часы кратны 0,5 и не больше 40 в неделю") from None


def check(rows: Sequence[LoadRow]) -> list[RowError]:
    """Lines that stand in the file twice."""
    seen: set[Hashable] = set()
    errors = []
    for row in rows:
        if row.key in seen:
            errors.append(RowError(row.number, SUBJECT, "imports.row.repeated", "Строка указана в файле дважды"))
        seen.add(row.key)
    return errors


async def apply(uow: UnitOfWork, target: Target, rows: Sequence[LoadRow]) -> list[Outcome]:
    """Distribute what is new, correct the hours and days that differ; lines that the file does not name stay."""
    books = await _Books.read(uow, target)

    async def enter(row: LoadRow) -> Status:
        return await _enter(uow, target, books, row)

    return await one_by_one(uow, rows, enter, _PLACES)


async def _enter(uow: UnitOfWork, target: Target, books: "_Books", row: LoadRow) -> Status:
    assert target.organization_id is not None
    assert target.academic_year is not None
    taught = books.taught(row)
    subject_id, worker_id = books.subject(row), books.worker(row)
    standing = [
        one
        for one in books.lines.get((*taught, subject_id, worker_id), ())
        if one.valid_from < one.valid_to and row.valid_from in {None, one.valid_from}
    ]
    if not standing:
        said = LoadIn(
            group_id=taught[0],
            teaching_group_id=taught[1],
            subject_id=subject_id,
            worker_id=worker_id,
            hours_week=row.hours_week,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        sent = LoadsIn(academic_year=target.academic_year, loads=[said])
        (made,) = await loads.distribute(uow, target.principal, target.organization_id, sent)
        books.note(made.TeachingLoad)
        return Status.CREATED
    last = max(standing, key=lambda one: one.valid_from)
    said_of = {"hours_week": row.hours_week, "valid_to": row.valid_to or last.valid_to}
    differs = {name: value for name, value in said_of.items() if getattr(last, name) != value}
    if not differs:
        return Status.UNCHANGED
    patch = LoadPatch.model_validate({"reason": target.author.reason, **differs})
    await loads.edit(uow, target.principal, last.id, last.version, patch)
    return Status.CHANGED


@dataclass(frozen=True)
class _Books:
    """What the names of a file mean in this organization and year, and the lines that are there."""

    vault: Vault
    subjects: Mapping[str, UUID]
    classes: Mapping[str, UUID]
    parts: Mapping[tuple[UUID | None, str], Sequence[UUID]]
    by_snils: Mapping[bytes, UUID]
    by_name: Mapping[str, set[UUID]]
    lines: dict[tuple[UUID | None, UUID | None, UUID, UUID], list[Any]]

    @classmethod
    async def read(cls, uow: UnitOfWork, target: Target) -> "_Books":
        organization_id, year = target.organization_id, target.academic_year
        assert organization_id is not None
        assert year is not None
        by_snils: dict[bytes, UUID] = {}
        by_name: dict[str, set[UUID]] = {}
        async for workers, _ in staff.ever_employed(uow.session, organization_id):
            for one in workers:
                if one.snils_key is not None:
                    by_snils[one.snils_key] = one.id
                whole = " ".join(filter(None, (one.last_name, one.first_name, one.middle_name)))
                by_name.setdefault(normal_name(whole), set()).add(one.id)
        parts: dict[tuple[UUID | None, str], list[UUID]] = {}
        for part in await subgroups.named(uow, organization_id, year):
            for name in {part.name, f"{part.division}: {part.name}"}:
                parts.setdefault((part.group_id, group_key(name)), []).append(part.id)
        books = cls(
            vault_of(uow),
            await subjects_by_name(uow, target),
            {group_key(one.name): one.id for one in await groups.named(uow, organization_id, year)},
            parts,
            by_snils,
            by_name,
            {},
        )
        there = await loads.list_loads(
            uow, target.principal, organization_id, {"academic_year": year}, None, None, None
        )
        for row in there:
            books.note(row.TeachingLoad)
        return books

    def note(self, load: Any) -> None:
        """Know of a line."""
        key = (load.group_id, load.teaching_group_id, load.subject_id, load.worker_id)
        self.lines.setdefault(key, []).append(load)

    def taught(self, row: LoadRow) -> tuple[UUID | None, UUID | None]:
        """The class, or the teaching group."""
        group_id = None if row.group is None else self.classes.get(group_key(row.group))
        if row.group is not None and group_id is None:
            raise RefusedRowError(CLASS, "group-unknown", "Нет такого класса в этом учебном году")
        if row.part is None:
            return group_id, None
        found = self.parts.get((group_id, group_key(row.part)), ())
        if not found:
            raise RefusedRowError(PART, "part-unknown", "Нет такой подгруппы в классе (группы в организации)")
        if len(found) > 1:
            raise RefusedRowError(PART, "part-ambiguous", "Таких подгрупп несколько: укажите «Деление: Подгруппа»")
        return None, found[0]

    def subject(self, row: LoadRow) -> UUID:
        """The subject."""
        found = self.subjects.get(normal_name(row.subject))
        if found is None:
            raise RefusedRowError(SUBJECT, "subject-unknown", "Нет такого предмета в справочнике организации")
        return found

    def worker(self, row: LoadRow) -> UUID:
        """The teacher, by number, else by names that are nobody else's here."""
        if row.snils is not None:
            found = self.by_snils.get(self.vault.snils_key(row.snils))
            if found is None:
                raise RefusedRowError(SNILS, "teacher-unknown", "Нет такого работника в организации")
            return found
        named = self.by_name.get(normal_name(row.teacher or ""), set())
        if len(named) == 1:
            return next(iter(named))
        if named:
            raise RefusedRowError(TEACHER, "teacher-ambiguous", "Таких работников несколько: укажите СНИЛС")
        raise RefusedRowError(TEACHER, "teacher-unknown", "Нет такого работника в организации")


LOADS = ImportKind(
    name="loads",
    title="Учебная нагрузка",
    roles=policies.KEEP.roles,
    columns=COLUMNS,
    read=read,
    check=check,
    apply=apply,
    of_year=True,
)
