"""All SQL of the plans."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.projections import write
from sgo_journal import versions
from sgo_journal.plans.model import JournalPlan, LessonPlan, Plan, PlanSection, PlanTopic

_PLANNED = text("""
    SELECT EXISTS (SELECT FROM lesson_plan
                    WHERE organization_id = :organization_id AND academic_year = :academic_year AND topic_id = ANY (:ids))
""")
_COPY = text("""
    INSERT INTO lesson_plan (organization_id, academic_year, id, plan_id, topic_id, number, goals, equipment, pages, stages, version,
                             changed_by, changed_at)
    SELECT p.organization_id, :to_year, ordered_uuid(), :made, t.made, p.number, p.goals, p.equipment, p.pages, p.stages, 1,
           p.changed_by, p.changed_at
      FROM unnest(CAST(:topics AS uuid[]), CAST(:made_topics AS uuid[])) AS t (of, made)
      JOIN lesson_plan AS p ON p.organization_id = :organization_id AND p.academic_year = :academic_year AND p.topic_id = t.of
""")
_HELD = text("""
    SELECT DISTINCT topic_id FROM lesson
     WHERE organization_id = :organization_id AND academic_year = :academic_year AND topic_id = ANY (:ids)
""")


def _of(table: Any, plan: Plan) -> ColumnElement[bool]:
    mine: ColumnElement[bool] = (
        (table.organization_id == plan.organization_id)
        & (table.academic_year == plan.academic_year)
        & (table.plan_id == plan.id)
    )
    return mine


def _itself(plan: Plan) -> ColumnElement[bool]:
    return (
        (Plan.organization_id == plan.organization_id)
        & (Plan.academic_year == plan.academic_year)
        & (Plan.id == plan.id)
    )


async def one(session: AsyncSession, visible: ColumnElement[bool], plan_id: UUID) -> Plan | None:
    """A plan the caller sees."""
    return await session.scalar(select(Plan).where(visible, Plan.id == plan_id))


async def known(
    session: AsyncSession, organization_id: UUID, academic_year: int, ids: Collection[UUID]
) -> Mapping[UUID, Plan]:
    """Plans of an organization and year among the ids."""
    query = select(Plan).where(
        Plan.organization_id == organization_id, Plan.academic_year == academic_year, Plan.id.in_(ids)
    )
    return {plan.id: plan for plan in await session.scalars(query)}


async def page(
    session: AsyncSession, visible: ColumnElement[bool], filters: Mapping[str, Any], after: UUID | None, limit: int
) -> Sequence[Plan]:
    """Plans in id order, one more than ``limit``; ``filters`` by column."""
    query = select(Plan).where(visible, *(getattr(Plan, name) == value for name, value in filters.items()))
    if after is not None:
        query = query.where(Plan.id > after)
    return (await session.scalars(query.order_by(Plan.id).limit(limit + 1))).all()


async def change(session: AsyncSession, plan: Plan, version: int, values: Mapping[str, Any]) -> bool:
    """Change a plan if its version is still that, and hold its row; false if it is another."""
    return await versions.change(session, plan, version, values)


async def contents(session: AsyncSession, plans: Collection[Plan]) -> dict[UUID, list[tuple[PlanSection, PlanTopic]]]:
    """Topics of plans of one organization and year with their sections, in order, by plan."""
    found: dict[UUID, list[tuple[PlanSection, PlanTopic]]] = {plan.id: [] for plan in plans}
    if not found:
        return found
    some = next(iter(plans))
    query = (
        select(PlanSection, PlanTopic)
        .join(
            PlanTopic,
            (PlanTopic.organization_id == PlanSection.organization_id)
            & (PlanTopic.academic_year == PlanSection.academic_year)
            & (PlanTopic.section_id == PlanSection.id),
        )
        .where(
            PlanSection.organization_id == some.organization_id,
            PlanSection.academic_year == some.academic_year,
            PlanSection.plan_id.in_(found),
        )
        .order_by(PlanSection.plan_id, PlanTopic.number)
    )
    for section, topic in await session.execute(query):
        found[topic.plan_id].append((section, topic))
    return found


async def held(session: AsyncSession, plan: Plan, topic_ids: Collection[UUID]) -> set[UUID]:
    """Those of the topics that lessons are recorded with."""
    key = {"organization_id": plan.organization_id, "academic_year": plan.academic_year}
    return set(await session.scalars(_HELD, {**key, "ids": list(topic_ids)}))


async def replace(
    session: AsyncSession,
    plan: Plan,
    sections: Sequence[Mapping[str, Any]],
    topics: Sequence[Mapping[str, Any]],
) -> None:
    """Let sections and topics be all there are of a plan; topics keep their ids, sections are always new."""
    key = {"organization_id": plan.organization_id, "academic_year": plan.academic_year, "plan_id": plan.id}
    await write(session, insert(PlanSection), [{**key, **row} for row in sections])
    statement = insert(PlanTopic)
    kept = ("section_id", "number", "title", "hours", "planned_on", "homework", "note")
    upsert = statement.on_conflict_do_update(
        index_elements=["organization_id", "academic_year", "id"],
        set_={name: statement.excluded[name] for name in kept},
    )
    await write(session, upsert, [{**key, **row} for row in topics])
    for table, rows in ((PlanTopic, topics), (PlanSection, sections)):
        gone = delete(table).where(_of(table, plan), table.id.not_in([row["id"] for row in rows]))
        await session.execute(gone.execution_options(synchronize_session=False))


async def followed(
    session: AsyncSession, organization_id: UUID, academic_year: int, journal_ids: Collection[UUID]
) -> Mapping[UUID, JournalPlan]:
    """Which plans journals follow, by journal."""
    query = select(JournalPlan).where(
        JournalPlan.organization_id == organization_id,
        JournalPlan.academic_year == academic_year,
        JournalPlan.id.in_(journal_ids),
    )
    return {one.id: one for one in await session.scalars(query)}


async def follow(session: AsyncSession, key: Mapping[str, Any], version: int, plan_id: UUID | None) -> bool:
    """Let a journal follow a plan, if it followed what it did at that version, 0 for nothing yet; false if not."""
    if version == 0:
        written: Any = insert(JournalPlan).values(**key, plan_id=plan_id, version=1).on_conflict_do_nothing()
    else:
        mine = [getattr(JournalPlan, name) == value for name, value in key.items()]
        written = update(JournalPlan).where(*mine, JournalPlan.version == version)
        written = written.values(plan_id=plan_id, version=version + 1)
    written = written.returning(JournalPlan.version).execution_options(synchronize_session=False)
    return await session.scalar(written) is not None


async def topic_of(
    session: AsyncSession, organization_id: UUID, academic_year: int, journal_id: UUID, topic_id: UUID
) -> str | None:
    """What a topic of the plan that a journal follows is called; the plan keeps its topics until the transaction ends."""
    follows = (
        (JournalPlan.organization_id == Plan.organization_id)
        & (JournalPlan.academic_year == Plan.academic_year)
        & (JournalPlan.plan_id == Plan.id)
    )
    held = select(Plan.id).join(JournalPlan, follows)
    held = held.where(
        Plan.organization_id == organization_id, Plan.academic_year == academic_year, JournalPlan.id == journal_id
    )
    await session.execute(held.with_for_update(read=True))
    query = (
        select(PlanTopic.title)
        .join(
            JournalPlan,
            (JournalPlan.organization_id == PlanTopic.organization_id)
            & (JournalPlan.academic_year == PlanTopic.academic_year)
            & (JournalPlan.plan_id == PlanTopic.plan_id),
        )
        .where(
            PlanTopic.organization_id == organization_id,
            PlanTopic.academic_year == academic_year,
            PlanTopic.id == topic_id,
            JournalPlan.id == journal_id,
        )
    )
    return await session.scalar(query)


async def hold(session: AsyncSession, plan: Plan) -> None:
    """Let a plan keep its topics until the transaction ends."""
    query = select(Plan.id).where(_itself(plan))
    await session.execute(query.with_for_update(read=True))


async def planned(session: AsyncSession, plan: Plan, topic_ids: Collection[UUID]) -> bool:
    """Whether lessons of some of the topics are planned."""
    key = {"organization_id": plan.organization_id, "academic_year": plan.academic_year}
    return bool(await session.scalar(_PLANNED, {**key, "ids": list(topic_ids)}))


async def lesson_plans(session: AsyncSession, plan: Plan, after: UUID | None, limit: int) -> Sequence[LessonPlan]:
    """Plans of lessons of a plan in id order, one more than ``limit``."""
    query = select(LessonPlan).where(_of(LessonPlan, plan))
    if after is not None:
        query = query.where(LessonPlan.id > after)
    return (await session.scalars(query.order_by(LessonPlan.id).limit(limit + 1))).all()


async def lesson_plan(session: AsyncSession, plan: Plan, topic_id: UUID, number: int) -> LessonPlan | None:
    """The plan of a topic's hour, as it stands now."""
    query = select(LessonPlan).where(
        _of(LessonPlan, plan), LessonPlan.topic_id == topic_id, LessonPlan.number == number
    )
    return await session.scalar(query.execution_options(populate_existing=True))


