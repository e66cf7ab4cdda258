"""Referrals in the database: at most one live referral of an application; its place is counted in the offer."""

from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from eu_enrollment.database import metadata


class ReferralStatus(StrEnum):
    """Where a referral stands."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    ORDERED = "ordered"
    ENROLLED = "enrolled"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    REPLACED = "replaced"


OWED = (ReferralStatus.PENDING, ReferralStatus.ACCEPTED, ReferralStatus.ORDERED)
"""Statuses that hold a place the child has not come to yet."""

LIVE = (*OWED, ReferralStatus.ENROLLED)
"""Statuses that hold a place."""

_LIVE = "status IN ('pending', 'accepted', 'ordered', 'enrolled')"
_STATUSES = "'pending','accepted','ordered','enrolled','declined','expired','withdrawn','rejected','replaced'"

referral = Table(
    "referral",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("campaign_id", Uuid, nullable=False),
    Column("application_id", ForeignKey("application.id"), nullable=False),
    Column("organization_id", Uuid, nullable=False),
    Column("group_id", Uuid, nullable=False),
    Column("allocation_id", ForeignKey("allocation.id"), nullable=False),
    Column("rank", SmallInteger, nullable=False),
    Column("leaves_group_id", Uuid, comment="Group whose place the child leaves for this one"),
    Column("status", Text, nullable=False),
    Column("answer_by", Date, nullable=False, comment="Last day to answer"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("order_id", ForeignKey("admission_order.id")),
    Column("admission_id", Uuid, unique=True, comment="Id of the approval sent to the registry"),
    ForeignKeyConstraint(["campaign_id", "group_id"], ["offer.campaign_id", "offer.group_id"]),
    CheckConstraint(f"status IN ({_STATUSES})", name="status"),
    CheckConstraint(
        "(status IN ('ordered', 'enrolled', 'rejected')) = (order_id IS NOT NULL AND admission_id IS NOT NULL)",
        name="ordered",
    ),
    Index("uq_referral_live_application", "application_id", unique=True, postgresql_where=text(_LIVE)),
    Index("ix_referral_group_id", "group_id", postgresql_where=text(_LIVE)),
    Index("ix_referral_page", "campaign_id", "id"),
    Index("ix_referral_accepted", "campaign_id", "organization_id", postgresql_where=text("status = 'accepted'")),
    Index("ix_referral_pending", "answer_by", postgresql_where=text("status = 'pending'")),
)
