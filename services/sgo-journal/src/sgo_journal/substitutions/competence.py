"""Who teaches what, as substitutes are judged by it."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from servicekit.uow import UnitOfWork
from sgo_journal.journals import service as journals
from sgo_journal.journals.service import Journal
from sgo_journal.rosters import service as rosters
from sgo_journal.study import service as study
from sgo_journal.study.service import SubjectTitle
from sgo_journal.substitutions.ranking import Taught


@dataclass(frozen=True)
class Appointment:
    """Something is taught to a class over [since, until)."""

    taught: Taught | None
    class_id: UUID
    since: dt.date
    until: dt.date


@dataclass(frozen=True)
class Competence:
    """Who teaches what to whom over a year, and what journals are about."""

    appointments: Mapping[UUID, Sequence[Appointment]]
    of_journals: Mapping[UUID, Taught]

    def taught_by(self, teacher_id: UUID, day: dt.date) -> frozenset[Taught]:
        """What a teacher teaches on a day."""
        return frozenset(one.taught for one in self._of(teacher_id, day) if one.taught is not None)

    def classes_of(self, teacher_id: UUID, day: dt.date) -> frozenset[UUID]:
        """Which classes a teacher teaches on a day, or subgroups of which."""
        return frozenset(one.class_id for one in self._of(teacher_id, day))

    def same_subject(self, teacher_id: UUID, journal_id: UUID, day: dt.date) -> bool:
        """Whether a teacher teaches the subject of a journal, to whomever."""
        taught = self.of_journals.get(journal_id)
        return taught is not None and any(one.subject == taught.subject for one in self.taught_by(teacher_id, day))

    def _of(self, teacher_id: UUID, day: dt.date) -> Collection[Appointment]:
        return [one for one in self.appointments.get(teacher_id, ()) if one.since <= day < one.until]


async def competence(
    uow: UnitOfWork, organization_id: UUID, academic_year: int, journal_ids: Collection[UUID]
) -> Competence:
    """Competence of an organization's teachers; ``journal_ids``: whose subjects are asked for besides."""
    teachings = await journals.teachings(uow, organization_id, academic_year)
    known = await journals.known(uow, organization_id, {one.journal_id for one in teachings} | set(journal_ids))
    titles = await study.subject_titles(uow, {one.subject_id for one in known.values() if one.subject_id is not None})
    groups = await rosters.learners(uow, {one.learners_id for one in known.values()})
    of_journals = {key: taught for key, one in known.items() if (taught := _taught(one, titles)) is not None}
    found: dict[UUID, list[Appointment]] = {}
    for one in teachings:
        learners_id = known[one.journal_id].learners_id
        class_id = groups[learners_id].class_id if learners_id in groups else None
        found.setdefault(one.teacher_id, []).append(
            Appointment(of_journals.get(one.journal_id), class_id or learners_id, one.valid_from, one.valid_to)
        )
    return Competence(found, of_journals)


def _taught(journal: Journal, titles: Mapping[UUID, SubjectTitle]) -> Taught | None:
    """What a journal is about: one without a subject is a subject and an area of its own."""
    if journal.subject_id is None:
        return Taught(journal.id, str(journal.id))
    subject = titles.get(journal.subject_id)
    return None if subject is None else Taught(subject.counts_as, subject.area)
