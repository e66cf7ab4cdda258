"""Data definition of the copy's tables, frozen by version: a change is a new function, called by a new migration."""

from alembic import op

ORGANIZATIONS_V1 = (
    """CREATE TABLE directory_organization (
        id uuid CONSTRAINT pk_directory_organization PRIMARY KEY, kind text NOT NULL,
        short_name text NOT NULL, full_name text NOT NULL, municipality text NOT NULL, locality text NOT NULL,
        founder_id uuid, active boolean NOT NULL, sequence text NOT NULL)""",
    "CREATE INDEX ix_directory_organization_municipality ON directory_organization (municipality)",
    "CREATE INDEX ix_directory_organization_founder_id ON directory_organization (founder_id)",
)

GROUPS_V1 = (
    """CREATE TABLE directory_group (
        id uuid CONSTRAINT pk_directory_group PRIMARY KEY, organization_id uuid NOT NULL, academic_year integer NOT NULL,
        kind text NOT NULL, name text NOT NULL, grade integer, age_from integer, age_to integer,
        capacity integer NOT NULL, occupied integer NOT NULL, starts_on date NOT NULL, ends_on date NOT NULL,
        active boolean NOT NULL, orientation text, disorder text, stay_mode text,
        combined_set text, shift integer, sequence text NOT NULL)""",
    "CREATE INDEX ix_directory_group_organization_id ON directory_group (organization_id, academic_year)",
)


def create_organizations_v1() -> None:
    """Create the table of organizations."""
    for statement in ORGANIZATIONS_V1:
        op.execute(statement)


def create_groups_v1() -> None:
    """Create the table of groups."""
    for statement in GROUPS_V1:
        op.execute(statement)
