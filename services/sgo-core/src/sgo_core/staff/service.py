"""Use cases of workers: hiring, cards, employments."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.access import Role
from identifiers import normal_name
from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.audience import audience_of
from sgo_core.cards.changing import change
from sgo_core.cards.emptying import emptied
from sgo_core.cards.fields import to_columns, to_plain
from sgo_core.cards.values import CardValues
from sgo_core.catalogue.definition import CATALOGUE, Audience, CardKind
from sgo_core.catalogue.values import Document
from sgo_core.chunks import chunked
from sgo_core.consents.standing import GivenConsent, NamedGround, record_consents, require_ground, signed_at
from sgo_core.governing_bodies import service as governing_bodies
from sgo_core.history import service as history
from sgo_core.history.recorded import Author, signature
from sgo_core.organizations import service as organizations
from sgo_core.people.errors import MergedError
from sgo_core.people.identity import document_key, search_name
from sgo_core.people.records import DocumentRecord
from sgo_core.staff import repository
from sgo_core.staff.employing import add_employment
from sgo_core.staff.errors import IdentityTakenError, NoIdentityError, WorkerDiffersError
from sgo_core.staff.events import STATISTICS
from sgo_core.staff.model import Employment, Worker
from sgo_core.staff.posts import HEADS, POSTS
from sgo_core.staff.schemas import HireIn
from sgo_core.staff.telling import tell
from sgo_core.vault import Vault, vault_of

__all__ = ["MODEL", "Worker"]

MODEL = Worker
"""Table of the cards, for those who look at its columns."""

_NAMES = ("last_name", "first_name", "middle_name")
_WHOSE_DOCUMENT = ("last_name", "first_name", "birth_date")


async def hire(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID | None,
    body_id: UUID | None,
    sent: HireIn,
    ended: Mapping[str, Any] = MappingProxyType({}),
) -> tuple[Worker, Employment, bool]:
    """Give a worker a post; the card is made unless one is known by СНИЛС or document, with the same name and birth date.

    ``ended`` is the day and the order of the dismissal, for a post of the past.
    """
    await require_employer(uow, principal, organization_id, body_id)
    known = await find_worker(uow, sent.values)
    author = Author(principal.account_id, f"Приём на работу, приказ № {sent.employment.order_number}")
    created = known is None
    worker = known or await _create(uow, sent.values, author, organization_id, sent.consented_at)
    employment = await add_employment(uow, worker, organization_id, body_id, sent.employment, author, ended)
    if worker.archived_on is not None and not ended:
        change(worker, {"archived_on": None}, author, uow.now)
    await tell(uow, worker, new=created)
    return worker, employment, created


async def find_worker(uow: UnitOfWork, values: CardValues) -> Worker | None:
    """The card, locked, of the worker that values of a card tell of; raises ``NoIdentityError``, ``WorkerDiffersError``."""
    keys = _keys(vault_of(uow), values, {})
    if keys["snils_key"] is None and keys["document_key"] is None:
        raise NoIdentityError
    known = await repository.by_keys(uow.session, keys["snils_key"], keys["document_key"])
    if len(known) > 1 or any(_identity(one) != _identity_of(values) for one in known):
        raise WorkerDiffersError
    return known[0] if known else None


async def _create(
    uow: UnitOfWork,
    values: CardValues,
    author: Author,
    organization_id: UUID | None,
    consented_at: datetime | None,
) -> Worker:
    worker_id = new_id()
    worker = Worker(
        id=worker_id,
        statistical_id=vault_of(uow).statistical_id("worker", worker_id),
        told_on=uow.clock.today(),
        search_name=search_name(*(values.get(name) for name in _NAMES)),  # type: ignore[arg-type]  # checked values
        version=1,
        **_keys(vault_of(uow), values, {}),
        **to_columns(CardKind.WORKER, Worker, values, vault_of(uow)),
        **signature(author, uow.now),
    )
    if consented_at is not None and organization_id is not None:
        await consent(uow, worker.id, organization_id, consented_at, author)
    await require_ground(uow, CardKind.WORKER, worker.id, organization_id, values, {}, author)
    uow.session.add(worker)
    try:
        await uow.session.flush()
    except IntegrityError:  # made by another request since it was looked up
        raise IdentityTakenError from None
    return worker


async def consent(uow: UnitOfWork, worker_id: UUID, organization_id: UUID, given_at: datetime, author: Author) -> bool:
    """Record a worker's paper consent to the organization to every field that needs one; whether it is new."""
    organization = (await organizations.by_ids(uow, [organization_id]))[organization_id]
    given = GivenConsent(
        kind=CardKind.WORKER,
        subject_id=worker_id,
        organization_id=organization_id,
        operator=organization.full_name,
        purposes=("staff", "communication"),
        fields=CATALOGUE.cards[CardKind.WORKER].on_consent,
        method="paper",
        given_at=signed_at(uow, given_at),
    )
    return bool(await record_consents(uow, [given], author))


