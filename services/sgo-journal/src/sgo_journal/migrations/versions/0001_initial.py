"""Every table of the journal.

They stand in ``migrations/tables``, a file per slice, made in the order of the names. A statement ends with a semicolon and an
empty line.
"""

from importlib.resources import files

from alembic import op
from orgdirectory import migrations as directory

from servicekit.migrations import outward, runtime, sealing, years

revision = "0001"
down_revision = None

PER_YEAR = (
    *("placement", "teaching_group_stay", "journal", "teaching", "lesson", "lesson_work", "period_closing", "period_unlock"),
    *("plan", "plan_section", "plan_topic", "journal_plan", "lesson_plan"),
    *("attached_file", "homework", "homework_student", "hand_in"),
    *("mark", "attendance", "record_change", "record_change_leaf", "record_change_unsealed", "record_change_erasure"),
    "total",
    *("brought_statement", "brought_subject", "brought_mark", "brought_change"),
    *("lesson_change", "timetable", "timetable_line", "unavailability", "switch", "switched_lesson", "assessment"),
    *("class_event", "class_event_change", "notice"),
    *("absence", "substitution"),
    *("archive", "archive_file", "archive_signature"),
    "alert",
    *("inspection", "inspected_journal", "remark", "remark_change"),
    *("child_day", "daycare_closure", "daycare_month", "daycare_recount"),
    "absence_notice",
    *("course", "course_edition", "course_journal", "course_progress"),
)
FIRST_YEAR, LAST_YEAR = 2025, 2028


def upgrade() -> None:
    runtime.create_v1()
    directory.create_organizations_v1()
    directory.create_groups_v1()
    outward.create_v1()
    folder = files("sgo_journal.migrations").joinpath("tables")
    for script in sorted(folder.iterdir(), key=lambda one: one.name):
        for statement in script.read_text(encoding="utf-8").split(";\n\n"):
            op.get_bind().exec_driver_sql(statement)
    runtime.grant(
        "journal_app",
        append_only=(
            *("record_change", "lesson_change", "class_event_change", "notice", "remark_change", "course_edition"),
            *("brought_change", "outward_exchange", "archive_signature"),
        ),
    )
    op.execute("REVOKE INSERT ON record_change, remark_change FROM journal_app")
    op.execute("REVOKE DELETE ON scale, scale_value, mark, attendance, total, period_closing, period_unlock FROM journal_app")
    op.execute("REVOKE DELETE ON alert, archive, archive_file, inspection, inspected_journal, remark FROM journal_app")
    op.execute("REVOKE INSERT, DELETE ON watched_block FROM journal_app")
    op.execute("REVOKE INSERT, UPDATE, DELETE ON attendance_code FROM journal_app")
    op.execute("REVOKE DELETE ON child_day, absence_notice FROM journal_app")
    op.execute("REVOKE INSERT, UPDATE, DELETE ON daycare_code, absence_reason FROM journal_app")
    op.execute("REVOKE INSERT, UPDATE, DELETE ON roster_stay FROM journal_app")
    op.execute("REVOKE INSERT, UPDATE, DELETE ON arrived_statement, brought FROM journal_app")
    sealing.create_v1(
        "journal_app",
        "record_change",
        {"organization_id": "uuid", "academic_year": "integer", "id": "uuid"},
        erasable=("old_value", "old_comment", "new_value", "new_comment", "reason"),
        partition_by="LIST (academic_year)",
    )
    years.create_year_partitions_v1("journal_app", PER_YEAR, range(FIRST_YEAR, LAST_YEAR + 1))
