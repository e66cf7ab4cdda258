"""What tests of webhooks share."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from ..factories import Town, group, organization
from .receiving import Address


@pytest.fixture(scope="session")
def extra_settings(receipt_key: Path) -> dict[str, Any]:
    return {"receipt_key_file": receipt_key, "webhook_plain_http": True, "webhook_private_addresses": True}


@pytest.fixture
async def address() -> AsyncIterator[Address]:
    found = Address()
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    found.url = f"http://localhost:{server.sockets[0].getsockname()[1]}/notices"
    async with server:
        yield found


@pytest.fixture
async def wanted(town: Town) -> UUID:
    """An organization with one place in an open campaign; its id."""
    found = organization()
    place = group(found.organization_id, 20)
    await town.hear(found, place)
    await town.open({place: 1})
    return found.organization_id
