"""Auth under test: its own signing key, and beside it the session's token factory as a second trusted one."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from joserfc.jwk import ECKey, KeySet

from auth.bootstrap import SERVICE
from auth.runtime import AuthRuntime
from auth.signing import OwnVerifier
from servicekit.service import ServiceDefinition
from servicekit.testing import ServiceUnderTest, Template, TokenFactory

from .factories import People

FAST_HASHES = {"argon2_time_cost": 1, "argon2_memory": 64}


@pytest.fixture(scope="session")
def definition() -> ServiceDefinition:
    return SERVICE


@pytest.fixture(scope="session")
def signing_key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("keys") / "signing.pem"
    file.write_bytes(ECKey.generate_key("P-256").as_pem(private=True))
    return file


@pytest.fixture(scope="session")
def extra_settings(signing_key_file: Path) -> dict[str, Any]:
    return {"signing_key_file": signing_key_file, **FAST_HASHES}


@pytest_asyncio.fixture
async def service(
    definition: ServiceDefinition,
    template: Template,
    tokens: TokenFactory,
    tmp_path: Path,
    extra_settings: dict[str, Any],
) -> AsyncIterator[ServiceUnderTest]:
    async with ServiceUnderTest.start(definition, template, tokens, tmp_path, **extra_settings) as running:
        runtime = running.runtime
        assert isinstance(runtime, AuthRuntime)
        runtime.verifier = OwnVerifier("asu-so", KeySet([*runtime.keys.public.keys, *tokens.keys.keys]))
        yield running


@pytest.fixture
def people(service: ServiceUnderTest) -> People:
    return People(service)
