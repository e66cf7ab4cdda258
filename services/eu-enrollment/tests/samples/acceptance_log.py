"""Sample calls of the acceptance log."""

import json
from typing import cast

from eu_enrollment.acceptance_log.chain import entry_hash
from eu_enrollment.acceptance_log.service import seal
from eu_enrollment.runtime import EnrollmentRuntime
from servicekit.testing.matrix import Call, Listing, Place, Sample, World

from .places import application


def sealed(path: str) -> Sample:
    async def make(world: World, place: Place) -> Call:
        town, _ = await application(world, place)
        await seal(cast(EnrollmentRuntime, town.service.runtime))
        (row,) = await town.fetch("SELECT answer::text FROM idempotency ORDER BY created_at DESC LIMIT 1")
        return Call(path, {"params": {"leaf": entry_hash(json.loads(row["answer"])).hex()}})

    return Sample(make, scoped=False)


SAMPLES: dict[str, Sample | Listing] = {
    "log_head": sealed("/receipts/log/head"),
    "log_blocks": sealed("/receipts/log/blocks"),
    "log_proof": sealed("/receipts/log/proof"),
}
