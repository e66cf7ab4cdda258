"""Use cases of the plans: made, changed, copied, approved."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from orgdirectory import require_visible
from servicekit.errors import FieldError, ForbiddenError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.dates import is_near
from sgo_journal.people import author
from sgo_journal.plans import policies, repository
from sgo_journal.plans.errors import (
    PlanEmptyError,
    PlanInvalidError,
    TopicHeldError,
    TopicPlannedError,
    TopicUnknownError,
)
from sgo_journal.plans.model import Plan, PlanSection, PlanTopic
from sgo_journal.plans.schemas import CopyIn, PlanIn, PlanPatch, SectionIn, TopicIn
from sgo_journal.plans.workbooks import MAX_TOPICS
from sgo_journal.study import service as study

__all__ = ["Plan", "PlanTopic"]

Contents = Sequence[tuple[PlanSection, PlanTopic]]
"""Topics in order, each with its section."""

_DRAFT: Mapping[str, Any] = {"state": "draft", "approved_by": None, "approved_at": None}


async def visible(uow: UnitOfWork, principal: Principal, plan_id: UUID) -> Plan:
    """A plan of the caller's organization, or ``NotFoundError``."""
    plan = await repository.one(uow.session, policies.visible_to(principal), plan_id)
    if plan is None:
        raise NotFoundError
    return plan


async def changeable(uow: UnitOfWork, principal: Principal, plan_id: UUID) -> Plan:
    """A plan the caller may change; raises ``NotFoundError``, ``ForbiddenError``."""
    plan = await visible(uow, principal, plan_id)
    if not policies.may_change(principal, plan):
        raise ForbiddenError
    return plan


async def list_plans(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    filters: Mapping[str, Any],
    after: UUID | None,
    limit: int,
) -> Sequence[Plan]:
    """Plans of an organization, one more than ``limit``; ``filters`` by column."""
    await require_visible(uow, principal, organization_id)
    return await repository.page(uow.session, policies.visible_to(principal), filters, after, limit)


async def read(uow: UnitOfWork, principal: Principal, plan_id: UUID) -> tuple[Plan, Contents]:
    """A plan with its topics."""
    plan = await visible(uow, principal, plan_id)
    return plan, await contents_of(uow, plan)


async def contents_of(uow: UnitOfWork, plan: Plan) -> Contents:
    """Topics of a plan in order."""
    return (await repository.contents(uow.session, [plan]))[plan.id]


async def create(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: PlanIn) -> Plan:
    """Make an empty plan; raises ``PlanInvalidError``."""
    await require_visible(uow, principal, organization_id)
    await _check(uow, organization_id, body.academic_year, body.subject_id)
    return await _add(uow, principal, organization_id, body.model_dump(mode="json") | {"subject_id": body.subject_id})


async def _add(uow: UnitOfWork, principal: Principal, organization_id: UUID, values: Mapping[str, Any]) -> Plan:
    plan = Plan(
        organization_id=organization_id,
        id=new_id(),
        author_id=author(principal),
        version=1,
        created_at=uow.now,
        removed_version=0,
        **values,
        **_DRAFT,
    )
    uow.session.add(plan)
    await uow.session.flush()
    return plan


async def _check(uow: UnitOfWork, organization_id: UUID, academic_year: int, subject_id: UUID | None) -> None:
    wrong = []
    if not is_near(academic_year, uow.clock.today()):
        wrong.append(FieldError("/body/academic_year", "plan.year", "Только прошлый, этот и следующий учебный год"))
    if subject_id is not None and not await study.is_usable_subject(uow, organization_id, subject_id):
        wrong.append(FieldError("/body/subject_id", "plan.subject-unknown", "Нет такого предмета"))
    if wrong:
        raise PlanInvalidError(errors=wrong)


async def change(uow: UnitOfWork, principal: Principal, plan_id: UUID, version: int, body: PlanPatch) -> Plan:
    """Change a plan beside its topics; it is a draft from then on."""
    plan = await changeable(uow, principal, plan_id)
    await _write(uow, plan, version, {**body.model_dump(mode="json", exclude_unset=True), **_DRAFT})
    return plan


async def _write(uow: UnitOfWork, plan: Plan, version: int, values: Mapping[str, Any]) -> None:
    if not await repository.change(uow.session, plan, version, values):
        raise VersionMismatchError
    await uow.session.refresh(plan)


