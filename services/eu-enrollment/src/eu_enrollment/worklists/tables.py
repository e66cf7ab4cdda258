"""Tables of other slices as the lists read them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    Uuid,
    column,
    table,
)
from sqlalchemy.dialects.postgresql import JSONB

application = table(
    "application",
    *(column(name, Uuid) for name in ("id", "campaign_id", "organization_id")),
    *(column(name, Text) for name in ("number", "municipality", "status", "line", "attention", "benefit")),
    *(column(name, Text) for name in ("client", "channel", "orientation")),
    *(column(name, BigInteger) for name in ("accepted_seq", "queue_seq")),
    *(column(name, DateTime(timezone=True)) for name in ("accepted_at", "status_changed_at")),
    *(column(name, LargeBinary) for name in ("child_key", "document_key")),
    column("age", SmallInteger),
    column("of_age", Boolean),
    column("desired_from", Date),
    column("version", Integer),
    column("stay_modes", JSONB),
)
choice = table(
    "application_choice",
    *(column(name, Uuid) for name in ("application_id", "campaign_id", "organization_id")),
    *(column(name, SmallInteger) for name in ("rank", "priority")),
)
verification = table(
    "verification",
    *(column(name, Uuid) for name in ("id", "application_id")),
    *(column(name, Text) for name in ("kind", "subject", "state")),
    column("due_on", Date),
)
referral = table(
    "referral",
    *(column(name, Uuid) for name in ("id", "campaign_id", "application_id", "organization_id", "group_id")),
    column("status", Text),
    column("due_on", Date),
)
