"""Employments: giving a post, changing the rate, dismissal."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from servicekit.ids import new_id
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.history.recorded import Author, signature
from sgo_core.staff import repository
from sgo_core.staff.errors import DirectorTakenError, EmploymentDatesError, MainElsewhereError, PostError
from sgo_core.staff.model import Employment, Worker
from sgo_core.staff.posts import POSTS
from sgo_core.staff.schemas import EmploymentIn

_CLASHES = {"ex_employment_main": MainElsewhereError, "ex_employment_director": DirectorTakenError}


async def add_employment(
    uow: UnitOfWork,
    worker: Worker,
    organization_id: UUID | None,
    body_id: UUID | None,
    sent: EmploymentIn,
    author: Author,
    ended: Mapping[str, Any],
) -> Employment:
    """Give a worker a post of an organization or a body; ``ended`` is the end of a post of the past."""
    post = POSTS.get(sent.post_code)
    if post is None or (post.held_in == "body") != (body_id is not None):
        raise PostError
    employment = Employment(
        id=new_id(),
        worker_id=worker.id,
        organization_id=organization_id,
        body_id=body_id,
        version=1,
        **sent.model_dump(),
        **ended,
        **signature(author, uow.now),
    )
    uow.session.add(employment)
    await _flush(uow)
    return employment


async def change_employment(
    uow: UnitOfWork, worker: Worker, employment: Employment, values: dict[str, Any], author: Author
) -> None:
    """Change the rate or the end of an employment; a worker without any left goes to the archive, one with a post comes back."""
    ends = values.get("dismissed_on", employment.dismissed_on)
    order = values.get("dismissal_order", employment.dismissal_order)
    if (ends is None) != (order is None) or (ends is not None and ends <= employment.hired_on):
        raise EmploymentDatesError
    change(employment, values, author, uow.now)
    await _flush(uow)
    left = await repository.count_open(uow.session, worker.id, uow.clock.today())
    change(worker, {"archived_on": None if left else worker.archived_on or uow.clock.today()}, author, uow.now)


async def _flush(uow: UnitOfWork) -> None:
    try:
        await uow.session.flush()
    except IntegrityError as error:
        for name, clash in _CLASHES.items():
            if name in str(error.orig):
                raise clash from None
        raise
