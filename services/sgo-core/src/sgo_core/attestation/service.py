"""Use cases of methodical works and attestation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.attestation import repository
from sgo_core.attestation.errors import (
    AttestationDateError,
    AttestationOpenError,
    AttestationStateError,
    NotTeachingError,
    WorkDateError,
    WorkRemovedError,
)
from sgo_core.attestation.model import Attestation, MethodicalWork
from sgo_core.attestation.schemas import AttestationIn, StepIn, WorkIn, WorkPatch
from sgo_core.cards.changing import change
from sgo_core.catalogue.definition import Audience
from sgo_core.history.recorded import Author, signature
from sgo_core.organizations import service as organizations
from sgo_core.staff import service as staff
from sgo_core.staff.posts import POSTS

_OLDEST_YEARS = 70
_TEACHING = frozenset(one.code for one in POSTS.values() if one.teaching)
_BY_WISH = frozenset({"first", "highest", "methodist", "mentor"})
_FIRST_AFTER, _AGAIN_AFTER = 2, 5
"""Years of work in the post before the first attestation for fitness, and between two (приказ № 196, пункты 5, 22)."""
_NEXT: Mapping[str, frozenset[str]] = {
    "planned": frozenset({"applied", "withdrawn"}),
    "applied": frozenset({"granted", "refused", "withdrawn"}),
}


@dataclass(frozen=True)
class Start:
    """What an attestation starts from."""

    worker: Any
    posts: Sequence[str]
    due_on: date | None
    works: int
    achievements: int
    attestations: Sequence[Attestation]


async def _require_writer(uow: UnitOfWork, principal: Principal, worker_id: UUID) -> None:
    """Raise ``NotFoundError`` unless the caller is the worker or the office of an employer."""
    own = principal.person_id == worker_id
    await staff.require_worker(uow, principal, worker_id, keeps=not own)


def _check_date(uow: UnitOfWork, day: date) -> None:
    today = uow.clock.today()
    if not today.year - _OLDEST_YEARS <= day.year or day > today:
        raise WorkDateError


async def add_work(uow: UnitOfWork, principal: Principal, worker_id: UUID, body: WorkIn) -> MethodicalWork:
    """Enter a methodical work of a worker."""
    await _require_writer(uow, principal, worker_id)
    _check_date(uow, body.dated_on)
    author = Author(principal.account_id, "Внесение методической работы")
    work = MethodicalWork(
        id=new_id(), worker_id=worker_id, removed=False, **body.model_dump(), version=1, **signature(author, uow.now)
    )
    uow.session.add(work)
    return work


async def edit_work(
    uow: UnitOfWork, principal: Principal, work_id: UUID, version: int, body: WorkPatch
) -> MethodicalWork:
    """Change a methodical work or take it out."""
    work = await repository.get_work(uow.session, work_id)
    if work is None:
        raise NotFoundError
    await _require_writer(uow, principal, work.worker_id)
    if work.version != version:
        raise VersionMismatchError
    if work.removed:
        raise WorkRemovedError
    values = body.model_dump(exclude_unset=True)
    if "dated_on" in values:
        _check_date(uow, values["dated_on"])
    change(work, values, Author(principal.account_id, "Изменение методической работы"), uow.now)
    return work


async def list_works(
    uow: UnitOfWork, principal: Principal, worker_id: UUID, limit: int, after: UUID | None
) -> Sequence[MethodicalWork]:
    """One page of a worker's methodical works, and one more."""
    await staff.require_worker(uow, principal, worker_id)
    return await repository.page_of_works(uow.session, worker_id, limit, after)


async def plan(uow: UnitOfWork, principal: Principal, worker_id: UUID, body: AttestationIn) -> Attestation:
    """Plan a worker's attestation in a post held in the caller's organization."""
    if principal.unit.organization_id != body.organization_id:
        raise NotFoundError
    await staff.require_worker(uow, principal, worker_id, keeps=True)
    await _require_post(uow, worker_id, body.organization_id, body.post_code)
    author = Author(principal.account_id, "Планирование аттестации")
    attestation = Attestation(
        id=new_id(), worker_id=worker_id, state="planned", **body.model_dump(), version=1, **signature(author, uow.now)
    )
    uow.session.add(attestation)
    try:
        await uow.session.flush()
    except IntegrityError:  # of the constraints, only that of one open attestation can be broken here
        raise AttestationOpenError from None
    return attestation


async def _require_post(uow: UnitOfWork, worker_id: UUID, organization_id: UUID, post_code: str) -> None:
    """Raise ``NotTeachingError`` unless the worker holds the pedagogical post in the organization today."""
    held = (await staff.posts_of(uow, [worker_id], uow.clock.today()))[worker_id]
    if post_code not in _TEACHING or not any(
        one.organization_id == organization_id and one.post_code == post_code for one in held
    ):
        raise NotTeachingError