async def put_lesson_plan(session: AsyncSession, plan: Plan, version: int, row: Mapping[str, Any]) -> bool:
    """Write the plan of a topic's hour, if it stood at that version, 0 for none yet; false if not."""
    key = {"organization_id": plan.organization_id, "academic_year": plan.academic_year, "plan_id": plan.id}
    if version == 0:
        above = select(Plan.removed_version + 1).where(_itself(plan)).scalar_subquery()
        written: Any = insert(LessonPlan).values(**key, version=above, **row).on_conflict_do_nothing()
    else:
        place = ("topic_id", "number")
        written = update(LessonPlan).where(_of(LessonPlan, plan), LessonPlan.version == version)
        written = written.where(*(getattr(LessonPlan, name) == row[name] for name in place))
        written = written.values(version=version + 1, **{name: row[name] for name in row.keys() - {"id", *place}})
    written = written.returning(LessonPlan.version).execution_options(synchronize_session=False)
    return await session.scalar(written) is not None


async def raise_removed(session: AsyncSession, plan: Plan, version: int) -> None:
    """Let plans of lessons that are written later begin above a version; whoever is writing one is waited for."""
    await session.execute(
        update(Plan)
        .where(_itself(plan))
        .values(removed_version=func.greatest(Plan.removed_version, version))
        .execution_options(synchronize_session=False)
    )


async def remove_lesson_plan(session: AsyncSession, one: LessonPlan, version: int) -> bool:
    """Take the plan of a lesson away if its version is still that; false if it is another."""
    gone = delete(LessonPlan).where(
        LessonPlan.organization_id == one.organization_id,
        LessonPlan.academic_year == one.academic_year,
        LessonPlan.id == one.id,
        LessonPlan.version == version,
    )
    returned = gone.returning(LessonPlan.id).execution_options(synchronize_session=False)
    return await session.scalar(returned) is not None


async def copy_lesson_plans(session: AsyncSession, plan: Plan, made: Plan, topics: Mapping[UUID, UUID]) -> None:
    """Let a plan made of another have its plans of lessons; ``topics``: the new ones by those they were made of."""
    asked = {
        "organization_id": plan.organization_id,
        "academic_year": plan.academic_year,
        "to_year": made.academic_year,
        "made": made.id,
        "topics": list(topics),
        "made_topics": list(topics.values()),
    }
    await session.execute(_COPY, asked)