def _identity(worker: Worker) -> tuple[str, str, date | None]:
    return normal_name(worker.last_name), normal_name(worker.first_name), worker.birth_date


def _identity_of(values: Mapping[str, Any]) -> tuple[str, str, date | None]:
    return normal_name(values["last_name"]), normal_name(values["first_name"]), values["birth_date"]


def _keys(vault: Vault, values: Mapping[str, Any], stands: Mapping[str, Any]) -> dict[str, bytes | None]:
    """Keys a worker is found by, of new values over those that stand."""
    now = {**stands, **values}
    snils, document = now.get("snils"), now.get("document")
    whose = [now[name] for name in _WHOSE_DOCUMENT]
    record = None if document is None else DocumentRecord.of(Document.model_validate(document, from_attributes=True))
    return {
        "snils_key": None if snils is None else vault.snils_key(snils),
        "document_key": None if record is None else document_key(vault, record, *whose),
    }


async def require_employer(
    uow: UnitOfWork, principal: Principal, organization_id: UUID | None, body_id: UUID | None
) -> None:
    """Raise ``NotFoundError`` unless the caller keeps the staff of this employer: its own office or body, the region for bodies."""
    if organization_id is not None:
        keeps = principal.unit.organization_id == organization_id
    else:
        assert body_id is not None
        keeps = governing_bodies.is_own(principal, await governing_bodies.get_body(uow, body_id))
    if not keeps:
        raise NotFoundError


async def require_worker(uow: UnitOfWork, principal: Principal, worker_id: UUID, *, keeps: bool = False) -> Audience:
    """In which relation the caller stands to the card; raises ``NotFoundError``.

    A card is seen by whoever sees an employer, of any time; it ``keeps`` it as an employer of today or of a day to come.
    """
    if principal.role is Role.TEACHER and principal.person_id == worker_id:
        audience = Audience.SUBJECT
    else:
        seen = organizations.visible_ids(principal)
        bodies = governing_bodies.own_ids(principal)
        employers = await repository.employers_seen(uow.session, worker_id, seen, bodies)
        if not employers:
            if (survivor := (await get_worker(uow, worker_id)).merged_into) is not None:
                await require_worker(uow, principal, survivor, keeps=keeps)
                raise MergedError.into(survivor)
            raise NotFoundError
        audience = Audience.OFFICE if True in employers else audience_of(principal)
    if keeps:
        mine = [] if principal.unit.organization_id is None else [principal.unit.organization_id]
        bodies = governing_bodies.own_ids(principal)
        employed = await repository.employers_seen(uow.session, worker_id, mine, bodies, uow.clock.today())
        if audience is not Audience.OFFICE or not employed:
            raise NotFoundError
    return audience


