"""Marks of the year as the journal tells them. They fill what nobody has entered; what people entered stands (``YearResult.entered``).

A closed year takes nothing: what the journal says then is heard again with ``republish``, after the closing was taken back.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from asu_contracts.journal import YearMark, YearResultChanged, YearResultKind
from servicekit.ids import new_id
from servicekit.messaging.handlers import Received
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.history.recorded import Author, signature
from sgo_core.people import service as people
from sgo_core.year_closing import repository, service
from sgo_core.year_closing.model import YearResult
from sgo_core.year_closing.proposals import key

_AUTHOR = Author("journal", "Итоговая отметка в журнале")
_COLUMNS: Mapping[YearResultKind, str] = {
    YearResultKind.YEAR: "annual",
    YearResultKind.EXAM: "exam",
    YearResultKind.FINAL: "final",
}
_SIGNS: Mapping[YearMark, str] = {
    YearMark.ONE: "2",
    YearMark.PASS: "з",
    YearMark.FAIL: "нз",
    YearMark.EXEMPT: "осв",
    YearMark.NOT_ATTESTED: "н/а",
}
"""Marks that the registry writes otherwise; «1» is unsatisfactory there like «2»."""
_NO_EXAM = frozenset({YearMark.EXEMPT, YearMark.NOT_ATTESTED})

Told = Received[YearResultChanged]


async def on_year_result_changed(uow: UnitOfWork, received: Sequence[Told]) -> None:
    """Take over marks of years that are not closed, of students of the organization; a kind or mark that is not known says nothing."""
    by_year: dict[tuple[UUID, int], list[Told]] = defaultdict(list)
    for one in received:
        if one.event.kind in _COLUMNS and one.event.mark is not YearMark.UNKNOWN:
            by_year[one.event.organization_id, one.event.academic_year].append(one)
    for (organization_id, year), told in sorted(by_year.items()):
        if not await service.is_shut(uow, organization_id, year):
            await _take(uow, organization_id, year, told)


async def _take(uow: UnitOfWork, organization_id: UUID, year: int, told: Sequence[Told]) -> None:
    students = sorted(await people.lock_pseudonyms(uow, {one.event.student_id for one in told}))
    here = await repository.students_of_year(uow.session, organization_id, year, students)
    known = {(one.student_id, one.subject_key): one for one in await repository.results_of(uow.session, students, year)}
    for one in told:
        event = one.event
        place = event.student_id, key(event.subject_title)
        if event.student_id not in here:
            continue
        if place not in known:
            known[place] = _new(uow, event)
            uow.session.add(known[place])
        if known[place].organization_id == organization_id:
            _apply(uow, known[place], one)


def _new(uow: UnitOfWork, event: YearResultChanged) -> YearResult:
    return YearResult(
        id=new_id(),
        organization_id=event.organization_id,
        academic_year=event.academic_year,
        student_id=event.student_id,
        subject=" ".join(event.subject_title.split()),
        subject_key=key(event.subject_title),
        source="journal",
        entered=[],
        told={},
        version=0,
        **signature(_AUTHOR, uow.now),
    )


def _apply(uow: UnitOfWork, row: YearResult, one: Told) -> None:
    """What is told later stands, whatever comes first; the effective mark follows where nobody has entered it."""
    column = _COLUMNS[one.event.kind]
    told, total = row.told.get(column, {}), str(one.event.total_id)
    if total in told and told[total][1] >= one.sequence:
        return
    row.told = {**row.told, column: {**told, total: (_sign(one.event), one.sequence)}}
    if column not in row.entered:
        change(row, {column: row.in_journal(column)}, _AUTHOR, uow.now)
    row.version = max(row.version, 1)


def _sign(event: YearResultChanged) -> str | None:
    if event.mark is None or (event.kind is YearResultKind.EXAM and event.mark in _NO_EXAM):
        return None
    return _SIGNS.get(event.mark, event.mark.value)
