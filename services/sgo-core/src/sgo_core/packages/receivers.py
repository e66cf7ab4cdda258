"""Receivers of packages."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.history.recorded import Author, signature
from sgo_core.packages import repository
from sgo_core.packages.errors import ReceiverExistsError
from sgo_core.packages.model import PackageReceiver
from sgo_core.packages.schemas import ReceiverIn, ReceiverPatch
from sgo_core.packages.sealing import read_certificate


async def list_receivers(uow: UnitOfWork) -> Sequence[PackageReceiver]:
    """All receivers."""
    return await repository.receivers(uow.session)


async def register_receiver(uow: UnitOfWork, principal: Principal, sent: ReceiverIn) -> PackageReceiver:
    """Enter a receiver with the certificate that packages are encrypted to."""
    fingerprint, valid_until = read_certificate(sent.certificate, uow.now)
    made = PackageReceiver(
        id=new_id(),
        **sent.model_dump(),
        fingerprint=fingerprint,
        valid_until=valid_until,
        active=True,
        version=1,
        **signature(Author(principal.account_id, "Внесение получателя"), uow.now),
    )
    uow.session.add(made)
    await _flush(uow)
    return made


async def edit_receiver(
    uow: UnitOfWork, principal: Principal, receiver_id: UUID, version: int, patch: ReceiverPatch
) -> PackageReceiver:
    """Change a receiver; a new certificate is for the packages to come."""
    found = await repository.receiver(uow.session, receiver_id, lock=True)
    if found is None:
        raise NotFoundError
    if found.version != version:
        raise VersionMismatchError
    values = patch.model_dump(exclude_unset=True, exclude={"reason"})
    if "certificate" in values:
        values["fingerprint"], values["valid_until"] = read_certificate(values["certificate"], uow.now)
    change(found, values, Author(principal.account_id, patch.reason), uow.now)
    await _flush(uow)
    return found


async def _flush(uow: UnitOfWork) -> None:
    try:
        await uow.session.flush()
    except IntegrityError:
        raise ReceiverExistsError from None
