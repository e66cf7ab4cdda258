"""Table of outside signatures of orders."""

from sqlalchemy import Column, ForeignKey, Table, UniqueConstraint, Uuid

from servicekit.signing.keeping import signature_columns
from sgo_core.database import Base

order_signature = Table(
    "order_signature",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("order_id", Uuid, ForeignKey("movement_order.id"), nullable=False),
    *signature_columns(),
    UniqueConstraint("order_id", "sha256"),
    comment="Immutable: detached signatures under the canonical bytes of orders; content is encrypted, as it names officials",
)