def audience_in(principal: Principal, organization_id: UUID | None, body_id: UUID | None) -> Audience:
    """In which relation the caller stands to the staff of an employer it sees; a body lists its own staff alone."""
    assert (organization_id is None) != (body_id is None)
    return Audience.OFFICE if body_id is not None else audience_of(principal)


async def employing_body(uow: UnitOfWork, principal: Principal, worker_id: UUID) -> UUID:
    """The caller's own body that the worker is employed by; raises ``NotFoundError``."""
    found = await repository.body_of(uow.session, worker_id, governing_bodies.own_ids(principal), uow.clock.today())
    if found is None:
        raise NotFoundError
    return found


async def get_worker(uow: UnitOfWork, worker_id: UUID) -> Worker:
    """A worker's card; raises ``NotFoundError``."""
    worker = await repository.get(uow.session, worker_id)
    if worker is None:
        raise NotFoundError
    return worker


async def worker_as_of(uow: UnitOfWork, worker_id: UUID, instant: datetime) -> tuple[Worker, Sequence[Employment]]:
    """The card and its employments as they were known at an instant; raises ``NotFoundError``."""
    found = await history.rows_as_of(uow, Worker, [worker_id], instant)
    if not found:
        raise NotFoundError
    held = await history.rows_as_of(uow, Employment, [worker_id], instant)
    return found[0], sorted(held, key=lambda one: (one.hired_on, one.id))


async def employments_of(uow: UnitOfWork, worker_id: UUID) -> Sequence[Employment]:
    """All employments of a worker."""
    return await repository.employments(uow.session, [worker_id])


async def history_of(uow: UnitOfWork, worker_id: UUID, limit: int, after: str | None) -> Sequence[history.Change]:
    """One page of the history of a card and its employments, and one more."""
    return await history.changes_of(uow, [Worker, Employment], worker_id, limit, after)


def card_values(uow: UnitOfWork, worker: Worker, employments: Sequence[Employment], day: date) -> dict[str, Any]:
    """The card's fields: its own and, of a day, those that employments give."""
    held = [one for one in employments if one.hired_on <= day and (one.dismissed_on is None or one.dismissed_on > day)]
    main = next((one for one in held if one.main), None)
    first = main or next(iter(held), None)
    return {
        **to_plain(CardKind.WORKER, worker, vault_of(uow)),
        "hired": None
        if first is None
        else {"hired_on": first.hired_on.isoformat(), "order_number": first.order_number},
        "main_post": None if main is None else POSTS[main.post_code].title,
        "additional_posts": [POSTS[one.post_code].title for one in held if not one.main],
    }


async def edit_worker(
    uow: UnitOfWork,
    worker_id: UUID,
    version: int,
    values: CardValues,
    author: Author,
    *,
    organization_id: UUID | None,
    grounds: Mapping[str, NamedGround],
) -> Worker:
    """Change a card. СНИЛС or document has to stay; what needs consent is stored on a consent or one of the ``grounds``."""
    worker = await repository.get(uow.session, worker_id, lock=True)
    if worker is None:
        raise NotFoundError
    if worker.version != version:
        raise VersionMismatchError
    vault = vault_of(uow)
    columns = to_columns(CardKind.WORKER, Worker, values, vault, worker)
    news = {name: value for name, value in values.items() if name in columns}
    await require_ground(uow, CardKind.WORKER, worker_id, organization_id, news, grounds, author)
    if columns.keys() & {*_WHOSE_DOCUMENT, "snils", "document"}:
        plain = to_plain(CardKind.WORKER, worker, vault)
        columns |= _keys(vault, values, {**plain, "birth_date": worker.birth_date})
    if columns.keys() & set(_NAMES):
        columns["search_name"] = search_name(*(columns.get(name, getattr(worker, name)) for name in _NAMES))
    changed = change(worker, columns, author, uow.now)
    if worker.snils is None and worker.document is None:
        raise NoIdentityError
    try:
        await uow.session.flush()
    except IntegrityError:
        raise IdentityTakenError from None
    if changed & {*_NAMES, *STATISTICS}:
        await tell(uow, worker, new=True)
    return worker


