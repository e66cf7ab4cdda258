"""SQL of people."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, Row, Table, Uuid, and_, any_, literal, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from servicekit.ids import new_id
from sgo_core.database import Base
from sgo_core.people.model import DuplicateNote, Guardian, Guardianship, Student

_NAMESAKES = 10
"""Of how many namesakes a new card is noted beside."""


def _among(column: Any, values: Collection[Any], kind: Any) -> Any:
    return column == any_(literal(list(values), ARRAY(kind)))


def row_of(entity: Base) -> dict[str, Any]:
    """Column values of an entity that is not stored yet; what is not set and has a default is left to the database."""
    table = entity.__table__
    assert isinstance(table, Table)
    values = {column.key: getattr(entity, column.key) for column in table.columns}
    return {
        name: value for name, value in values.items() if value is not None or table.columns[name].server_default is None
    }


async def students_by_keys(
    session: AsyncSession, snils_keys: Collection[bytes], document_keys: Collection[bytes]
) -> Sequence[Student]:
    """Students that have one of the keys, and those into whom such a card was merged; locked in id order."""
    by_key = or_(
        _among(Student.snils_key, snils_keys, LargeBinary),
        _among(Student.document_key, document_keys, LargeBinary),
    )
    survivors = select(Student.merged_into).where(by_key, Student.merged_into.is_not(None))
    query = select(Student).where(or_(by_key, Student.id.in_(survivors)))
    query = query.order_by(Student.id).with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(query)).all()


async def guardians_by_keys(session: AsyncSession, snils_keys: Collection[bytes]) -> Sequence[Guardian]:
    """Guardians that have one of the keys, locked in id order."""
    query = select(Guardian).where(_among(Guardian.snils_key, snils_keys, LargeBinary)).order_by(Guardian.id)
    return (await session.scalars(query.with_for_update().execution_options(populate_existing=True))).all()


async def guardian_names(session: AsyncSession, snils_keys: Collection[bytes]) -> Sequence[Row[bytes | None, str, str]]:
    """Key, last and first name of guardians that have one of the keys."""
    query = select(Guardian.snils_key, Guardian.last_name, Guardian.first_name)
    return (await session.execute(query.where(_among(Guardian.snils_key, snils_keys, LargeBinary)))).all()


async def families_of(
    session: AsyncSession, student_ids: Collection[UUID], *, lock: bool = False
) -> Sequence[tuple[Guardianship, Guardian]]:
    """Ties of students with their guardians; the guardians locked in id order if asked."""
    query = (
        select(Guardianship, Guardian)
        .join(Guardian, Guardian.id == Guardianship.guardian_id)
        .where(_among(Guardianship.student_id, student_ids, Uuid), Guardian.merged_into.is_(None))
        .order_by(Guardian.id)
    )
    if lock:
        query = query.with_for_update(of=Guardian).execution_options(populate_existing=True)
    return [(tie, guardian) for tie, guardian in await session.execute(query)]


async def insert_new(
    session: AsyncSession, entities: Sequence[Student] | Sequence[Guardian] | Sequence[Guardianship]
) -> set[UUID]:
    """Insert entities of one class whose unique keys are free; ids of those that came in."""
    if not entities:
        return set()
    kind = type(entities[0])
    table = kind.__table__  # not the entity: the ORM would send rows one by one where empty columns alternate
    assert isinstance(table, Table)
    statement = upsert(table).on_conflict_do_nothing().returning(table.c.id)
    return set(await session.scalars(statement, [row_of(entity) for entity in entities]))


async def note_duplicates(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Note pairs of cards for a person to look at; a pair noted already stays."""
    if rows:
        await session.execute(upsert(DuplicateNote).on_conflict_do_nothing(), rows)


async def namesakes(session: AsyncSession, student_ids: Collection[UUID]) -> Sequence[tuple[UUID, UUID]]:
    """Pairs (one of the given students, another student) with the same name and birth date: of each the first few.

    Without that bound a list that repeats one child a thousand times would leave a million pairs.
    """
    other = aliased(Student)
    first = (
        select(other.id)
        .where(
            other.birth_date == Student.birth_date,
            other.search_name == Student.search_name,
            other.id != Student.id,
            other.merged_into.is_(None),
        )
        .order_by(other.id)
        .limit(_NAMESAKES)
        .lateral()
    )
    query = select(Student.id, first.c.id).join(first, true()).where(_among(Student.id, student_ids, Uuid))
    return [(one, another) for one, another in await session.execute(query)]


async def guardians_of(session: AsyncSession, student_ids: Collection[UUID]) -> Sequence[UUID]:
    """Ids of the guardians the students have or had."""
    query = select(Guardianship.guardian_id).where(_among(Guardianship.student_id, student_ids, Uuid)).distinct()
    return (await session.scalars(query)).all()


async def ties_in_force(session: AsyncSession, condition: Any, today: date) -> dict[UUID, set[UUID]]:
    """Children by guardian; a guardian whose guardianships have all ended has none."""
    query = select(Guardianship.guardian_id, Guardianship.student_id, Guardianship.valid_to).where(condition)
    children: dict[UUID, set[UUID]] = {}
    for guardian_id, student_id, valid_to in await session.execute(query):
        mine = children.setdefault(guardian_id, set())
        if valid_to is None or valid_to > today:
            mine.add(student_id)
    return children


async def children_of(session: AsyncSession, guardian_ids: Collection[UUID]) -> Sequence[UUID]:
    """Ids of the children that guardians have or had."""
    query = select(Guardianship.student_id).where(_among(Guardianship.guardian_id, guardian_ids, Uuid)).distinct()
    return (await session.scalars(query)).all()


