"""Marks of the year as the journal tells them. They fill what nobody has entered; what people entered stands (``YearResult.entered``).

A closed year stays as it is: what the journal says then is noted beside the marks (``YearResult.told``), and they follow it once the
closing was taken back (``settle``).
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
from sgo_core.year_closing.model import YearResult, unsaid
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
    """Take over marks of students of the organization, noting those of closed years; a kind or mark that is not known says nothing."""
    by_year: dict[tuple[UUID, int], list[Told]] = defaultdict(list)
    for one in received:
        if one.event.kind in _COLUMNS and one.event.mark is not YearMark.UNKNOWN:
            by_year[one.event.organization_id, one.event.academic_year].append(one)
    # Closings are held before any student is, as whoever closes a year or takes its closing back does.
    shut = {one: await service.is_shut(uow, *one, hold=True) for one in sorted(by_year)}
    for place in sorted(by_year):
        await _take(uow, *place, by_year[place], shut=shut[place])


async def settle(uow: UnitOfWork, organization_id: UUID, academic_year: int) -> None:
    """Let marks of a year that is open again be what the journal has said of them meanwhile, where nobody has entered them."""
    for row in await repository.results_behind(uow.session, organization_id, academic_year):
        said = {name: row.in_journal(name) for name in _COLUMNS.values() if name not in row.entered}
        change(row, said, _AUTHOR, uow.now)


async def _take(uow: UnitOfWork, organization_id: UUID, year: int, told: Sequence[Told], *, shut: bool) -> None:
    """Told of a card that was merged into another, a mark is the survivor's. Marks of a year that is ``shut`` are noted alone.

    Cards that were ever merged with those told of are looked at too: what was told while they were one child's, and comes after they
    were parted, stands with the wrong one until the journal tells whose it is.
    """
    cards = await repository.ever_one(uow.session, {one.event.student_id for one in told})
    living = await people.lock_living(uow, cards)
    students = sorted(set(living.values()))
    here = await repository.students_of_year(uow.session, organization_id, year, students)
    known = {(one.student_id, one.subject_key): one for one in await repository.results_of(uow.session, students, year)}
    for one in told:
        student = living.get(one.event.student_id)
        if student is None or student not in here:
            continue
        aware = [row for row in known.values() if _heard(row, one) is not None]
        if any((_heard(row, one) or "") >= one.sequence for row in aware):
            continue
        place = student, key(one.event.subject_title)
        if place not in known:
            known[place] = _new(uow, one.event, student)
            uow.session.add(known[place])
        row = known[place]
        if row.is_blank and row.organization_id != organization_id:
            change(row, {"organization_id": organization_id}, _AUTHOR, uow.now)
            row.told = unsaid(row.told)
        if row.organization_id == organization_id:
            own = [former for former in aware if former.organization_id == organization_id]
            _hear(uow, row, own, one, shut=shut)


def _hear(uow: UnitOfWork, row: YearResult, own: Sequence[YearResult], one: Told, *, shut: bool) -> None:
    """What is told stands in one row, whichever of the organization's it stood in before."""
    for former in own:
        _forget(former, one)
    _note(row, one)
    if not shut:
        for changed in (*own, row):
            _follow(uow, changed, _COLUMNS[one.event.kind])


def _new(uow: UnitOfWork, event: YearResultChanged, student_id: UUID) -> YearResult:
    return YearResult(
        id=new_id(),
        organization_id=event.organization_id,
        academic_year=event.academic_year,
        student_id=student_id,
        subject=" ".join(event.subject_title.split()),
        subject_key=key(event.subject_title),
        source="journal",
        entered=[],
        told={},
        version=0,
        **signature(_AUTHOR, uow.now),
    )


def _heard(row: YearResult, one: Told) -> str | None:
    """The sequence at which the row knows of the total what is told, if it does."""
    found = row.told.get(_COLUMNS[one.event.kind], {}).get(str(one.event.total_id))
    return None if found is None else found[1]


def _forget(row: YearResult, one: Told) -> None:
    """What was told of the total before stands no more, under whatever name of the subject and whatever card."""
    column, total = _COLUMNS[one.event.kind], str(one.event.total_id)
    _say(row, column, {name: said for name, said in row.told[column].items() if name != total})


def _note(row: YearResult, one: Told) -> None:
    column = _COLUMNS[one.event.kind]
    _say(row, column, {**row.told.get(column, {}), str(one.event.total_id): (_sign(one.event), one.sequence)})
    row.version = max(row.version, 1)


def _say(row: YearResult, column: str, told: dict[str, tuple[str | None, str]]) -> None:
    row.told = {**{name: said for name, said in row.told.items() if name != column}, **({column: told} if told else {})}


def _follow(uow: UnitOfWork, row: YearResult, column: str) -> None:
    """The effective mark follows what the journal says where nobody has entered it."""
    if column not in row.entered:
        change(row, {column: row.in_journal(column)}, _AUTHOR, uow.now)


def _sign(event: YearResultChanged) -> str | None:
    if event.mark is None or (event.kind is YearResultKind.EXAM and event.mark in _NO_EXAM):
        return None
    return _SIGNS.get(event.mark, event.mark.value)