async def list_workers(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID | None,
    body_id: UUID | None,
    *,
    day: date | None,
    words: str | None,
    limit: int,
    after: UUID | None,
) -> Sequence[Worker]:
    """One page of an employer's workers on a day (None: of all times), and one more."""
    if organization_id is not None:
        await organizations.require_visible(uow, principal, organization_id)
    else:
        await require_employer(uow, principal, None, body_id)
    employer = repository.employed_in(organization_id, body_id)
    return await repository.page(uow.session, employer, day, words, limit, after)


async def count_visible(uow: UnitOfWork, principal: Principal, organization_id: UUID | None, day: date) -> int:
    """Workers on a day of an organization, or of all that the principal sees."""
    if organization_id is None:
        return await repository.count_in(uow.session, organizations.visible_ids(principal), day)
    await organizations.require_visible(uow, principal, organization_id)
    return await repository.count_in(uow.session, [organization_id], day)


async def ever_employed(
    session: AsyncSession, organization_id: UUID
) -> AsyncIterator[tuple[Sequence[Worker], Sequence[Employment]]]:
    """Workers whom an organization employs or employed, part by part, with their posts there."""
    held = select(Employment.worker_id).where(Employment.organization_id == organization_id)
    async for chunk in chunked(session, select(Worker).where(Worker.id.in_(held)), Worker.id):
        posts = await repository.employments(session, [one.id for one in chunk])
        yield chunk, [one for one in posts if one.organization_id == organization_id]


async def posts_of(uow: UnitOfWork, worker_ids: Sequence[UUID], day: date) -> Mapping[UUID, list[Employment]]:
    """Posts that workers hold on a day."""
    return await repository.posts_on(uow.session, worker_ids, day)


async def by_ids(uow: UnitOfWork, worker_ids: Collection[UUID]) -> Mapping[UUID, Worker]:
    """Cards of workers by id."""
    return {one.id: one for one in await repository.by_ids(uow.session, worker_ids)}


async def qualify(uow: UnitOfWork, worker_id: UUID, qualification: Mapping[str, Any], author: Author) -> None:
    """Put the outcome of an attestation on the worker's card."""
    worker = await repository.get(uow.session, worker_id, lock=True)
    if worker is None:
        raise NotFoundError
    if change(worker, {"qualification": dict(qualification)}, author, uow.now):
        await tell(uow, worker, new=True)


async def is_known(uow: UnitOfWork, worker_id: UUID) -> bool:
    """Whether there is a card of the worker."""
    return await repository.get(uow.session, worker_id) is not None


async def is_employed(uow: UnitOfWork, worker_id: UUID, organization_id: UUID, day: date) -> bool:
    """Whether a worker holds a post of an organization on a day. The card is locked: no dismissal comes between."""
    if await repository.get(uow.session, worker_id, lock=True) is None:
        return False
    held = await repository.posts_on(uow.session, [worker_id], day)
    return any(one.organization_id == organization_id for one in held[worker_id])


async def heads_of(uow: UnitOfWork, organization_id: UUID, day: date) -> dict[str, str | None]:
    """Names of the director and the deputies on a day, by field of the organization's card."""
    found: dict[str, list[str]] = {post: [] for post in HEADS}
    for post, *names in await repository.holders(uow.session, organization_id, HEADS, day):
        found[post].append(" ".join(name for name in names if name))
    return {post: ", ".join(names) or None for post, names in found.items()}


async def erase(uow: UnitOfWork, worker_id: UUID, fields: Collection[str], author: Author) -> None:
    """Empty fields of a card and of those merged into it. The history is not touched."""
    for worker in await repository.with_merged(uow.session, worker_id):
        changed = change(worker, emptied(worker, fields), author, uow.now)
        if changed & {*_NAMES, *STATISTICS}:
            await tell(uow, worker, new=True)
