"""Use cases of the totals: a journal's columns, saving many at once, who has which."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.errors import FieldError, NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.journals import service as journals
from sgo_journal.people import author
from sgo_journal.rosters import service as rosters
from sgo_journal.study import service as study
from sgo_journal.totals import certificates, repository, telling
from sgo_journal.totals.certificates import Edition, Source
from sgo_journal.totals.errors import NoCalendarError, PeriodUnknownError, TotalsChangedError, TotalsInvalidError
from sgo_journal.totals.judging import Asked, Verdict, judge
from sgo_journal.totals.repository import Course, Place, Standing, Written
from sgo_journal.totals.schemas import Saved, TotalsIn
from sgo_journal.totals.spans import Kind, Span, spans_of


@dataclass(frozen=True)
class Combined:
    """The subject of a certificate (mathematics) that the journal's is taught for, among others: ``parts`` are their titles by id."""

    subject_id: UUID
    code: str
    title: str
    parts: Mapping[UUID, str]
    source: Source


@dataclass(frozen=True)
class Columns:
    """A journal with the columns of its totals; ``grade`` of who is taught, none where there is none.

    ``combined``: what its exams and final marks are of where they are those of several subjects; none where they are of the own one.
    """

    journal: journals.Journal
    title: str
    grade: int | None
    spans: Sequence[Span]
    combined: Combined | None

    @property
    def course(self) -> Course:
        """What its totals are of."""
        journal = self.journal
        course_id = journal.subject_id or journal.id
        return Course(journal.organization_id, journal.academic_year, journal.id, course_id)

    def course_of(self, kind: str) -> Course:
        """What its totals of a kind are of."""
        if self.combined is None or kind not in _FOR_CERTIFICATE:
            return self.course
        return replace(self.course, course_id=self.combined.subject_id)

    @property
    def certificates(self) -> Edition:
        """The rules of certificates of its year."""
        return certificates.in_force(_ends(self.spans))

    def span(self, kind: Kind, period: int) -> Span:
        """A column; raises ``PeriodUnknownError``."""
        return find(self.spans, kind, period)


_FOR_CERTIFICATE = frozenset({Kind.EXAM, Kind.FINAL})


def _ends(spans: Sequence[Span]) -> dt.date:
    return max(one.last_day for one in spans)


def find(spans: Sequence[Span], kind: Kind, period: int) -> Span:
    """A column by its key; raises ``PeriodUnknownError``."""
    found = next((one for one in spans if one.key == (kind, period)), None)
    if found is None:
        raise PeriodUnknownError
    return found


async def spans_of_learners(uow: UnitOfWork, learners: rosters.Learners) -> Sequence[Span]:
    """Columns of the totals of a class, group or teaching group, of the lowest of its grades; raises ``NoCalendarError``."""
    calendar = await study.calendar_of(uow, learners.organization_id, learners.academic_year)
    if calendar is None:
        raise NoCalendarError
    return spans_of(calendar, learners.grade_from)


async def columns_of(uow: UnitOfWork, principal: Principal, journal_id: UUID) -> Columns:
    """A journal the caller sees and its columns; raises ``NotFoundError``, ``NoCalendarError``."""
    journal, title = await journals.whole(uow, principal, journal_id)
    learners = (await rosters.learners(uow, [journal.learners_id])).get(journal.learners_id)
    if learners is None:
        raise NotFoundError
    grade, spans = learners.grade_from, await spans_of_learners(uow, learners)
    return Columns(journal, title, grade, spans, await _combined(uow, journal, grade, _ends(spans)))


async def _combined(uow: UnitOfWork, journal: journals.Journal, grade: int | None, ends: dt.date) -> Combined | None:
    if journal.subject_id is None or grade is None:
        return None
    code = (await study.subject_codes(uow, [journal.subject_id])).get(journal.subject_id)
    rule = None if code is None else certificates.in_force(ends).combination(code, grade)
    if rule is None:
        return None
    subjects = await study.subjects_of_codes(uow, journal.organization_id, {rule.code, *rule.parts})
    whole = next((one for one in subjects if one.code == rule.code and not one.own), None)
    if whole is None:
        return None
    taught = sorted((one for one in subjects if one.code in rule.parts), key=lambda one: rule.parts.index(one.code))
    return Combined(whole.id, rule.code, whole.title, {one.id: one.title for one in taught}, rule.source)


