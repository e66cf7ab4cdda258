"""Students hand their work in, teachers answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from asu_contracts.access import FAMILY
from servicekit import audit
from servicekit.errors import ForbiddenError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.files import service as files
from sgo_journal.files.service import AttachedFile
from sgo_journal.homework import giving, repository
from sgo_journal.homework.errors import (
    HandInAcceptedError,
    HandInAnsweredError,
    NothingHandedInError,
    TooManyVersionsError,
)
from sgo_journal.homework.giving import Given
from sgo_journal.homework.model import HandIn
from sgo_journal.homework.schemas import AnswerIn, HandInIn
from sgo_journal.journals import service as journals
from sgo_journal.lessons import service as lessons
from sgo_journal.lessons.service import Lesson
from sgo_journal.people import author
from sgo_journal.rosters import service as rosters

_VERSIONS = 50


@dataclass(frozen=True)
class Work:
    """What a student has handed in, the oldest version first."""

    student_id: UUID
    name: str | None
    versions: Sequence[HandIn]

    @property
    def stands(self) -> bool:
        """Whether something was handed in that the teacher has not returned."""
        return bool(self.versions) and self.versions[-1].state != "returned"


@dataclass(frozen=True)
class Works:
    """Works of a homework's students with their files, by version; ``opened``: the caller reads what they say, not only that they are."""

    given: Given
    works: Sequence[Work]
    files: Mapping[UUID, Sequence[AttachedFile]]
    opened: bool


async def hand_in(uow: UnitOfWork, principal: Principal, homework_id: UUID, body: HandInIn) -> HandIn:
    """Hand in a version, by the student or a guardian; raises ``NothingHandedInError``, ``HandInAcceptedError``."""
    await rosters.hold_merges(uow)
    given = await _for(uow, principal, homework_id, body.student_id)
    if body.text is None and not body.upload_ids:
        raise NothingHandedInError
    one = given.homework
    await repository.hold(uow.session, one, body.student_id)
    before = await repository.hand_ins(uow.session, one, body.student_id)
    if before and before[-1].state == "accepted":
        raise HandInAcceptedError
    if len(before) >= _VERSIONS:
        raise TooManyVersionsError
    handed = HandIn(
        organization_id=one.organization_id,
        academic_year=one.academic_year,
        id=new_id(),
        homework_id=one.id,
        student_id=body.student_id,
        recorded_as=None,
        text=body.text,
        late=given.due_on is not None and uow.clock.today() > given.due_on,
        handed_in_by=author(principal),
        handed_in_at=uow.now,
        state="handed_in",
        comment=None,
        answered_by=None,
        answered_at=None,
        version=1,
    )
    uow.session.add(handed)
    await uow.session.flush()
    await files.attach(uow, principal, one.organization_id, one.academic_year, handed.id, body.upload_ids)
    return handed


async def _for(uow: UnitOfWork, principal: Principal, homework_id: UUID, student_id: UUID) -> Given:
    """A homework for a student the caller acts for, or ``NotFoundError``."""
    one = await repository.one(uow.session, homework_id)
    if one is None or student_id not in await giving.own_students(uow, principal):
        raise NotFoundError
    given = await giving.given(uow, one)
    if student_id not in await giving.recipients(uow, given):
        raise NotFoundError
    return given


async def works(uow: UnitOfWork, principal: Principal, homework_id: UUID) -> Works:
    """What every student of a homework has handed in, to whoever sees the lesson; audited.

    What it says is for the office and those who teach the journal; who leads the class is told who has handed in.
    """
    given = await giving.read(uow, principal, homework_id)
    one = given.homework
    key = one.organization_id, one.academic_year
    lesson = await lessons.known(uow, *key, one.lesson_id)
    meant = await giving.recipients(uow, given)
    roster = await rosters.roster(uow, *key, lesson.learners_id, lesson.date)
    versions: dict[UUID, list[HandIn]] = {}
    for handed in await repository.hand_ins(uow.session, one):
        versions.setdefault(handed.student_id, []).append(handed)
    found = [
        Work(line.student_id, line.name, versions.get(line.student_id, []))
        for line in roster
        if line.student_id in meant
    ]
    await audit.record(uow, principal, "homework.works.read", [work.student_id for work in found])
    if not await _opens(uow, principal, lesson):
        return Works(given, found, {}, opened=False)
    return Works(given, found, await _files_of(uow, [one for work in found for one in work.versions]), opened=True)


async def _opens(uow: UnitOfWork, principal: Principal, lesson: Lesson) -> bool:
    """Whether the caller reads students' works of a lesson: who gives it, who teaches its journal or has, the office."""
    if await lessons.gives(uow, principal, lesson):
        return True
    return await journals.was_ever_taught_by(uow, lesson.organization_id, lesson.journal_id, principal.person_id)


async def versions_of(
    uow: UnitOfWork, principal: Principal, homework_id: UUID, student_id: UUID
) -> tuple[Sequence[HandIn], Mapping[UUID, Sequence[AttachedFile]]]:
    """What a student handed in for a homework, to the family."""
    given = await _for(uow, principal, homework_id, student_id)
    found = await repository.hand_ins(uow.session, given.homework, student_id)
    return found, await _files_of(uow, found)


async def _files_of(uow: UnitOfWork, handed: Sequence[HandIn]) -> Mapping[UUID, Sequence[AttachedFile]]:
    if not handed:
        return {}
    return await files.of(uow, handed[0].organization_id, handed[0].academic_year, [one.id for one in handed])


async def answer(
    uow: UnitOfWork, principal: Principal, hand_in_id: UUID, version: int, body: AnswerIn
) -> tuple[int, HandIn, Sequence[AttachedFile]]:
    """Accept or return the newest version, by who gives the lesson: its number, itself, its files.

    Raises ``ForbiddenError``, ``HandInAnsweredError`` of an older one.
    """
    await rosters.hold_merges(uow)
    handed = await repository.hand_in(uow.session, hand_in_id)
    one = None if handed is None else await repository.one(uow.session, handed.homework_id)
    if handed is None or one is None:
        raise NotFoundError
    if not await lessons.gives(uow, principal, await lessons.visible(uow, principal, one.lesson_id)):
        raise ForbiddenError
    await repository.hold(uow.session, one, handed.student_id)
    versions = await repository.hand_ins(uow.session, one, handed.student_id)
    if handed.id != versions[-1].id:
        raise HandInAnsweredError
    values = {**body.model_dump(), "answered_by": author(principal), "answered_at": uow.now}
    if not await repository.answer(uow.session, handed, version, values):
        raise VersionMismatchError
    await audit.record(uow, principal, "homework.work.answer", [handed.student_id])
    await uow.session.refresh(handed)
    return len(versions), handed, (await _files_of(uow, [handed]))[handed.id]


async def read_file(
    uow: UnitOfWork, runtime: Runtime, principal: Principal, hand_in_id: UUID, file_id: UUID
) -> tuple[AttachedFile, bytes]:
    """A file of a student's work: to the family of that student and to staff who read the works of the lesson, audited."""
    handed = await repository.hand_in(uow.session, hand_in_id)
    if handed is None:
        raise NotFoundError
    if principal.role in FAMILY:
        await _for(uow, principal, handed.homework_id, handed.student_id)
    else:
        one = (await giving.read(uow, principal, handed.homework_id)).homework
        if not await _opens(uow, principal, await lessons.visible(uow, principal, one.lesson_id)):
            raise NotFoundError
        await audit.record(uow, principal, "homework.work.read", [handed.student_id])
    return await files.read(uow, runtime, handed.organization_id, handed.academic_year, handed.id, file_id)
