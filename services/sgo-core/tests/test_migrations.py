from servicekit.migrations import check
from servicekit.testing import ServiceUnderTest, Template

from .world import Registry


def test_models_and_migrations_agree(template: Template) -> None:
    check("sgo_core", template.database.owner_url)


async def test_reference_data_is_there(service: ServiceUnderTest) -> None:
    registry = Registry(service)
    assert await registry.value("SELECT count(*) FROM municipality") == 44
    assert await registry.value("SELECT ends_on::text FROM academic_year WHERE year = 2026") == "2027-09-01"


async def test_history_cannot_be_altered(service: ServiceUnderTest) -> None:
    registry = Registry(service)
    rights = await registry.fetch(
        "SELECT table_name, privilege_type FROM information_schema.role_table_grants "
        "WHERE grantee = 'core_app' AND privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE')"
    )
    granted = {row["table_name"] for row in rights}
    assert not granted & {"row_history", "movement", "admission_rejection", "audit", "municipality", "academic_year"}