async def students_of(uow: UnitOfWork, columns: Columns, span: Span | None = None) -> list[rosters.Learner]:
    """Who was taught in a journal within a column's days, or at some time of the year."""
    journal = columns.journal
    since = min(one.first_day for one in columns.spans) if span is None else span.first_day
    until = max(one.last_day for one in columns.spans) if span is None else span.last_day
    return await rosters.learners_within(
        uow, journal.organization_id, journal.academic_year, journal.learners_id, since, until
    )


async def totals_of(uow: UnitOfWork, columns: Columns, students: Collection[UUID]) -> list[Any]:
    """What stands in the columns of a journal for students, set in other journals of the subject too, emptied ones too."""
    course, courses = columns.course, {kind: columns.course_of(kind).course_id for kind in Kind}
    rows = await repository.of_students(
        uow.session, course.organization_id, [course.academic_year], students, set(courses.values())
    )
    return [row for row in rows if row.course_id == courses[Kind(row.kind)]]


async def set_totals(
    uow: UnitOfWork,
    course: Course,
    years: Collection[int],
    students: Collection[UUID],
    courses: Collection[UUID] | None = None,
) -> Mapping[UUID, list[Any]]:
    """Totals of a course, or of others of the organization, that are set, by student, in the order of time."""
    found: dict[UUID, list[Any]] = {one: [] for one in students}
    asked = [course.course_id] if courses is None else courses
    for row in await repository.of_students(uow.session, course.organization_id, years, students, asked):
        if row.value is not None:
            found[row.student_id].append(row)
    return found


async def read_page(
    uow: UnitOfWork, principal: Principal, journal_id: UUID
) -> tuple[Columns, Sequence[rosters.Learner], Mapping[UUID, list[Any]]]:
    """A journal's students of the year and the totals of each, those set in other journals of the subject too; audited."""
    columns = await columns_of(uow, principal, journal_id)
    students = await students_of(uow, columns)
    ids = [one.student_id for one in students]
    found = await _by_student(uow, columns, ids)
    await audit.record(uow, principal, "journal.totals.read", ids)
    return columns, students, found


async def read_year(
    uow: UnitOfWork, principal: Principal, journal_id: UUID
) -> tuple[Columns, Mapping[UUID, list[Any]]]:
    """Totals of a journal by student: of those of ``read_page``, then of others for whom one stands in it; audited.

    A departure may have been dated back, and of two cards of a child both may have a total in one place.
    """
    columns = await columns_of(uow, principal, journal_id)
    taught = [one.student_id for one in await students_of(uow, columns)]
    others = set(await repository.totalled(uow.session, columns.course)) - set(taught)
    found = await _by_student(uow, columns, [*taught, *sorted(others)])
    living = await rosters.living(uow, others)
    await audit.record(uow, principal, "journal.totals.read", sorted({living.get(one, one) for one in found}))
    return columns, found


