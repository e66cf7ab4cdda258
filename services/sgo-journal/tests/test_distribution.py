"""The journal distributes by organization (ADR 0047): keys name it, joins are local, what is read every minute goes to one shard."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from asu_contracts.access import Role
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest

from .factories import MONDAY, School, guardianship, hear, mark, noted
from .test_migrations import NOT_PER_YEAR, PER_YEAR
from .test_pages import statements
from .totals.columns import read, save, total

LOCAL = {
    "producer_epoch", "outbox", "inbox", "idempotency", "audit", "run", "revocation", "alembic_version", "upload",
    "record_change_block", "outward_exchange",
}  # fmt: skip
"""Tables of the coordinator: they join with nothing of the journal."""
OF_STUDENTS = {"diary_visit", "diary_acknowledgement"}
"""What families do in a diary of all schools: by student, read by itself."""
REFERENCE = NOT_PER_YEAR - LOCAL - OF_STUDENTS
"""Small tables, a copy of each on every node."""
SEALED = {"fk_record_change_leaf_block_number"}
"""The chain of seals is one for the region, its blocks are a table of the coordinator: this reference goes when tables are distributed."""
VIEWS = {"roster_stay", "homework_due", "brought", "arrived_statement"}
_WHERE_READ = re.compile(
    r"(?:\b(?:FROM|JOIN|UPDATE|USING|INTO)|,)\s+(\w+)(?![\w.])(?!\s+AS\s*\()(?:\s+AS\s+(\w+))?(\s*\([^)]*\))?",
    re.IGNORECASE,
)


def unbound(statement: str, distributed: Iterable[str]) -> Iterator[str]:
    """Names under which a statement reads or writes distributed tables without saying of which organization they are."""
    known = frozenset(distributed)
    for table, alias, columns in _WHERE_READ.findall(statement):
        if table not in known:
            continue
        if "organization_id" in columns:
            continue
        name = alias or table
        own = rf"(?<![\w.]){name}\.organization_id"
        said = [rf"{own}\s*=", rf"=\s*{own}\b", rf"{own} IN ", rf"\({own}, [^)]*\)\s*(=|IN)"]
        if not alias:
            said += [r"(?<![\w.])organization_id\s*=", r"\(organization_id, [^)]*\)\s*="]
        if not any(re.search(one, statement) for one in said):
            yield name


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("SELECT 1 FROM mark AS m WHERE m.organization_id = $1", []),
        ("SELECT 1 FROM mark AS m WHERE m.student_id = $1", ["m"]),
        ("SELECT 1 FROM lesson AS l JOIN mark AS m ON m.lesson_id = l.id WHERE l.organization_id = $1", ["m"]),
        ("SELECT 1 FROM lesson AS l JOIN mark AS m ON m.organization_id = l.organization_id", []),
        ("SELECT 1 FROM mark WHERE id = $1", ["mark"]),
        ("SELECT 1 FROM lesson AS l, mark AS m WHERE l.organization_id = $1", ["m"]),
        ("UPDATE mark SET value = $1 WHERE mark.organization_id = $2", []),
        ("INSERT INTO mark (organization_id, id) VALUES ($1, $2)", []),
        ("INSERT INTO mark (id) VALUES ($1)", ["mark"]),
        ("SELECT am.organization_id = $1 FROM mark AS m", ["m"]),
        ("SELECT 1 FROM scale AS s WHERE s.id = 1", []),
    ],
)
def test_what_names_no_organization_is_found(statement: str, found: list[str]) -> None:
    assert list(unbound(statement, PER_YEAR | VIEWS)) == found


def test_every_table_is_of_one_kind() -> None:
    assert LOCAL | OF_STUDENTS <= NOT_PER_YEAR
    assert not LOCAL & OF_STUDENTS
    assert {"scale", "scale_value", "subject", "directory_group", "student_name", "teaching_group"} <= REFERENCE


async def test_unique_keys_name_the_organization_and_references_lead_to_it_or_to_copies(
    service: ServiceUnderTest,
) -> None:
    indexes = await service.fetch(
        """SELECT i.indexrelid::regclass::text AS name, i.indrelid::regclass::text AS of_table,
            (SELECT array_agg(a.attname::text) FROM pg_attribute AS a
              WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)) AS columns
        FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid
        WHERE i.indisunique AND c.relkind = 'p'"""
    )
    assert {row["of_table"] for row in indexes} == PER_YEAR
    assert [row["name"] for row in indexes if not {"organization_id", "academic_year"} <= set(row["columns"])] == []
    references = await service.fetch(
        """SELECT conname AS name, conrelid::regclass::text AS of_table, confrelid::regclass::text AS to_table,
            (SELECT array_agg(a.attname::text) FROM pg_attribute AS a
              WHERE a.attrelid = conrelid AND a.attnum = ANY (conkey)) AS columns
        FROM pg_constraint WHERE contype = 'f' AND conparentid = 0"""
    )
    wrong = []
    for row in references:
        local = row["of_table"] in PER_YEAR and "organization_id" in row["columns"]
        if row["to_table"] in PER_YEAR and not local:
            wrong.append(row["name"])
        if row["to_table"] in LOCAL and row["of_table"] in PER_YEAR and row["name"] not in SEALED:
            wrong.append(row["name"])
    assert wrong == []


async def test_functions_of_the_database_stay_in_one_organization(service: ServiceUnderTest) -> None:
    functions = await service.fetch(
        """SELECT p.proname AS name, p.prosrc AS source FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang
        WHERE p.pronamespace = 'public'::regnamespace AND l.lanname IN ('plpgsql', 'sql')
          AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e')"""
    )
    assert len(functions) > 10
    found = {row["name"]: list(unbound(row["source"], PER_YEAR | VIEWS)) for row in functions}
    assert {name: of for name, of in found.items() if of} == {}


