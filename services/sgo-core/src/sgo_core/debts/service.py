"""Use cases of academic debts: they arise with the closing of a year, are cleared in two attempts at most, and may be late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.debts import repository
from sgo_core.debts.errors import AttemptDateError, AttemptsSpentError, DebtClearedError, DebtTermError
from sgo_core.debts.model import ATTEMPTS, FAILED, AcademicDebt
from sgo_core.debts.repository import AnyRow, Filter
from sgo_core.debts.schemas import AttemptIn, DebtPatch
from sgo_core.history.recorded import Author, signature
from sgo_core.organizations import service as organizations


@dataclass(frozen=True)
class Owed:
    """Subjects that a student owes, by their compared form, and the last day to clear them."""

    student_id: UUID
    subjects: dict[str, str]
    due_on: date


async def arise(
    uow: UnitOfWork, organization_id: UUID, academic_year: int, arose_on: date, owed: Sequence[Owed], author: Author
) -> None:
    """Enter the debts with which students are promoted.

    One of a closing that was taken back stands again, with its days if an attempt was made meanwhile.
    """
    known = {
        (one.student_id, one.subject_key): one
        for one in await repository.of_year(uow.session, academic_year, students={one.student_id for one in owed})
    }
    new: list[dict[str, Any]] = []
    for one in owed:
        values = {"organization_id": organization_id, "arose_on": arose_on, "due_on": one.due_on, "void": False}
        for key, subject in one.subjects.items():
            stored = known.get((one.student_id, key))
            if stored is not None:
                kept = {"arose_on", "due_on"} if stored.attempts else set()
                change(stored, {name: value for name, value in values.items() if name not in kept}, author, uow.now)
            else:
                named = {"student_id": one.student_id, "academic_year": academic_year, "subject": subject}
                signed = signature(author, uow.now)
                new.append({"id": new_id(), **named, "subject_key": key, "version": 1, **values, **signed})
    await repository.insert_debts(uow.session, new)


async def withdraw(uow: UnitOfWork, organization_id: UUID, academic_year: int, author: Author) -> None:
    """The closing that the debts arose from is taken back."""
    for one in await repository.of_year(uow.session, academic_year, organization_id=organization_id):
        change(one, {"void": True}, author, uow.now)


async def list_debts(
    uow: UnitOfWork,
    principal: Principal,
    *,
    organization_id: UUID | None,
    municipality: str | None,
    academic_year: int | None,
    state: str | None,
    limit: int,
    after: UUID | None,
) -> Sequence[AnyRow]:
    """One page of debts of those who study where the caller sees, and one more."""
    seen: Any = organizations.visible_ids(principal)
    if organization_id is not None:
        await organizations.require_visible(uow, principal, organization_id)
        seen = [organization_id]
    wanted = Filter(seen, municipality, academic_year, state, uow.clock.today())
    return await repository.page(uow.session, wanted, limit, after)


async def _locked(uow: UnitOfWork, principal: Principal, debt_id: UUID, version: int) -> AcademicDebt:
    row = await repository.shown(uow.session, debt_id, uow.clock.today(), lock=True)
    if row is None or row.studies_in != principal.unit.organization_id:
        raise NotFoundError
    debt: AcademicDebt = row.AcademicDebt
    if debt.version != version:
        raise VersionMismatchError
    if debt.cleared_on is not None:
        raise DebtClearedError
    return debt


async def attempt(uow: UnitOfWork, principal: Principal, debt_id: UUID, version: int, body: AttemptIn) -> AnyRow:
    """Record an attempt of a student of the caller's organization; a passed one clears the debt."""
    debt = await _locked(uow, principal, debt_id, version)
    made = len(debt.attempts)
    if made == ATTEMPTS:
        raise AttemptsSpentError
    if body.held_on > uow.clock.today():
        raise AttemptDateError
    name = "second" if made else "first"
    values: dict[str, Any] = {f"{name}_on": body.held_on, f"{name}_mark": body.mark, f"{name}_by": principal.account_id}
    values["cleared_on"] = None if body.mark in FAILED else body.held_on
    change(debt, values, Author(principal.account_id, "Ликвидация академической задолженности"), uow.now)
    return await _stored(uow, debt)


async def edit(uow: UnitOfWork, principal: Principal, debt_id: UUID, version: int, body: DebtPatch) -> AnyRow:
    """Set another last day, or say what is not counted."""
    debt = await _locked(uow, principal, debt_id, version)
    values = body.model_dump(exclude_unset=True, exclude={"reason"})
    change(debt, values, Author(principal.account_id, body.reason), uow.now)
    return await _stored(uow, debt)


async def _stored(uow: UnitOfWork, debt: AcademicDebt) -> AnyRow:
    try:
        await uow.session.flush()
    except IntegrityError as error:
        raise (DebtTermError if "ck_academic_debt_term" in str(error.orig) else AttemptDateError) from None
    row = await repository.shown(uow.session, debt.id, uow.clock.today())
    assert row is not None
    return row
