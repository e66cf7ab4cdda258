"""ОО-1 of one school, of the whole region of 700 000 learners, and consolidated of 1 200 reports, each against hand-written SQL.

Both sides give the same figures from the same tables as of the same day: ours compiles the definition, counts in one grouped pass
a section and spreads the groups over the cells; the yardstick is the statement somebody would write who knows the form by heart: its
classes by kind and grade. How long all sections take is told beside.
``LEARNERS`` makes another size.
"""

import json
import os
from collections.abc import Awaitable, Callable
from datetime import date
from time import perf_counter
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from bench.runner import Comparison, compare
from bench.servers import Running, migrated, running
from reporting.bootstrap import SERVICE
from reporting.builds import consolidating, repository
from reporting.engine.definition import FormDefinition
from reporting.facts.sources import Scope
from reporting.forms.service import catalog
from servicekit.ids import new_id
from servicekit.testing.servers import postgres_server

LEARNERS = int(os.environ.get("LEARNERS", "700000"))
_IN_CLASS, _CLASSES_IN_SCHOOL, _YEARS = 25, 24, 3
_DAY = date(2026, 9, 20)
_SCHOOL = "md5('school 1')::uuid"

_FILL = f"""
SET session_replication_role = replica;
SELECT create_year_partitions(year) FROM generate_series({_DAY.year - _YEARS + 1}, {_DAY.year}) AS year;
CREATE TEMP TABLE class AS SELECT n, md5('class ' || n)::uuid AS id, md5('school ' || (n - 1) / {_CLASSES_IN_SCHOOL} + 1)::uuid AS school,
        (n - 1) % 11 + 1 AS grade, (ARRAY['ordinary', 'in_depth', 'gymnasium', 'lyceum'])[(n - 1) % 7 % 4 + 1] AS type
    FROM generate_series(1, {LEARNERS // _IN_CLASS}) AS n;
INSERT INTO facts.organization (id, kind, municipality, locality, valid_from, valid_to, known_from, known_to)
    SELECT DISTINCT school, 'school', '03701000', 'urban', '-infinity'::date, 'infinity'::date, now(), 'infinity'::timestamptz FROM class;
INSERT INTO facts.study_group (id, organization_id, academic_year, kind, name, grade, class_type, capacity,
        valid_from, valid_to, known_from, known_to)
    SELECT md5(id::text || year)::uuid, school, year, 'class', grade::text, grade, type, 25,
           make_date(year, 9, 1), make_date(year + 1, 9, 1), now(), 'infinity'::timestamptz
    FROM class CROSS JOIN generate_series({_DAY.year - _YEARS + 1}, {_DAY.year}) AS year;
INSERT INTO facts.learner (statistical_id, birth_date, sex, citizenship, foreign_languages, disability,
        valid_from, valid_to, known_from, known_to)
    SELECT md5('learner ' || n)::uuid, make_date(2010, 1, 1) + n % 3650, (ARRAY['male', 'female'])[n % 2 + 1],
           CASE WHEN n % 50 = 0 THEN '112' ELSE '643' END, '[]'::jsonb, false,
           '-infinity'::date, 'infinity'::date, now(), 'infinity'::timestamptz
    FROM generate_series(1, {LEARNERS}) AS n;
INSERT INTO facts.placement (organization_id, academic_year, id, statistical_id, group_id, grade, main, opened_kind, closed_kind,
        valid_from, valid_to, known_from, known_to)
    SELECT c.school, year, md5('stay ' || c.n || ' ' || k || ' ' || year)::uuid,
           md5('learner ' || (c.n - 1) * {_IN_CLASS} + k)::uuid, md5(c.id::text || year)::uuid, c.grade, true, 'enrolled',
           CASE WHEN year < {_DAY.year} THEN 'promoted' END, make_date(year, 9, 1),
           CASE WHEN year < {_DAY.year} THEN make_date(year + 1, 9, 1) ELSE 'infinity'::date END, now(), 'infinity'::timestamptz
    FROM class AS c CROSS JOIN generate_series(1, {_IN_CLASS}) AS k
        CROSS JOIN generate_series({_DAY.year - _YEARS + 1}, {_DAY.year}) AS year;
"""

_BY_HAND = """
    SELECT g.class_type, p.grade, count(*), count(DISTINCT p.group_id)
    FROM facts.placement AS p LEFT JOIN facts.study_group AS g
        ON (g.organization_id, g.academic_year, g.id) = (p.organization_id, p.academic_year, p.group_id)
        AND g.known_to = 'infinity' AND g.valid_from <= $1 AND g.valid_to > $1
    WHERE p.main AND p.known_to = 'infinity' AND p.valid_from <= $1 AND p.valid_to > $1 {unit}
    GROUP BY GROUPING SETS ((p.grade), (g.class_type, p.grade))
"""


_ROWS = [f"{number:02}" for number in range(1, 9)]


def _whole() -> FormDefinition:
    form = catalog().edition("oo-1", _DAY)
    if form is None:
        raise RuntimeError("no edition of ОО-1")
    return form


def _form() -> FormDefinition:
    """What the yardstick knows by heart: classes of section 2.1.1 and their learners."""
    text = _whole().model_dump(by_alias=True)
    (section,) = (one for one in text["sections"] if one["code"] == "2.1.1")
    rows = [row for row in section["rows"] if row["code"] in _ROWS]
    return FormDefinition.model_validate(text | {"sections": [section | {"rows": rows, "closed": ()}], "controls": ()})


