"""What rows of a table of students say, and what is wrong in them."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asu_contracts.access import Role, Unit, UnitKind
from servicekit.errors import DomainError
from servicekit.ids import new_id
from servicekit.security import Principal
from sgo_core.history.recorded import Author
from sgo_core.imports.cells import RowError
from sgo_core.imports.errors import EmptyListError, HeaderError
from sgo_core.imports.headers import read_header
from sgo_core.imports.kinds import Target
from sgo_core.imports.running import read_table_rows
from sgo_core.imports.students import STUDENTS, StudentRow
from sgo_core.imports.tables import Cell, Table

from .world import COLUMNS, row, snils

TODAY = date(2026, 11, 23)
ZONE = ZoneInfo("Europe/Moscow")


def table(*rows: dict[str, Any]) -> Table:
    return [list(COLUMNS), *([one.get(column, "") for column in COLUMNS] for one in rows)]


TARGET = Target(
    principal=Principal(
        account_id="account",
        role=Role.SECRETARY,
        unit=Unit(kind=UnitKind.ORGANIZATION, municipality="03701000", organization_id=new_id()),
        person_id=None,
        session_id=None,
        issued_at=datetime.now(UTC),
    ),
    organization_id=new_id(),
    organization_name="Школа",
    academic_year=2026,
    author=Author("account", "Проверка"),
    today=TODAY,
    zone=ZONE,
)


def read_rows(found: Table) -> tuple[list[StudentRow], list[RowError]]:
    header = read_header(found[0] if found else [], STUDENTS.columns, {})
    parts, errors = read_table_rows(STUDENTS, found, header, TARGET)
    return [one for part in parts for one in part], [error for row in sorted(errors) for error in errors[row]]


def read(*rows: dict[str, Any]) -> tuple[list[StudentRow], list[RowError]]:
    return read_rows(table(*rows))


def test_a_good_row() -> None:
    (found,), errors = read(row(1))
    assert errors == []
    student = found.family.student
    assert (student.last_name, student.sex, student.citizenship) == ("Образцов", "male", "643")
    assert student.snils == snils(1).replace("-", "").replace(" ", "")
    assert student.document is not None
    assert (student.document.kind, student.document.series, student.document.number) == (
        "birth_certificate",
        "IV-АГ",
        "000001",
    )
    assert found.family.guardians[0].kinship == "mother"
    assert found.family.consent is not None
    assert found.family.consent.given_at == datetime(2026, 8, 28, tzinfo=ZONE)
    assert (found.number, found.group, found.enrolled_on, found.order_number) == (2, "1А", date(2026, 9, 1), "12-К")


def test_numbers_typed_as_numbers_keep_their_zeros() -> None:
    changes = {"Номер": 42.0, "Гражданство": 51.0, "Приказ №": 7.0, "Класс (группа)": 1.0}
    (found,), errors = read(row(1, **changes))
    assert errors == []
    student = found.family.student
    assert student.document is not None
    assert (student.document.number, student.citizenship) == ("000042", "051")
    assert (found.order_number, found.group) == ("7", "1")


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"Фамилия": ""}, "Фамилия", "imports.row.empty"),
        ({"Фамилия": "123"}, "Фамилия", "imports.row.name.letters"),
        ({"Имя": "И" * 300}, "Имя", "imports.row.value"),
        ({"Дата рождения": "31.02.2019"}, "Дата рождения", "imports.row.date"),
        ({"Дата рождения": "2019-02-01"}, "Дата рождения", "imports.row.date"),
        ({"Дата рождения": 43000.0}, "Дата рождения", "imports.row.date"),
        ({"Дата рождения": date(2027, 1, 1)}, "Дата рождения", "imports.row.birth-date"),
        ({"Дата рождения": date(1980, 1, 1)}, "Дата рождения", "imports.row.birth-date"),
        ({"Пол": "муж"}, "Пол", "imports.row.not-in-list"),
        ({"Гражданство": "РФ"}, "Гражданство", "imports.row.value"),
        ({"СНИЛС": "112-233-445 00"}, "СНИЛС", "imports.row.snils.checksum"),
        ({"СНИЛС": "12"}, "СНИЛС", "imports.row.snils.format"),
        ({"Документ": "права"}, "Документ", "imports.row.not-in-list"),
        ({"Серия": "4"}, "Серия", "imports.row.birth-certificate-series.format"),
        ({"Номер": "12345"}, "Номер", "imports.row.birth-certificate-number.format"),
        ({"СНИЛС": "", "Документ": "", "Серия": "", "Номер": ""}, "Номер", "imports.row.no-identity"),
        ({"Дата зачисления": ""}, "Дата зачисления", "imports.row.empty"),
        ({"Приказ №": ""}, "Приказ №", "imports.row.empty"),
        ({"Родитель: имя": ""}, "Родитель: имя", "imports.row.empty"),
        ({"Родство": "тётя"}, "Родство", "imports.row.not-in-list"),
        ({"Родитель: телефон": "позвоните"}, "Родитель: телефон", "imports.row.phone.format"),
        ({"Согласие от": ""}, "Согласие от", "imports.row.empty"),
        ({"Согласие от": "01.01.0001"}, "Согласие от", "imports.row.date-range"),
        ({"Согласие от": date(2099, 1, 1)}, "Согласие от", "imports.row.date-range"),
        ({"Дата приказа": "01.01.0001"}, "Дата приказа", "imports.row.date-range"),
        ({"Дата выдачи": date(2099, 1, 1)}, "Дата выдачи", "imports.row.date-range"),
    ],
)
def test_wrong_cells(changes: dict[str, Any], column: str, code: str) -> None:
    rows, errors = read(row(1), row(2, **changes))
    assert [one.number for one in rows] == [2]
    assert [(error.row, error.column, error.code) for error in errors] == [(3, column, code)]


def test_a_child_twice_in_the_file_is_told_at_the_second_row() -> None:
    _, errors = read(row(1), row(2), row(3, СНИЛС=snils(1)), row(4, СНИЛС="", Номер="000002"))
    assert [(error.row, error.column, error.code) for error in errors] == [
        (4, "СНИЛС", "imports.row.repeated"),
        (5, "Номер", "imports.row.repeated"),
    ]


def test_empty_rows_are_passed_over_and_counted_on() -> None:
    rows, errors = read(row(1), {}, row(2))
    assert ([one.number for one in rows], errors) == ([2, 4], [])


def test_headers() -> None:
    with pytest.raises(EmptyListError):
        read_rows([list(COLUMNS)])
    with pytest.raises(HeaderError) as missing:
        read_rows([list(COLUMNS[1:])])
    assert missing.value.detail == "Нет столбцов: Класс (группа)"
    with pytest.raises(HeaderError) as twice:
        read_rows([[*COLUMNS, "имя "]])
    assert twice.value.detail == "Столбец указан дважды: Имя"
    assert read_header([*COLUMNS, "Иванов Иван"], STUDENTS.columns, {}).ignored == [23]


cells = st.one_of(
    st.text(max_size=20),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)


@given(st.lists(st.lists(cells, max_size=len(COLUMNS)), max_size=4))
def test_whatever_stands_in_cells_is_an_error_not_a_crash(found: list[list[Cell]]) -> None:
    try:
        rows, errors = read_rows([list(COLUMNS), *found])
    except DomainError:
        return
    assert rows or errors
    assert all(error.column in COLUMNS for error in errors)
