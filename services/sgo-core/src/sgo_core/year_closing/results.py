"""Final marks of the year: entered by the office, read from a table, heard from the journal. Marks are never made up.

A mark that people entered stands whatever the journal says before or after; what it says otherwise is shown (``differs``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from servicekit.errors import FieldError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.history.recorded import Author, signature
from sgo_core.organizations import service as organizations
from sgo_core.people import service as people
from sgo_core.year_closing import repository
from sgo_core.year_closing.errors import ResultsRefusedError
from sgo_core.year_closing.model import MARKS, YearResult
from sgo_core.year_closing.proposals import key

_STRANGER = ("year-results.not-a-student", "Обучающийся не учился в организации в этом учебном году")
_TWICE = ("year-results.twice", "Предмет указан у обучающегося дважды")
_ELSEWHERE = ("year-results.elsewhere", "Отметки по этому предмету внесла другая организация")


@dataclass(frozen=True)
class Result:
    """Marks of a student in a subject; None: not said."""

    student_id: UUID
    subject: str
    annual: str | None
    exam: str | None
    final: str | None

    @property
    def key(self) -> tuple[UUID, str]:
        """What there is one of in a year."""
        return self.student_id, key(self.subject)


async def list_results(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    academic_year: int | None,
    group_id: UUID | None,
    student_id: UUID | None,
    limit: int,
    after: UUID | None,
) -> Sequence[YearResult]:
    """One page of the results of an organization's students, and one more."""
    await organizations.require_visible(uow, principal, organization_id)
    return await repository.page_of_results(
        uow.session, organization_id, academic_year, group_id, student_id, limit, after
    )


async def enter(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, academic_year: int, results: Sequence[Result]
) -> Mapping[str, int]:
    """Enter results, all or none; raises ``ResultsRefusedError`` with what is wrong where."""
    await organizations.require_visible(uow, principal, organization_id)
    author = Author(principal.account_id, "Внесение итоговых отметок")
    answers = await store(uow, organization_id, academic_year, results, author, "office")
    errors = [
        FieldError(f"/body/items/{number}/student_id", *answer)
        for number, answer in enumerate(answers)
        if isinstance(answer, tuple)
    ]
    if errors:
        raise ResultsRefusedError(errors=errors)
    return {status: answers.count(status) for status in ("created", "changed", "unchanged")}


async def store(
    uow: UnitOfWork,
    organization_id: UUID,
    academic_year: int,
    results: Sequence[Result],
    author: Author,
    source: str,
) -> Sequence[str | tuple[str, str]]:
    """What became of each: created, changed, unchanged, or a code and a title of what is wrong with it."""
    students = sorted(await people.lock_pseudonyms(uow, {one.student_id for one in results}))
    here = await repository.students_of_year(uow.session, organization_id, academic_year, students)
    known = {
        (one.student_id, one.subject_key): one
        for one in await repository.results_of(uow.session, students, academic_year)
    }
    answers: list[str | tuple[str, str]] = []
    new: list[dict[str, Any]] = []
    seen: set[tuple[UUID, str]] = set()
    for one in results:
        stored = known.get(one.key)
        if one.student_id not in here:
            answers.append(_STRANGER)
        elif one.key in seen:
            answers.append(_TWICE)
        elif stored is None:
            new.append(_row(organization_id, academic_year, one, author, source, uow))
            answers.append("created")
        elif stored.organization_id != organization_id and not stored.is_blank:
            answers.append(_ELSEWHERE)
        else:
            said = {name: value for name in MARKS if (value := getattr(one, name)) is not None}
            different = {name for name, value in said.items() if getattr(stored, name) != value}
            entered = sorted({*stored.entered, *said})
            if different or entered != stored.entered:
                if stored.organization_id != organization_id:
                    stored.organization_id, stored.told = organization_id, {}
                change(stored, {**said, "source": source, "entered": entered}, author, uow.now)
            answers.append("changed" if different else "unchanged")
        seen.add(one.key)
    await repository.insert_results(uow.session, new)
    return answers


def _row(
    organization_id: UUID, academic_year: int, one: Result, author: Author, source: str, uow: UnitOfWork
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "organization_id": organization_id,
        "academic_year": academic_year,
        "student_id": one.student_id,
        "subject": " ".join(one.subject.split()),
        "subject_key": key(one.subject),
        "annual": one.annual,
        "exam": one.exam,
        "final": one.final,
        "source": source,
        "entered": sorted(name for name in MARKS if getattr(one, name) is not None),
        "told": {},
        "version": 1,
        **signature(author, uow.now),
    }