async def _fill(service: Running) -> None:
    connection = await service.database.connect()
    try:
        await connection.execute(_FILL, timeout=3600)
        await connection.execute("VACUUM ANALYZE", timeout=3600)
    finally:
        await connection.close()


def _ours(service: Running, school: UUID | None, form: FormDefinition) -> Callable[[], Awaitable[float]]:
    async def count() -> float:
        started = perf_counter()
        async with AsyncSession(service.runtime.engine) as session:
            cells = await repository.count_cells(session, form, Scope(school, None, _DAY, _DAY))
        seconds = perf_counter() - started
        if not cells["2.1.1", "02", "3"]:
            raise RuntimeError("nothing was counted")
        return seconds

    return count


def _by_hand(connection: "asyncpg.Connection[asyncpg.Record]", school: UUID | None) -> Callable[[], Awaitable[float]]:
    async def count() -> float:
        started = perf_counter()
        if school is None:
            rows = await connection.fetch(_BY_HAND.format(unit=""), _DAY)
        else:
            rows = await connection.fetch(_BY_HAND.format(unit="AND p.organization_id = $2"), _DAY, school)
        cells = {(row[0], row[1]): (row[2], row[3]) for row in rows}
        seconds = perf_counter() - started
        if not cells:
            raise RuntimeError("nothing was counted")
        return seconds

    return count


_REPORTS = 1200
_ADDED_BY_HAND = """
    SELECT section.key, line.key, cell.key, sum((cell.value #>> '{}')::numeric)
    FROM report, jsonb_each(cells) AS section, jsonb_each(section.value) AS line, jsonb_each(line.value) AS cell
    WHERE report.id = ANY($1) AND cell.value <> 'null' GROUP BY 1, 2, 3
"""


async def _file_reports(service: Running, form: FormDefinition) -> list[UUID]:
    """Reports of schools, each with numbers of its own."""
    ids = [new_id() for _ in range(_REPORTS)]
    rows = [
        (
            report_id,
            form.digest,
            json.dumps(form.model_dump(mode="json", by_alias=True)),
            report_id,
            json.dumps(
                {
                    section.code: {
                        row: {column: number + place for place, column in enumerate(section.sheet.columns)}
                        for row in section.sheet.rows
                    }
                    for section in form.sections
                }
            ),
        )
        for number, report_id in enumerate(ids)
    ]
    connection = await service.database.connect()
    try:
        await connection.executemany(
            """INSERT INTO report (id, form, edition, definition_digest, definition, organization_id, municipality, unit_name, as_of,
                    log_position, cells, controls, built_at, built_by, counted_as, corrections)
                VALUES ($1, 'oo-1', '2024', $2, $3, $4, '03701000', '', '2026-09-20', 0, $5, '[]', now(), '', $1, '[]')""",
            rows,
        )
    finally:
        await connection.close()
    return ids


def _added(service: Running, form: FormDefinition, ids: list[UUID]) -> Callable[[], Awaitable[float]]:
    async def add() -> float:
        started = perf_counter()
        async with AsyncSession(service.runtime.engine) as session:
            found = await repository.by_ids(session, ids)
            cells = consolidating.total(form, [one.cells for one in found])
        seconds = perf_counter() - started
        if cells["2.1.1", "01", "3"] != sum(range(_REPORTS)):
            raise RuntimeError("added wrongly")
        return seconds

    return add


def _added_by_hand(connection: "asyncpg.Connection[asyncpg.Record]", ids: list[UUID]) -> Callable[[], Awaitable[float]]:
    async def add() -> float:
        started = perf_counter()
        rows = await connection.fetch(_ADDED_BY_HAND, ids)
        cells = {(row[0], row[1], row[2]): row[3] for row in rows}
        seconds = perf_counter() - started
        if cells["2.1.1", "01", "3"] != sum(range(_REPORTS)):
            raise RuntimeError("added wrongly")
        return seconds

    return add


async def run() -> list[Comparison]:
    """Compare."""
    with postgres_server() as postgres:
        async with running(SERVICE, await migrated(postgres, SERVICE)) as service:
            await _fill(service)
            connection = await asyncpg.connect(service.database.url)
            try:
                school = await connection.fetchval(f"SELECT {_SCHOOL}")
                form = _form()
                ids = await _file_reports(service, form)
                counted = [
                    await compare(
                        f"form_{name}",
                        _ours(service, unit, form),
                        _by_hand(connection, unit),
                        work=work,
                        unit="learners",
                    )
                    for name, unit, work in (
                        ("school", school, _IN_CLASS * _CLASSES_IN_SCHOOL),
                        ("region", None, LEARNERS),
                    )
                ]
                consolidated = await compare(
                    "form_consolidated",
                    _added(service, form, ids),
                    _added_by_hand(connection, ids),
                    work=_REPORTS,
                    unit="reports",
                )
                for name, unit in (("school", school), ("region", None)):
                    seconds = await _ours(service, unit, _whole())()
                    print(f"form_{name}: all {len(_whole().sections)} sections: {seconds:.3f} s", flush=True)
                return [*counted, consolidated]
            finally:
                await connection.close()