async def _by_student(uow: UnitOfWork, columns: Columns, students: Sequence[UUID]) -> Mapping[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {one: [] for one in students}
    for row in await totals_of(uow, columns, students):
        found[row.student_id].append(row)
    return found


async def save(uow: UnitOfWork, principal: Principal, journal_id: UUID, body: TotalsIn) -> Saved:
    """Save totals of a journal, all or none (one transaction); whose they are is audited.

    Raises ``NotFoundError`` for a journal out of the caller's view; ``TotalsInvalidError`` with every total that may not be written:
    of a period the teacher did not teach in, one that has not begun or is closed, of a student who was not taught then;
    ``TotalsChangedError`` when one is no longer at the version it was read at, unless what stands there is what was sent.
    """
    columns = await columns_of(uow, principal, journal_id)
    spans = {one.key: one for one in columns.spans}
    if unknown := [place for place, one in enumerate(body.totals) if (one.kind, one.period) not in spans]:
        raise TotalsInvalidError(errors=[_field(place, "period", *_UNKNOWN) for place in unknown])
    sent = [
        Written(one.student_id, one.kind, one.period, span.first_day, span.last_day, one.value, one.version)
        for one in body.totals
        for span in [spans[one.kind, one.period]]
    ]
    asked = [Asked(one.student_id, one.value, one.first_day, one.last_day) for one in sent]
    verdicts = await judge(uow.session, principal, uow.clock.today(), journal_id, asked)
    wrong = [*_twice(sent), *_wrong(sent, verdicts, uow)]
    if wrong:
        raise TotalsInvalidError(errors=wrong)
    signed = {"scale": verdicts[0].scale_id, "author": author(principal), "now": uow.now, "reason": body.reason}
    written: dict[Place, int] = {}
    standing: dict[Place, Standing] = {}
    for course, of_course in _by_course(columns, sent):
        done = await repository.write(uow.session, course, of_course, signed)
        if left := [one.place for one in of_course if one.place not in done]:
            standing |= await repository.standing(uow.session, course, left)
        await telling.publish(uow, course, list(done))
        written |= done
    await audit.record(uow, principal, "journal.totals.save", sorted({one.student_id for one in sent}))
    versions = {**_unwritten(sent, written, standing), **written}
    return Saved(totals=[versions[one.place] for one in sent])


_UNKNOWN = ("totals.period-unknown", "В календаре нет такого периода")


def _field(place: int, name: str, code: str, title: str) -> FieldError:
    return FieldError(f"/body/totals/{place}/{name}", code, title)


def _twice(sent: Sequence[Written]) -> Iterable[FieldError]:
    seen: set[Place] = set()
    for place, one in enumerate(sent):
        if one.place in seen:
            yield _field(place, "student_id", "totals.twice", "Отметка указана дважды")
        seen.add(one.place)


def _wrong(sent: Sequence[Written], verdicts: Sequence[Verdict], uow: UnitOfWork) -> Iterable[FieldError]:
    today = uow.clock.today()
    for place, (one, verdict) in enumerate(zip(sent, verdicts, strict=True)):
        if not verdict.mine:
            yield _field(place, "period", "totals.not-yours", "В этом периоде журнал ведёте не вы")
        elif verdict.closed:
            yield _field(place, "period", "totals.period-closed", "Период закрыт")
        elif one.first_day > today:
            yield _field(place, "period", "totals.too-early", "Период ещё не начался")
        elif not verdict.there:
            yield _field(
                place, "student_id", "totals.not-on-roster", "Ученик в этом периоде не состоял в классе (группе)"
            )
        elif not verdict.has_code:
            yield _field(place, "value", "totals.unknown-code", "Значение не из шкалы журнала")


def _by_course(columns: Columns, sent: Sequence[Written]) -> Iterable[tuple[Course, list[Written]]]:
    by_course: dict[Course, list[Written]] = {}
    for one in sent:
        by_course.setdefault(columns.course_of(one.kind), []).append(one)
    return by_course.items()


def _unwritten(
    sent: Sequence[Written], written: Mapping[Place, int], standing: Mapping[Place, Standing]
) -> dict[Place, int]:
    """Versions of the totals that were not written because they stand as was sent; raises ``TotalsChangedError`` for others."""
    left = [one for one in sent if one.place not in written]
    conflicts = []
    for place, one in enumerate(sent):
        found = standing.get(one.place)
        if one.place not in written and one.value != (found.value if found else None):
            conflicts.append({"pointer": f"/body/totals/{place}", **_told(found)})
    if conflicts:
        raise TotalsChangedError(members={"conflicts": conflicts})
    return {one.place: standing[one.place].version if one.place in standing else 0 for one in left}


def _told(found: Standing | None) -> dict[str, object]:
    if found is None:
        return {"value": None, "version": 0, "changed_by": None, "changed_at": None}
    return {
        "value": found.value,
        "version": found.version,
        "changed_by": str(found.changed_by),
        "changed_at": found.changed_at.isoformat(),
    }


async def apply_merges(
    uow: UnitOfWork, merges: Collection[tuple[UUID, UUID | None]], parted: Iterable[UUID] = ()
) -> None:
    """Let totals of a card be those of the child it was merged into, or its own again, and tell the registry whose they are by now.

    ``parted``: the children that cards were said to be until now. All totals go home before any goes out: where one was in
    another's place, that one finds it free.
    """
    if not merges:
        return
    cards = {*parted, *(one for merge in merges for one in merge if one is not None)}
    around = await rosters.merges_around(uow, cards)
    for student_id in around:
        await repository.move_totals(uow.session, student_id, None)
    for student_id, merged_into in around.items():
        if merged_into is not None:
            await repository.move_totals(uow.session, student_id, merged_into)
    await telling.publish_of(uow, sorted({*cards, *around}))
