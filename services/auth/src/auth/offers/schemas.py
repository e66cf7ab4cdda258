"""Offers over HTTP."""

from uuid import UUID

from pydantic import BaseModel, Field

from auth.accounts.schemas import Login
from auth.grants.schemas import GrantIn
from auth.offers.service import Offer
from auth.offers.students import StudentOffer
from auth.offers.workers import WorkerOffer
from servicekit.http import Body


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
    """A worker with a post in the organization; ``teaching``: a pedagogical one.

    ``account_id`` and ``login`` are of the account tied to the card, in whatever organization it was opened.
    """

    worker_id: UUID
    display_name: str
    teaching: bool
    account_id: UUID | None
    login: str | None

    @classmethod
    def of(cls, offer: WorkerOffer, organization_id: UUID) -> "WorkerOfferOut":
        """As answered of one organization."""
        worker, account = offer.worker, offer.account
        return cls(
            worker_id=worker.id,
            display_name=worker.display_name,
            teaching=organization_id in worker.teaching_ids,
            account_id=account.id if account else None,
            login=account.login if account else None,
        )


class WorkerAccountIn(Body):
    """A worker's account: its name is that of the card; positions only in organizations that employ the worker."""

    login: Login
    grants: list[GrantIn] = Field(min_length=1, max_length=20)


class TieIn(Body):
    """The account that is the worker's."""

    account_id: UUID


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
