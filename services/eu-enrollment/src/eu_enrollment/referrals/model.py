"""Referrals in the database: at most one live referral of an application; its place is counted in the offer.

A referral lives from the place held to the child's enrolment. Preschools conclude a contract on the way, schools do not.
"""

from collections.abc import Iterable
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
    CONTRACT = "contract"
    CONTRACTED = "contracted"
    ORDERED = "ordered"
    ENROLLED = "enrolled"
    DECLINED = "declined"
    NO_SHOW = "no_show"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    REPLACED = "replaced"


HELD = (ReferralStatus.PENDING, ReferralStatus.ACCEPTED, ReferralStatus.CONTRACT, ReferralStatus.CONTRACTED)
"""Statuses before an order: the next step has a last day, the family may still give the place back."""

OWED = (*HELD, ReferralStatus.ORDERED)
"""Statuses that hold a place the child has not come to yet."""

LIVE = (*OWED, ReferralStatus.ENROLLED)
"""Statuses that hold a place."""


def _in(statuses: Iterable[ReferralStatus]) -> str:
    return "status IN (" + ", ".join(f"'{status}'" for status in statuses) + ")"


_LIVE, _HELD = _in(LIVE), _in(HELD)

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
    Column("due_on", Date, comment="Last day of the step it stands at, kept once it is ordered"),
    Column("contract_number", Text),
    Column("contract_date", Date),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("order_id", ForeignKey("admission_order.id")),
    Column("admission_id", Uuid, unique=True, comment="Id of the approval sent to the registry"),
    Column("from_organization_id", Uuid, comment="Where the child comes from, as the order says"),
    ForeignKeyConstraint(["campaign_id", "group_id"], ["offer.campaign_id", "offer.group_id"]),
    CheckConstraint(_in(ReferralStatus), name="status"),
    CheckConstraint(f"due_on IS NOT NULL OR NOT {_HELD}", name="due"),
    CheckConstraint("(contract_number IS NULL) = (contract_date IS NULL)", name="contract"),
    CheckConstraint("status <> 'contracted' OR contract_number IS NOT NULL", name="contracted"),
    CheckConstraint(
        "(status IN ('ordered', 'enrolled', 'rejected')) = (order_id IS NOT NULL AND admission_id IS NOT NULL)",
        name="ordered",
    ),
    CheckConstraint("from_organization_id IS NULL OR order_id IS NOT NULL", name="origin"),
    CheckConstraint("from_organization_id <> organization_id", name="two_organizations"),
    Index("uq_referral_live_application", "application_id", unique=True, postgresql_where=text(_LIVE)),
    Index("ix_referral_group_id", "group_id", postgresql_where=text(_LIVE)),
    Index("ix_referral_page", "campaign_id", "id"),
    Index("ix_referral_organization_id", "campaign_id", "organization_id", "status", "id"),
    Index("ix_referral_application_id", "application_id", "id"),
    Index("ix_referral_order_id", "order_id"),
    Index("ix_referral_due", "campaign_id", "status", "due_on", "id", postgresql_where=text(_HELD)),
    Index("ix_referral_leaves_group_id", "leaves_group_id", postgresql_where=text("leaves_group_id IS NOT NULL")),
    Index("ix_referral_lapsing", "due_on", postgresql_where=text("status IN ('pending', 'contract')")),
)

extension = Table(
    "referral_extension",
    metadata,
    Column("referral_id", ForeignKey("referral.id"), primary_key=True),
    Column("step", Text, primary_key=True, comment="Status whose term was extended: once each"),
    Column("due_before", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("account_id", Text, nullable=False),
    CheckConstraint("due_on > due_before", name="later"),
)
