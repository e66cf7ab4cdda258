"""The extract: everything that is kept about a person, why, on what ground, how long, and who looked at it (152-ФЗ, article 14)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from asu_contracts.access import ROLE_TITLES, Role
from reportkit.footer import Footer
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.fields import shown, to_plain
from sgo_core.cards.printing import printed, years
from sgo_core.catalogue.definition import CATALOGUE, Audience, CardKind, Kept
from sgo_core.consents import service as consents
from sgo_core.consents.standing import closed_fields
from sgo_core.consents.subjects import card_of, operators_of, require_subject
from sgo_core.organizations import service as organizations
from sgo_core.printing import PRINTER
from sgo_core.subject_rights import repository
from sgo_core.subject_rights.records import records_of
from sgo_core.vault import vault_of

_ACCESSES = 200
_ACTIONS = {
    "student.card.read": "Просмотр карточки",
    "student.card.edit": "Изменение карточки",
    "student.history.read": "Просмотр истории изменений",
    "students.list.read": "Просмотр списка обучающихся",
    "student.card.print": "Печать карточки",
    "guardian.card.read": "Просмотр карточки",
    "guardian.card.edit": "Изменение карточки",
    "guardian.history.read": "Просмотр истории изменений",
    "worker.card.read": "Просмотр карточки",
    "worker.card.edit": "Изменение карточки",
    "worker.history.read": "Просмотр истории изменений",
    "workers.list": "Просмотр списка работников",
    "attachment.read": "Просмотр скана документа",
    "guardianship.edit": "Изменение законного представительства",
    "consents.read": "Просмотр согласий",
    "consent.give": "Внесение согласия",
    "consent.withdraw": "Отзыв согласия",
    "extract.read": "Получение выписки",
    "subject-request.ask": "Обращение субъекта",
    "subject-request.answer": "Ответ на обращение субъекта",
    "subject-request.extend": "Продление срока ответа на обращение",
}


async def extract(uow: UnitOfWork, principal: Principal, kind: CardKind, subject_id: UUID) -> bytes:
    """The extract of a person as PDF; raises ``NotFoundError`` for who is neither the person nor the office."""
    audience = await require_subject(uow, principal, kind, subject_id)
    grounds = await consents.standing_of(uow, principal, kind, subject_id)
    card = await card_of(uow, kind, subject_id)
    plain = to_plain(kind, card, vault_of(uow))
    closed = (await closed_fields(uow, principal, audience, kind, [subject_id]))[subject_id]
    values, _ = shown(kind, plain, audience, closed)
    known = await organizations.by_ids(uow, list(await operators_of(uow, kind, subject_id)))
    other = {one.field: (one.ground, one.document) for one in grounds[1] if one.valid_to is None}
    data = {
        "person": " ".join(plain[name] for name in ("last_name", "first_name", "middle_name") if plain[name]),
        "operators": sorted(one.full_name for one in known.values()),
        "fields": [*_fields(kind, values, other), *await _records(uow, kind, subject_id, audience)],
        "consents": [[one.operator, one.given_at, one.valid_until, one.withdrawn_at] for one in grounds[0]],
        "accesses": [
            [at, ROLE_TITLES.get(Role(role), role), _ACTIONS.get(action, "Действие с карточкой")]
            for at, role, action in await repository.accesses(uow.session, subject_id, _ACCESSES)
        ],
    }
    return await PRINTER.render("extract", data, Footer.by(principal, uow.now.astimezone(uow.clock.zone)))


def _fields(
    kind: CardKind, values: Mapping[str, Any], other: Mapping[str, tuple[str, str]]
) -> Sequence[Sequence[str | None]]:
    fields = CATALOGUE.cards[kind].fields
    return [
        [one.title, text, CATALOGUE.purposes[one.purpose], _ground(one, other.get(name)), _kept(one)]
        for name, one in fields.items()
        if (text := printed(one, values.get(name))) is not None
    ]


async def _records(uow: UnitOfWork, kind: CardKind, subject_id: UUID, audience: Audience) -> Sequence[Sequence[str]]:
    kept = CATALOGUE.records_of(kind)
    return [
        [title, content, CATALOGUE.purposes[kept[name].purpose], _ground(kept[name], None), _kept(kept[name])]
        for name, title, content in await records_of(uow, kind, subject_id, audience)
    ]


def _ground(one: Kept, other: tuple[str, str] | None) -> str:
    if other is None:
        return CATALOGUE.grounds[one.ground]
    return f"{CATALOGUE.other_grounds[other[0]]}. {other[1]}"


def _kept(one: Kept) -> str:
    rule = CATALOGUE.retention[one.retention]
    return rule.title if not rule.years else f"{rule.title}: {years(rule.years)}"
