"""Sessions: opening them, rotating their refresh tokens, closing them, changing one's own password.

A refresh token is used once. Its successor is derived from it under the service's key, so a request repeated within a short
time (a lost answer, two tabs) gets the same successor and there is never more than one live token of a session. Any other use
of an old token means that it is in two hands: the session is closed.
"""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import structlog

from asu_contracts.access import UnitKind
from auth.accounts import service as accounts
from auth.accounts.service import Account
from auth.grants import service as grants
from auth.grants.service import Position
from auth.passwords import check_policy, normalize
from auth.sessions import repository
from auth.sessions.errors import (
    NoPositionError,
    PasswordChangedMeanwhileError,
    SamePasswordError,
    SessionEndedError,
    SlipExpiredError,
    UnknownPositionError,
    WrongCredentialsError,
)
from auth.sessions.model import RefreshToken, Session
from auth.sessions.throttle import Throttle
from auth.settings import AuthSettings
from auth.signing import Subject, TokenIssuer
from servicekit import audit
from servicekit.crypto import KeyedHash
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

log = structlog.get_logger(__name__)

_TOKEN_BYTES = 32
_KEPT = timedelta(days=2)
"""How long a used token is known as used; later it is refused like any unknown one."""


@dataclass(frozen=True)
class Attempt:
    """A sign-in that was counted. ``wait`` is set, in seconds, if there is no room for it."""

    login: str
    source: str
    wait: int | None = None
    account_id: UUID | None = None
    password_hash: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class SignedIn:
    """What a signed-in device is given."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int
    position: Position
    positions: Sequence[Position]
    must_change_password: bool


@dataclass(frozen=True)
class Sessions:
    """Use cases of sessions over the process's settings, keys and hashes."""

    settings: AuthSettings
    tokens: TokenIssuer
    hasher: KeyedHash
    throttle: Throttle

    async def begin(self, uow: UnitOfWork, login: str, source: str) -> Attempt:
        """Count an attempt and find what its password is checked against. Committed before the check."""
        login = accounts.normal_login(login)
        wait = await self.throttle.take(uow, login, source)
        if wait is not None:
            return Attempt(login, source, wait)
        account = await accounts.by_login(uow, login)
        if account is None:
            return Attempt(login, source)
        return Attempt(login, source, None, account.id, account.password_hash)

    async def give_back(self, uow: UnitOfWork, attempt: Attempt) -> None:
        """Uncount an attempt whose password could not be checked."""
        await self.throttle.give_back(uow, attempt.login, attempt.source)

    async def open(
        self, uow: UnitOfWork, attempt: Attempt, position_id: UUID | None, new_hash: str | None = None
    ) -> SignedIn:
        """Open a session for a right password; ``new_hash`` is the same password under newer parameters."""
        if attempt.account_id is None:
            raise WrongCredentialsError
        account = await accounts.lock(uow, attempt.account_id)
        if account.password_hash != attempt.password_hash:
            raise WrongCredentialsError
        if account.slip_expires_at is not None and account.slip_expires_at <= uow.now:
            raise SlipExpiredError
        positions = await grants.active(uow, account.id)
        if not positions:
            raise NoPositionError
        position = positions[0] if position_id is None else _chosen(positions, position_id)
        if position is None:
            raise UnknownPositionError
        if new_hash is not None:
            accounts.rehash(account, new_hash)
        await self.throttle.forgive(uow, attempt.login, attempt.source)
        now = uow.clock.now()
        expires_at = now + timedelta(days=self.settings.session_days)
        session = Session(
            id=new_id(),
            account_id=account.id,
            grant_id=position.id,
            opened_at=now,
            authenticated_at=now,
            idle_until=self._idle_until(now, expires_at),
            expires_at=expires_at,
        )
        uow.session.add(session)
        await uow.session.flush()
        refresh_token = urlsafe_b64encode(secrets.token_bytes(_TOKEN_BYTES)).decode().rstrip("=")
        uow.session.add(RefreshToken(hash=_hash(refresh_token), session_id=session.id, issued_at=now))
        return self._signed_in(account, session, position, positions, refresh_token, now)

    async def refresh(self, uow: UnitOfWork, token: str) -> SignedIn | None:
        """Rotate a refresh token. None if it is not good; what that closed must be committed all the same."""
        account_id = await repository.account_of_token(uow.session, _hash(token))
        if account_id is None:
            return None
        account = await accounts.lock(uow, account_id)
        presented = await repository.find_token(uow.session, _hash(token))
        session = await repository.find(uow.session, presented.session_id) if presented is not None else None
        now = uow.clock.now()
        if presented is None or session is None or not _alive(session, account, now):
            return None
        successor = self._successor(token)
        if presented.used_at is not None and not await self._repeated(uow, presented, successor, now):
            log.warning("refresh_token_reused", session_id=str(session.id), account_id=str(account.id))
            _close(session, "token_reused", now)
            accounts.cut_off(uow, account)
            return None
        positions = await grants.active(uow, account.id)
        position = _chosen(positions, session.grant_id)
        if position is None:
            _close(session, "position_ended", now)  # the end of the grant cut its tokens off
            return None
        if presented.used_at is None:
            presented.used_at = now
            session.idle_until = self._idle_until(now, session.expires_at)
            uow.session.add(RefreshToken(hash=_hash(successor), session_id=session.id, issued_at=now))
        return self._signed_in(account, session, position, positions, successor, now)

    async def sign_out(self, uow: UnitOfWork, principal: Principal) -> None:
        """Close the caller's session. Closing it twice is no error."""
        session = await self._own(uow, principal)
        if session is None:
            return
        account = await accounts.lock(uow, session.account_id)
        if session.closed_at is None:
            _close(session, "signed_out", uow.clock.now())
            accounts.cut_off(uow, account)

    async def begin_password_change(
        self, uow: UnitOfWork, principal: Principal, source: str, old: str, new: str
    ) -> Attempt:
        """Count an attempt at one's own password: it is guessed no more freely here than at the door.

        Raises ``WeakPasswordError`` or ``SamePasswordError`` before anything is counted.
        """
        account = next(iter(await accounts.by_ids(uow, [UUID(principal.account_id)])), None)
        if account is None:
            raise SessionEndedError
        check_policy(new, account.login)
        if normalize(new) == normalize(old):
            raise SamePasswordError
        wait = await self.throttle.take(uow, account.login, source)
        return Attempt(account.login, source, wait, account.id, account.password_hash)

    async def change_password(
        self, uow: UnitOfWork, principal: Principal, attempt: Attempt, password_hash: str
    ) -> None:
        """Set the new password after the old one was proved. Only the session that proved it stays open."""
        if attempt.account_id is None:
            raise SessionEndedError
        account = await accounts.lock(uow, attempt.account_id)
        if account.password_hash != attempt.password_hash:
            raise PasswordChangedMeanwhileError
        accounts.set_password(uow, account, password_hash)
        session = await self._own(uow, principal)
        if session is not None and session.closed_at is None:
            session.authenticated_at = account.password_set_at
        await self.throttle.forgive(uow, attempt.login, attempt.source)
        await audit.record(uow, principal, "account.password.changed", [account.id])

    async def _own(self, uow: UnitOfWork, principal: Principal) -> Session | None:
        if principal.session_id is None:
            return None
        session = await repository.find(uow.session, UUID(principal.session_id))
        return session if session is not None and str(session.account_id) == principal.account_id else None

    async def _repeated(self, uow: UnitOfWork, presented: RefreshToken, successor: str, now: datetime) -> bool:
        """Whether a used token is only sent again: a moment later, its successor not yet used."""
        grace = timedelta(seconds=self.settings.refresh_grace_seconds)
        if presented.used_at is None or now - presented.used_at > grace:
            return False
        following = await repository.find_token(uow.session, _hash(successor))
        return following is not None and following.used_at is None

    def _signed_in(
        self,
        account: Account,
        session: Session,
        position: Position,
        positions: Sequence[Position],
        refresh_token: str,
        now: datetime,
    ) -> SignedIn:
        subject = Subject(
            id=account.id,
            role=position.role,
            unit=position.unit,
            person_id=account.person_id or account.id,
            session_id=session.id,
            restricted=account.must_change_password,
            name=None if position.unit.kind is UnitKind.PERSON else account.display_name,
        )
        return SignedIn(
            access_token=self.tokens.issue(subject, now),
            refresh_token=refresh_token,
            expires_in=int(self.tokens.lifetime.total_seconds()),
            position=position,
            positions=positions,
            must_change_password=account.must_change_password,
        )

    def _idle_until(self, now: datetime, expires_at: datetime) -> datetime:
        return min(now + timedelta(days=self.settings.session_idle_days), expires_at)

    def _successor(self, token: str) -> str:
        digest = self.hasher.digest(token, "refresh.successor")
        return urlsafe_b64encode(digest).decode().rstrip("=")


async def prune(uow: UnitOfWork) -> None:
    """Forget sessions and tokens that were over long ago, and throttles that leaked out."""
    await repository.prune(uow.session, uow.now, _KEPT)


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()


def _close(session: Session, reason: str, now: datetime) -> None:
    session.closed_at = now
    session.close_reason = reason


def _alive(session: Session, account: Account, now: datetime) -> bool:
    proved = session.authenticated_at >= account.password_set_at
    return session.closed_at is None and now < session.idle_until and proved


def _chosen(positions: Sequence[Position], position_id: UUID) -> Position | None:
    return next((position for position in positions if position.id == position_id), None)
