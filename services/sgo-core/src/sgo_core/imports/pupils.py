"""Students of an organization's classes as tables name them: by СНИЛС, by number of the personal file, by names and birth date."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from identifiers import normal_name, parse_snils
from servicekit.uow import UnitOfWork
from sgo_core.imports.cells import BadCellError, Row, RowError, day, line
from sgo_core.imports.children import BIRTH_DATE
from sgo_core.imports.columns import Column, optional, required
from sgo_core.imports.kinds import Target
from sgo_core.imports.students import group_key
from sgo_core.vault import Vault, vault_of
from sgo_core.year_closing import roster

CLASS = "Класс (группа)"
SNILS = "СНИЛС"
FILE_NUMBER = "№ личного дела"
LAST_NAME, FIRST_NAME, MIDDLE_NAME = "Фамилия", "Имя", "Отчество"
COLUMNS = (
    Column(CLASS, required=True, hint="Класс завершаемого учебного года", example="5А"),
    Column(SNILS, hint="СНИЛС, или № личного дела, или фамилия, имя и дата рождения", example="112-233-445 95"),
    Column(FILE_NUMBER),
    Column(LAST_NAME, example="Образцова"),
    Column(FIRST_NAME, example="Мария"),
    Column(MIDDLE_NAME),
    Column(BIRTH_DATE, hint="ДД.ММ.ГГГГ", example="01.03.2016"),
)
_UNKNOWN = ("student-unknown", "Нет такого обучающегося в этом классе (группе)")


@dataclass(frozen=True)
class Sought:
    """A student as a row names one."""

    group: str
    snils: str | None
    file_number: str | None
    names: tuple[str, ...]
    birth_date: date | None

    @property
    def column(self) -> str:
        """Where to look for what is wrong."""
        return SNILS if self.snils is not None else FILE_NUMBER if self.file_number is not None else LAST_NAME

    @property
    def key(self) -> Hashable:
        """What tells the student apart in a file."""
        return self.snils or (group_key(self.group), self.file_number or (self.names, self.birth_date))


def read_sought(row: Row) -> Sought | None:
    """Whom the row is about, or None with what is wrong noted."""
    group = required(row, CLASS, line)
    snils, number = optional(row, SNILS, parse_snils, 11), optional(row, FILE_NUMBER, line)
    names = [optional(row, title, line) for title in (LAST_NAME, FIRST_NAME, MIDDLE_NAME)]
    born = optional(row, BIRTH_DATE, day)
    if not row.has(SNILS, FILE_NUMBER) and not all(row.has(one) for one in (LAST_NAME, FIRST_NAME, BIRTH_DATE)):
        title = "Укажите СНИЛС, или № личного дела, или фамилию, имя и дату рождения"
        row.wrong(SNILS, BadCellError("no-identity", title))
    if row.errors:
        return None
    return Sought(group, snils, number, tuple(normal_name(one) for one in names if one), born)


class Pupils:
    """Who was in which class of the year."""

    def __init__(self, vault: Vault, rows: Sequence[Any]) -> None:
        self._vault = vault
        self._classes: dict[str, list[Any]] = {}
        for row in rows:
            self._classes.setdefault(group_key(row.group), []).append(row)

    @classmethod
    async def read(cls, uow: UnitOfWork, target: Target) -> "Pupils":
        """Everyone who was in a class of the organization in the year."""
        assert target.organization_id is not None
        assert target.academic_year is not None
        rows = await roster.of_year(uow, target.organization_id, target.academic_year)
        return cls(vault_of(uow), rows)

    def find(self, number: int, sought: Sought) -> UUID | RowError:
        """The student, or why none or more than one is meant."""
        mine = self._classes.get(group_key(sought.group))
        if mine is None:
            title = "Нет такого класса (группы) с обучающимися в этом учебном году"
            return RowError(number, CLASS, "imports.row.group-unknown", title)
        found: set[UUID] = {one.id for one in mine if self._is(one, sought)}
        if len(found) == 1:
            return next(iter(found))
        code, title = ("student-ambiguous", "Таких обучающихся несколько: укажите СНИЛС") if found else _UNKNOWN
        return RowError(number, sought.column, f"imports.row.{code}", title)

    def _is(self, one: Any, sought: Sought) -> bool:
        if sought.snils is not None:
            return bool(one.snils_key == self._vault.snils_key(sought.snils))
        if sought.file_number is not None:
            return bool(one.personal_file_number == sought.file_number)
        names = tuple(normal_name(name) for name in (one.last_name, one.first_name, one.middle_name) if name)
        return one.birth_date == sought.birth_date and names[: len(sought.names)] == sought.names
