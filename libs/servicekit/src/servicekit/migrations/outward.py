"""Data definition of the record of outward exchanges (``servicekit.outward``), frozen by version as ``runtime`` is."""

from alembic import op

_TABLE_V1 = """CREATE TABLE outward_exchange (
    exchange_id uuid CONSTRAINT pk_outward_exchange PRIMARY KEY, kind text NOT NULL, title text,
    format text NOT NULL,    receiver text, basis text, organization_id uuid, municipality text, founder_id uuid, persons integer NOT NULL,
    sha256 text, size bigint, role text NOT NULL, recorded_at timestamptz NOT NULL, again text,
    CONSTRAINT ck_outward_exchange_kind CHECK (kind IN ('package', 'table', 'whole', 'publication', 'notices', 'feed')),
    CONSTRAINT ck_outward_exchange_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$' AND (sha256 IS NULL) = (size IS NULL)),
    CONSTRAINT ck_outward_exchange_counts CHECK (size >= 0 AND persons >= 0))"""
_COMMENT_V1 = "COMMENT ON TABLE outward_exchange IS 'Immutable: what left for the outside, as it is told to the registry of exchanges'"


def create_v1() -> None:
    """Create the record; the service's migration grants it to the application as append-only."""
    op.execute(_TABLE_V1)
    op.execute(_COMMENT_V1)
