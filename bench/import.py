# ruff: noqa: N999 - a bench is named after what it measures
"""A school's table of 10 000 students with guardians, read from XLSX into the registry, against a bare copy of the same rows.

The yardstick puts the rows that the import leaves into the same tables, history and outbox among them, from a side schema by
``INSERT … SELECT`` in one transaction: the same indexes, constraints, foreign keys and triggers; no reading, no checking, no
sealing, no finding of persons, no progress.
"""

import io
import time
from datetime import date, timedelta

import asyncpg
import xlsxwriter

from bench.runner import Comparison, compare
from bench.servers import Running, migrated, running
from identifiers import complete_snils, format_snils
from servicekit import storing
from servicekit.ids import new_id
from servicekit.runs import RunContext
from servicekit.tables import run as run_table
from servicekit.testing.servers import postgres_server
from sgo_core.bootstrap import SERVICE
from sgo_core.imports.running import PENDING
from sgo_core.imports.service import run_import

STUDENTS = 10_000
_CLASSES = 25
_YEAR = 2026
_SYLLABLES = [
    "ба",
    "ве",
    "го",
    "ду",
    "жи",
    "за",
    "ко",
    "лю",
    "ми",
    "но",
    "по",
    "ру",
    "са",
    "ту",
    "фе",
    "хо",
    "ца",
    "чу",
    "ше",
    "юл",
]
_ORGANIZATION = new_id()
_WRITTEN = (
    *("row_history", "student", "guardian", "guardianship", "consent", "duplicate_note"),
    *("movement_order", "membership", "placement", "movement", "outbox", "import_part"),
)
"""Tables that the import writes, in the order of their foreign keys."""


def _name(number: int, parts: int) -> str:
    word = ""
    for _ in range(parts):
        number, rest = divmod(number, len(_SYLLABLES))
        word += _SYLLABLES[rest]
    return word.capitalize()


def _snils(number: int) -> str:
    return format_snils(complete_snils(f"{number + 2_000_000:09d}"))


def _row(number: int) -> dict[str, object]:
    surname = _name(number, 3) + "в"
    return {
        "Класс (группа)": f"{number // (STUDENTS // _CLASSES) + 1}А",
        "Фамилия": surname, "Имя": _name(number * 7, 2) + "н", "Отчество": _name(number * 3, 2) + "вич",
        "Дата рождения": date(2012, 1, 1) + timedelta(days=number % 2500), "Пол": "М" if number % 2 else "Ж",
        "СНИЛС": _snils(number), "Документ": "свидетельство о рождении", "Серия": "IV-АГ", "Номер": f"{number:06d}",
        "Дата выдачи": date(2019, 4, 1), "Место жительства": f"г. Образцовск, ул. Тестовая, д. {number}",
        "Группа здоровья": "I", "Физкультурная группа": "Основная", "Состав семьи": "Полная", "№ личного дела": f"Л-{number}",
        "Дата зачисления": date(_YEAR, 9, 1), "Приказ №": "12-К", "Дата приказа": date(_YEAR, 8, 28),
        "Согласие от": date(_YEAR, 8, 28), "Родство": "мать", "Родитель: фамилия": surname + "а",
        "Родитель: имя": _name(number * 11, 2), "Родитель: отчество": _name(number * 5, 2) + "вна",
        "Родитель: телефон": f"+7900{number:07d}", "Родитель: СНИЛС": _snils(500_000 + number),
    }  # fmt: skip


def _workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_row(0, 0, list(_row(0)))
        for number in range(STUDENTS):
            for place, value in enumerate(_row(number).values()):
                if isinstance(value, date):
                    sheet.write_datetime(number + 1, place, value, day)
                else:
                    sheet.write_string(number + 1, place, str(value))
    return out.getvalue()


_PRINCIPAL = {
    "account_id": "bench",
    "role": "organization_admin",
    "unit": {"kind": "organization", "municipality": "03701000", "organization_id": str(_ORGANIZATION)},
    "person_id": None,
    "issued_at": "2026-09-01T00:00:00+00:00",
    "name": None,
}


