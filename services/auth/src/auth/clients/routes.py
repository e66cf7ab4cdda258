"""Routes of machine clients and of the public keys."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.security import HTTPBasic, HTTPBasicCredentials

from asu_contracts.access import Role
from auth.clients import policies, service
from auth.clients.errors import WrongClientError
from auth.clients.schemas import ClientIn, ClientLine, ClientOut, ClientToken
from auth.dependencies import in_force
from auth.runtime import CurrentAuth
from servicekit.http import Limit, Page, Uow, allow, paginate, public
from servicekit.security import Principal

open_router = APIRouter(tags=["clients"])
router = APIRouter(tags=["clients"], dependencies=[in_force()])

_basic = HTTPBasic(auto_error=False, description="client_id и client_secret")

Managing = Annotated[Principal, allow(policies.MANAGE)]
AfterId = Annotated[UUID | None, Query(description="Ключ следующей страницы")]
ClientCredentials = Annotated[HTTPBasicCredentials | None, Depends(_basic)]


@router.post("/clients", status_code=201)
async def register_client(body: ClientIn, runtime: CurrentAuth, principal: Managing, uow: Uow) -> ClientOut:
    """Зарегистрировать клиента; ключ показывается один раз."""
    made = await service.register(uow, runtime.hasher, principal, body.name, Role(body.role))
    return ClientOut(client_id=made.client_id, client_secret=made.secret)


@router.get("/clients", dependencies=[allow(policies.MANAGE)])
async def list_clients(uow: Uow, limit: Limit = 100, after: AfterId = None) -> Page[ClientLine]:
    """Зарегистрированные клиенты, в том числе отключённые."""
    found = await service.of_page(uow, after=after, limit=limit + 1)
    lines = [ClientLine.model_validate(client, from_attributes=True) for client in found]
    return paginate(lines, limit, lambda client: client.id)


@router.post("/clients/{client_id}/secret")
async def renew_client_secret(client_id: UUID, runtime: CurrentAuth, principal: Managing, uow: Uow) -> ClientOut:
    """Новый ключ клиента, в том числе отключённого: прежний и его токены не действуют, поданное клиентом остаётся за ним."""
    renewed = await service.renew(uow, runtime.hasher, principal, client_id)
    return ClientOut(client_id=renewed.client_id, client_secret=renewed.secret)


@router.post("/clients/{client_id}/end", status_code=204)
async def end_client(client_id: UUID, principal: Managing, uow: Uow) -> None:
    """Отключить клиента; ключ и выданные токены перестают действовать."""
    await service.end(uow, principal, client_id)


@open_router.post("/token")
@public
async def issue_client_token(
    grant_type: Annotated[Literal["client_credentials"], Form()],  # noqa: ARG001 - its type checks it
    credentials: ClientCredentials,
    runtime: CurrentAuth,
    uow: Uow,
) -> ClientToken:
    """Токен клиента по его идентификатору и ключу (RFC 6749, 4.4)."""
    if credentials is None:
        raise WrongClientError
    tokens = runtime.tokens
    token = await service.issue_token(uow, runtime.hasher, tokens, credentials.username, credentials.password)
    return ClientToken(access_token=token, expires_in=int(tokens.lifetime.total_seconds()))


@open_router.get("/jwks")
@public
async def get_jwks(runtime: CurrentAuth, response: Response) -> dict[str, list[dict[str, Any]]]:
    """Открытые ключи, которыми проверяются токены (RFC 7517)."""
    response.headers["Cache-Control"] = "public, max-age=60"
    return runtime.keys.jwks()
