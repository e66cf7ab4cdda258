"""The models and the migrated database are the same."""

from servicekit.migrations import check
from servicekit.testing import Template


def test_models_match_the_migrations(template: Template) -> None:
    check("auth", template.database.owner_url)
