"""What the names of a table mean in an organization."""

from collections.abc import Mapping
from uuid import UUID

from identifiers import normal_name
from servicekit.uow import UnitOfWork
from sgo_core.curricula import service as curricula
from sgo_core.imports.kinds import Target
from sgo_core.subjects import service as subjects

_PAGE = 500


async def subjects_by_name(uow: UnitOfWork, target: Target) -> Mapping[str, UUID]:
    """Subjects that the organization may teach in the year, by code and by title in their compared form."""
    assert target.organization_id is not None
    assert target.academic_year is not None
    starts_on = await curricula.first_day(uow, target.academic_year)
    named: dict[str, UUID] = {}
    after: UUID | None = None
    while True:
        page = await subjects.list_own(uow, target.principal, target.organization_id, starts_on, None, _PAGE, after)
        named |= {normal_name(name): one.id for one in page[:_PAGE] for name in (one.code, one.title)}
        if len(page) <= _PAGE:
            return named
        after = page[_PAGE - 1].id
