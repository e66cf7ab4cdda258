"""Use cases of the assessments: one schedule, limits by day and week, published for families."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from asu_contracts.access import Role
from orgdirectory import Organization, require_visible
from servicekit.errors import FieldError, ForbiddenError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.assessments import repository
from sgo_journal.assessments.errors import (
    AssessmentDaysError,
    AssessmentExistsError,
    AssessmentInvalidError,
    AssessmentTookPlaceError,
    TooManyAssessmentsError,
)
from sgo_journal.assessments.limits import Limits, Planned, Remark, excess, remarks
from sgo_journal.assessments.model import Assessment
from sgo_journal.assessments.schemas import AssessmentIn, AssessmentPatch, LimitsIn
from sgo_journal.lessons import planning, tallies
from sgo_journal.lessons import service as lessons
from sgo_journal.lessons.places import Place
from sgo_journal.lessons.service import Lesson
from sgo_journal.people import author
from sgo_journal.rosters import service as rosters
from sgo_journal.study import service as study
from sgo_journal.timetable import gathering
from sgo_journal.timetable import service as timetable
from sgo_journal.timetable.dating import monday

_WEEK = dt.timedelta(days=7)
_DAY = dt.timedelta(days=1)
_YEAR = dt.timedelta(days=366)
_NAMED = 20


@dataclass(frozen=True)
class Shown:
    """An assessment with its lesson, what the lesson is called, what there is against it."""

    assessment: Assessment
    lesson: Lesson
    subject: str | None
    remarks: Sequence[Remark] = ()


async def limits_of(uow: UnitOfWork, principal: Principal, organization_id: UUID) -> tuple[Limits, int]:
    """Limits of an organization and their version, 0 of the default."""
    await require_visible(uow, principal, organization_id)
    return await _limits(uow, organization_id)


async def _limits(uow: UnitOfWork, organization_id: UUID) -> tuple[Limits, int]:
    row = await repository.limits(uow.session, organization_id)
    return (Limits(), 0) if row is None else (Limits(row.per_day, row.per_week), row.version)


async def set_limits(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, version: int, body: LimitsIn
) -> tuple[Limits, int]:
    """Decide how many assessments a class may have; those planned already stay."""
    await require_visible(uow, principal, organization_id)
    if not await repository.set_limits(uow.session, organization_id, version, body.model_dump()):
        raise VersionMismatchError
    return await _limits(uow, organization_id)


async def plan(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: AssessmentIn) -> Shown:
    """Plan an assessment at a lesson; one from above is not held to the limits, yet counts.

    Raises ``AssessmentInvalidError``, ``AssessmentExistsError``, ``AssessmentTookPlaceError``, ``TooManyAssessmentsError``; to a teacher
    ``ForbiddenError`` at another's lesson or for a work from above.
    """
    await require_visible(uow, principal, organization_id)
    await timetable.hold(uow, organization_id)
    lesson = await _lesson(uow, principal, organization_id, body.lesson_id)
    if principal.role is Role.TEACHER and (lesson.teacher_id != principal.person_id or body.level != "organization"):
        raise ForbiddenError
    await _check_kind(uow, organization_id, body.kind)
    assessment = Assessment(
        organization_id=organization_id,
        academic_year=lesson.academic_year,
        id=new_id(),
        version=1,
        made_by=author(principal),
        made_at=uow.now,
        published_at=None,
        **body.model_dump(),
    )
    if body.level == "organization":
        await _require_within_limits(uow, assessment, lesson)
    uow.session.add(assessment)
    try:
        await uow.session.flush()
    except IntegrityError:
        raise AssessmentExistsError from None
    [shown] = await _shown(uow, organization_id, [(assessment, lesson)])
    return shown


async def _lesson(uow: UnitOfWork, principal: Principal, organization_id: UUID, lesson_id: UUID) -> Lesson:
    unknown = AssessmentInvalidError(
        errors=[FieldError("/body/lesson_id", "assessment.lesson-unknown", "Нет такого урока")]
    )
    try:
        lesson = await lessons.visible(uow, principal, lesson_id)
    except NotFoundError:
        raise unknown from None
    if lesson.organization_id != organization_id or lesson.state != "planned":
        raise unknown
    if lesson.date < uow.clock.today():
        raise AssessmentTookPlaceError
    return lesson


async def _check_kind(uow: UnitOfWork, organization_id: UUID, kind: str) -> None:
    known = await study.work_kinds(uow, organization_id)
    if not any(one.code == kind and one.offered(uow.clock.today()) for one in known):
        raise AssessmentInvalidError(
            errors=[FieldError("/body/kind", "assessment.kind-unknown", "Нет такого вида работ")]
        )


async def require_within_limits(uow: UnitOfWork, lesson: Lesson) -> None:
    """Raise ``TooManyAssessmentsError`` if the assessment planned at a lesson cannot go where the lesson is to be."""
    found = await repository.of_lesson(uow.session, lesson)
    if found is not None and found.level == "organization":
        await _require_within_limits(uow, found, lesson, "/body/date")


async def _require_within_limits(
    uow: UnitOfWork, assessment: Assessment, lesson: Lesson, pointer: str = "/body/lesson_id"
) -> None:
    first = monday(lesson.date)
    found = await repository.within(uow.session, assessment.organization_id, first, first + _WEEK)
    others = [(one, at) for one, at in found if at.state == "planned" and at.id != lesson.id]
    [mine, *beside] = await _counted(uow, [(assessment, lesson), *others])
    limits, _ = await _limits(uow, assessment.organization_id)
    exceeded = excess(mine, beside, limits)
    if not exceeded:
        return
    names = await rosters.learners(uow, {of_class for _, of_class in exceeded})
    raise TooManyAssessmentsError(
        errors=[
            FieldError(pointer, what.value, f"{what.words}: {names[key].name}" if key in names else what.words)
            for what, key in sorted(exceeded)
        ]
    )


async def require_all_within_limits(
    uow: UnitOfWork, organization_id: UUID, lesson_ids: Collection[UUID], since: dt.date, until: dt.date
) -> None:
    """Raise ``TooManyAssessmentsError`` if assessments go beyond the limits where a timetable of [since, until) has put their lessons.

    Those of lessons that stay count, and are asked nothing.
    """
    found = await repository.within(uow.session, organization_id, monday(since), until + _WEEK)
    live = [(one, at) for one, at in found if at.state == "planned"]
    gone = {one.id for one, at in live if at.id in lesson_ids and one.level == "organization"}
    if not gone:
        return
    counted = await _counted(uow, live)
    limits, _ = await _limits(uow, organization_id)
    exceeded = {(one.day, *what) for one in counted if one.id in gone for what in excess(one, counted, limits)}
    if not exceeded:
        return
    names = await rosters.learners(uow, {of_class for _, _, of_class in exceeded})
    raise TooManyAssessmentsError(
        errors=[
            FieldError("/body", what.value, f"{what.words}: {_called(names, key)}{day:%d.%m.%Y}")
            for day, what, key in sorted(exceeded)[:_NAMED]
        ]
    )


def _called(names: Mapping[UUID, rosters.Learners], of_class: UUID) -> str:
    return f"{names[of_class].name}, " if of_class in names else ""


async def _counted(uow: UnitOfWork, found: Sequence[tuple[Assessment, Lesson]]) -> list[Planned]:
    _, first = found[0]
    scene = await gathering.scene(
        uow, first.organization_id, first.academic_year, {lesson.journal_id for _, lesson in found},
        first.date, first.date + _DAY,
    )  # fmt: skip
    counted = []
    for assessment, lesson in found:
        learners, journal = scene.learners_of(lesson.journal_id), scene.journals.get(lesson.journal_id)
        classes = learners.classes if learners else frozenset({lesson.learners_id})
        subject = (journal.subject_id if journal else None) or lesson.journal_id
        counted.append(Planned(assessment.id, subject, classes, lesson.date))
    return counted


async def _shown(uow: UnitOfWork, organization_id: UUID, found: Sequence[tuple[Assessment, Lesson]]) -> list[Shown]:
    subjects = await planning.subjects_of_journals(uow.session, {lesson.journal_id for _, lesson in found})
    numbers = await _numbers(uow, organization_id, found)
    return [
        Shown(
            assessment,
            lesson,
            subjects.get(lesson.journal_id),
            remarks(lesson.number, {lesson.number, *numbers.get((lesson.date, lesson.learners_id), ())}),
        )
        for assessment, lesson in found
    ]


async def _numbers(
    uow: UnitOfWork, organization_id: UUID, found: Sequence[tuple[Assessment, Lesson]]
) -> Mapping[tuple[dt.date, UUID], Collection[int]]:
    """Numbers of lessons of a day that the same class has, its subgroups' too."""
    groups = await rosters.learners(uow, {lesson.learners_id for _, lesson in found})
    classes = {key: group.class_id or key for key, group in groups.items()}
    numbers: dict[tuple[dt.date, UUID], Collection[int]] = {}
    for year in {lesson.academic_year for _, lesson in found}:
        days = {lesson.date for _, lesson in found if lesson.academic_year == year}
        of_year = await tallies.numbers_of_classes(uow.session, organization_id, year, days, set(classes.values()))
        numbers.update(of_year)
    return {
        (lesson.date, lesson.learners_id): numbers.get((lesson.date, classes.get(lesson.learners_id, lesson.id)), ())
        for _, lesson in found
    }


