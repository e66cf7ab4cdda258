"""SQL of the closing of a year. Placements, groups and orders belong to other slices: they are joined for reading."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from importlib.resources import files
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Row, Text, Uuid, any_, bindparam, column, func, literal, select, table, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.year_closing.model import YearClosing, YearOutcome, YearResult

_student = table("student", *(column(name) for name in ("id", "last_name", "first_name", "middle_name", "birth_date")))


async def get(session: AsyncSession, closing_id: UUID, *, lock: bool = False) -> YearClosing | None:
    """A closing, locked if asked."""
    return await session.get(YearClosing, closing_id, with_for_update=lock or None, populate_existing=True)


async def of_year(
    session: AsyncSession, organization_id: UUID, academic_year: int, *, lock: bool = False, shared: bool = False
) -> YearClosing | None:
    """The closing of a year of an organization, locked if asked (``shared``: with whoever asks so too)."""
    query = select(YearClosing).where(
        YearClosing.organization_id == organization_id, YearClosing.academic_year == academic_year
    )
    return await session.scalar(query.with_for_update(read=shared) if lock or shared else query)


async def insert_closing(session: AsyncSession, closing: YearClosing) -> bool:
    """Store a new closing unless the organization has one of the year; false then."""
    row = {one.key: getattr(closing, one.key) for one in YearClosing.__table__.columns}
    made = await session.execute(insert(YearClosing).values(**row).on_conflict_do_nothing().returning(YearClosing.id))
    return made.first() is not None


async def page(session: AsyncSession, organization_id: UUID, limit: int, after: UUID | None) -> Sequence[YearClosing]:
    """One page of an organization's closings, and one more."""
    query = select(YearClosing).where(YearClosing.organization_id == organization_id)
    if after is not None:
        query = query.where(YearClosing.id > after)
    return (await session.scalars(query.order_by(YearClosing.id).limit(limit + 1))).all()


_STANDING = text(
    """
    SELECT m.student_id, p.id AS placement_id, p.group_id, s.birth_date,
        coalesce((SELECT array_agg(r.subject ORDER BY r.subject) FROM year_result AS r
            WHERE r.student_id = m.student_id AND r.academic_year = g.academic_year
            AND coalesce(r.final, r.annual) = ANY (:unsatisfactory)), '{}') AS debts,
        EXISTS (SELECT FROM academic_leave AS l WHERE l.membership_id = m.id AND l.valid_from < y.ends_on
            AND (l.valid_to IS NULL OR l.valid_to >= y.ends_on)) AS on_leave
    FROM study_group AS g
    JOIN academic_year AS y ON y.year = g.academic_year
    JOIN placement AS p ON p.group_id = g.id AND p.valid_to IS NULL
    JOIN membership AS m ON m.id = p.membership_id AND m.main AND m.valid_to IS NULL
    JOIN student AS s ON s.id = m.student_id
    WHERE g.organization_id = :organization AND g.academic_year = :year
    ORDER BY p.group_id, m.student_id
    """
).bindparams(bindparam("unsatisfactory", type_=ARRAY(Text)))


async def standing(
    session: AsyncSession, organization_id: UUID, academic_year: int, unsatisfactory: Collection[str]
) -> Sequence[Row[Any]]:
    """Main members that stay in a class of the year: the subjects of their debts, whether they are on leave past its end."""
    values = {"organization": organization_id, "year": academic_year, "unsatisfactory": list(unsatisfactory)}
    return (await session.execute(_STANDING, values)).all()


async def outcomes(session: AsyncSession, closing_id: UUID) -> dict[UUID, YearOutcome]:
    """All outcomes of a closing by student."""
    query = select(YearOutcome).where(YearOutcome.closing_id == closing_id)
    return {one.student_id: one for one in await session.scalars(query)}


async def outcomes_of(
    session: AsyncSession, closing_id: UUID, students: Collection[UUID], group_id: UUID | None = None
) -> Sequence[YearOutcome]:
    """Outcomes of some students, or of a class."""
    query = select(YearOutcome).where(YearOutcome.closing_id == closing_id, ~YearOutcome.void)
    if group_id is None:
        query = query.where(YearOutcome.student_id == any_(literal(list(students), ARRAY(Uuid))))
    else:
        query = query.where(YearOutcome.group_id == group_id)
    return (await session.scalars(query.order_by(YearOutcome.student_id))).all()


