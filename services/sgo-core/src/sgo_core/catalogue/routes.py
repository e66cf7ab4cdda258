"""The data catalogue over HTTP: what a client draws a card from."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel

from servicekit.http import allow
from servicekit.security import Principal
from sgo_core.catalogue import policies
from sgo_core.catalogue.definition import CATALOGUE, Audience, CardKind, FieldDef, Level, Stored

router = APIRouter(tags=["catalogue"])


class FieldOut(BaseModel):
    """A field: how to name it, what it may hold (``value_schema`` is a JSON Schema), who sees how much of it, why it is kept."""

    name: str
    title: str
    unit: str | None
    value_schema: dict[str, Any]
    options: dict[str, str] | None
    editable: bool
    category: str
    purpose: str
    ground: str
    needs_consent: bool
    access: dict[Audience, Level]
    mandatory: str | None
    retention: str
    annex: list[str]
    forms: list[str]


class SettingOut(BaseModel):
    """A setting of the educational process: the service that keeps it, and where it is read there."""

    name: str
    title: str
    annex: list[str]
    service: str
    read: str


class RecordOut(BaseModel):
    """Records of a person beside the card: why they are kept, on what ground, how long."""

    name: str
    title: str
    category: str
    purpose: str
    ground: str
    retention: str


class CardCatalogue(BaseModel):
    """A card: its fields in the order a form shows them, and what records are kept beside it."""

    kind: CardKind
    title: str
    fields: list[FieldOut]
    records: list[RecordOut]


class CatalogueOut(BaseModel):
    """The catalogue and its vocabulary: titles of categories, purposes, grounds, conditions and retention rules by code."""

    categories: dict[str, str]
    purposes: dict[str, str]
    grounds: dict[str, str]
    other_grounds: dict[str, str]
    mandatory: dict[str, str]
    retention: dict[str, str]
    transfers: dict[str, str]
    settings: list[SettingOut]
    cards: list[CardCatalogue]


def _field(name: str, one: FieldDef) -> FieldOut:
    return FieldOut(
        name=name,
        title=one.title,
        unit=one.unit,
        value_schema=one.adapter.json_schema(),
        options=None if one.options is None else dict(one.options),
        editable=one.stored is not Stored.DERIVED,
        category=one.category,
        purpose=one.purpose,
        ground=one.ground,
        needs_consent=one.needs_consent,
        access=dict(CATALOGUE.access[one.access]),
        mandatory=one.mandatory,
        retention=one.retention,
        annex=list(one.annex),
        forms=list(one.forms),
    )


_PUBLISHED = CatalogueOut(
    categories=dict(CATALOGUE.categories),
    purposes=dict(CATALOGUE.purposes),
    grounds=dict(CATALOGUE.grounds),
    other_grounds=dict(CATALOGUE.other_grounds),
    mandatory=dict(CATALOGUE.mandatory),
    retention={code: one.title for code, one in CATALOGUE.retention.items()},
    transfers={code: f"{one.title} ({one.basis})" for code, one in CATALOGUE.transfers.items()},
    settings=[
        SettingOut(name=name, title=one.title, annex=list(one.annex), service=one.service, read=one.read)
        for name, one in CATALOGUE.settings.items()
    ],
    cards=[
        CardCatalogue(
            kind=kind,
            title=card.title,
            fields=[_field(name, one) for name, one in card.fields.items()],
            records=[
                RecordOut(name=name, title=CATALOGUE.records[name].title, **one.model_dump())
                for name, one in CATALOGUE.records_of(kind).items()
            ],
        )
        for kind, card in CATALOGUE.cards.items()
    ],
)


@router.get("/catalogue")
async def get_catalogue(_principal: Annotated[Principal, allow(policies.READ)]) -> CatalogueOut:
    """Каталог данных: все поля карточек, их назначение, основание, доступ, обязательность и сроки хранения."""
    return _PUBLISHED
