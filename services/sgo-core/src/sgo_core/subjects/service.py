"""Use cases of subjects and of the terms of the curriculum."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.errors import ForbiddenError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.messaging.republish import Aggregate
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.chunks import chunked
from sgo_core.history.recorded import Author, signature
from sgo_core.organizations import service as organizations
from sgo_core.subjects import repository
from sgo_core.subjects.errors import (
    CountsAsError,
    ReferenceDatesError,
    SubjectTakenError,
    TermKindError,
    TermTakenError,
    UnknownAreaError,
)
from sgo_core.subjects.events import subject_changed
from sgo_core.subjects.model import CurriculumTerm, Subject
from sgo_core.subjects.policies import KEEP
from sgo_core.subjects.schemas import OwnSubjectIn, SubjectIn, SubjectPatch, TermIn, TermPatch

KnownSubject = Subject
"""A subject, as other slices are given it."""
_TOLD_AT_ONCE = 200
_OWN_SOURCE = "Собственный предмет организации"


async def list_terms(uow: UnitOfWork, kind: str | None, day: date | None) -> Sequence[CurriculumTerm]:
    """Entries of the reference books in use on a day (None: all there are)."""
    return await repository.terms(uow.session, kind, day)


async def add_term(uow: UnitOfWork, principal: Principal, body: TermIn) -> CurriculumTerm:
    """Enter a subject area or a component."""
    if (body.kind == "component") != (body.counts_in_load is not None):
        raise TermKindError
    if body.valid_to is not None and body.valid_to <= body.valid_from:
        raise ReferenceDatesError
    author = Author(principal.account_id, "Внесение в справочник")
    term = CurriculumTerm(id=new_id(), version=1, **body.model_dump(), **signature(author, uow.now))
    uow.session.add(term)
    try:
        await uow.session.flush()
    except IntegrityError:
        raise TermTakenError from None
    return term


async def edit_term(
    uow: UnitOfWork, principal: Principal, term_id: UUID, version: int, body: TermPatch
) -> CurriculumTerm:
    """Rename an entry, or put it out of use or back."""
    term = await repository.get_term(uow.session, term_id)
    if term is None:
        raise NotFoundError
    if term.version != version:
        raise VersionMismatchError
    values = body.model_dump(exclude_unset=True, exclude={"reason"})
    if (ends := values.get("valid_to")) is not None and ends <= term.valid_from:
        raise ReferenceDatesError
    change(term, values, Author(principal.account_id, body.reason), uow.now)
    return term


async def terms_in_use(uow: UnitOfWork, kind: str, day: date) -> Mapping[str, CurriculumTerm]:
    """Entries of a kind in use on a day, by code."""
    return {term.code: term for term in await repository.terms(uow.session, kind, day)}


async def list_subjects(
    uow: UnitOfWork, day: date | None, grade: int | None, limit: int, after: UUID | None
) -> Sequence[Subject]:
    """One page of the region's subjects, and one more."""
    return await repository.page(uow.session, None, day, grade, limit, after)


async def list_own(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    day: date | None,
    grade: int | None,
    limit: int,
    after: UUID | None,
) -> Sequence[Subject]:
    """One page of what an organization may teach: the region's subjects and its own; and one more."""
    await organizations.require_visible(uow, principal, organization_id)
    return await repository.page(uow.session, organization_id, day, grade, limit, after)


async def get_subject(uow: UnitOfWork, principal: Principal, subject_id: UUID) -> Subject:
    """A subject of the region, or an own one of an organization the caller sees; raises ``NotFoundError``."""
    subject = await repository.get(uow.session, subject_id)
    if subject is None:
        raise NotFoundError
    if subject.organization_id is not None:
        await organizations.require_visible(uow, principal, subject.organization_id)
    return subject


async def add_subject(uow: UnitOfWork, principal: Principal, body: SubjectIn) -> Subject:
    """Enter a subject into the region's list."""
    subject = Subject(
        id=new_id(),
        organization_id=None,
        version=1,
        **body.model_dump(),
        **signature(Author(principal.account_id, "Внесение в справочник"), uow.now),
    )
    return await _store(uow, subject)