async def take_step(
    uow: UnitOfWork, principal: Principal, attestation_id: UUID, version: int, body: StepIn
) -> Attestation:
    """Go on with an attestation; what is granted goes to the worker's card, which who has dismissed the worker keeps no more."""
    attestation = await repository.get(uow.session, attestation_id)
    if attestation is None or attestation.organization_id != principal.unit.organization_id:
        raise NotFoundError
    if attestation.version != version:
        raise VersionMismatchError
    if body.step not in _NEXT.get(attestation.state, frozenset()):
        raise AttestationStateError
    if body.on > uow.clock.today():
        raise AttestationDateError
    if body.step != "withdrawn":
        await _require_post(uow, attestation.worker_id, attestation.organization_id, attestation.post_code)
    values: dict[str, Any] = {"state": body.step, "remark": body.remark}
    if body.step == "applied":
        values |= {"applied_on": body.on, "application_number": body.number}
    elif body.step in {"granted", "refused"}:
        if body.number is None or (attestation.applied_on is not None and body.on < attestation.applied_on):
            raise AttestationDateError
        values |= {"decided_on": body.on, "order_number": body.number}
    author = Author(principal.account_id, "Ход аттестации")
    change(attestation, values, author, uow.now)
    if body.step == "granted":
        await _qualify(uow, attestation, author)
    return attestation


async def _qualify(uow: UnitOfWork, attestation: Attestation, author: Author) -> None:
    """A category stays beside a certified fitness for the post, which says less."""
    worker = (await staff.by_ids(uow, [attestation.worker_id]))[attestation.worker_id]
    known = worker.qualification or {"category": "none"}
    if attestation.category == "fits_post" and _in_force(known, uow.clock.today()):
        return
    assert attestation.decided_on is not None
    until = _years_after(attestation.decided_on, _AGAIN_AFTER) if attestation.category == "fits_post" else None
    qualification = {
        "category": attestation.category,
        "assigned_on": attestation.decided_on.isoformat(),
        "valid_until": None if until is None else until.isoformat(),
        "order_number": attestation.order_number,
    }
    await staff.qualify(uow, attestation.worker_id, qualification, author)


def _in_force(qualification: Mapping[str, Any], today: date) -> bool:
    """Whether a category given at the worker's wish is in force."""
    until = qualification.get("valid_until")
    return qualification["category"] in _BY_WISH and (until is None or date.fromisoformat(until) >= today)


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)


async def list_attestations(
    uow: UnitOfWork, principal: Principal, worker_id: UUID, limit: int, after: UUID | None
) -> Sequence[Attestation]:
    """One page of a worker's attestations, and one more; a colleague learns nothing of them."""
    if await staff.require_worker(uow, principal, worker_id) is Audience.TEACHER:
        raise NotFoundError
    return await repository.page(uow.session, worker_id, limit, after)


async def starts(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, limit: int, after: UUID | None
) -> list[Start]:
    """One page of what attestations of an organization's pedagogical workers start from, and one more."""
    await organizations.require_visible(uow, principal, organization_id)
    today = uow.clock.today()
    rows = await repository.teaching(uow.session, organization_id, _TEACHING, today, limit, after)
    ids = [row.worker_id for row in rows]
    workers = await staff.by_ids(uow, ids)
    found: dict[UUID, list[Attestation]] = {one: [] for one in ids}
    for one in await repository.of_workers(uow.session, ids):
        found[one.worker_id].append(one)
    return [
        Start(
            worker=workers[row.worker_id],
            posts=[POSTS[code].title for code in row.posts],
            due_on=_due_on(
                workers[row.worker_id].qualification,
                row.since,
                [one for one in found[row.worker_id] if _counts_in(one, organization_id)],
                today,
            ),
            works=row.works,
            achievements=row.achievements,
            attestations=found[row.worker_id],
        )
        for row in rows
    ]


def _counts_in(attestation: Attestation, organization_id: UUID) -> bool:
    """A category holds everywhere, fitness for a post where the employer's own commission has certified it."""
    return attestation.category != "fits_post" or attestation.organization_id == organization_id


def _due_on(
    qualification: Mapping[str, Any] | None, since: date, attestations: Sequence[Attestation], today: date
) -> date | None:
    """By when fitness for the post must be certified; None while a category is in force."""
    if qualification is not None and _in_force(qualification, today):
        return None
    granted = [one.decided_on for one in attestations if one.state == "granted" and one.decided_on is not None]
    if qualification is not None and qualification["category"] == "fits_post" and qualification.get("assigned_on"):
        granted.append(date.fromisoformat(qualification["assigned_on"]))
    if granted:
        return _years_after(max(granted), _AGAIN_AFTER)
    if qualification is not None and qualification.get("valid_until"):
        return date.fromisoformat(qualification["valid_until"])
    return _years_after(since, _FIRST_AFTER)
