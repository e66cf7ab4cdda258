"""Use cases of packages: ordering, handing over, receipts, the log."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from asu_contracts.core import OutwardExchangeRecorded
from asu_contracts.outward import OutwardKind
from servicekit import runs
from servicekit.acting import kept
from servicekit.errors import NotFoundError
from servicekit.ids import new_id
from servicekit.outward import recording as outward
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.exports import files
from sgo_core.organizations import service as organizations
from sgo_core.packages import repository
from sgo_core.packages.errors import (
    PackageFutureError,
    PackageInWorkError,
    PackageNotReadyError,
    PackageScopeError,
    ReceiptError,
    ReceiptExistsError,
    ReceiverUnfitError,
)
from sgo_core.packages.model import ContingentPackage, PackageLog, PackageReceipt
from sgo_core.packages.schemas import PackageIn, ReceiptIn

RUN_KIND = "core.package"
FOLDER = "packages"
LIFE = timedelta(days=30)
"""How long the file of a package is kept for its receiver."""


async def order_package(uow: UnitOfWork, principal: Principal, sent: PackageIn) -> ContingentPackage:
    """Let a package be made; one of a receiver and scope at a time."""
    receiver = await repository.receiver(uow.session, sent.receiver_id, lock=True)
    if receiver is None:
        raise NotFoundError
    if not receiver.active or receiver.valid_until <= uow.now:
        raise ReceiverUnfitError
    as_of = sent.as_of or uow.clock.today()
    if as_of > uow.clock.today():
        raise PackageFutureError
    scope = await _scope(uow, principal, sent)
    if await repository.in_work(uow.session, receiver.id, scope):
        raise PackageInWorkError
    number, previous = await repository.last_of(uow.session, receiver.id, scope)
    package_id = new_id()
    run = await runs.start(uow, principal, RUN_KIND, {"package_id": str(package_id)})
    package = ContingentPackage(
        id=package_id,
        receiver_id=receiver.id,
        scope=scope,
        municipality=sent.municipality,
        organization_id=sent.organization_id,
        number=number + 1,
        previous_id=previous,
        as_of=as_of,
        format=receiver.format,
        basis=receiver.basis,
        fingerprint=receiver.fingerprint,
        principal=kept(principal),
        account_id=principal.account_id,
        ordered_at=uow.now,
        run_id=run.id,
    )
    uow.session.add(package)
    await uow.session.flush()
    log(uow, principal, package, "ordered")
    return package


async def _scope(uow: UnitOfWork, principal: Principal, sent: PackageIn) -> str:
    if sent.organization_id is not None:
        if sent.municipality is not None:
            raise PackageScopeError
        await organizations.require_visible(uow, principal, sent.organization_id)
        return f"organization:{sent.organization_id}"
    if sent.municipality is None:
        return "region"
    if sent.municipality not in {one.oktmo for one in await organizations.list_municipalities(uow)}:
        raise PackageScopeError
    return f"municipality:{sent.municipality}"


def log(uow: UnitOfWork, principal: Principal, package: ContingentPackage, action: str) -> None:
    """Write a line of the log of technical exports."""
    line = PackageLog(
        id=new_id(),
        package_id=package.id,
        at=uow.now,
        action=action,
        account_id=principal.account_id,
        role=principal.role.value,
        persons=package.persons,
    )
    uow.session.add(line)


async def list_packages(uow: UnitOfWork, limit: int, after: UUID | None) -> Sequence[Any]:
    """One page of packages with their receipts, newest first, and one more."""
    return await repository.page(uow.session, limit, after)


async def get_package(uow: UnitOfWork, package_id: UUID) -> tuple[ContingentPackage, PackageReceipt | None]:
    """A package and its receipt; raises ``NotFoundError``."""
    package = await repository.get(uow.session, package_id)
    if package is None:
        raise NotFoundError
    return package, await repository.receipt(uow.session, package_id)


async def take_file(
    uow: UnitOfWork, runtime: Runtime, principal: Principal, package_id: UUID
) -> tuple[ContingentPackage, bytes]:
    """The encrypted file, to be handed to the receiver; each time is told in the log."""
    package, _ = await get_package(uow, package_id)
    if package.ready_at is None or package.ready_at < uow.now - LIFE:
        raise PackageNotReadyError
    found = await files.load(runtime, FOLDER, package.id)
    if found is None:
        raise PackageNotReadyError
    log(uow, principal, package, "downloaded")
    receiver = await repository.receiver(uow.session, package.receiver_id)
    assert receiver is not None
    await outward.hand_out(
        uow,
        OutwardExchangeRecorded,
        principal,
        found,
        kind=OutwardKind.PACKAGE,
        title="Пакет сведений о контингенте",
        form=package.format,
        persons=package.persons or 0,
        organization_id=package.organization_id,
        municipality=package.municipality,
        receiver=receiver.name,
        basis=package.basis,
        again=f"/api/core/v1/packages/{package.id}/file",
    )
    return package, found


async def record_receipt(
    uow: UnitOfWork, principal: Principal, package_id: UUID, sent: ReceiptIn
) -> tuple[ContingentPackage, PackageReceipt]:
    """Put the receiver's answer on record; the people it rejected go into the next package as new."""
    package = await repository.get(uow.session, package_id, lock=True)
    if package is None:
        raise NotFoundError
    if package.ready_at is None:
        raise PackageNotReadyError
    if await repository.receipt(uow.session, package_id) is not None:
        raise ReceiptExistsError
    rejected = {one.id: one for one in sent.rejected}
    if len(rejected) < len(sent.rejected) or sent.accepted + len(rejected) != package.persons:
        raise ReceiptError
    if await repository.known_people(uow.session, package_id, rejected) < len(rejected):
        raise ReceiptError
    receipt = PackageReceipt(
        package_id=package_id,
        number=sent.number,
        received_at=sent.received_at,
        accepted=sent.accepted,
        rejected=len(rejected),
        recorded_at=uow.now,
        recorded_by=principal.account_id,
    )
    uow.session.add(receipt)
    rows = [
        {"package_id": package_id, "student_id": one.id, "code": one.code, "title": one.title} for one in sent.rejected
    ]
    await repository.store_rejections(uow.session, rows)
    log(uow, principal, package, "receipt")
    return package, receipt


async def list_rejections(uow: UnitOfWork, package_id: UUID, limit: int, after: UUID | None) -> Sequence[Any]:
    """One page of the people whom the receiver rejected, and one more."""
    await get_package(uow, package_id)
    return await repository.rejections(uow.session, package_id, limit, after)


async def list_log(uow: UnitOfWork, limit: int, after: UUID | None) -> Sequence[Any]:
    """One page of the log of technical exports, newest first, and one more."""
    return await repository.log_page(uow.session, limit, after)


async def sweep_packages(runtime: Runtime) -> None:
    """Remove files that have lived their time."""
    async with runtime.uow() as uow:
        old = await repository.made_before(uow.session, uow.now - LIFE)
    await files.remove(runtime, FOLDER, old)