async def hot(school: School) -> dict[str, list[str]]:
    """What is sent to the database by what people do all day."""
    await school.set_year()
    student, other = await school.enrol("Аистов", "Белов")
    guardian = new_id()
    await hear(school.service, guardianship(guardian, student))
    lesson = await school.lesson(MONDAY)
    school.service.runtime.clock = FixedClock(datetime(2026, 9, 7, 12, tzinfo=UTC))
    sent = statements(school)
    found: dict[str, list[str]] = {}

    def taken(name: str) -> None:
        found[name] = list(sent)
        sent.clear()

    answer = await school.save(mark(lesson, student, "5"), attendance=[noted(lesson, other, "sick")])
    assert answer.status_code == 200, answer.text
    answer = await school.save(mark(lesson, student, "4"))
    assert answer.status_code == 409, "also what tells a conflict"
    taken("save")
    await school.page(MONDAY)
    taken("page")
    assert (await save(school, total(student, "5"))).status_code == 200
    await read(school)
    await read(school, "totals/suggestions", kind="period", period=1)
    await read(school, "totals/suggestions", kind="year", period=0)
    await read(school, "brought-marks")
    taken("totals")
    for name, headers in (("family", school.headers(Role.GUARDIAN, guardian)), ("staff", school.admin)):
        answer = await school.service.client.get(
            f"/students/{student}/diary", params={"week": MONDAY.isoformat()}, headers=headers
        )
        assert answer.status_code == 200, answer.text
        taken(f"diary of {name}")
    period: dict[str, Any] = {"learners_id": str(school.group_id), "from": MONDAY, "to": date(2026, 9, 13)}
    answer = await school.service.client.get("/lessons", params=period, headers=school.teacher)
    assert answer.status_code == 200, answer.text
    taken("lessons")
    return found


async def test_what_people_do_all_day_names_the_organization(school: School) -> None:
    """A family reads the child's diary of every school: it begins at the child's stays, everything else is where they are."""
    sent = await hot(school)
    for name, tables in (("page", "journal lesson mark"), ("save", "mark attendance"), ("totals", "total brought")):
        told = {table for statement in sent[name] for table, _, _ in _WHERE_READ.findall(statement)}
        assert set(tables.split()) <= told
    found = {
        (name, alias) for name, of in sent.items() for statement in of for alias in unbound(statement, PER_YEAR | VIEWS)
    }
    assert {one for one in found if one[0] != "diary of family"} == set()
    assert {alias for name, alias in found if name == "diary of family"} <= {"r", "roster_stay"}
