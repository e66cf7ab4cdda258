"""The service as a whole: migrations equal the models, every policy is used."""

from servicekit.migrations import check
from servicekit.testing import Template


def test_the_migrated_database_equals_the_models(template: Template) -> None:
    check("eu_enrollment", template.database.owner_url)
