"""Subscriptions and their deliveries in the database."""

from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from eu_enrollment.database import metadata


class WebhookState(StrEnum):
    """Whether notices are sent."""

    ACTIVE = "active"
    DISABLED = "disabled"


class DisabledReason(StrEnum):
    """Why notices are no longer sent: the client turned them off, its address answered 410, or failed for days."""

    BY_CLIENT = "by_client"
    GONE = "gone"
    FAILING = "failing"


class DeliveryState(StrEnum):
    """How a notice is: waits for its turn, taken, given up."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"


webhook = Table(
    "webhook",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("client", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("disabled_reason", Text),
    Column("secret", Text, nullable=False, comment="Encrypted"),
    Column("old_secret", Text, comment="Encrypted; signs beside the new one for a while"),
    Column("old_secret_until", DateTime(timezone=True)),
    Column("failing_since", DateTime(timezone=True), comment="Nothing was taken since"),
    Column("paused_until", DateTime(timezone=True), comment="The longer it fails, the longer it is left alone"),
    Column("tx", BigInteger, nullable=False, comment="The last change that deliveries were made of, with step_id"),
    Column("step_id", BigInteger, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("state IN ('active', 'disabled')", name="state"),
    CheckConstraint("(state = 'disabled') = (disabled_reason IS NOT NULL)", name="reason"),
    CheckConstraint("(old_secret IS NULL) = (old_secret_until IS NULL)", name="old_secret"),
    Index("ix_webhook_client", "client", "id"),
)

webhook_delivery = Table(
    "webhook_delivery",
    metadata,
    Column("id", Uuid, primary_key=True, comment="webhook-id of the notice"),
    Column("webhook_id", ForeignKey("webhook.id", ondelete="CASCADE"), nullable=False),
    Column("application_id", Uuid, nullable=False),
    Column("status_seq", Integer, nullable=False),
    Column("body", Text, nullable=False, comment="As it is sent; ids and codes, no names"),
    Column("state", Text, nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("next_at", DateTime(timezone=True), nullable=False),
    Column("last_status", SmallInteger, comment="What the address answered last"),
    Column("last_error", Text, comment="Why it could not be asked"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True), comment="Taken or given up"),
    Column("receiver", Text, comment="Scheme and host that took it last"),
    Column("exchange_id", Uuid, comment="The outward exchange it is on record in"),
    CheckConstraint("state IN ('pending', 'delivered', 'dead')", name="state"),
    CheckConstraint("(state = 'pending') = (closed_at IS NULL)", name="closed"),
    CheckConstraint("state <> 'delivered' OR receiver IS NOT NULL", name="receiver"),
    CheckConstraint("exchange_id IS NULL OR state = 'delivered'", name="exchange"),
    UniqueConstraint("webhook_id", "application_id", "status_seq"),
    Index("ix_webhook_delivery_page", "webhook_id", "state", "id"),
    Index("ix_webhook_delivery_due", "webhook_id", "next_at", postgresql_where=text("state = 'pending'")),
    Index(
        "ix_webhook_delivery_unrecorded",
        "webhook_id",
        "id",
        postgresql_where=text("state = 'delivered' AND exchange_id IS NULL"),
    ),
    Index("ix_webhook_delivery_exchange_id", "exchange_id", postgresql_where=text("exchange_id IS NOT NULL")),
    Index("ix_webhook_delivery_closed_at", "closed_at", postgresql_where=text("state <> 'pending'")),
)
