"""A merge as a caller may see it: own cards by the catalogue, another organization's by a hint."""

from uuid import UUID

from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.audience import audience_of
from sgo_core.cards.fields import shown, to_plain
from sgo_core.cards.hints import hint
from sgo_core.catalogue.definition import CardKind
from sgo_core.consents.standing import closed_fields
from sgo_core.merging.carrying import differing
from sgo_core.merging.following import MODELS, Card
from sgo_core.merging.model import CardMerge
from sgo_core.merging.schemas import MergeOut, SideOut
from sgo_core.merging.service import sees
from sgo_core.vault import vault_of


async def merge_out(uow: UnitOfWork, principal: Principal, merge: CardMerge) -> MergeOut:
    """The merge with both cards as they stand now."""
    kind = CardKind(merge.kind)
    survivor, absorbed = [await _card(uow, kind, one) for one in (merge.survivor_id, merge.absorbed_id)]
    return MergeOut.model_validate(
        {
            "id": merge.id,
            "state": merge.state,
            "version": merge.version,
            "kind": merge.kind,
            "cards": [await _side(uow, principal, kind, one) for one in (survivor, absorbed)],
            "differing": differing(uow, kind, survivor, absorbed),
            "fields": merge.fields,
            "mistaken": merge.mistaken,
            "mistake": merge.mistake,
            "reason": merge.reason,
            "proposed_by": merge.proposed_by,
            "decided_by": merge.decided_by,
            "merged_at": merge.merged_at,
            "undone_at": merge.undone_at,
        }
    )


async def _card(uow: UnitOfWork, kind: CardKind, card_id: UUID) -> Card:
    card: Card | None = await uow.session.get(MODELS[kind], card_id)
    if card is None:
        raise NotFoundError
    return card


async def _side(uow: UnitOfWork, principal: Principal, kind: CardKind, card: Card) -> SideOut:
    plain = to_plain(kind, card, vault_of(uow))
    if not await sees(uow, principal, kind, card.id):
        return SideOut(card_id=None, values={}, masked=[], hint=hint({**plain, "birth_date": card.birth_date}))
    audience, subject = audience_of(principal), card.merged_into or card.id
    closed = (await closed_fields(uow, principal, audience, kind, [subject]))[subject]
    values, masked = shown(kind, plain, audience, closed)
    return SideOut(card_id=card.id, values=values, masked=masked, hint=None)
