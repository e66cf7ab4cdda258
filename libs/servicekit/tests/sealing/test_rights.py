"""What the application itself may do to a sealed history: add to it."""

import asyncpg
import pytest

from servicekit.testing import ServiceUnderTest


async def test_the_application_adds_and_changes_nothing(service: ServiceUnderTest) -> None:
    application = await asyncpg.connect(service.database.url)
    refused = [
        *(f"DELETE FROM year_change{table}" for table in ("", "_block", "_leaf", "_erasure")),
        *(f"TRUNCATE year_change{table}" for table in ("", "_block", "_leaf", "_unsealed", "_erasure")),
        "UPDATE year_change SET value = ''",
        "UPDATE year_change_block SET epoch = 1",
        "UPDATE year_change_leaf SET digest = ''",
        "UPDATE year_change_erasure SET ground = ''",
        "INSERT INTO year_change_unsealed (id) VALUES (gen_random_uuid())",
        "INSERT INTO year_change_erasure (id) VALUES (gen_random_uuid())",
    ]
    try:
        for statement in refused:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await application.execute(statement)
    finally:
        await application.close()