async def _own(uow: UnitOfWork, principal: Principal, assessment_id: UUID) -> tuple[Assessment, Lesson]:
    """An assessment the caller may change: of days to come, a teacher's own and none from above."""
    assessment, lesson = await _visible(uow, principal, assessment_id)
    if principal.role is Role.TEACHER and (
        principal.person_id is None or lesson.teacher_id != principal.person_id or assessment.level != "organization"
    ):
        raise ForbiddenError
    if lesson.date < uow.clock.today():
        raise AssessmentTookPlaceError
    return assessment, lesson


async def _visible(uow: UnitOfWork, principal: Principal, assessment_id: UUID) -> tuple[Assessment, Lesson]:
    found = await repository.one(uow.session, assessment_id)
    if found is None:
        raise NotFoundError
    await require_visible(uow, principal, found[0].organization_id)
    return found


async def read(uow: UnitOfWork, principal: Principal, assessment_id: UUID) -> Shown:
    """An assessment of an organization the caller sees."""
    found = await _visible(uow, principal, assessment_id)
    [shown] = await _shown(uow, found[0].organization_id, [found])
    return shown


async def change(
    uow: UnitOfWork, principal: Principal, assessment_id: UUID, version: int, body: AssessmentPatch
) -> Shown:
    """Change the kind or the title of an assessment."""
    assessment, lesson = await _own(uow, principal, assessment_id)
    values = body.model_dump(exclude_unset=True)
    if "kind" in values:
        await _check_kind(uow, assessment.organization_id, values["kind"])
    if not await repository.change(uow.session, assessment, version, values):
        raise VersionMismatchError
    await uow.session.refresh(assessment)
    [shown] = await _shown(uow, assessment.organization_id, [(assessment, lesson)])
    return shown


