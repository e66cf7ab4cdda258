"""The job that erases what lost its last ground, with all its former states."""

from uuid import UUID

from servicekit.runtime import Runtime
from sgo_core.consents import repository, service

_BATCH = 200


async def erase_due(runtime: Runtime) -> None:
    """Schedule what expired consents leave behind, erase what has come due; batch by batch, each its own transaction."""
    after: UUID | None = None
    while True:
        async with runtime.uow() as uow:
            consents = await repository.expired(uow.session, uow.clock.today(), _BATCH, after)
            for consent in consents:
                await service.schedule_erasure(uow, consent, "expiry")
        if len(consents) < _BATCH:
            break
        after = consents[-1].id
    while True:
        async with runtime.uow() as uow:
            erasures = await repository.due(uow.session, uow.clock.today(), _BATCH)
            for erasure in erasures:
                await service.carry_out(uow, erasure)
        if len(erasures) < _BATCH:
            break
