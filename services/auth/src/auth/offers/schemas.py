"""Offers over HTTP."""

from uuid import UUID

from pydantic import BaseModel

from auth.offers.service import Offer


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
