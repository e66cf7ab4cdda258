"""Routes of sessions and of one's own password.

Signing in and changing a password are several short transactions: an attempt is counted for good before the password is
checked, and no connection is held while argon2 works.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from auth.addresses import source_address
from auth.dependencies import in_force
from auth.passwords import BusyError
from auth.runtime import AuthRuntime, CurrentAuth
from auth.sessions import policies
from auth.sessions.errors import (
    SessionEndedError,
    TooManyAttemptsError,
    WrongCredentialsError,
    WrongPasswordError,
)
from auth.sessions.schemas import PasswordIn, RefreshIn, SignedInOut, SignInIn
from auth.sessions.service import Attempt, Sessions
from auth.sessions.throttle import Throttle
from servicekit.http import Uow, allow, public
from servicekit.security import Principal

open_router = APIRouter(tags=["sessions"])
router = APIRouter(tags=["sessions"], dependencies=[in_force(restricted=True)])

Oneself = Annotated[Principal, allow(policies.OWN_SESSION)]


def _sessions(runtime: CurrentAuth) -> Sessions:
    settings = runtime.auth_settings
    return Sessions(settings, runtime.tokens, runtime.hasher, Throttle(settings, runtime.hasher))


def _source(request: Request, runtime: CurrentAuth) -> str:
    return source_address(request, runtime.auth_settings.trusted_proxies)


CurrentSessions = Annotated[Sessions, Depends(_sessions)]
Source = Annotated[str, Depends(_source)]


@asynccontextmanager
async def _hashing(runtime: AuthRuntime, sessions: Sessions, attempt: Attempt) -> AsyncIterator[None]:
    """Around argon2's work: an attempt turned away because the process is busy is nobody's failure."""
    try:
        yield
    except BusyError:
        async with runtime.uow() as uow:
            await sessions.give_back(uow, attempt)
        raise


@open_router.post("/sessions", status_code=201)
@public
async def sign_in(body: SignInIn, runtime: CurrentAuth, sessions: CurrentSessions, source: Source) -> SignedInOut:
    """Войти по логину и паролю; число неудачных попыток ограничено."""
    async with runtime.uow() as uow:
        attempt = await sessions.begin(uow, body.login, source)
    if attempt.wait is not None:
        raise TooManyAttemptsError(retry_after=attempt.wait)
    async with _hashing(runtime, sessions, attempt):
        if not await runtime.passwords.verify(attempt.password_hash, body.password) or attempt.password_hash is None:
            raise WrongCredentialsError
        outdated = runtime.passwords.outdated(attempt.password_hash)
        new_hash = await runtime.passwords.hash(body.password) if outdated else None
    async with runtime.uow() as uow:
        return SignedInOut.of(await sessions.open(uow, attempt, body.position_id, new_hash))


@open_router.post("/sessions/refresh")
@public
async def refresh_session(body: RefreshIn, runtime: CurrentAuth, sessions: CurrentSessions) -> SignedInOut:
    """Продлить сеанс: токен обновления одноразовый, повторное использование старого закрывает сеанс."""
    async with runtime.uow() as uow:
        signed_in = await sessions.refresh(uow, body.refresh_token)
    if signed_in is None:
        raise SessionEndedError
    return SignedInOut.of(signed_in)


@router.delete("/sessions/current", status_code=204)
async def sign_out(principal: Oneself, uow: Uow, sessions: CurrentSessions) -> None:
    """Выйти: сеанс закрывается, выданные токены перестают действовать."""
    await sessions.sign_out(uow, principal)


@router.post("/password", status_code=204)
async def change_password(
    body: PasswordIn, runtime: CurrentAuth, principal: Oneself, sessions: CurrentSessions, source: Source
) -> None:
    """Сменить свой пароль: остальные сеансы закрываются, нынешний продлевается токеном обновления."""
    async with runtime.uow() as uow:
        attempt = await sessions.begin_password_change(uow, principal, source, body.old_password, body.new_password)
    if attempt.wait is not None:
        raise TooManyAttemptsError(retry_after=attempt.wait)
    async with _hashing(runtime, sessions, attempt):
        if not await runtime.passwords.verify(attempt.password_hash, body.old_password):
            raise WrongPasswordError
        password_hash = await runtime.passwords.hash(body.new_password)
    async with runtime.uow() as uow:
        await sessions.change_password(uow, principal, attempt, password_hash)