async def put_contents(
    uow: UnitOfWork, principal: Principal, plan_id: UUID, version: int, sections: Sequence[SectionIn]
) -> tuple[Plan, Contents]:
    """Replace the topics of a plan; raises ``PlanInvalidError``, ``TopicHeldError``, ``TopicPlannedError``. It is a draft from then on."""
    plan = await changeable(uow, principal, plan_id)
    await _write(uow, plan, version, _DRAFT)
    before = {topic.id for _, topic in await contents_of(uow, plan)}
    wrong = list(_wrong(sections, before))
    if wrong:
        raise PlanInvalidError(errors=wrong)
    named = {topic.id for section in sections for topic in section.topics if topic.id is not None}
    if await repository.held(uow.session, plan, before - named):
        raise TopicHeldError
    if await repository.planned(uow.session, plan, before - named):
        raise TopicPlannedError
    await _fill(uow, plan, sections)
    uow.session.expunge_all()
    return await read(uow, principal, plan_id)


def _wrong(sections: Sequence[SectionIn], before: set[UUID]) -> Iterable[FieldError]:
    seen: set[UUID] = set()
    for place, section in enumerate(sections):
        for number, topic in enumerate(section.topics):
            pointer = f"/body/sections/{place}/topics/{number}/id"
            if topic.id is not None and topic.id not in before:
                yield FieldError(pointer, "plan.topic-unknown", "В плане нет такой темы")
            elif topic.id in seen:
                yield FieldError(pointer, "plan.topic-twice", "Тема указана дважды")
            elif topic.id is not None:
                seen.add(topic.id)
    if sum(len(section.topics) for section in sections) > MAX_TOPICS:
        yield FieldError("/body/sections", "plan.too-many-topics", f"Допускается не более {MAX_TOPICS} тем")


async def _fill(uow: UnitOfWork, plan: Plan, sections: Sequence[SectionIn]) -> None:
    rows = [{"id": new_id(), "number": number, "title": section.title} for number, section in enumerate(sections, 1)]
    of = [(row["id"], topic) for row, section in zip(rows, sections, strict=True) for topic in section.topics]
    topics = [
        {**topic.model_dump(exclude={"id"}), "id": topic.id or new_id(), "section_id": section_id, "number": number}
        for number, (section_id, topic) in enumerate(of, 1)
    ]
    await repository.replace(uow.session, plan, rows, topics)


async def copy(uow: UnitOfWork, principal: Principal, plan_id: UUID, body: CopyIn) -> Plan:
    """Make the caller's own plan of another one, of another year perhaps, with its plans of lessons; days are of their year and stay."""
    plan, contents = await read(uow, principal, plan_id)
    await _check(uow, plan.organization_id, body.academic_year, None)
    values = {"subject_id": plan.subject_id, "textbooks": plan.textbooks, **body.model_dump()}
    made = await _add(uow, principal, plan.organization_id, values)
    same_year = body.academic_year == plan.academic_year
    await _fill(uow, made, [_copied(section, same_year=same_year) for section in by_section(contents)])
    copied = await contents_of(uow, made)
    topics = {topic.id: new.id for (_, topic), (_, new) in zip(contents, copied, strict=True)}
    await repository.copy_lesson_plans(uow.session, plan, made, topics)
    return made


def by_section(contents: Contents) -> Iterable[tuple[PlanSection, list[PlanTopic]]]:
    """Sections in order, each with its topics."""
    found: dict[UUID, tuple[PlanSection, list[PlanTopic]]] = {}
    for section, topic in contents:
        found.setdefault(section.id, (section, []))[1].append(topic)
    return found.values()


def _copied(of: tuple[PlanSection, list[PlanTopic]], *, same_year: bool) -> SectionIn:
    section, topics = of
    copied = [
        TopicIn.model_construct(
            id=None,
            title=topic.title,
            hours=topic.hours,
            planned_on=topic.planned_on if same_year else None,
            homework=topic.homework,
            note=topic.note,
        )
        for topic in topics
    ]
    return SectionIn.model_construct(title=section.title, topics=tuple(copied))


async def approve(uow: UnitOfWork, principal: Principal, plan_id: UUID, version: int) -> Plan:
    """Approve a plan as it stands at the version; raises ``PlanEmptyError``."""
    plan = await visible(uow, principal, plan_id)
    if not await contents_of(uow, plan):
        raise PlanEmptyError
    await _write(uow, plan, version, {"state": "approved", "approved_by": author(principal), "approved_at": uow.now})
    return plan


async def topic_of(uow: UnitOfWork, organization_id: UUID, academic_year: int, journal_id: UUID, topic_id: UUID) -> str:
    """What a topic of the journal's plan is called; raises ``TopicUnknownError``."""
    found = await repository.topic_of(uow.session, organization_id, academic_year, journal_id, topic_id)
    if found is None:
        raise TopicUnknownError
    return found
