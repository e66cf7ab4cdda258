"""Applications in the database.

Identity numbers and names live in ``payload`` alone, encrypted; what the queue needs (age, strength of right) stands beside.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from eu_enrollment.database import metadata

_STATUSES = {
    "preschool": "'registered','documents_required','queued','referred','accepted','contract','contracted','ordered','enrolled',"
    "'declined','no_show','frozen','refused','withdrawn','archived'",
    "school": "'registered','documents_required','queued','referred','accepted','ordered','enrolled',"
    "'declined','no_show','frozen','redirected','refused','withdrawn','archived'",
}

LIVE_WHERE = "status NOT IN ('refused', 'withdrawn', 'archived')"
"""Predicate of the indexes that allow one live application per child and campaign."""
SEEKING_WHERE = "status NOT IN ('refused', 'withdrawn', 'archived', 'enrolled')"
"""The same among the campaigns that the rules name together: who is enrolled by one may seek another place by the next."""

REGISTER_LOCK = "hashtext('asu.enrollment.register')"
"""Advisory lock, held shared from taking numbers to the commit: who gets it alone sees every number given so far, or never."""

_WAITS = (
    "status = 'queued'"
    " OR status = 'redirected' AND coalesce(attention, 'rights_stated') IN ('rights_stated', 'applied_elsewhere')"
    " OR status = 'registered' AND of_age AND attention IS NULL"
)
"""Whom a school has redirected may be unchecked: it waits as one who is queued does, while nothing but rights is undecided."""

application = Table(
    "application",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("campaign_id", ForeignKey("campaign.id"), nullable=False),
    Column("municipality", Text, nullable=False, comment="Of the campaign"),
    Column("line", Text, nullable=False, comment="Of the campaign: whose machine it goes by"),
    Column("number", Text, nullable=False, unique=True),
    Column("accepted_seq", BigInteger, nullable=False, unique=True, comment="The one order of the register"),
    Column(
        "queue_seq",
        BigInteger,
        nullable=False,
        unique=True,
        comment="Order in the queue: accepted_seq, until a change loses it",
    ),
    Column("accepted_at", DateTime(timezone=True), nullable=False),
    Column("filed_at", DateTime(timezone=True), nullable=False, comment="By the clock of the sender; informs only"),
    Column("client", Text, nullable=False, comment="Account or machine client that sent it"),
    Column("external_id", Uuid, nullable=False, comment="The sender's own id of it"),
    Column("channel", Text, nullable=False, comment="How it came; a portal's own or what an operator entered"),
    Column("child_key", LargeBinary, nullable=False, comment="Keyed hash of the child's СНИЛС, else of the document"),
    Column("document_key", LargeBinary, nullable=False, comment="Keyed hash of the child's document"),
    Column("key_version", Text, nullable=False, comment="Key of the hashes"),
    Column("payload", Text, nullable=False, comment="The body as accepted, encrypted"),
    Column("payload_hash", Text, nullable=False),
    Column("signature", Text, nullable=False),
    Column("benefit", Text, comment="The strongest category stated"),
    Column("age", SmallInteger, nullable=False, comment="Full years on the day the rules measure it"),
    Column("of_age", Boolean, nullable=False, comment="Within the bounds of age of the rules"),
    Column("desired_from", Date, nullable=False),
    Column("status", Text, nullable=False),
    Column("status_changed_at", DateTime(timezone=True), nullable=False),
    Column("version", Integer, nullable=False),
    Column("organization_id", Uuid, comment="Where a place is held"),
    Column("attention", Text, comment="Why an operator must look: what is checked, or went wrong"),
    Column("need_confirmed_on", Date, comment="When the family last said that it still needs a place"),
    Column("examined", Boolean, nullable=False, server_default="false", comment="Its verifications have been opened"),
    Column("grade", SmallInteger, comment="Of a school"),
    Column("live_among", Text, comment="Campaigns among which a child has one live application; null: its own alone"),
    Column("findings", JSONB, nullable=False, server_default="[]", comment="Codes of conditions that are not met"),
    Column("orientation", Text, comment="Of the preschool group that the child needs"),
    Column(
        "stay_modes",
        JSONB(none_as_null=True),
        comment="How long the child may stay in a preschool group, as stated, most wanted first",
    ),
    Column(
        "kinds",
        JSONB(none_as_null=True),
        comment="Kinds of places that the child can take, as confirmed, most wanted first",
    ),
    Column(
        "agree_other", Boolean, nullable=False, server_default="false", comment="Any other organization may be offered"
    ),
    Column("apart_allowed", Boolean, nullable=False, server_default="true", comment="From brothers and sisters"),
    Column("held_organization_id", Uuid, comment="Where the child has a place already"),
    Column("held_group_id", Uuid),
    Column("told_until", Date, comment="The last such day that the family has been warned of"),
    Column("judged_until", Date, comment="Last day of which judging its rights holds; null: no change is in sight"),
    Column("family_key", Uuid, comment="Shared by brothers and sisters who apply together"),
    Column("due_on", Date, comment="Last day of whoever is to act next, where the step that led here set one"),
    CheckConstraint(
        " OR ".join(f"line = '{line}' AND status IN ({known})" for line, known in _STATUSES.items()), name="status"
    ),
    Column(
        "waits",
        Boolean,
        Computed(_WAITS, persisted=True),
        nullable=False,
        comment="Stands in the queue: checked, or nothing stands against it",
    ),
    CheckConstraint("grade BETWEEN 1 AND 11", name="grade"),
    CheckConstraint("orientation IS NULL OR line = 'preschool'", name="orientation"),
    CheckConstraint("(stay_modes IS NOT NULL) = (line = 'preschool')", name="stay_modes"),
    CheckConstraint("(kinds IS NOT NULL) = (line = 'preschool')", name="kinds"),
    CheckConstraint("(held_organization_id IS NULL) = (held_group_id IS NULL)", name="held"),
    CheckConstraint("channel IN ('portal', 'post', 'mfc', 'in_person')", name="channel"),
    Index("uq_application_live_child", "campaign_id", "child_key", unique=True, postgresql_where=text(LIVE_WHERE)),
    Index(
        "uq_application_live_document", "campaign_id", "document_key", unique=True, postgresql_where=text(LIVE_WHERE)
    ),
    Index(
        "uq_application_seeking_child",
        "live_among",
        "child_key",
        unique=True,
        postgresql_where=text(f"live_among IS NOT NULL AND {SEEKING_WHERE}"),
    ),
    Index(
        "uq_application_seeking_document",
        "live_among",
        "document_key",
        unique=True,
        postgresql_where=text(f"live_among IS NOT NULL AND {SEEKING_WHERE}"),
    ),
    Index("ix_application_campaign_id", "campaign_id", "status", "queue_seq"),
    Index("ix_application_page", "campaign_id", "id"),
    Index("ix_application_external_id", "external_id"),
    Index("ix_application_family_key", "family_key", postgresql_where=text("family_key IS NOT NULL")),
    Index(
        "ix_application_judged_until", "campaign_id", "judged_until", postgresql_where=text("judged_until IS NOT NULL")
    ),
    Index("ix_application_unexamined", "id", postgresql_where=text("status = 'registered' AND NOT examined")),
)

application_choice = Table(
    "application_choice",
    metadata,
    Column("application_id", ForeignKey("application.id"), primary_key=True),
    Column("rank", SmallInteger, primary_key=True, comment="From 1, most wanted first"),
    Column("campaign_id", Uuid, nullable=False),
    Column("organization_id", Uuid, nullable=False),
    Column("priority", Integer, nullable=False, comment="Strength of the right there by the rules; less is stronger"),
    Column(
        "reserves",
        ARRAY(Text),
        nullable=False,
        server_default="{}",
        comment="Kinds of reserved places there that it may take, as confirmed",
    ),
    Column(
        "entered_at",
        DateTime(timezone=True),
        comment="Since when it stands in the queue so; null: since the application was accepted",
    ),
    Column("entered_by", Text, comment="Step of the application that brought it there"),
    CheckConstraint("(entered_at IS NULL) = (entered_by IS NULL)", name="entered"),
    UniqueConstraint("application_id", "organization_id"),
    Index("ix_application_choice_queue", "campaign_id", "organization_id", "priority"),
)

application_history = Table(
    "application_history",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("application_id", ForeignKey("application.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False, comment="Kind of actor"),
    Column("account_id", Text, comment="Who exactly; null for the service itself"),
    Column("reason", Text, nullable=False),
    Column("from_status", Text),
    Column("to_status", Text, nullable=False),
    Column("note", Text, comment="A code that details the reason, or an operator's words"),
    Column("ground", Text, comment="Of a refusal, by the rules of the campaign"),
    Column("due_on", Date, comment="Last day of whoever is to act next"),
    Column("documents_due", Date, comment="Last day of the family for the documents asked of it"),
    Column("organization_id", Uuid, comment="Where a place is held after the step"),
    Column("fields", ARRAY(Text), comment="What of the contents has changed, by names"),
    Column("queue_seq", BigInteger, comment="The new order in the queue, where the change lost the old one"),
    Column(
        "tx",
        BigInteger,
        nullable=False,
        server_default=text("(pg_current_xact_id()::text)::bigint"),
        comment="Transaction of the step: what readers of changes go by",
    ),
    UniqueConstraint("application_id", "version"),
    Index("ix_application_history_changes", "tx", "id"),
)
