"""Offers over HTTP."""

from uuid import UUID

from pydantic import BaseModel

from auth.offers.model import OfferedWorker
from auth.offers.service import Offer
from auth.offers.students import StudentOffer


class OfferOut(BaseModel):
    """A guardian who may be given an account; ``account_id`` and ``login`` are of the one given before."""

    guardian_id: UUID
    display_name: str
    account_id: UUID | None
    login: str | None

    @classmethod
    def of(cls, offer: Offer) -> "OfferOut":
        """As answered."""
        account = offer.account
        return cls(
            guardian_id=offer.guardian.id,
            display_name=offer.guardian.display_name,
            account_id=account.id if account else None,
            login=account.login if account else None,
        )


class WorkerOfferOut(BaseModel):
    """A worker with a post in the organization; ``teaching``: a pedagogical one."""

    worker_id: UUID
    display_name: str
    teaching: bool

    @classmethod
    def of(cls, worker: OfferedWorker, organization_id: UUID) -> "WorkerOfferOut":
        """As answered of one organization."""
        teaching = organization_id in worker.teaching_ids
        return cls(worker_id=worker.id, display_name=worker.display_name, teaching=teaching)


class StudentOfferOut(BaseModel):
    """A student who may be given an account; ``account_id`` and ``login`` are of the one given before."""

    student_id: UUID
    display_name: str
    account_id: UUID | None
    login: str | None

    @classmethod
    def of(cls, offer: StudentOffer) -> "StudentOfferOut":
        """As answered."""
        account = offer.account
        return cls(
            student_id=offer.student.id,
            display_name=offer.student.display_name,
            account_id=account.id if account else None,
            login=account.login if account else None,
        )
