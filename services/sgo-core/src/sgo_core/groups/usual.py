"""What a new class has where nothing is said of it: by the settings of its organization on the day it begins."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from servicekit.uow import UnitOfWork
from sgo_core.groups.schemas import GroupIn
from sgo_core.settings import service as settings

_FIRST_OF_SECONDARY = 10


async def columns_of(
    uow: UnitOfWork, organization_id: UUID, day: date, groups: Sequence[GroupIn]
) -> list[dict[str, Any]]:
    """Columns of new groups; a class studies in the usual shift, one of grades 10 and 11 by the usual type of plan."""
    line = await settings.timeline(uow.session, ["default_shift", "plan_type_secondary"], [organization_id])
    shift = line.at("default_shift", organization_id, day).value
    plan_type = line.at("plan_type_secondary", organization_id, day).value
    found = []
    for group in groups:
        columns = group.columns()
        if group.grade is not None:
            columns["shift"] = columns["shift"] or shift
            if group.plan_type is None and group.grade >= _FIRST_OF_SECONDARY:
                columns["plan_type"] = plan_type
        found.append(columns)
    return found
