"""Students offered an account: by the organization of the main membership, which is one in the whole region."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from asu_contracts.access import Role
from asu_contracts.core import StudentOffered
from auth.accounts import service as accounts
from auth.accounts.service import Account, Slip
from auth.grants.service import Holder
from auth.offers import repository
from auth.offers.accounts import end, give
from auth.offers.model import OfferedStudent, full_name
from auth.passwords import Passwords
from orgdirectory import require_visible
from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork


@dataclass(frozen=True)
class StudentOffer:
    """A student and the account given already, if any."""

    student: OfferedStudent
    account: Account | None


async def remember(uow: UnitOfWork, offers: Sequence[tuple[StudentOffered, str]]) -> None:
    """Keep students, one offer and its sequence each; an older one than is held changes nothing.

    An account given before follows its holder's name.
    """
    rows = [
        {
            "id": offer.student_id,
            "last_name": offer.last_name,
            "first_name": offer.first_name,
            "middle_name": offer.middle_name,
            "organization_id": offer.organization_id,
            "sequence": sequence,
        }
        for offer, sequence in offers
    ]
    written = set(await repository.apply(uow.session, OfferedStudent, rows))
    held = await accounts.by_persons(uow, written)
    for offer, _ in offers:
        if offer.student_id in held:
            held[offer.student_id].display_name = full_name(offer.last_name, offer.first_name, offer.middle_name)


async def of_organization(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, *, after: UUID | None, limit: int
) -> Sequence[StudentOffer]:
    """Students offered to an organization the caller sees, in id order."""
    await require_visible(uow, principal, organization_id)
    students = await repository.students_of(uow.session, organization_id, after, limit)
    held = await accounts.by_persons(uow, [student.id for student in students])
    return [StudentOffer(student, held.get(student.id)) for student in students]


async def give_account(
    uow: UnitOfWork, passwords: Passwords, slip_lifetime: timedelta, principal: Principal, student_id: UUID
) -> tuple[Holder, Slip]:
    """Give a student of an organization the caller stands above an account, or a new one-time password for it."""
    student = await _locked(uow, principal, student_id)
    return await give(uow, passwords, slip_lifetime, principal, Role.STUDENT, student)


async def end_account(uow: UnitOfWork, principal: Principal, student_id: UUID) -> None:
    """End the position of a student's account, by whoever could give it; it can be given again."""
    student = await _locked(uow, principal, student_id)
    await end(uow, principal, Role.STUDENT, student.id)


async def _locked(uow: UnitOfWork, principal: Principal, student_id: UUID) -> OfferedStudent:
    """The student's row, locked; raises ``NotFoundError`` unless the caller stands on or above the organization."""
    student = await repository.lock(uow.session, OfferedStudent, student_id)
    if student is None or student.organization_id is None:
        raise NotFoundError
    await require_visible(uow, principal, student.organization_id)
    return student
