"""Registry and movement: every table of the service, and its reference data.

The tables stand in ``migrations/tables``, a file per slice, made in the order of the names. A statement ends with a semicolon
and an empty line.
"""

import csv
from importlib.resources import files

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import outward, runtime
from sgo_core.migrations import reference

revision = "0001"
down_revision = None

APPEND_ONLY = (
    *("row_history", "movement", "admission_rejection", "package_log", "package_receipt", "package_rejection", "succession"),
    *("row_history", "movement", "admission_rejection", "succession"),
    *("row_history", "movement", "admission_rejection", "card_merge_row"),
    *("municipality", "academic_year"),
    *("norm_edition", "maximum_load", "obligatory_subject", "textbook_copies"),
    *("quality_confirmation", "outward_exchange", "order_signature"),
    *("certificate_book", "certificate_blank", "spoilt_blank"),
)


def upgrade() -> None:
    runtime.create_v1()
    outward.create_v1()
    folder = files("sgo_core.migrations").joinpath("tables")
    for script in sorted(folder.iterdir(), key=lambda one: one.name):
        for statement in script.read_text(encoding="utf-8").split(";\n\n"):
            op.get_bind().exec_driver_sql(statement)
    op.execute(
        "INSERT INTO academic_year (year, starts_on, ends_on) "
        "SELECT y, make_date(y, 9, 1), make_date(y + 1, 9, 1) FROM generate_series(2000, 2100) AS y"
    )
    _load_municipalities()
    _load_curriculum_reference()
    runtime.grant("core_app", append_only=APPEND_ONLY)
    op.execute("REVOKE INSERT ON row_history FROM core_app")
    op.execute("REVOKE DELETE ON movement_order, certificate, year_closing, year_outcome FROM core_app")
    op.execute("REVOKE DELETE ON achievement, portfolio_entry, project, project_member FROM core_app")
    op.execute("REVOKE DELETE ON methodical_work, attestation FROM core_app")
    op.execute("REVOKE INSERT ON certificate_book FROM core_app")
    op.execute("REVOKE DELETE ON quality_issue FROM core_app")


def _load_municipalities() -> None:
    """Municipalities of the region (ОКТМО), as of 2021."""
    text = files("sgo_core.organizations").joinpath("municipalities.csv").read_text(encoding="utf-8")
    table = sa.table("municipality", sa.column("oktmo"), sa.column("name"), sa.column("valid_from", sa.Date))
    start = sa.text("DATE '2021-01-01'")
    for row in csv.DictReader(text.splitlines()):
        op.execute(sa.insert(table).values(oktmo=row["oktmo"], name=row["name"], valid_from=start))


def _load_curriculum_reference() -> None:
    """Subjects, terms of the curriculum, and the first editions of its norms."""
    made = {"recorded_at": sa.func.now(), "recorded_by": "system"}
    history = {**made, "reason": "Первоначальное наполнение"}
    for name, rows, more in (
        ("curriculum_term", reference.terms(), history),
        ("subject", reference.subjects(), history),
        ("norm_edition", reference.norm_editions(), made),
        ("maximum_load", reference.maximum_load(), {}),
        ("obligatory_subject", reference.obligatory_subjects(), {}),
    ):
        for row in rows:
            values = {**row, **more}
            op.execute(sa.insert(sa.table(name, *(sa.column(column) for column in values))).values(values))
