"""Outcomes of a closing: proposed by rules, decided by the coordinator one by one and in bulk; classes of the next year."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import Row

from servicekit.errors import VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.groups import service as groups
from sgo_core.groups.schemas import GroupIn, GroupsIn
from sgo_core.history.recorded import Author, signature
from sgo_core.year_closing import repository
from sgo_core.year_closing.bases import CARRIED_ON, Outcome
from sgo_core.year_closing.errors import ClassesError, UnknownStudentError
from sgo_core.year_closing.model import YearClosing, YearOutcome
from sgo_core.year_closing.proposals import (
    UNSATISFACTORY,
    Child,
    Class,
    ClassProposal,
    NextYear,
    Proposal,
    propose,
    propose_classes,
)
from sgo_core.year_closing.schemas import Decision, NextClassesIn, NextClassIn

_DEBTS_DUE = (10, 31)
"""Proposed last day to clear a debt, in the autumn of the next year; the law gives a year at most (273-FZ, article 58, part 5)."""


class Years:
    """Classes of the year that ends and of the next."""

    def __init__(self, rows: Sequence[Row[Any]], academic_year: int, starts_on: date) -> None:
        self.rows = {row.id: row for row in rows}
        self.classes = {row.id: _class(row) for row in rows if row.academic_year == academic_year}
        self.next = NextYear((_class(row) for row in rows if row.academic_year == academic_year + 1), starts_on)


def _class(row: Row[Any]) -> Class:
    return Class(row.id, row.name, row.grade, row.age_from, row.age_to)


async def years_of(uow: UnitOfWork, closing: YearClosing) -> Years:
    """The classes a closing is about."""
    bounds = await repository.year_bounds(uow.session, closing.academic_year)
    assert bounds is not None
    both = (closing.academic_year, closing.academic_year + 1)
    rows = await repository.groups_of(uow.session, closing.organization_id, both)
    return Years(rows, closing.academic_year, bounds[1])


async def refresh(uow: UnitOfWork, closing: YearClosing, author: Author) -> None:
    """Propose for everyone who is there; what somebody has decided stays, who has left is void."""
    years = await years_of(uow, closing)
    rows = await repository.standing(uow.session, closing.organization_id, closing.academic_year, UNSATISFACTORY)
    known = await repository.outcomes(uow.session, closing.id)
    due = date(closing.academic_year + 1, *_DEBTS_DUE)
    new: list[dict[str, Any]] = []
    for row in rows:
        if row.group_id not in years.classes:
            continue
        proposal = propose(Child(row.birth_date, years.classes[row.group_id], row.debts, row.on_leave), years.next, due)
        values = {**_values(proposal), "placement_id": row.placement_id, "group_id": row.group_id, "void": False}
        outcome = known.pop(row.student_id, None)
        if outcome is None:
            new.append(_row(closing.id, row.student_id, values, author, uow))
        elif outcome.decided and outcome.group_id == row.group_id:
            change(outcome, {"placement_id": row.placement_id, "void": False}, author, uow.now)
        else:
            change(outcome, {**values, "decided": False}, author, uow.now)
    for outcome in known.values():
        change(outcome, {"void": True}, author, uow.now)
    await uow.session.flush()
    await repository.insert_outcomes(uow.session, new)


def _values(proposal: Proposal) -> dict[str, Any]:
    return {
        "outcome": proposal.outcome.value,
        "basis": proposal.basis.value,
        "target_group_id": proposal.target,
        "debts": list(proposal.debts),
        "debts_due": proposal.debts_due,
        "departure_reason": None,
        "destination": None,
        "leaves_on": None,
        "note": None,
    }


def _row(
    closing_id: UUID, student_id: UUID, values: Mapping[str, Any], author: Author, uow: UnitOfWork
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "closing_id": closing_id,
        "student_id": student_id,
        "decided": False,
        "version": 1,
        **values,
        **signature(author, uow.now),
    }


async def decide(
    uow: UnitOfWork,
    closing: YearClosing,
    author: Author,
    decision: Decision,
    *,
    students: Collection[UUID] = (),
    from_group_id: UUID | None = None,
    version: int | None = None,
) -> Sequence[YearOutcome]:
    """Decide for students, or a class, of a locked draft; raises ``UnknownStudentError`` if one of them has no outcome."""
    found = await repository.outcomes_of(uow.session, closing.id, students, from_group_id)
    if not found or (from_group_id is None and len(found) < len(set(students))):
        raise UnknownStudentError
    if version is not None and found[0].version != version:
        raise VersionMismatchError
    years = await years_of(uow, closing)
    for one in found:
        change(one, {**_decided(decision, years, one), "decided": True}, author, uow.now)
    return found


async def decide_each(
    uow: UnitOfWork, closing: YearClosing, author: Author, decisions: Mapping[UUID, Decision]
) -> Mapping[UUID, bool]:
    """Decide for each student of a locked draft otherwise; whether that changed anything, of those who have an outcome."""
    years = await years_of(uow, closing)
    found = await repository.outcomes_of(uow.session, closing.id, decisions)
    return {
        one.student_id: bool(
            change(one, {**_decided(decisions[one.student_id], years, one), "decided": True}, author, uow.now)
        )
        for one in found
    }


def _decided(decision: Decision, years: Years, outcome: YearOutcome) -> dict[str, Any]:
    target = decision.target_group_id
    if target is not None and target not in years.rows:
        raise ClassesError
    group = years.classes.get(outcome.group_id)
    if target is None and decision.outcome in CARRIED_ON and group is not None:
        stays = decision.outcome in {Outcome.REPEATED, Outcome.ON_LEAVE} and group.grade is not None
        target = years.next.same_grade(group) if stays else years.next.following(group)
    return {
        "outcome": decision.outcome.value,
        "basis": decision.rests_on.value,
        "target_group_id": target,
        "debts": list(decision.debts),
        "debts_due": decision.debts_due,
        "departure_reason": decision.departure_reason,
        "destination": decision.destination,
        "leaves_on": decision.leaves_on,
        "note": decision.note,
    }


async def next_classes(uow: UnitOfWork, closing: YearClosing) -> Sequence[tuple[ClassProposal, int]]:
    """Classes of the next year in the place of those that end, each with the places its forerunner has."""
    years = await years_of(uow, closing)
    return [(one, years.rows[one.source.id].capacity) for one in propose_classes(years.classes.values(), years.next)]


async def open_classes(uow: UnitOfWork, principal: Principal, closing: YearClosing, body: NextClassesIn) -> None:
    """Open classes of the next year as proposed or as changed; outcomes without a class are proposed theirs."""
    years = await years_of(uow, closing)
    proposed = {one.source.id: one for one in propose_classes(years.classes.values(), years.next)}
    if any(item.from_group_id not in proposed for item in body.items):
        raise ClassesError
    sources = {one.id: one for one in await groups.named(uow, closing.organization_id, closing.academic_year)}
    wanted = [_following(sources[item.from_group_id], proposed[item.from_group_id], item) for item in body.items]
    await groups.open_groups(
        uow, principal, closing.organization_id, GroupsIn(academic_year=closing.academic_year + 1, groups=wanted)
    )


def _following(source: Any, proposal: ClassProposal, item: NextClassIn) -> GroupIn:
    """The class that follows one: as it was, but for the year's step and for what is asked otherwise."""
    same = {name: getattr(source, name) for name in GroupIn.model_fields}
    changed: dict[str, Any] = {
        "name": item.name or proposal.name,
        "grade": proposal.grade,
        "letter": None if item.name is not None else source.letter,
        "age_from": proposal.age_from,
        "age_to": proposal.age_to,
        "capacity": item.capacity or source.capacity,
        "reference_headcount": None,
    }
    try:
        return GroupIn(**{**same, **changed})
    except ValidationError:
        raise ClassesError from None