async def add_own(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: OwnSubjectIn) -> Subject:
    """Enter an organization's own subject: what the region's list does not have."""
    await organizations.require_visible(uow, principal, organization_id)
    subject_id = new_id()
    subject = Subject(
        id=subject_id,
        organization_id=organization_id,
        version=1,
        source=_OWN_SOURCE,
        **{**body.model_dump(), "code": body.code or f"own-{subject_id.hex[-12:]}"},
        **signature(Author(principal.account_id, "Внесение предмета организации"), uow.now),
    )
    if body.counts_as is not None:
        regional = await repository.get(uow.session, body.counts_as)
        if regional is None or regional.organization_id is not None:
            raise CountsAsError
    if await repository.regional_titled(uow.session, body.title):
        raise SubjectTakenError
    return await _store(uow, subject)


async def _store(uow: UnitOfWork, subject: Subject) -> Subject:
    _check_interval(subject)
    await _check_area(uow, subject)
    uow.session.add(subject)
    _tell(uow, subject)
    await _flush(uow)
    return subject


def _tell(uow: UnitOfWork, subject: Subject) -> None:
    subject.told_version = subject.version
    uow.publish(subject_changed(subject), version=subject.version)


async def tell_untold(runtime: Runtime) -> None:
    """Tell of the subjects that a new registry begins with: nobody has entered them."""
    told = _TOLD_AT_ONCE
    while told == _TOLD_AT_ONCE:
        async with runtime.uow() as uow:
            found = await repository.untold(uow.session, _TOLD_AT_ONCE)
            for one in found:
                _tell(uow, one)
            told = len(found)


async def edit_subject(
    uow: UnitOfWork, principal: Principal, subject_id: UUID, version: int, body: SubjectPatch
) -> Subject:
    """Change a subject: the region its own, an organization those it entered itself."""
    subject = await get_subject(uow, principal, subject_id)
    if (subject.organization_id is None) != (principal.role in KEEP.roles):
        raise ForbiddenError
    locked = await repository.get(uow.session, subject_id, lock=True)
    assert locked is not None
    if locked.version != version:
        raise VersionMismatchError
    values = body.model_dump(exclude_unset=True, exclude={"reason"})
    renamed = values.get("title", locked.title) != locked.title
    if renamed and locked.organization_id is not None and await repository.regional_titled(uow.session, body.title):
        raise SubjectTakenError
    changed = change(locked, values, Author(principal.account_id, body.reason), uow.now)
    _check_interval(locked)
    if "area" in changed:
        await _check_area(uow, locked)
    if changed:
        _tell(uow, locked)
    await _flush(uow)
    return locked


def _check_interval(subject: Subject) -> None:
    ends = subject.valid_to
    if subject.grade_from > subject.grade_to or (ends is not None and ends <= subject.valid_from):
        raise ReferenceDatesError


async def _check_area(uow: UnitOfWork, subject: Subject) -> None:
    with uow.session.no_autoflush:
        if subject.area not in await terms_in_use(uow, "area", max(subject.valid_from, uow.clock.today())):
            raise UnknownAreaError


async def _flush(uow: UnitOfWork) -> None:
    try:
        await uow.session.flush()
    except IntegrityError:  # of the constraints, only the codes' and titles' can be broken here
        raise SubjectTakenError from None


async def by_ids(uow: UnitOfWork, ids: Collection[UUID]) -> Mapping[UUID, Subject]:
    """Subjects by id, those that exist."""
    return {one.id: one for one in await repository.by_ids(uow.session, ids)}


async def usable_by(uow: UnitOfWork, organization_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, Subject]:
    """Subjects by id, those an organization may teach: the region's and its own."""
    found = await repository.by_ids(uow.session, ids)
    return {one.id: one for one in found if one.organization_id in {None, organization_id}}


async def states(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every subject, for a reader that is rebuilt."""
    async for chunk in chunked(session, select(Subject), Subject.id):
        yield [Aggregate(subject_changed(one), one.updated_at, one.version) for one in chunk]
