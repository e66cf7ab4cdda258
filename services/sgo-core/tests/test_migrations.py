from servicekit.migrations import check
from servicekit.testing.harness import ServiceUnderTest, Template

from .world import World


def test_models_and_migrations_agree(template: Template) -> None:
    check("sgo_core", template.database.owner_url)


async def test_reference_data_is_there(service: ServiceUnderTest) -> None:
    world = World(service)
    assert await world.value("SELECT count(*) FROM municipality") == 44
    assert await world.value("SELECT ends_on::text FROM academic_year WHERE year = 2026") == "2027-09-01"


async def test_history_cannot_be_altered(service: ServiceUnderTest) -> None:
    world = World(service)
    rights = await world.fetch(
        "SELECT table_name, privilege_type FROM information_schema.role_table_grants "
        "WHERE grantee = 'core_app' AND privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE')"
    )
    granted = {row["table_name"] for row in rights}
    assert not granted & {"card_change", "movement", "admission_rejection", "audit", "municipality", "academic_year"}
