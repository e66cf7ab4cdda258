"""Ordering a bundle of reports and taking its archive."""

import re
from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from reporting.blanks import service as blanks
from reporting.builds import outside
from reporting.builds import service as builds
from reporting.bundles import repository
from reporting.bundles.errors import (
    BundleExpiredError,
    BundleInProgressError,
    BundleNotReadyError,
    BundleTooLargeError,
    NothingToBundleError,
)
from reporting.exports.files import Format
from reporting.outward import service as outward
from reporting.outward.service import Handed
from reporting.submissions import service as submissions
from reporting.units import service as units
from reportkit.footer import Footer
from servicekit import audit, storing
from servicekit.crypto import FieldCipher
from servicekit.errors import NotFoundError
from servicekit.ids import new_id
from servicekit.jobs import Job
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

FOLDER, PARTS = "bundles", "bundle-parts"
LIFE = timedelta(hours=24)
"""How long an archive is kept."""
MOST = 6_000
"""Files of one archive: every school of a large region in four formats."""
_UNFIT = re.compile(r"[^\w №.,()-]+")
_NAME = 60
_EXECUTOR = "bundle.executor"
_HANDED = ("report_id", "organization_id", "municipality", "content_sha256", "format", "sha256", "size", "blank_id")


async def order(
    uow: UnitOfWork,
    cipher: FieldCipher,
    principal: Principal,
    form: str,
    as_of: date,
    municipality: str | None,
    formats: Sequence[Format],
) -> UUID:
    """Let an archive be made of a form's reports as of a day: of a municipality's organizations, or of the region's; its id.

    Of an organization that hands the form in it holds the report that stands there, of another the newest. Raises
    ``UnknownFormError``, ``NotFoundError`` and ``ForbiddenError`` for a unit that is not the caller's, ``HealthDayError``,
    ``NothingToBundleError``, ``BundleTooLargeError``, ``BundleInProgressError``.
    """
    edition = builds.edition(form, as_of)
    await _require_unit(uow, principal, municipality)
    outside.require_counted(principal, edition, as_of, None, uow.clock.today())
    handed_in = await submissions.standing(uow, form, as_of, municipality)
    reports = await builds.of_organizations(uow.session, form, as_of, municipality, handed_in)
    if not reports:
        raise NothingToBundleError
    if len(reports) * len(formats) > MOST:
        raise BundleTooLargeError
    blank = await blanks.standing(uow.session, form, edition.edition) if Format.XLSX in formats else None
    bundle_id = new_id()
    values = {
        "id": bundle_id,
        "form": form,
        "as_of": as_of,
        "municipality": municipality,
        "formats": [one.value for one in formats],
        "blank_id": None if blank is None else blank.id,
        "account_id": principal.account_id,
        "executor": cipher.encrypt(Footer.by(principal, uow.now).executor, _EXECUTOR),
        "ordered_at": uow.now,
    }
    items = [
        {
            "bundle_id": bundle_id,
            "number": number * len(formats) + at,
            "id": new_id(),
            "report_id": one.id,
            "format": form_.value,
            "name": f"{one.municipality}/{number:04} {_UNFIT.sub('_', one.unit_name)[:_NAME]}.{form_}",
            "organization_id": one.organization_id,
            "municipality": one.municipality,
        }
        for number, one in enumerate(reports, 1)
        for at, form_ in enumerate(formats)
    ]
    if not await repository.add(uow.session, values, items):
        raise BundleInProgressError
    await audit.record(uow, principal, "bundle.ordered", [bundle_id])
    return bundle_id


async def get(uow: UnitOfWork, principal: Principal, bundle_id: UUID) -> Any:
    """The caller's bundle, while the caller has the unit it is of; raises ``NotFoundError``, ``ForbiddenError``."""
    found = await repository.find(uow.session, bundle_id)
    if found is None or found.account_id != principal.account_id:
        raise NotFoundError
    await _require_unit(uow, principal, found.municipality)
    return found


async def page(uow: UnitOfWork, principal: Principal, after: UUID | None, limit: int) -> Sequence[Any]:
    """The caller's bundles, newest first, after a key."""
    return await repository.page(uow.session, principal.account_id, after, limit)


async def take(
    uow: UnitOfWork, runtime: Runtime, principal: Principal, bundle_id: UUID
) -> tuple[Any, AsyncIterator[bytes]]:
    """A bundle and its archive, piece by piece; every file of it leaves on record.

    Raises as ``get`` does, ``BundleNotReadyError``, ``BundleExpiredError``, ``StoreAwayError``.
    """
    found = await get(uow, principal, bundle_id)
    if found.ready_at is None:
        raise BundleNotReadyError
    pieces = None
    if found.ready_at > uow.now - LIFE:
        pieces = await storing.stream(storing.store_of(runtime.settings), f"{FOLDER}/{found.id}")
    if pieces is None:
        raise BundleExpiredError
    handed = [
        Handed(title=outward.title_of(found), **{name: getattr(one, name) for name in _HANDED})
        for one in await repository.items(uow.session, bundle_id)
    ]
    await outward.record(uow, runtime.cipher, principal, "bundle", footer_of(runtime, found), handed)
    await audit.record(uow, principal, "bundle.taken", [bundle_id])
    return found, pieces


def footer_of(runtime: Runtime, bundle: Any) -> Footer:
    """The footer of a bundle's files: that of the moment it was ordered, however often it is begun anew."""
    executor = runtime.cipher.decrypt(bundle.executor, _EXECUTOR)
    return Footer(bundle.ordered_at.astimezone(runtime.clock.zone), executor)


async def sweep(runtime: Runtime) -> None:
    """Each hour: forget archives that have lived their time, and parts of what is no longer made. Raises ``StoreAwayError``."""
    store, before = storing.store_of(runtime.settings), runtime.clock.now() - LIFE

    async def living(ids: Any) -> Any:
        async with runtime.uow() as uow:
            return await repository.living(uow.session, ids, before)

    async def wanted(ids: Any) -> Any:
        async with runtime.uow() as uow:
            return await repository.wanted(uow.session, ids)

    await storing.sweep(store, FOLDER, before, living)
    await storing.sweep(store, PARTS, before, wanted)


JOB = Job("reporting.sweep-bundles", 3600, sweep)


async def _require_unit(uow: UnitOfWork, principal: Principal, municipality: str | None) -> None:
    if municipality is None:
        units.region_unit(principal)
    else:
        await units.municipality_unit(uow, principal, municipality)
