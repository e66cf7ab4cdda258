"""Sessions, their refresh tokens, and the throttle of failed sign-ins."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from auth.base import Base


class Session(Base):
    """One signed-in device in one working position.

    ``authenticated_at`` is when the password was last proved in it: a session older than the account's password is over.
    """

    __tablename__ = "session"
    __table_args__ = (
        CheckConstraint("(closed_at IS NULL) = (close_reason IS NULL)", name="closed"),
        CheckConstraint("close_reason IN ('signed_out', 'token_reused', 'position_ended')", name="close_reason"),
        Index("ix_session_account_id", "account_id"),
        Index("ix_session_idle_until", "idle_until"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    grant_id: Mapped[UUID] = mapped_column(ForeignKey("position_grant.id"))
    opened_at: Mapped[datetime]
    authenticated_at: Mapped[datetime]
    idle_until: Mapped[datetime]
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    close_reason: Mapped[str | None]


class RefreshToken(Base):
    """A refresh token by its SHA-256. It is 256 random bits, so a fast hash is as good as a slow one."""

    __tablename__ = "refresh_token"
    __table_args__ = (
        Index("ix_refresh_token_session_id", "session_id"),
        Index("ix_refresh_token_issued_at", "issued_at", postgresql_using="brin"),
    )

    hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    issued_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInThrottle(Base):
    """How far failures of a login or of an address have used up what is allowed, as a leaky bucket.

    ``key`` is a keyed hash: what people mistype as a login may be their password. ``full_until`` lies in the future by one step
    for each failure that has not yet leaked away.
    """

    __tablename__ = "sign_in_throttle"
    __table_args__ = (Index("ix_sign_in_throttle_full_until", "full_until"),)

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    full_until: Mapped[datetime]
