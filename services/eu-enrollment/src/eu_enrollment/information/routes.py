"""Routes of public information on organizations, programmes, free places and governing bodies."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from asu_contracts.core import OrganizationKind, ProgrammeOrientation
from eu_enrollment.campaigns.rules import Orientation, Stay
from eu_enrollment.information import repository, service
from eu_enrollment.information.schemas import (
    AgePlaces,
    BodiesOut,
    BodyOut,
    GroupOut,
    OrganizationCardOut,
    OrganizationOut,
    OrganizationPlaces,
    PlacesOut,
    ProgrammeCard,
    ProgrammeOut,
)
from eu_enrollment.territories.schemas import Municipality
from servicekit.errors import NotFoundError
from servicekit.http import Limit, Line, Page, PublicAnswer, paginate, public
from servicekit.uow import UnitOfWork

router = APIRouter(prefix="/public", tags=["information"])

CACHED: dict[int | str, dict[str, Any]] = {304: {"description": "Без изменений"}}
_PROGRAMMES_OF_CARD = 500

InMunicipality = Annotated[Municipality | None, Query(description="ОКТМО, 8 цифр")]
Words = Annotated[Line | None, Query(max_length=200, description="Слова названия")]
Few = Annotated[int, Query(ge=1, le=100, description="Сколько организаций на странице")]
Age = Annotated[int | None, Query(ge=0, le=99, description="Полных лет на 1 сентября")]


@router.get("/organizations", response_model=Page[OrganizationOut], responses=CACHED)
@public
async def list_public_organizations(
    cached: PublicAnswer,
    kind: OrganizationKind | None = None,
    municipality: InMunicipality = None,
    text: Words = None,
    limit: Limit = 100,
    after: UUID | None = None,
) -> Response:
    """Организации дошкольного, общего и дополнительного образования."""

    async def make(uow: UnitOfWork) -> Page[OrganizationOut]:
        rows = await repository.organizations(
            uow.session, after, limit, kind=kind, municipality=municipality, text=text
        )
        return paginate([OrganizationOut.of(row) for row in rows], limit, lambda item: item.id)

    return await cached(make)


@router.get("/organizations/{organization_id}", response_model=OrganizationCardOut, responses=CACHED)
@public
async def get_public_organization(organization_id: UUID, cached: PublicAnswer) -> Response:
    """Организация: контакты, лицензия, места по возрастам, программы."""

    async def make(uow: UnitOfWork) -> OrganizationCardOut:
        row = await repository.organization(uow.session, organization_id)
        if row is None:
            raise NotFoundError
        ages = await service.free_places(uow, [organization_id], uow.clock.today())
        taught = await repository.programmes(uow.session, None, _PROGRAMMES_OF_CARD, organization_id=organization_id)
        return OrganizationCardOut.of(row).model_copy(
            update={
                "ages": [AgePlaces.of_key(*one) for one in ages.get(organization_id, [])],
                "programmes": [_programme(one) for one in taught[:_PROGRAMMES_OF_CARD]],
            }
        )

    return await cached(make)


@router.get("/free-places", response_model=Page[OrganizationPlaces], responses=CACHED)
@public
async def list_free_places(
    cached: PublicAnswer,
    kind: OrganizationKind | None = None,
    municipality: InMunicipality = None,
    age: Age = None,
    grade: Annotated[int | None, Query(ge=1, le=11)] = None,
    academic_year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    orientation: Orientation | None = None,
    stay_mode: Stay | None = None,
    limit: Few = 50,
    after: UUID | None = None,
) -> Response:
    """Свободные места организаций по возрастным группам (с направленностью и режимом пребывания) и классам."""

    async def make(uow: UnitOfWork) -> Page[OrganizationPlaces]:
        rows = await repository.organizations(uow.session, after, limit, kind=kind, municipality=municipality)
        places = await service.free_places(uow, [row.id for row in rows], uow.clock.today())
        items = [
            OrganizationPlaces(
                organization_id=row.id,
                organization=row.short_name,
                kind=row.kind,
                municipality=row.municipality,
                ages=[
                    AgePlaces.of_key(key, found)
                    for key, found in places.get(row.id, [])
                    if key.takes(age, grade, orientation, stay_mode) and academic_year in {None, key.academic_year}
                ],
            )
            for row in rows
        ]
        return paginate(items, limit, lambda item: item.organization_id)

    return await cached(make)


@router.get("/programmes", response_model=Page[ProgrammeOut], responses=CACHED)
@public
async def list_public_programmes(
    cached: PublicAnswer,
    organization_id: UUID | None = None,
    municipality: InMunicipality = None,
    orientation: ProgrammeOrientation | None = None,
    age: Age = None,
    text: Words = None,
    limit: Limit = 100,
    after: UUID | None = None,
) -> Response:
    """Программы дополнительного образования."""

    async def make(uow: UnitOfWork) -> Page[ProgrammeOut]:
        rows = await repository.programmes(
            uow.session,
            after,
            limit,
            organization_id=organization_id,
            municipality=municipality,
            orientation=orientation,
            age=age,
            text=text,
        )
        return paginate([_programme(row) for row in rows], limit, lambda item: item.id)

    return await cached(make)


@router.get("/programmes/{programme_id}", response_model=ProgrammeCard, responses=CACHED)
@public
async def get_public_programme(programme_id: UUID, cached: PublicAnswer) -> Response:
    """Программа дополнительного образования: группы и места в них."""

    async def make(uow: UnitOfWork) -> ProgrammeCard:
        rows = await repository.programmes(uow.session, None, 1, programme_id=programme_id)
        if not rows:
            raise NotFoundError
        groups = await service.programme_groups(uow, [programme_id], uow.clock.today())
        return ProgrammeCard(
            **_programme(rows[0]).model_dump(),
            groups=[
                GroupOut(
                    id=row.id,
                    name=row.name,
                    academic_year=row.academic_year,
                    starts_on=row.starts_on,
                    ends_on=row.ends_on,
                    places=PlacesOut.of(places),
                )
                for row, places in groups.get(programme_id, [])
            ],
        )

    return await cached(make)


@router.get("/governing-bodies", response_model=BodiesOut, responses=CACHED)
@public
async def list_public_bodies(cached: PublicAnswer, municipality: InMunicipality = None) -> Response:
    """Органы управления образованием и как с ними связаться."""

    async def make(uow: UnitOfWork) -> BodiesOut:
        found = await repository.governing_bodies(uow.session, municipality, uow.clock.today())
        return BodiesOut(items=[BodyOut.model_validate(one, from_attributes=True) for one in found])

    return await cached(make)


def _programme(row: Any) -> ProgrammeOut:
    return ProgrammeOut.model_validate(row, from_attributes=True)
