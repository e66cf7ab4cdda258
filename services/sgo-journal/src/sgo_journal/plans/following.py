"""Journals follow plans: topics of lessons as computed, and how far a journal is."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from servicekit.errors import VersionMismatchError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.journals import service as journals
from sgo_journal.journals.service import Journal
from sgo_journal.lessons import service as lessons
from sgo_journal.lessons.service import LessonAbout
from sgo_journal.plans import binding, repository
from sgo_journal.plans.binding import Binding, Progress
from sgo_journal.plans.errors import PlanUnfitError
from sgo_journal.plans.model import JournalPlan, Plan
from sgo_journal.plans.service import Contents, by_section
from sgo_journal.rosters import service as rosters


@dataclass(frozen=True)
class Followed:
    """The plan of a journal laid over its lessons; ``version`` 0 if it never had one."""

    journal: Journal
    plan: Plan | None
    version: int
    contents: Contents
    lessons: Sequence[LessonAbout]

    @property
    def _sections(self) -> list[binding.Section]:
        return [
            binding.Section(
                section.title or "",
                tuple(binding.Topic(topic.id, topic.hours, topic.planned_on) for topic in topics),
            )
            for section, topics in by_section(self.contents)
        ]

    @property
    def _lessons(self) -> list[binding.Lesson]:
        return [
            binding.Lesson(one.id, one.date, one.number, one.cancelled, is_settled(one), one.topic_id)
            for one in self.lessons
        ]

    def bound(self) -> Binding:
        """What each lesson is about, what no longer fits."""
        return binding.bind(self._sections, self._lessons)

    def progress(self, on: dt.date) -> Progress:
        """How far the journal is at the end of a day."""
        return binding.progress(self._sections, self._lessons, on)


def is_settled(lesson: LessonAbout) -> bool:
    """Whether somebody wrote what the lesson is about. Marks alone do not say: such a lesson still takes the plan's next hour."""
    return lesson.topic_id is not None or lesson.topic is not None


async def read(uow: UnitOfWork, principal: Principal, journal_id: UUID) -> Followed:
    """The plan of a journal the caller sees, over its lessons of the year."""
    journal = await journals.visible(uow, principal, journal_id)
    [found] = await _followed(uow, [journal])
    return found


async def follow(
    uow: UnitOfWork, principal: Principal, journal_id: UUID, version: int, plan_id: UUID | None
) -> Followed:
    """Let a journal follow a plan; raises ``PlanUnfitError``, ``ForbiddenError`` to a teacher who does not teach there today."""
    journal = await journals.visible(uow, principal, journal_id)
    await journals.require_written_by(uow, principal, journal.organization_id, [journal.id])
    if plan_id is not None:
        await _check_fits(uow, journal, plan_id)
    key = {"organization_id": journal.organization_id, "academic_year": journal.academic_year, "id": journal.id}
    if not await repository.follow(uow.session, key, version, plan_id):
        raise VersionMismatchError
    uow.session.expunge_all()
    return await read(uow, principal, journal_id)


async def _check_fits(uow: UnitOfWork, journal: Journal, plan_id: UUID) -> None:
    key = journal.organization_id, journal.academic_year
    plan = (await repository.known(uow.session, *key, [plan_id])).get(plan_id)
    if plan is None or plan.subject_id != journal.subject_id:
        raise PlanUnfitError
    learners = (await rosters.learners(uow, [journal.learners_id])).get(journal.learners_id)
    if plan.grade is None or learners is None or learners.grade_from is None:
        return
    if not learners.grade_from <= plan.grade <= (learners.grade_to or learners.grade_from):
        raise PlanUnfitError


async def _followed(uow: UnitOfWork, of: Sequence[Journal]) -> list[Followed]:
    """Of journals of one organization and year."""
    key = of[0].organization_id, of[0].academic_year
    ids = [journal.id for journal in of]
    followed = await repository.followed(uow.session, *key, ids)
    plans = await repository.known(uow.session, *key, {one.plan_id for one in followed.values() if one.plan_id})
    contents = await repository.contents(uow.session, list(plans.values()))
    about: dict[UUID, list[LessonAbout]] = {one: [] for one in ids}
    for lesson in await lessons.about(uow, *key, ids):
        about[lesson.journal_id].append(lesson)
    return [_one(journal, followed, plans, contents, about[journal.id]) for journal in of]


def _one(
    journal: Journal,
    followed: Mapping[UUID, JournalPlan],
    plans: Mapping[UUID, Plan],
    contents: Mapping[UUID, Contents],
    about: Sequence[LessonAbout],
) -> Followed:
    row = followed.get(journal.id)
    if row is None:
        return Followed(journal, None, 0, [], about)
    plan = plans.get(row.plan_id) if row.plan_id else None
    return Followed(journal, plan, row.version, contents[plan.id] if plan else [], about)


async def progress_of(
    uow: UnitOfWork, organization_id: UUID, academic_year: int, journal_ids: set[UUID], on: dt.date
) -> Mapping[UUID, Progress]:
    """How far journals are at the end of a day, of those that follow a plan."""
    rows = await repository.followed(uow.session, organization_id, academic_year, journal_ids)
    ids = {key for key, one in rows.items() if one.plan_id is not None}
    if not ids:
        return {}
    followed = await _followed(uow, list((await journals.known(uow, organization_id, ids)).values()))
    return {one.journal.id: one.progress(on) for one in followed}


async def of_class(uow: UnitOfWork, principal: Principal, learners_id: UUID) -> Sequence[tuple[Followed, str]]:
    """Journals of a class, its subgroups and its students' groups across classes that the caller sees, with what they are called."""
    learners = await rosters.visible_learners(uow, principal, learners_id)
    ids = {learners_id}
    if learners.class_id == learners_id:
        ids |= await rosters.beside_class(uow, learners.organization_id, learners.academic_year, learners_id)
    found = await journals.of_learners(uow, principal, learners.organization_id, learners.academic_year, ids)
    if not found:
        return []
    followed = await _followed(uow, [journal for journal, _ in found])
    return list(zip(followed, [title for _, title in found], strict=True))
