"""Tables of exam results."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from reporting.metadata import metadata

exam_import = Table(
    "exam_import",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("file_digest", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("imported_at", DateTime(timezone=True), nullable=False),
    Column("imported_by", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("rank", Integer, nullable=False),
    CheckConstraint("rank BETWEEN 1 AND 3", name="rank"),
    comment="Immutable: a table of exam results was loaded, by whom and when",
)
"""``rank``: of the level it was loaded on, 1 an organization's, 2 a municipality's, 3 the region's."""

exam_result = Table(
    "exam_result",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("import_id", Uuid, nullable=False),
    Column("organization_id", Uuid, nullable=False),
    Column("exam", Text, nullable=False),
    Column("academic_year", Integer, nullable=False),
    Column("subject", Text, nullable=False),
    Column("grade", Integer, nullable=False),
    Column("date", Date, nullable=False),
    Column("participants", Integer, nullable=False),
    Column("twos", Integer),
    Column("threes", Integer),
    Column("fours", Integer),
    Column("fives", Integer),
    Column("below_minimum", Integer),
    Column("mean_score", Numeric(5, 2)),
    UniqueConstraint(
        *("organization_id", "academic_year", "exam", "subject", "grade", "date", "import_id"), name="uq_exam_result_of"
    ),
    ForeignKeyConstraint(["import_id"], ["exam_import.id"]),
    CheckConstraint("exam IN ('oge', 'ege', 'gve', 'vpr')", name="exam"),
    CheckConstraint("participants >= 0", name="participants"),
    CheckConstraint(
        "num_nulls(twos, threes, fours, fives) = 4"
        " OR least(twos, threes, fours, fives) >= 0 AND twos + threes + fours + fives = participants",
        name="marks",
    ),
    CheckConstraint("below_minimum BETWEEN 0 AND participants", name="below_minimum"),
    CheckConstraint("mean_score BETWEEN 0 AND 100", name="mean_score"),
    Index("ix_exam_result_import_id", "import_id"),
    comment="Immutable: how a grade did in an exam; what the last import of the highest rank says of it stands, others are its versions",
)