async def insert_outcomes(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Store new outcomes."""
    if rows:
        await session.execute(insert(YearOutcome), list(rows))


async def page_of_outcomes(
    session: AsyncSession,
    closing_id: UUID,
    *,
    outcome: str | None,
    group_id: UUID | None,
    among: Collection[UUID] | None,
    limit: int,
    after: UUID | None,
) -> Sequence[Row[Any]]:
    """One page of outcomes with the student's name, and one more."""
    query = (
        select(YearOutcome, _student.c.last_name, _student.c.first_name, _student.c.middle_name, _student.c.birth_date)
        .join(_student, _student.c.id == YearOutcome.student_id)
        .where(YearOutcome.closing_id == closing_id, ~YearOutcome.void)
    )
    if outcome is not None:
        query = query.where(YearOutcome.outcome == outcome)
    if group_id is not None:
        query = query.where(YearOutcome.group_id == group_id)
    if among is not None:
        query = query.where(YearOutcome.student_id == any_(literal(list(among), ARRAY(Uuid))))
    if after is not None:
        query = query.where(YearOutcome.student_id > after)
    return (await session.execute(query.order_by(YearOutcome.student_id).limit(limit + 1))).all()


_CONFLICTS = text(files("sgo_core.year_closing").joinpath("conflicts.sql").read_text(encoding="utf-8")).bindparams(
    bindparam("unsatisfactory", type_=ARRAY(Text)), bindparam("students", type_=ARRAY(Uuid))
)


async def conflicts(
    session: AsyncSession, closing_id: UUID, unsatisfactory: Collection[str], students: Collection[UUID] = ()
) -> Mapping[UUID, list[str]]:
    """What forbids to carry outcomes out, by student; of some students, else of all."""
    values = {"closing": closing_id, "unsatisfactory": list(unsatisfactory), "students": list(students)}
    return {row.student_id: row.codes for row in await session.execute(_CONFLICTS, values)}


async def tally(session: AsyncSession, closing_id: UUID) -> Mapping[str, tuple[int, int]]:
    """How many outcomes of each kind there are, and how many are carried out."""
    query = (
        select(YearOutcome.outcome, func.count(), func.count(YearOutcome.movement_id))
        .where(YearOutcome.closing_id == closing_id, ~YearOutcome.void)
        .group_by(YearOutcome.outcome)
    )
    return {outcome: (total, done) for outcome, total, done in await session.execute(query)}


async def left(session: AsyncSession, closing_id: UUID, most: int) -> Sequence[YearOutcome]:
    """Outcomes not carried out yet, class by class."""
    query = (
        select(YearOutcome)
        .where(YearOutcome.closing_id == closing_id, YearOutcome.movement_id.is_(None), ~YearOutcome.void)
        .order_by(YearOutcome.outcome, YearOutcome.group_id, YearOutcome.id)
        .limit(most)
    )
    return (await session.scalars(query)).all()


async def carried_out(
    session: AsyncSession, closing_id: UUID, kinds: Collection[str], most: int
) -> Sequence[YearOutcome]:
    """Outcomes of some kinds that are carried out, class by class."""
    query = (
        select(YearOutcome)
        .where(
            YearOutcome.closing_id == closing_id,
            YearOutcome.movement_id.is_not(None),
            YearOutcome.outcome.in_(kinds),
        )
        .order_by(YearOutcome.group_id, YearOutcome.id)
        .limit(most)
    )
    return (await session.scalars(query)).all()


async def conditional(session: AsyncSession, closing_id: UUID) -> Sequence[YearOutcome]:
    """Outcomes of those who were promoted with debts."""
    query = select(YearOutcome).where(
        YearOutcome.closing_id == closing_id,
        YearOutcome.outcome == "conditional",
        YearOutcome.movement_id.is_not(None),
        ~YearOutcome.void,
    )
    return (await session.scalars(query.order_by(YearOutcome.id))).all()


_NOTE_MOVEMENTS = text(
    "UPDATE year_outcome SET movement_id = made.movement_id FROM unnest(:ids, :movements) AS made (id, movement_id) "
    "WHERE year_outcome.id = made.id"
).bindparams(bindparam("ids", type_=ARRAY(Uuid)), bindparam("movements", type_=ARRAY(Uuid)))


async def note_movements(session: AsyncSession, made: Mapping[UUID, UUID | None]) -> None:
    """Note by outcome the line that carried it out, None: it was taken back."""
    await session.execute(_NOTE_MOVEMENTS, {"ids": list(made), "movements": list(made.values())})


async def groups_of(session: AsyncSession, organization_id: UUID, years: Collection[int]) -> Sequence[Row[Any]]:
    """Active classes and groups of an organization in some years, with their main open stays counted."""
    return (
        await session.execute(
            text(
                "SELECT id, academic_year, kind, name, grade, age_from, age_to, capacity, occupied FROM study_group "
                "WHERE organization_id = :organization AND academic_year = ANY (:years) AND active AND kind <> 'additional_group' "
                "ORDER BY grade, name, id"
            ).bindparams(bindparam("years", type_=ARRAY(Integer))),
            {"organization": organization_id, "years": list(years)},
        )
    ).all()


async def has_certificates(session: AsyncSession, organization_id: UUID, academic_year: int) -> bool:
    """Whether certificates of the year's graduates are entered in the issue book."""
    query = text(
        "SELECT EXISTS (SELECT FROM certificate WHERE organization_id = :organization AND academic_year = :year "
        "AND kind <> 'study_note' AND registration_number IS NOT NULL)"
    )
    return bool(await session.scalar(query, {"organization": organization_id, "year": academic_year}))


async def year_bounds(session: AsyncSession, academic_year: int) -> tuple[date, date] | None:
    """First day of a year and the first day after it, if the region has it and the one that follows."""
    query = text(
        "SELECT y.starts_on, y.ends_on FROM academic_year AS y JOIN academic_year AS n ON n.year = y.year + 1 "
        "WHERE y.year = :year"
    )
    found = (await session.execute(query, {"year": academic_year})).first()
    return None if found is None else (found.starts_on, found.ends_on)


async def results_of(session: AsyncSession, students: Collection[UUID], academic_year: int) -> Sequence[YearResult]:
    """Results of students in a year."""
    query = select(YearResult).where(
        YearResult.student_id == any_(literal(list(students), ARRAY(Uuid))), YearResult.academic_year == academic_year
    )
    return (await session.scalars(query.order_by(YearResult.student_id, YearResult.subject_key))).all()


_BEHIND = text(
    """EXISTS (
        SELECT FROM (VALUES ('annual', year_result.annual), ('exam', year_result.exam), ('final', year_result.final)) AS one (name, mark)
        WHERE NOT one.name = ANY (year_result.entered) AND one.mark IS DISTINCT FROM (
            SELECT said.value ->> 0 FROM jsonb_each(year_result.told -> one.name) AS said
            WHERE said.value ->> 0 IS NOT NULL ORDER BY said.key COLLATE "C" DESC LIMIT 1))"""
)
"""A mark that nobody entered is not what the journal says of it (``YearResult.in_journal``)."""


async def results_behind(session: AsyncSession, organization_id: UUID, academic_year: int) -> Sequence[YearResult]:
    """Results of an organization in a year of which the journal has said otherwise since."""
    query = select(YearResult).where(
        YearResult.organization_id == organization_id, YearResult.academic_year == academic_year, _BEHIND
    )
    return (await session.scalars(query.order_by(YearResult.id))).all()


_EVER_ONE = text(
    """
    WITH RECURSIVE near AS (
        SELECT unnest(:cards) AS id
        UNION
        SELECT CASE m.survivor_id WHEN n.id THEN m.absorbed_id ELSE m.survivor_id END
        FROM near AS n
        JOIN card_merge AS m ON m.kind = 'student' AND m.merged_at IS NOT NULL AND (m.survivor_id = n.id OR m.absorbed_id = n.id)
    )
    SELECT id FROM near
    """
).bindparams(bindparam("cards", type_=ARRAY(Uuid)))


async def ever_one(session: AsyncSession, cards: Collection[UUID]) -> set[UUID]:
    """Cards of students with all that were ever merged with them, parted since or not."""
    return {row.id for row in await session.execute(_EVER_ONE, {"cards": list(cards)})}


async def page_of_results(
    session: AsyncSession,
    organization_id: UUID,
    academic_year: int | None,
    group_id: UUID | None,
    student_id: UUID | None,
    limit: int,
    after: UUID | None,
) -> Sequence[YearResult]:
    """One page of the results of an organization, and one more."""
    some_mark = func.num_nonnulls(YearResult.annual, YearResult.exam, YearResult.final) > 0
    query = select(YearResult).where(YearResult.organization_id == organization_id, some_mark)
    if academic_year is not None:
        query = query.where(YearResult.academic_year == academic_year)
    if student_id is not None:
        query = query.where(YearResult.student_id == student_id)
    if group_id is not None:
        in_group = text(
            "year_result.student_id IN (SELECT m.student_id FROM placement AS p JOIN membership AS m ON m.id = p.membership_id "
            "WHERE p.group_id = :group_id)"
        ).bindparams(bindparam("group_id", group_id, Uuid))
        query = query.where(in_group)
    if after is not None:
        query = query.where(YearResult.id > after)
    return (await session.scalars(query.order_by(YearResult.id).limit(limit + 1))).all()


async def insert_results(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Store new results; the students are locked, so that nobody enters the same meanwhile."""
    if rows:
        await session.execute(insert(YearResult), list(rows))


async def students_of_year(
    session: AsyncSession, organization_id: UUID, academic_year: int, students: Collection[UUID]
) -> set[UUID]:
    """Those of the students who were in a class of the organization in a year."""
    query = text(
        "SELECT DISTINCT m.student_id FROM membership AS m JOIN placement AS p ON p.membership_id = m.id "
        "JOIN study_group AS g ON g.id = p.group_id "
        "WHERE m.organization_id = :organization AND g.academic_year = :year AND m.student_id = ANY (:students) "
        "AND p.valid_to IS DISTINCT FROM p.valid_from"
    ).bindparams(bindparam("students", type_=ARRAY(Uuid)))
    values = {"organization": organization_id, "year": academic_year, "students": list(students)}
    return {row.student_id for row in await session.execute(query, values)}
