"""Look-up of an application by its number, without signing in.

Numbers follow each other, so a number alone opens nothing: a code goes with it that follows from the signature of the receipt, which
only its holder has. An unknown number and a wrong code are answered alike, after the same work, and wrong codes for a number are
counted whether there is such a number or not.
"""

import hmac
import math
from base64 import b32encode
from datetime import timedelta
from hashlib import sha256

from eu_enrollment.applications import service as applications
from eu_enrollment.applications.statuses import state_machine
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.campaigns.kinds import Line
from eu_enrollment.database import Record
from eu_enrollment.queue import errors, positions, repository
from eu_enrollment.queue.schemas import LookUpOut, LookUpPlace
from eu_enrollment.runtime import EnrollmentRuntime
from servicekit.errors import NotFoundError
from servicekit.runtime import Runtime
from servicekit.uow import UnitOfWork

_CODE = 10
_NOBODY = "no such application"
_STEP = timedelta(minutes=1)
_BURST = 10
"""After so many wrong codes for a number one more is let through every step."""


def code_of(signature: str) -> str:
    """The code of a receipt: 50 bits of the SHA-256 of its signature, ten letters and digits that are not mistaken for each other."""
    digest = sha256(b"lookup\0" + signature.encode()).digest()
    return b32encode(digest).decode()[:_CODE].translate(_UNLIKE)


_UNLIKE = str.maketrans("IOL", "019")
"""Base 32 has no 0, 1, 8 and 9: its letters that look like digits are written as such."""


def normal(code: str) -> str:
    """A code as people type it: case, spaces and hyphens do not matter, nor a letter for the digit it looks like."""
    return "".join(code.split()).replace("-", "").upper().translate(_UNLIKE)


async def look_up(runtime: EnrollmentRuntime, number: str, code: str) -> LookUpOut:
    """What anyone who holds the receipt may know; raises ``NotFoundError`` or ``TooManyLookUpsError``."""
    key = runtime.hasher.digest(number, "lookup.number")
    async with runtime.uow() as uow:
        wait = await repository.look_up_wait(uow.session, key, uow.now, _STEP * _BURST)
        row = await applications.by_number(uow, number)
        right = hmac.compare_digest(code_of(_NOBODY if row is None else row.signature).encode(), normal(code).encode())
        if wait is None and right and row is not None:
            return await _told(uow, runtime, row)
        if wait is None:
            await repository.count_look_up(uow.session, key, uow.now, _STEP)
    if wait is not None:
        raise errors.TooManyLookUpsError(retry_after=max(1, math.ceil(wait.total_seconds())))
    raise NotFoundError


async def _told(uow: UnitOfWork, runtime: EnrollmentRuntime, row: Record) -> LookUpOut:
    campaign = await campaigns.known_campaign(uow.session, runtime.campaigns, row.campaign_id)
    found = await positions.position(uow, campaign, row, impersonal=True)
    names = await repository.organization_names(uow.session, [one.organization_id for one in found.organizations])
    return LookUpOut(
        number=row.number,
        campaign=campaign.title,
        status=found.status,
        status_title=state_machine(Line(row.line)).statuses[found.status].title,
        status_changed_at=row.status_changed_at,
        at=found.at,
        organizations=[
            LookUpPlace(name=names.get(one.organization_id, ""), **one.model_dump()) for one in found.organizations
        ],
    )


async def forget(runtime: Runtime) -> None:
    """Job: wrong codes of long ago."""
    async with runtime.uow() as uow:
        await repository.forget_look_ups(uow.session, uow.now)