async def wards(session: AsyncSession, guardian_id: UUID, today: date) -> Sequence[tuple[Guardianship, Student]]:
    """A guardian's guardianships in force on a day, with the children."""
    query = (
        select(Guardianship, Student)
        .join(Student, Student.id == Guardianship.student_id)
        .where(
            Guardianship.guardian_id == guardian_id,
            or_(Guardianship.valid_to.is_(None), Guardianship.valid_to > today),
        )
        .order_by(Guardianship.student_id)
    )
    return [(tie, student) for tie, student in await session.execute(query)]


async def get_tie(session: AsyncSession, student_id: UUID, guardian_id: UUID) -> Guardianship | None:
    """The tie of a student and a guardian, locked for an edit."""
    query = select(Guardianship).where(Guardianship.student_id == student_id, Guardianship.guardian_id == guardian_id)
    return (await session.scalars(query.with_for_update().execution_options(populate_existing=True))).one_or_none()


async def next_versions(session: AsyncSession, guardian_ids: Sequence[UUID], now: Any) -> Sequence[Guardian]:
    """Guardians with their version counted up, locked in id order first."""
    locked = select(Guardian.id).where(_among(Guardian.id, guardian_ids, Uuid)).order_by(Guardian.id).with_for_update()
    await session.execute(locked)
    statement = (
        update(Guardian)
        .where(_among(Guardian.id, guardian_ids, Uuid))
        .values(version=Guardian.version + 1, updated_at=now)
        .returning(Guardian)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return (await session.scalars(statement)).all()


async def get_student(session: AsyncSession, student_id: UUID, *, lock: bool = False) -> Student | None:
    """A student, locked for an edit if asked."""
    query = select(Student).where(Student.id == student_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def students_by_ids(session: AsyncSession, student_ids: Collection[UUID]) -> Sequence[Student]:
    """Students by id."""
    return (await session.scalars(select(Student).where(_among(Student.id, student_ids, Uuid)))).all()


async def survivor_of(session: AsyncSession, model: type[Student | Guardian], card_id: UUID) -> UUID | None:
    """The card that one was merged into."""
    found: UUID | None = await session.scalar(select(model.merged_into).where(model.id == card_id))
    return found


async def next_merged(session: AsyncSession, student_ids: Collection[UUID], now: datetime) -> Sequence[Student]:
    """The cards that were merged into these students, with their version counted up."""
    mine = _among(Student.merged_into, student_ids, Uuid)
    await session.execute(select(Student.id).where(mine).order_by(Student.id).with_for_update())
    statement = update(Student).where(mine).values(version=Student.version + 1, updated_at=now).returning(Student)
    statement = statement.execution_options(synchronize_session=False, populate_existing=True)
    return (await session.scalars(statement)).all()


async def holder_of(session: AsyncSession, document_key: bytes, survivor_id: UUID) -> Student | None:
    """The card merged into a student that keeps a document's key for it, locked."""
    query = select(Student).where(Student.document_key == document_key, Student.merged_into == survivor_id)
    return (await session.scalars(query.with_for_update().execution_options(populate_existing=True))).one_or_none()


async def lock_students(session: AsyncSession, student_ids: Collection[UUID]) -> Mapping[UUID, Student]:
    """Students by id with their rows locked, always in id order."""
    query = select(Student).where(_among(Student.id, student_ids, Uuid)).order_by(Student.id).with_for_update()
    return {student.id: student for student in await session.scalars(query)}


async def lock_pseudonyms(session: AsyncSession, student_ids: Collection[UUID]) -> Mapping[UUID, UUID]:
    """Statistical ids of students by id with their rows locked, always in id order, without reading their cards."""
    query = select(Student.id, Student.statistical_id).where(_among(Student.id, student_ids, Uuid))
    locked = await session.execute(query.order_by(Student.id).with_for_update())
    return {row.id: row.statistical_id for row in locked}


async def lock_living(session: AsyncSession, student_ids: Collection[UUID]) -> Mapping[UUID, UUID]:
    """Ids of the cards that live on by id, the rows of both locked in id order; whom nobody knows is left out.

    There are no chains: a merge takes along the cards that were merged into the absorbed one.
    """
    wanted, locked = set(student_ids), dict[UUID, UUID]()
    while wanted - locked.keys():
        named = _among(Student.id, wanted, Uuid)
        survivors = select(Student.merged_into).where(named, Student.merged_into.is_not(None))
        mine = Student.id.in_(select(Student.id).where(named).union(survivors))
        query = select(Student.id, Student.merged_into).where(mine).order_by(Student.id).with_for_update(of=Student)
        locked = {row.id: row.merged_into or row.id for row in await session.execute(query)}
        # A card that was merged while its lock was waited for has a survivor that is not locked yet.
        wanted = set(locked) | set(locked.values())
    return {one: locked[one] for one in student_ids if one in locked}


async def duplicates_of(session: AsyncSession, student_id: UUID) -> Sequence[tuple[UUID, str]]:
    """Other cards noted beside this one, with the reason; those found to be of another child or merged are left out."""
    query = (
        select(Student.id, DuplicateNote.reason)
        .join(
            Student,
            or_(
                and_(DuplicateNote.student_id == student_id, Student.id == DuplicateNote.other_id),
                and_(DuplicateNote.other_id == student_id, Student.id == DuplicateNote.student_id),
            ),
        )
        .where(DuplicateNote.different_since.is_(None), Student.merged_into.is_(None))
    )
    return [(other, reason) for other, reason in await session.execute(query.order_by(DuplicateNote.id))]


def note(student_id: UUID, other_id: UUID, reason: str, now: Any) -> dict[str, Any]:
    """A row of duplicate notes; the pair stands in id order."""
    first, second = sorted((student_id, other_id))
    return {"id": new_id(), "student_id": first, "other_id": second, "reason": reason, "noted_at": now}
