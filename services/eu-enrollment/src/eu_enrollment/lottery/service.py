"""Use cases of the lots: commit when the campaign is made, draw at its first allocation."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from eu_enrollment.database import Record
from eu_enrollment.lottery import errors, repository
from eu_enrollment.lottery.lots import commitment, mixed
from servicekit.crypto import FieldCipher
from servicekit.errors import NotFoundError
from servicekit.uow import UnitOfWork

SEED_CONTEXT = "lottery.seed"


@dataclass(frozen=True, slots=True)
class Draw:
    """What the lots of a campaign follow from: its commitment, the seed behind it, the outcome of the public draw, if any."""

    commitment: str
    seed: str
    outcome: str | None

    @property
    def lots(self) -> str:
        """The seed of the lots."""
        return mixed(self.seed, self.outcome)


async def commit(uow: UnitOfWork, cipher: FieldCipher, campaign_id: UUID, beacon: str | None) -> None:
    """Fix the seed of a new campaign, unseen; ``beacon`` names the later public draw to be mixed in."""
    seed = secrets.token_hex(32)
    await repository.add(
        uow.session,
        {
            "campaign_id": campaign_id,
            "commitment": commitment(seed),
            "sealed": cipher.encrypt(seed, SEED_CONTEXT),
            "beacon": beacon,
            "committed_at": uow.now,
        },
    )


async def commitment_of(uow: UnitOfWork, campaign_id: UUID) -> Record:
    """The commitment of a campaign, with its draw; raises ``NotFoundError``."""
    found = await repository.get(uow.session, campaign_id)
    if found is None:
        raise NotFoundError
    return found


async def draw(
    uow: UnitOfWork, cipher: FieldCipher, campaign_id: UUID, closes_at: datetime, outcome: str | None
) -> Draw:
    """Draw the lots, once: later calls answer the same. From then on the seed is public.

    ``outcome`` is what the announced public draw came to. The campaign is locked, so that nobody draws at the same time.
    """
    found = await commitment_of(uow, campaign_id)
    if found.drawn_at is not None:
        if outcome not in {None, found.outcome}:
            raise errors.OutcomeFixedError
        return Draw(found.commitment, found.seed, found.outcome)
    if outcome is None and found.beacon is not None:
        raise errors.OutcomeNeededError
    if outcome is not None and found.beacon is None:
        raise errors.OutcomeUnannouncedError
    if outcome is not None and uow.now < closes_at:
        raise errors.OutcomeEarlyError
    seed = cipher.decrypt(found.sealed, SEED_CONTEXT)
    await repository.draw(
        uow.session, {"campaign_id": campaign_id, "seed": seed, "outcome": outcome, "drawn_at": uow.now}
    )
    return Draw(found.commitment, seed, outcome)


async def drawn_seed(uow: UnitOfWork, campaign_id: UUID) -> str | None:
    """The seed of the campaign's lots, ``None`` before they are drawn."""
    found = await repository.get(uow.session, campaign_id)
    return None if found is None or found.drawn_at is None else mixed(found.seed, found.outcome)