async def _prepare(service: Running) -> None:
    """Empty tables, a school with its classes."""
    connection = await asyncpg.connect(service.database.owner_url)
    try:
        await connection.execute(f"TRUNCATE {', '.join(_WRITTEN)}, run, study_group, organization CASCADE")
        await connection.execute(
            "INSERT INTO organization (id, kind, full_name, short_name, search_name, municipality, locality, inn, ogrn, "
            "legal_address, recorded_at, recorded_by, reason) VALUES ($1, 'school', 'Школа', 'Школа', 'школа', '03701000', "
            "'urban', '7707083893', '1027700132195', '{}', now(), 'bench', 'Замер')",
            _ORGANIZATION,
        )
        for number in range(_CLASSES):
            await connection.execute(
                "INSERT INTO study_group (id, organization_id, academic_year, kind, name, grade, letter, class_type, plan_type, "
                "capacity, starts_on, ends_on, recorded_at, recorded_by, reason) VALUES ($1, $2, $3, 'class', $4, 1, $4, "
                "'ordinary', 'classical', 500, make_date($3, 9, 1), make_date($3 + 1, 9, 1), now(), 'bench', 'Замер')",
                new_id(), _ORGANIZATION, _YEAR, f"{number + 1}А",
            )  # fmt: skip
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def _ours(service: Running, content: bytes) -> float:
    await _prepare(service)
    upload_id, run_id = new_id(), new_id()
    await storing.put(storing.store_of(service.runtime.settings), f"{PENDING}/{upload_id}", content)
    params = {
        "upload_id": str(upload_id), "kind": "students", "organization_id": str(_ORGANIZATION), "academic_year": _YEAR,
        "dry_run": False, "matches": {}, "principal": _PRINCIPAL,
    }  # fmt: skip
    async with service.runtime.uow() as uow:
        await uow.session.execute(
            run_table.insert().values(id=run_id, kind="core.import", params=params, created_by="bench")
        )
    started = time.perf_counter()
    await run_import(RunContext(service.runtime, run_id, params))
    seconds = time.perf_counter() - started
    await _check(service)
    return seconds


async def _check(service: Running) -> None:
    connection = await asyncpg.connect(service.database.url)
    try:
        for table in ("student", "guardian", "guardianship", "membership", "placement", "movement"):
            found = await connection.fetchval(f"SELECT count(*) FROM {table}")
            if found != STUDENTS:
                raise RuntimeError(f"{found} rows in {table} instead of {STUDENTS}")
    finally:
        await connection.close()


async def _keep(service: Running) -> None:
    """Copy what the import left to the side."""
    await service.execute("DROP SCHEMA IF EXISTS bare CASCADE; CREATE SCHEMA bare")
    for table in (*_WRITTEN, "organization", "study_group"):
        await service.execute(f"CREATE TABLE bare.{table} AS TABLE {table}")


async def _bare(service: Running) -> float:
    await _prepare(service)
    connection = await asyncpg.connect(service.database.owner_url)
    try:
        await connection.execute("TRUNCATE study_group CASCADE")
        await connection.execute("INSERT INTO study_group SELECT * FROM bare.study_group")
        await connection.execute("VACUUM ANALYZE")
        started = time.perf_counter()
        async with connection.transaction():
            for table in _WRITTEN:
                await connection.execute(f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM bare.{table}")
        seconds = time.perf_counter() - started
    finally:
        await connection.close()
    await _check(service)
    return seconds


async def run() -> Comparison:
    """Compare."""
    content = _workbook()
    with postgres_server(durable=True) as postgres:
        async with running(SERVICE, await migrated(postgres, SERVICE)) as service:
            await _ours(service, content)
            await _keep(service)
            return await compare(
                "import",
                lambda: _ours(service, content),
                lambda: _bare(service),
                work=STUDENTS,
                unit="students",
                rounds=3,
            )