async def withdraw(uow: UnitOfWork, principal: Principal, assessment_id: UUID, version: int) -> None:
    """Take an assessment off the schedule at its version; raises ``VersionMismatchError``."""
    assessment, _ = await _own(uow, principal, assessment_id)
    if not await repository.remove(uow.session, assessment, version):
        raise VersionMismatchError


async def _learners(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, learners_id: UUID | None
) -> set[UUID] | None:
    """The class with the groups of its students; none where none is named."""
    if learners_id is None:
        return None
    academic_year = (await rosters.visible_learners(uow, principal, learners_id)).academic_year
    return {learners_id, *await rosters.beside_class(uow, organization_id, academic_year, learners_id)}


async def schedule(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    since: dt.date,
    until: dt.date,
    learners_id: UUID | None,
    after: Place | None,
    limit: int,
) -> list[Shown]:
    """The schedule of [since, until), of a class with its subgroups if one is named, one more than ``limit``."""
    await require_visible(uow, principal, organization_id)
    learners = await _learners(uow, principal, organization_id, learners_id)
    found = await repository.within(
        uow.session, organization_id, since, until, learners=learners, after=after, limit=limit
    )
    return await _shown(uow, organization_id, found)


async def printed(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    since: dt.date,
    until: dt.date,
    learners_id: UUID | None,
) -> tuple[Organization, list[Shown], Mapping[UUID, str], Mapping[str, str]]:
    """The published schedule of [since, until) whole, and what classes and kinds of work are called.

    Raises ``AssessmentDaysError``.
    """
    organization = await require_visible(uow, principal, organization_id)
    if not since < until <= since + _YEAR:
        raise AssessmentDaysError
    learners = await _learners(uow, principal, organization_id, learners_id)
    found = await repository.within(uow.session, organization_id, since, until, learners=learners, published=True)
    subjects = await planning.subjects_of_journals(uow.session, {lesson.journal_id for _, lesson in found})
    shown = [Shown(assessment, lesson, subjects.get(lesson.journal_id)) for assessment, lesson in found]
    groups = await rosters.learners(uow, {lesson.learners_id for _, lesson in found})
    kinds = {kind.code: kind.title for kind in await study.work_kinds(uow, organization_id)}
    return organization, shown, {key: group.name for key, group in groups.items()}, kinds


async def publish(uow: UnitOfWork, principal: Principal, organization_id: UUID, since: dt.date, until: dt.date) -> int:
    """Let families see the schedule of [since, until); how many assessments are new to them."""
    await require_visible(uow, principal, organization_id)
    return await repository.publish(uow.session, organization_id, since, until, uow.now)


async def of_child(
    uow: UnitOfWork, principal: Principal, student_id: UUID, since: dt.date, until: dt.date
) -> list[Shown]:
    """Published assessments of the caller, or of a child whom the caller may see today; anyone else finds nothing."""
    if not await rosters.is_family(uow, principal, student_id):
        raise NotFoundError
    stays = await rosters.stays(uow, student_id, since, until)
    found = await repository.published_for(uow.session, stays, since, until)
    subjects = await planning.subjects_of_journals(uow.session, {lesson.journal_id for _, lesson in found})
    return [Shown(assessment, lesson, subjects.get(lesson.journal_id)) for assessment, lesson in found]
