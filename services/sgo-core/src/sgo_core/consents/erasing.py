"""The job that erases what lost its last ground, with all its former states."""

from uuid import UUID

from servicekit.runtime import Runtime
from servicekit.uow import UnitOfWork
from sgo_core.catalogue.definition import CardKind
from sgo_core.consents import repository, service
from sgo_core.consents.model import Erasure
from sgo_core.history.recorded import Author
from sgo_core.people import service as people

_AUTHOR = Author("core", "Уничтожение сведений: согласие отозвано или истекло")
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
                await _erase(uow, erasure)
        if len(erasures) < _BATCH:
            break


async def _erase(uow: UnitOfWork, erasure: Erasure) -> None:
    found = await repository.open_fields(uow.session, [erasure.subject_id], None, uow.clock.today())
    names = set(erasure.fields) - found.get(erasure.subject_id, set())
    await people.erase(uow, CardKind(erasure.subject_kind), erasure.subject_id, names, _AUTHOR)
    await uow.session.flush()
    await repository.erase_history(uow.session, erasure.id, names)
    erasure.erased, erasure.done_at = sorted(names), uow.now
