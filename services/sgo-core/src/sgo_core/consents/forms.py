"""The blank form of consent (152-ФЗ, article 9, part 4), made from the catalogue: operator, purposes, fields in words, term."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from reportkit.footer import Footer
from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.fields import to_plain
from sgo_core.catalogue.definition import CATALOGUE, Audience, CardKind
from sgo_core.consents.errors import ConsentFieldError, ConsentGiverError
from sgo_core.consents.subjects import card_of, operators_of, require_subject
from sgo_core.organizations import service as organizations
from sgo_core.people import service as people
from sgo_core.printing import PRINTER
from sgo_core.vault import vault_of

_NAMES = ("last_name", "first_name", "middle_name")
_SPECIAL = "special"
_WHOSE = {
    CardKind.STUDENT: "моего ребёнка (подопечного)",
    CardKind.GUARDIAN: "моих",
    CardKind.WORKER: "моих",
}


async def consent_form(
    uow: UnitOfWork,
    principal: Principal,
    kind: CardKind,
    subject_id: UUID,
    organization_id: UUID,
    fields: Sequence[str] | None,
    given_by: UUID | None,
    valid_until: date | None,
) -> bytes:
    """The form as PDF, with the names in place and the rest to be written by hand.

    ``given_by`` is the guardian who signs for a student; without one the student signs. Raises ``NotFoundError`` for an
    organization that has nothing to do with the person.
    """
    audience = await require_subject(uow, principal, kind, subject_id)
    if audience is not Audience.SUBJECT and principal.unit.organization_id != organization_id:
        raise NotFoundError
    if organization_id not in await operators_of(uow, kind, subject_id):
        raise NotFoundError
    card = CATALOGUE.cards[kind]
    asked = card.on_consent if fields is None else frozenset(fields)
    if not asked <= card.on_consent:
        raise ConsentFieldError
    giver = None if given_by is None else await _giver(uow, kind, subject_id, given_by)
    named = [(name, one) for name, one in card.fields.items() if name in asked]
    operator = (await organizations.by_ids(uow, [organization_id]))[organization_id]
    purposes = dict.fromkeys(CATALOGUE.purposes[one.purpose] for _, one in named)
    data = {
        "operator": operator.full_name,
        "address": operator.legal_address["text"],
        "subject": _name(to_plain(kind, await card_of(uow, kind, subject_id), vault_of(uow), dict.fromkeys(_NAMES))),
        "giver": giver,
        "whose": _WHOSE[kind] if giver is not None or kind is not CardKind.STUDENT else "моих",
        "purposes": list(purposes),
        "fields": [one.title for _, one in named if one.category != _SPECIAL],
        "special": [one.title for _, one in named if one.category == _SPECIAL],
        "valid_until": None if valid_until is None else f"{valid_until:%d.%m.%Y}",
    }
    return await PRINTER.render("consent-form", data, Footer.by(principal, uow.now.astimezone(uow.clock.zone)))


async def _giver(uow: UnitOfWork, kind: CardKind, subject_id: UUID, given_by: UUID) -> str:
    tie = await people.tie_in_force(uow, given_by, subject_id) if kind is CardKind.STUDENT else None
    if tie is None or not tie.may_decide:
        raise ConsentGiverError
    card = await people.card_of(uow, CardKind.GUARDIAN, given_by)
    return _name(to_plain(CardKind.GUARDIAN, card, vault_of(uow), dict.fromkeys(_NAMES)))


def _name(plain: dict[str, str | None]) -> str:
    return " ".join(part for part in (plain[name] for name in _NAMES) if part)
