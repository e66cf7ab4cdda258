"""An account: login, credential, and the moment before which its tokens are no longer good."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auth.base import Base


class Account(Base):
    """Who may sign in.

    ``person_id`` is the id in core of a guardian, a student or a worker who was given the account by an offer or to whose card it
    was tied, else empty.
    ``slip_expires_at`` is set while the password is the one-time one of a slip. ``access_version`` counts the cut-offs and is the
    version of their event.
    """

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("login"),
        UniqueConstraint("person_id"),
        CheckConstraint("login ~ '^[a-z0-9][a-z0-9._@-]{2,63}$'", name="login"),
        CheckConstraint("must_change_password = (slip_expires_at IS NOT NULL)", name="slip"),
        CheckConstraint("(access_version = 0) = (tokens_not_before IS NULL)", name="cut_off"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    login: Mapped[str]
    display_name: Mapped[str]
    person_id: Mapped[UUID | None]
    password_hash: Mapped[str]
    must_change_password: Mapped[bool]
    slip_expires_at: Mapped[datetime | None]
    password_set_at: Mapped[datetime]
    access_version: Mapped[int] = mapped_column(BigInteger, default=0)
    tokens_not_before: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
