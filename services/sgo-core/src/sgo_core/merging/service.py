"""Merging two cards of one person: at once by whoever sees both, else proposed to the side that keeps the other card."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from asu_contracts.access import OFFICE
from servicekit import audit
from servicekit.errors import ForbiddenError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.catalogue.definition import CardKind
from sgo_core.consents.subjects import operators_of
from sgo_core.history.recorded import Author, signature
from sgo_core.merging import repository
from sgo_core.merging.carrying import carry_out
from sgo_core.merging.errors import MergeStateError, NotAskedError, ProposedError, SameCardError, SameProposerError
from sgo_core.merging.following import MODELS, Card, counts
from sgo_core.merging.model import CardMerge
from sgo_core.merging.schemas import MergeIn
from sgo_core.merging.telling import tell
from sgo_core.merging.undoing import undo
from sgo_core.movements import service as movements
from sgo_core.organizations import service as organizations
from sgo_core.people import duplicates
from sgo_core.people import service as people
from sgo_core.people.errors import MergedError
from sgo_core.people.service import Student
from sgo_core.staff import service as staff


async def merge_cards(uow: UnitOfWork, principal: Principal, body: MergeIn) -> CardMerge:
    """Merge two cards that the caller sees, or propose it to whoever keeps the other card of a pair."""
    kind = CardKind(body.kind)
    survivor_id, absorbed_id = await _pair(uow, body)
    if survivor_id == absorbed_id:
        raise SameCardError
    unseen = [one for one in (survivor_id, absorbed_id) if not await sees(uow, principal, kind, one)]
    if len(unseen) > 1 or (unseen and (body.pair_id is None or principal.role not in OFFICE)):
        raise NotFoundError
    author = Author(principal.account_id, body.reason)
    merge = CardMerge(
        id=new_id(),
        kind=kind.value,
        survivor_id=survivor_id,
        absorbed_id=absorbed_id,
        state="proposed",
        organizations=await _keepers(uow, kind, [survivor_id, absorbed_id]),
        asked_id=unseen[0] if unseen else None,
        fields=sorted(set(body.fields)),
        mistaken=None if body.mistake is None else body.mistake.card,
        mistake=None if body.mistake is None else body.mistake.reason,
        proposed_by=principal.account_id,
        taken=[],
        version=1,
        **signature(author, uow.now),
    )
    uow.session.add(merge)
    try:
        await uow.session.flush()
    except IntegrityError:
        raise ProposedError from None
    if not unseen:
        await _carry_out(uow, principal, merge, author)
    await audit.record(uow, principal, f"{kind.value}.card.merge", [survivor_id, absorbed_id])
    return merge


async def _pair(uow: UnitOfWork, body: MergeIn) -> tuple[UUID, UUID]:
    if body.pair_id is None:
        assert body.survivor_id is not None
        assert body.absorbed_id is not None
        return body.survivor_id, body.absorbed_id
    first, second = await duplicates.pair(uow, body.pair_id)
    return (first, second) if body.survivor == "first" else (second, first)


async def _keepers(uow: UnitOfWork, kind: CardKind, card_ids: Sequence[UUID]) -> list[UUID]:
    """Organizations that keep, or kept, one of the cards."""
    found: set[UUID] = set()
    for card_id in card_ids:
        found |= set(await operators_of(uow, kind, card_id))
        card = await uow.session.get(MODELS[kind], card_id)
        if isinstance(card, Student) and card.kept_by is not None:
            found.add(card.kept_by)
    return sorted(found)


async def sees(uow: UnitOfWork, principal: Principal, kind: CardKind, card_id: UUID) -> bool:
    """Whether the caller answers for a card, or for the one it was merged into."""
    card: Card | None = await uow.session.get(MODELS[kind], card_id)
    if card is None:
        return False
    living = card.merged_into or card.id
    match kind:
        case CardKind.WORKER:
            try:
                await staff.require_worker(uow, principal, living)
            except NotFoundError:
                return False
            return True
        case CardKind.STUDENT:
            return bool(await movements.students_seen(uow, principal, [living]))
    return bool(await movements.students_seen(uow, principal, await people.all_children_of(uow, [living])))


async def _carry_out(uow: UnitOfWork, principal: Principal, merge: CardMerge, author: Author) -> None:
    change(merge, {"state": "done", "decided_by": principal.account_id, "merged_at": uow.now}, author, uow.now)
    try:
        await uow.session.flush()
    except IntegrityError:  # somebody merged the card while this was proposed
        raise MergedError from None
    survivor, absorbed = await carry_out(uow, merge, author)
    await uow.session.flush()
    await duplicates.pass_on(uow, merge.id, absorbed.id, survivor.id)
    await tell(uow, merge, survivor, absorbed)


async def confirm(uow: UnitOfWork, principal: Principal, merge_id: UUID, version: int, reason: str) -> CardMerge:
    """Agree to a merge for the side that keeps the other card: another person than the proposer."""
    merge = await _proposed(uow, principal, merge_id, version)
    if merge.proposed_by == principal.account_id:
        raise SameProposerError
    await _carry_out(uow, principal, merge, Author(principal.account_id, reason))
    await audit.record(uow, principal, f"{merge.kind}.card.merge", [merge.survivor_id, merge.absorbed_id])
    return merge


async def reject(uow: UnitOfWork, principal: Principal, merge_id: UUID, version: int, reason: str) -> CardMerge:
    """Refuse a proposed merge, or take the own proposal back."""
    merge = await _proposed(uow, principal, merge_id, version, own=True)
    author = Author(principal.account_id, reason)
    change(merge, {"state": "rejected", "decided_by": principal.account_id}, author, uow.now)
    return merge


async def _proposed(
    uow: UnitOfWork, principal: Principal, merge_id: UUID, version: int, *, own: bool = False
) -> CardMerge:
    """A proposal that the caller decides about, locked."""
    merge = await _locked(uow, principal, merge_id, version, "proposed")
    assert merge.asked_id is not None
    mine = own and merge.proposed_by == principal.account_id
    if not mine and not await sees(uow, principal, CardKind(merge.kind), merge.asked_id):
        raise NotAskedError
    return merge


async def part(
    uow: UnitOfWork, principal: Principal, merge_id: UUID, version: int, reason: str
) -> tuple[CardMerge, dict[str, int], dict[str, int]]:
    """Undo a merge of a card the caller answers for; how many records of each kind belong to the survivor and the other now."""
    merge = await _locked(uow, principal, merge_id, version, "done")
    if not await sees(uow, principal, CardKind(merge.kind), merge.survivor_id):
        raise ForbiddenError
    author, kind = Author(principal.account_id, reason), CardKind(merge.kind)
    survivor, absorbed = await undo(uow, merge, author)
    merge.version += 1
    merge.updated_at = merge.recorded_at = uow.now
    merge.recorded_by, merge.reason = author.account_id, author.reason
    await uow.session.flush()
    await duplicates.take_back(uow, merge.id)
    await tell(uow, merge, survivor, absorbed)
    await audit.record(uow, principal, f"{merge.kind}.card.part", [merge.survivor_id, merge.absorbed_id])
    return merge, await counts(uow, kind, survivor.id), await counts(uow, kind, absorbed.id)


async def _locked(uow: UnitOfWork, principal: Principal, merge_id: UUID, version: int, state: str) -> CardMerge:
    await get(uow, principal, merge_id)
    merge = await repository.get(uow.session, merge_id, lock=True)
    assert merge is not None
    if merge.version != version:
        raise VersionMismatchError
    if merge.state != state:
        raise MergeStateError
    return merge


async def get(uow: UnitOfWork, principal: Principal, merge_id: UUID) -> CardMerge:
    """A merge of a card that an organization the caller sees keeps or kept; raises ``NotFoundError``."""
    merge = await repository.get(uow.session, merge_id)
    if merge is None:
        raise NotFoundError
    kept = await repository.is_seen(uow.session, merge_id, organizations.visible_ids(principal))
    if not kept and not await sees(uow, principal, CardKind(merge.kind), merge.survivor_id):
        raise NotFoundError
    return merge


async def list_merges(
    uow: UnitOfWork, principal: Principal, state: str | None, limit: int, after: UUID | None
) -> Sequence[CardMerge]:
    """One page of the merges of cards that organizations the caller sees keep or kept, and one more."""
    return await repository.page(uow.session, organizations.visible_ids(principal), state, limit, after)


async def tell_apart(uow: UnitOfWork, principal: Principal, pair_id: UUID, reason: str, *, different: bool) -> None:
    """Say that the two cards of a pair are of different children, or take that back."""
    first, second = await duplicates.pair(uow, pair_id)
    if not any([await sees(uow, principal, CardKind.STUDENT, one) for one in (first, second)]):
        raise NotFoundError
    author = Author(principal.account_id, reason)
    await duplicates.tell_apart(uow, pair_id, author if different else None)
    await audit.record(uow, principal, "students.tell-apart", [first, second])
